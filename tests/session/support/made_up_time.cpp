#include "session/support/made_up_time.h"

#include <algorithm>
#include <utility>

namespace elicense::test {

void MadeUpTime::new_page(std::int64_t its_monotonic) {
  due_.clear();
  wake_.reset();
  monotonic = its_monotonic;
}

void MadeUpTime::after(std::int64_t milliseconds, std::function<void()> happen) {
  due_.push_back({.at = authority_clock + milliseconds, .happen = std::move(happen)});
}

std::optional<std::int64_t> MadeUpTime::next_due() const {
  std::optional<std::int64_t> next;
  for (const Due& due : due_) next = std::min(next.value_or(due.at), due.at);
  if (wake_) {
    // Browsers round: the first time a timer rings a millisecond early.
    const std::int64_t when = rung_early_ == wake_ ? *wake_ : *wake_ - 1;
    const std::int64_t at = authority_clock + std::max<std::int64_t>(0, when - monotonic);
    next = std::min(next.value_or(at), at);
  }
  return next;
}

void MadeUpTime::step_to(std::int64_t at) {
  const std::int64_t milliseconds = std::max<std::int64_t>(0, at - authority_clock);
  authority_clock += milliseconds;
  monotonic += milliseconds;
  wall += milliseconds;
}

void MadeUpTime::pass(std::int64_t milliseconds) {
  const std::int64_t end = authority_clock + milliseconds;
  for (auto next = next_due(); next && *next <= end; next = next_due()) {
    step_to(*next);
    const auto found =
        std::find_if(due_.begin(), due_.end(), [&](const Due& due) { return due.at <= authority_clock; });
    if (found != due_.end()) {
      const auto happen = std::move(found->happen);
      due_.erase(found);
      happen();
    } else {
      rung_early_ = std::exchange(wake_, std::nullopt);
      wake();
    }
    obey();
  }
  step_to(end);
  obey();
}

}  // namespace elicense::test
