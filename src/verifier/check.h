// What a check has found, before it is put into words: facts alone, in no language. The person is in `lease`, which is
// there with a valid result and never otherwise.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "licence/live_code.h"
#include "licence/vehicle_class.h"

namespace elicense {

enum class CheckedBy : std::uint8_t { authority, this_device };

// What this check left open.
enum class Unchecked : std::uint8_t {
  replay_elsewhere,  // only the authority knows who else has checked it
  status_list,       // not at hand: the status is the lease's
  clock,             // nothing has proved this device's clock
  network,           // the authority was asked and did not answer
  portrait           // none came that is the one the code speaks of
};

struct Check {
  std::optional<CheckResult> result;  // nullopt: no answer could be had
  std::optional<ErrorCode> error;
  CheckedBy by = CheckedBy::this_device;
  UnixTime now;                           // when it was, as well as that is known
  std::optional<std::int64_t> age;        // seconds since the code was shown
  std::optional<std::int64_t> confirmed;  // seconds since the authority last confirmed the licence
  bool confirmed_long_ago = false;        // longer than this verifier takes without a word
  std::optional<StatusSet> status;        // where the authority says it, unless it is normal
  std::optional<LeaseClaims> lease;
  std::optional<std::string> portrait;  // data: URI
  std::optional<ClassAnswer> answer;    // with valid, when a class was asked for
  std::optional<int> echo;
  std::vector<Unchecked> unchecked;
  std::optional<std::string> receipt;
  bool specimen = false;  // the list that it was checked against is no production one
};

}  // namespace elicense
