// The phones that listen on this instance: each gets the events of its licence as server-sent events. Nothing is sent
// twice, and nothing is lost between opening and the first notice; if a notice is lost, the next heartbeat finds the
// event. That holds while the events of one licence become visible in the order of their ids. Refuses more streams than
// it has room for; a phone that opens a fifth loses its oldest. What it knows of a stream is about 200 bytes.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <variant>
#include <vector>

#include "authority/http_message.h"
#include "authority/store/store.h"
#include "base/time.h"

namespace elicense::authority {

struct EventHubSettings {
  std::size_t most_streams = 10'000;
  std::size_t most_of_a_phone = 4;
  std::int64_t longest_seconds = 3600;
  std::chrono::milliseconds heartbeat{20'000};
  std::chrono::milliseconds retry{1'000};  // after the store could not be read
};

class EventHub {
 public:
  using Clock = std::function<UnixTime()>;
  // The store lives longer than the hub.
  EventHub(Store& store, Clock clock, EventHubSettings settings = {});
  ~EventHub() { stop(); }
  EventHub(const EventHub&) = delete;
  EventHub& operator=(const EventHub&) = delete;

  // From any thread; never waits for the store. Sends what came after event `after`, until `until` (the end of the
  // access token), an hour, or an "ended" event. False: no room, or stopped; the stream is closed.
  bool open(std::string_view document_number, std::string_view device, std::int64_t after, UnixTime until,
            std::shared_ptr<EventStream> stream);
  bool full() const;            // to refuse before the response has begun
  std::size_t streams() const;  // open now, or not yet known to have gone
  void stop();                  // closes all; not from a listener of the store

 private:
  struct Listener {
    std::string document_number;
    std::string device;
    std::shared_ptr<EventStream> stream;
    std::int64_t position = 0;  // what is at or before it was sent, or is not for this stream
    UnixTime until;
    bool is_behind = false;  // the store could not be read
  };
  using Slot = std::vector<Listener>;  // in the order of their opening
  using Task = std::variant<Listener, EventNotice>;
  using SteadyClock = std::chrono::steady_clock;

  bool make_room();
  void run();
  void hear(const EventNotice& notice);
  void take(Listener listener);
  void tell(const EventNotice& notice);
  void beat_until(SteadyClock::time_point now);
  void beat(Slot& slot);
  void catch_up();
  // False: the stream is over and has been closed.
  bool bring_up_to_date(Listener& listener, std::string text);
  bool deliver(Listener& listener, const std::vector<Event>& events, std::string& text);
  void drop(Slot& slot, std::size_t index);
  Slot& slot_of(std::string_view document_number);
  SteadyClock::time_point beat_time(std::size_t slot) const;
  SteadyClock::time_point next_wake() const;

  Store& store_;
  const Clock clock_;
  const EventHubSettings settings_;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Task> tasks_;   // in the order they came: a notice behind an opening concerns it
  std::size_t streams_ = 0;  // in the slots and in the queue
  bool missed_notices_ = false;
  bool is_stopped_ = false;

  // Of the hub's own thread. A stream's slot is also its place in the time between two heartbeats, so that thousands of
  // sockets are not woken at once.
  std::vector<Slot> slots_;
  std::size_t next_slot_ = 0;
  SteadyClock::time_point round_start_;
  std::optional<SteadyClock::time_point> retry_at_;  // the store could not be read

  std::uint64_t subscription_ = 0;
  std::thread thread_;
};

}  // namespace elicense::authority
