// Who has checked the licence, as the authority tells its holder: in the moment of a check, by the stream of events,
// and as a list when the holder asks for it. The authority's words, unsigned: shown to the holder, believed for
// nothing. Refuses entries of other shapes and lists of more entries than the authority tells.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "codec/json.h"

namespace elicense {

struct LicenceCheck {
  std::string partner;
  std::string origin;
  std::string result;                // a check_result_name
  std::optional<std::string> asked;  // a vehicle class
  std::optional<std::int64_t> echo;  // the two-digit number on the inspector's screen
  std::int64_t at = 0;               // the authority's seconds
  bool operator==(const LicenceCheck&) const = default;
};

inline constexpr std::size_t kMostChecksListed = 100;

struct CheckList {
  enum class Progress : std::uint8_t { asking, failed, known };
  Progress progress = Progress::asking;
  std::vector<LicenceCheck> checks;  // newest first
};

std::optional<LicenceCheck> licence_check_from(const Json& told);
// {"checks": [CHECK…]}; one entry of another shape spoils the list.
std::optional<std::vector<LicenceCheck>> licence_checks_from(const Json& body);

}  // namespace elicense
