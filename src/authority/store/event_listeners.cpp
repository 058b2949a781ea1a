#include "authority/store/event_listeners.h"

#include <utility>

namespace elicense::authority {

std::uint64_t EventListeners::add(EventListener listener) {
  const std::lock_guard lock(mutex_);
  listeners_.emplace(++last_subscription_, std::move(listener));
  return last_subscription_;
}

void EventListeners::remove(std::uint64_t subscription) {
  const std::lock_guard lock(mutex_);
  listeners_.erase(subscription);
}

bool EventListeners::empty() const {
  const std::lock_guard lock(mutex_);
  return listeners_.empty();
}

void EventListeners::tell(const EventNotice& notice) const {
  const std::lock_guard lock(mutex_);
  for (const auto& [subscription, listener] : listeners_) listener(notice);
}

}  // namespace elicense::authority
