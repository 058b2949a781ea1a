// What the session wants done outside: requests, signatures, things to keep, news for the host. They go out as values;
// what has a number is answered by an event with the same number. web/messages.ts says the same in JSON. Refuses
// nothing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "client/screen.h"

namespace elicense {

using HttpHeaders = std::vector<std::pair<std::string_view, std::string>>;

// Key slots: the device key, and one lease key each, "lease-…".
inline constexpr std::string_view kDeviceSlot = "device";
inline constexpr std::string_view kLeaseSlotPrefix = "lease-";

struct MakeKeyEffect {
  std::int64_t id = 0;
  std::string slot;
};
struct SignEffect {
  std::int64_t id = 0;
  std::string slot;
  Bytes bytes;
};
struct ForgetKeyEffect {
  std::string slot;
};
struct FetchEffect {
  std::int64_t id = 0;
  std::string_view method;
  std::string url;
  HttpHeaders headers;
  std::optional<std::string> body;
  std::int64_t timeout = 0;  // milliseconds
  std::int64_t limit = 0;    // bytes of the answer's body
};
struct ListenEffect {
  std::int64_t id = 0;
  std::string url;
  HttpHeaders headers;
};
struct AbortEffect {
  std::int64_t id = 0;
};
struct KeepEffect {
  std::string_view name;
  std::optional<std::string> text;  // nullopt: forget it
};
struct WakeEffect {
  std::int64_t at = 0;  // monotonic milliseconds; the latest one counts
};
struct StateEffect {
  ViewerState state = ViewerState::loading;
  std::optional<ErrorCode> error;
  std::string words;
  bool operator==(const StateEffect&) const = default;
};
struct CheckedEffect {
  std::string partner;
  std::string origin;
  std::string result;
  std::optional<std::string> asked;
  std::optional<std::int64_t> echo;
  std::int64_t at = 0;  // the authority's seconds
};
struct ErrorEffect {
  std::string_view code;
  std::string words;
};

using SessionEffect = std::variant<MakeKeyEffect, SignEffect, ForgetKeyEffect, FetchEffect, ListenEffect, AbortEffect,
                                   KeepEffect, WakeEffect, StateEffect, CheckedEffect, ErrorEffect>;

// Why a numbered effect has no answer.
enum class FailureCause : std::uint8_t { network, timeout, too_large, key };

}  // namespace elicense
