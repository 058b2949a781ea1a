// When to try again: at once, at a set time, or later and later after each failure (2, 4, 8 … 60 s, a quarter more or
// less at random, so that a million phones do not come back together). Refuses nothing.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

#include "crypto/random.h"

namespace elicense {

inline constexpr std::int64_t kFirstRetry = 2000;  // milliseconds
inline constexpr std::int64_t kLongestRetry = 60000;

inline std::int64_t random_below(RandomSource& random, std::int64_t bound) {
  std::array<std::uint8_t, 4> bytes{};
  random.fill(bytes);
  const std::int64_t number = (std::int64_t{bytes[0]} << 24) | (bytes[1] << 16) | (bytes[2] << 8) | bytes[3];
  return number % bound;
}

class RetryTimer {
 public:
  const std::optional<std::int64_t>& due() const { return due_; }  // monotonic; nullopt: nothing planned
  bool is_due(std::int64_t now) const { return due_ && now >= *due_; }
  void plan(std::int64_t at) { due_ = at; }
  void bring_forward(std::int64_t at) { due_ = due_ ? std::min(*due_, at) : at; }
  void stop() { due_ = std::nullopt; }
  void succeeded() { delay_ = kFirstRetry; }
  void failed(std::int64_t now, RandomSource& random) {
    due_ = now + delay_ * 3 / 4 + random_below(random, delay_ / 2);
    delay_ = std::min(delay_ * 2, kLongestRetry);
  }

 private:
  std::optional<std::int64_t> due_;
  std::int64_t delay_ = kFirstRetry;
};

}  // namespace elicense
