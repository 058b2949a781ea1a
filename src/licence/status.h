// What the authority says a licence may be used for: a set of letters that can stand together (`BDJ`: points limit
// reached, suspended, stopped). Refuses letters outside the table, letters twice, no letter at all, and A together with
// another.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace elicense {

enum class Usability : std::uint8_t {
  usable,
  usable_with_note,   // a code is shown, and what is open or postponed
  shown_but_refused,  // the pages are shown, no code is
  not_shown           // no page, only the reason
};

struct StatusInfo {
  char letter;
  std::string_view chinese;
  std::string_view english;
  Usability usability;
};

class StatusSet {
 public:
  static StatusSet normal() { return StatusSet(1U); }
  static Result<StatusSet> parse(std::string_view letters);
  std::string letters() const;  // in alphabetical order
  bool has(char letter) const;
  Usability usability() const;  // the gravest decides
  const StatusInfo& gravest() const;
  bool allows_use() const { return usability() <= Usability::usable_with_note; }
  StatusSet with(char letter) const;     // A gives way to any other
  StatusSet without(char letter) const;  // A comes back when nothing else is left
  bool operator==(const StatusSet&) const = default;

 private:
  explicit StatusSet(std::uint32_t bits) : bits_(bits) {}
  std::uint32_t bits_;
};

const StatusInfo* status_info(char letter);  // nullptr: no such status

// What a record says, before the day and the points have their word.
struct StatusFacts {
  StatusSet recorded;
  int points = 0;
  std::optional<CivilDate> postponed_until;  // the last day of N, P or T
  CivilDate valid_until;                     // the licence's last day
};
inline constexpr int kPointsLimit = 12;

// The status on a day: 12 points refuse at once (B); a postponement that is over becomes its own word (N→M, P→R, T→S);
// a licence past its last day is overdue (M) unless its renewal is postponed.
StatusSet status_on(const StatusFacts& facts, CivilDate today);
// The first second at which status_on() may answer otherwise, when the calendar alone can change it.
std::optional<UnixTime> status_changes_at(const StatusFacts& facts, CivilDate today);

// The value in a status list: VALID for A, else 16 plus the number of the gravest letter. INVALID and SUSPENDED are
// taken too.
std::uint8_t status_list_value(StatusSet status);
Result<StatusSet> status_of_list_value(std::uint8_t value);

}  // namespace elicense
