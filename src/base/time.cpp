#include "base/time.h"

#include <array>

namespace elicense {
namespace {

bool is_leap(int year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }

int days_in_month(int year, int month) {
  constexpr std::array kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && is_leap(year) ? 29 : kDays[static_cast<std::size_t>(month - 1)];
}

// Days since 1970-01-01 of the proleptic Gregorian calendar, counted in eras of 400 years that begin on 1 March.
std::int64_t days_from_civil(CivilDate date) {
  const std::int64_t year = date.year - (date.month <= 2 ? 1 : 0);
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const std::int64_t year_of_era = year - era * 400;
  const std::int64_t month = (date.month + 9) % 12;
  const std::int64_t day_of_year = (153 * month + 2) / 5 + date.day - 1;
  const std::int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146097 + day_of_era - 719468;
}

CivilDate civil_from_days(std::int64_t days) {
  days += 719468;
  const std::int64_t era = (days >= 0 ? days : days - 146096) / 146097;
  const std::int64_t day_of_era = days - era * 146097;
  const std::int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const std::int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t month = (5 * day_of_year + 2) / 153;
  const auto day = static_cast<int>(day_of_year - (153 * month + 2) / 5 + 1);
  const auto civil_month = static_cast<int>(month < 10 ? month + 3 : month - 9);
  return {static_cast<int>(year_of_era + era * 400) + (civil_month <= 2 ? 1 : 0), civil_month, day};
}

int digits(std::string_view text, std::size_t from, std::size_t count) {
  int value = 0;
  for (std::size_t i = from; i < from + count; ++i) {
    if (text[i] < '0' || text[i] > '9') return -1;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

Result<CivilDate> checked(int year, int month, int day) {
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > days_in_month(year, month)) return ErrorCode::date_format;
  return CivilDate{year, month, day};
}

std::string padded(int value, std::size_t width) {
  std::string text = std::to_string(value);
  return text.size() < width ? std::string(width - text.size(), '0') + text : text;
}

}  // namespace

CivilDate civil_date_at(UnixTime time) {
  const std::int64_t local = time.seconds + kAuthorityZoneSeconds;
  return civil_from_days(local >= 0 ? local / 86400 : (local - 86399) / 86400);
}

UnixTime start_of_day(CivilDate date) { return {days_from_civil(date) * 86400 - kAuthorityZoneSeconds}; }

Result<CivilDate> parse_compact_date(std::string_view text) {
  if (text.size() != 8) return ErrorCode::date_format;
  return checked(digits(text, 0, 4), digits(text, 4, 2), digits(text, 6, 2));
}

Result<CivilDate> parse_iso_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return ErrorCode::date_format;
  return checked(digits(text, 0, 4), digits(text, 5, 2), digits(text, 8, 2));
}

std::string compact_date(CivilDate date) { return padded(date.year, 4) + padded(date.month, 2) + padded(date.day, 2); }

std::string iso_date(CivilDate date) {
  return padded(date.year, 4) + "-" + padded(date.month, 2) + "-" + padded(date.day, 2);
}

std::string clock_text(UnixTime time) {
  const auto second_of_day = static_cast<int>((time.seconds + kAuthorityZoneSeconds) % 86400);
  return padded(second_of_day / 3600, 2) + ":" + padded(second_of_day / 60 % 60, 2);
}

std::string day_and_clock_text(UnixTime time) {
  return iso_date(civil_date_at(time)).substr(5) + " " + clock_text(time);
}

}  // namespace elicense
