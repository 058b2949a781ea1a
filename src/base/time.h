// Moments in integer seconds UTC and civil dates of the licence. The core never asks what time it is: it is told.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace elicense {

struct UnixTime {
  std::int64_t seconds = 0;
  auto operator<=>(const UnixTime&) const = default;
};

// Times on the wire lie between 1970 and the end of 9999, so that sums and differences of two cannot wrap.
inline constexpr std::int64_t kLastUnixSecond = 253402300799;
inline bool is_wire_time(std::int64_t seconds) { return seconds >= 0 && seconds <= kLastUnixSecond; }

inline UnixTime operator+(UnixTime t, std::int64_t seconds) { return {t.seconds + seconds}; }
inline UnixTime operator-(UnixTime t, std::int64_t seconds) { return {t.seconds - seconds}; }
inline std::int64_t operator-(UnixTime a, UnixTime b) { return a.seconds - b.seconds; }

// A day of the Gregorian calendar, 1 January 1 to 31 December 9999.
struct CivilDate {
  int year = 1;
  int month = 1;
  int day = 1;
  auto operator<=>(const CivilDate&) const = default;
};

// Licences are dated in the authority's civil time, which has no daylight saving: UTC+8. No wire format carries a zone.
inline constexpr std::int64_t kAuthorityZoneSeconds = 8 * 3600;
CivilDate civil_date_at(UnixTime time);  // the day on the authority's calendar
UnixTime start_of_day(CivilDate date);   // its first second there

Result<CivilDate> parse_compact_date(std::string_view text);  // 20260131
Result<CivilDate> parse_iso_date(std::string_view text);      // 2026-01-31
std::string compact_date(CivilDate date);
std::string iso_date(CivilDate date);

// "08:31" on the authority's clock; with its day "11-20 08:31".
std::string clock_text(UnixTime time);
std::string day_and_clock_text(UnixTime time);

}  // namespace elicense
