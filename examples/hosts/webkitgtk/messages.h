// The texts between the licence page and its app (docs/hosts.md). Refuses from the page whatever is too long, of
// another type or version, unknown, or has other members than it should.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "codec/json.h"

namespace elicense::host {

enum class Refusal : std::uint8_t { size, json, type, version, shape };
std::string_view name_of(Refusal refusal);

struct PageMessage {
  std::string event;
  Json detail;  // an object with exactly the members that the event has
};

inline constexpr std::size_t kMostMessage = 16'384;
Result<PageMessage, Refusal> read_message(std::string_view text);

// {"type":"e-license","version":1,"ask":…} and more members.
std::string message(std::string_view ask, Json::Object more = {});

}  // namespace elicense::host
