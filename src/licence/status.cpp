#include "licence/status.h"

#include <algorithm>
#include <array>

#include "token/status_list.h"

namespace elicense {
namespace {

using enum Usability;

// From the lightest to the gravest. Meaning and next step, in every language, are text: assets/text.
constexpr std::array<StatusInfo, 20> kTable = {{
    {'A', "正常", "normal", usable},
    {'H', "违法未处理", "violation open", usable_with_note},
    {'I', "事故未处理", "accident open", usable_with_note},
    {'N', "延期换证", "renewal postponed", usable_with_note},
    {'P', "延期体检", "medical postponed", usable_with_note},
    {'T', "延期审验", "review postponed", usable_with_note},
    {'Z', "其他", "other", shown_but_refused},
    {'M', "逾期未换证", "renewal overdue", shown_but_refused},
    {'R', "逾期未体检", "medical overdue", shown_but_refused},
    {'S', "逾期未审验", "review overdue", shown_but_refused},
    {'U', "扣留", "detained", shown_but_refused},
    {'K', "扣押", "seized", shown_but_refused},
    {'D', "暂扣", "suspended", shown_but_refused},
    {'B', "超分", "points limit reached", shown_but_refused},
    {'L', "锁定", "locked", not_shown},
    {'J', "停止使用", "stopped", not_shown},
    {'C', "转出", "transferred out", not_shown},
    {'G', "注销", "cancelled", not_shown},
    {'E', "撤销", "withdrawn", not_shown},
    {'F', "吊销", "revoked", not_shown},
}};

constexpr std::uint8_t kFirstLetterValue = 16;

constexpr std::uint32_t bit_of(char letter) { return 1U << static_cast<unsigned>(letter - 'A'); }
constexpr std::uint32_t kNormal = bit_of('A');

struct Postponement {
  char postponed;
  char overdue;
};
constexpr std::array<Postponement, 3> kPostponements = {{{'N', 'M'}, {'P', 'R'}, {'T', 'S'}}};

bool is_postponed(StatusSet status) {
  return std::any_of(kPostponements.begin(), kPostponements.end(),
                     [&](const Postponement& p) { return status.has(p.postponed); });
}

CivilDate day_after(CivilDate date) { return civil_date_at(start_of_day(date) + 86400); }

}  // namespace

const StatusInfo* status_info(char letter) {
  const auto found =
      std::find_if(kTable.begin(), kTable.end(), [letter](const StatusInfo& info) { return info.letter == letter; });
  return found == kTable.end() ? nullptr : &*found;
}

Result<StatusSet> StatusSet::parse(std::string_view letters) {
  std::uint32_t bits = 0;
  for (const char letter : letters) {
    if (status_info(letter) == nullptr || (bits & bit_of(letter)) != 0) return ErrorCode::status_code;
    bits |= bit_of(letter);
  }
  if (bits == 0 || ((bits & kNormal) != 0 && bits != kNormal)) return ErrorCode::status_code;
  return StatusSet(bits);
}

std::string StatusSet::letters() const {
  std::string text;
  for (char letter = 'A'; letter <= 'Z'; ++letter) {
    if (has(letter)) text += letter;
  }
  return text;
}

bool StatusSet::has(char letter) const { return letter >= 'A' && letter <= 'Z' && (bits_ & bit_of(letter)) != 0; }

const StatusInfo& StatusSet::gravest() const {
  const auto found =
      std::find_if(kTable.rbegin(), kTable.rend(), [this](const StatusInfo& info) { return has(info.letter); });
  ELICENSE_ASSERT(found != kTable.rend());
  return *found;
}

Usability StatusSet::usability() const { return gravest().usability; }

StatusSet StatusSet::with(char letter) const {
  ELICENSE_ASSERT(status_info(letter) != nullptr);
  if (letter == 'A') return *this;
  return StatusSet((bits_ & ~kNormal) | bit_of(letter));
}

StatusSet StatusSet::without(char letter) const {
  const std::uint32_t rest = has(letter) ? bits_ & ~bit_of(letter) : bits_;
  return StatusSet(rest == 0 ? kNormal : rest);
}

StatusSet status_on(const StatusFacts& facts, CivilDate today) {
  StatusSet status = facts.recorded;
  if (facts.points >= kPointsLimit) status = status.with('B');
  const bool postponement_over = facts.postponed_until && *facts.postponed_until < today;
  for (const auto& [postponed, overdue] : kPostponements) {
    if (postponement_over && status.has(postponed)) status = status.without(postponed).with(overdue);
  }
  if (facts.valid_until < today && !status.has('N')) status = status.with('M');
  return status;
}

std::optional<UnixTime> status_changes_at(const StatusFacts& facts, CivilDate today) {
  std::optional<UnixTime> soonest;
  const auto consider = [&](CivilDate last_day) {
    if (last_day < today) return;
    const UnixTime change = start_of_day(day_after(last_day));
    if (!soonest || change < *soonest) soonest = change;
  };
  if (facts.postponed_until && is_postponed(facts.recorded)) consider(*facts.postponed_until);
  consider(facts.valid_until);
  return soonest;
}

std::uint8_t status_list_value(StatusSet status) {
  const char letter = status.gravest().letter;
  if (letter == 'A') return status_value::kValid;
  return static_cast<std::uint8_t>(kFirstLetterValue + (letter - 'A'));
}

Result<StatusSet> status_of_list_value(std::uint8_t value) {
  if (value == status_value::kValid) return StatusSet::normal();
  if (value == status_value::kInvalid) return StatusSet::normal().with('F');
  if (value == status_value::kSuspended) return StatusSet::normal().with('D');
  if (value < kFirstLetterValue || value >= kFirstLetterValue + 26) return ErrorCode::status_code;
  const char letter = static_cast<char>('A' + (value - kFirstLetterValue));
  return StatusSet::parse(std::string_view(&letter, 1));
}

}  // namespace elicense
