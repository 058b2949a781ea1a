// What the random walks of the viewer and of the verifier share.
#pragma once

#include <optional>

#include "client/support/authority.h"

namespace elicense::test {

#if defined(__EMSCRIPTEN__)
inline constexpr bool kSlowBuild = true;
#elif defined(__has_feature)
inline constexpr bool kSlowBuild = __has_feature(address_sanitizer);
#else
inline constexpr bool kSlowBuild = false;
#endif

// The answer lost (0), a refusal (1), somebody else's page (2), or the answer with one bit flipped.
inline std::optional<HttpAnswer> spoilt(HttpAnswer answer, std::int64_t how, SeededRandom& random) {
  if (how == 0) return std::nullopt;
  if (how == 1) return HttpAnswer{.status = 503, .date = {}, .body = "busy"};
  if (how == 2) return HttpAnswer{.status = 200, .date = {}, .body = "<html></html>"};
  if (answer.body.empty()) return answer;
  const auto at = static_cast<std::size_t>(random.below(static_cast<std::int64_t>(answer.body.size())));
  answer.body[at] = static_cast<char>(answer.body[at] ^ (1 << random.below(7)));
  return answer;
}

}  // namespace elicense::test
