// Values as people read them.
#include <array>

#include "licence/masking.h"
#include "view/pages.h"

namespace elicense {

namespace {

std::string two_digits(std::int64_t number) {
  return {static_cast<char>('0' + number / 10 % 10), static_cast<char>('0' + number % 10)};
}

std::int64_t seconds_of_day(UnixTime time) {
  constexpr std::int64_t kDay = 86400;
  const std::int64_t local = (time.seconds + kAuthorityZoneSeconds) % kDay;
  return local < 0 ? local + kDay : local;
}

std::string hours_and_minutes(UnixTime time) {
  const std::int64_t second = seconds_of_day(time);
  return two_digits(second / 3600) + ":" + two_digits(second / 60 % 60);
}

UnixTime second_of(std::int64_t milliseconds) { return {milliseconds / 1000}; }

}  // namespace

std::string shown_clock(std::int64_t milliseconds) {
  const UnixTime time = second_of(milliseconds);
  return hours_and_minutes(time) + ":" + two_digits(seconds_of_day(time) % 60);
}

std::string shown_time(std::int64_t milliseconds) {
  return iso_date(civil_date_at(second_of(milliseconds))) + " " + shown_clock(milliseconds);
}

std::string shown_minute(UnixTime time) { return iso_date(civil_date_at(time)) + " " + hours_and_minutes(time); }

std::string shown_licence_number(const LicenceData& data, bool revealed) {
  return revealed ? *data.licence_number : mask_number(*data.licence_number);
}

std::string shown_sex(std::string_view sex, Language language) {
  for (const auto& [code, label] : std::array<std::pair<std::string_view, Label>, 4>{
           {{"M", Label::male}, {"F", Label::female}, {"男", Label::male}, {"女", Label::female}}}) {
    if (sex == code) {
      const std::string chinese(text(label, Language::chinese));
      const std::string english(text(label, Language::english));
      return language == Language::chinese ? chinese + " " + english : english + " " + chinese;
    }
  }
  return std::string(sex);
}

std::string shown_nationality(std::string_view nationality, Language language) {
  if (nationality != "CHN" && nationality != "中国") return std::string(nationality);
  const std::string chinese(text(Label::china, Language::chinese));
  const std::string english(text(Label::china, Language::english));
  return language == Language::chinese ? chinese + " " + english : english + " " + chinese;
}

std::string shown_validity(const LicenceData& data, Language language) {
  return iso_date(*data.valid_from) + " " + std::string(text(Label::to, language)) + " " + iso_date(*data.valid_until);
}

}  // namespace elicense
