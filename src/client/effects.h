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
#include "client/checks.h"
#include "client/screen.h"
#include "session/requests.h"

namespace elicense {

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
struct ListenEffect {
  std::int64_t id = 0;
  std::string url;
  HttpHeaders headers;
};
struct StateEffect {
  ViewerState state = ViewerState::loading;
  std::optional<ErrorCode> error;
  std::string words;
  bool operator==(const StateEffect&) const = default;
};
using CheckedEffect = LicenceCheck;  // news, and nothing to do about it
struct ErrorEffect {
  std::string_view code;
  std::string words;
};

using SessionEffect = std::variant<MakeKeyEffect, SignEffect, ForgetKeyEffect, FetchEffect, ListenEffect, AbortEffect,
                                   KeepEffect, WakeEffect, StateEffect, CheckedEffect, ErrorEffect>;

}  // namespace elicense
