// Who in this process wants to hear of events, the same for every database. Refuses nothing; any thread may call it.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>

#include "authority/store/store.h"

namespace elicense::authority {

class EventListeners {
 public:
  std::uint64_t add(EventListener listener);
  void remove(std::uint64_t subscription);  // it is not called again
  bool empty() const;
  void tell(const EventNotice& notice) const;

 private:
  mutable std::mutex mutex_;  // held while they are called, so that nobody is called after remove() has returned
  std::map<std::uint64_t, EventListener> listeners_;
  std::uint64_t last_subscription_ = 0;
};

}  // namespace elicense::authority
