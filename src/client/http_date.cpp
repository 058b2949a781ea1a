#include "client/http_date.h"

#include <string>

namespace elicense {
namespace {

constexpr std::string_view kDays = "ThuFriSatSunMonTueWed";  // 1970-01-01 was a Thursday
constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";

int two_digits(std::string_view text, std::size_t from, int most) {
  const auto digit = [&](std::size_t i) { return text[i] >= '0' && text[i] <= '9' ? text[i] - '0' : -1; };
  const int tens = digit(from);
  const int ones = digit(from + 1);
  const int value = tens < 0 || ones < 0 ? -1 : tens * 10 + ones;
  return value <= most ? value : -1;
}

bool matches(std::string_view text, std::string_view pattern) {
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] != '?' && text[i] != pattern[i]) return false;
  }
  return true;
}

}  // namespace

Result<UnixTime> parse_http_date(std::string_view text) {
  constexpr std::string_view kPattern = "???, ?? ??? ???? ??:??:?? GMT";
  if (text.size() != kPattern.size() || !matches(text, kPattern)) return ErrorCode::date_format;
  const std::size_t month = kMonths.find(text.substr(8, 3));
  const int hour = two_digits(text, 17, 23);
  const int minute = two_digits(text, 20, 59);
  const int second = two_digits(text, 23, 59);
  if (month == std::string_view::npos || month % 3 != 0 || hour < 0 || minute < 0 || second < 0)
    return ErrorCode::date_format;
  const std::size_t number = month / 3 + 1;
  std::string compact(text.substr(12, 4));
  compact += static_cast<char>('0' + number / 10);
  compact += static_cast<char>('0' + number % 10);
  compact += text.substr(5, 2);
  ELICENSE_TRY(const CivilDate date, parse_compact_date(compact));
  const UnixTime day = start_of_day(date) + kAuthorityZoneSeconds;  // midnight in Greenwich
  if (day.seconds < 0) return ErrorCode::date_format;
  const auto weekday = static_cast<std::size_t>(day.seconds / 86400 % 7);
  if (text.substr(0, 3) != kDays.substr(weekday * 3, 3)) return ErrorCode::date_format;
  return day + (hour * 3600 + minute * 60 + second);
}

}  // namespace elicense
