// The effects that every session has: requests, things to keep, when to be woken. What has a number is answered by an
// event with the same number. Refuses nothing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace elicense {

using HttpHeaders = std::vector<std::pair<std::string_view, std::string>>;

struct FetchEffect {
  std::int64_t id = 0;
  std::string_view method;
  std::string url;
  HttpHeaders headers;
  std::optional<std::string> body;
  std::int64_t timeout = 0;  // milliseconds
  std::int64_t limit = 0;    // bytes of the answer's body
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

// Why a numbered effect has no answer.
enum class FailureCause : std::uint8_t { network, timeout, too_large, key };

}  // namespace elicense
