#include "authority/event_hub.h"

#include <algorithm>
#include <utility>

namespace elicense::authority {
namespace {

constexpr std::size_t kSlots = 1000;
constexpr std::size_t kSlotsOfABeat = 5;  // visited together: with 20 s between heartbeats, every 100 ms
constexpr std::size_t kPage = 32;
constexpr std::size_t kMostTasks = 50'000;
constexpr std::string_view kOpening = "retry: 3000\n\n";
constexpr std::string_view kHeartbeat = ":\n\n";
constexpr std::string_view kEnded = "ended";

// Each line of a value is a line of its own (WHATWG HTML, 9.2.6): none can end the event or begin another field.
void append_field(std::string& text, std::string_view name, std::string_view value) {
  while (true) {
    const std::size_t end = std::min(value.find_first_of("\r\n"), value.size());
    text += name;
    text += ": ";
    text += value.substr(0, end);
    text += '\n';
    if (end == value.size()) return;
    value.remove_prefix(end + (value.substr(end, 2) == "\r\n" ? 2 : 1));
  }
}

void append_event(std::string& text, const Event& event) {
  append_field(text, "id", std::to_string(event.id));
  append_field(text, "event", event.kind);
  append_field(text, "data", event.payload);
  text += '\n';
}

}  // namespace

EventHub::EventHub(Store& store, Clock clock, EventHubSettings settings)
    : store_(store),
      clock_(std::move(clock)),
      settings_(settings),
      slots_(kSlots),
      round_start_(SteadyClock::now()),
      subscription_(store.subscribe([this](const EventNotice& notice) { hear(notice); })),
      thread_([this] { run(); }) {}

bool EventHub::open(std::string_view document_number, std::string_view device, std::int64_t after, UnixTime until,
                    std::shared_ptr<EventStream> stream) {
  if (!make_room()) {
    stream->close();
    return false;
  }
  Listener listener;
  listener.document_number = document_number;
  listener.device = device;
  listener.stream = std::move(stream);
  listener.position = after;
  listener.until = std::min(until, clock_() + settings_.longest_seconds);
  const std::lock_guard lock(mutex_);
  if (is_stopped_) {
    listener.stream->close();
    return false;
  }
  tasks_.emplace_back(std::move(listener));
  changed_.notify_one();
  return true;
}

// From here on notices are kept: before the opening is in the queue, so that none is missed.
bool EventHub::make_room() {
  const std::lock_guard lock(mutex_);
  if (is_stopped_ || streams_ >= settings_.most_streams) return false;
  ++streams_;
  return true;
}

bool EventHub::full() const { return streams() >= settings_.most_streams; }

std::size_t EventHub::streams() const {
  const std::lock_guard lock(mutex_);
  return streams_;
}

void EventHub::stop() {
  {
    const std::lock_guard lock(mutex_);
    is_stopped_ = true;
  }
  changed_.notify_one();
  if (!thread_.joinable()) return;
  store_.unsubscribe(subscription_);
  thread_.join();
  const std::lock_guard lock(mutex_);
  for (Slot& slot : slots_) {
    for (Listener& listener : slot) listener.stream->close();
    slot.clear();
  }
  for (Task& task : tasks_) {
    if (auto* const listener = std::get_if<Listener>(&task)) listener->stream->close();
  }
  tasks_.clear();
  streams_ = 0;
}

// On a thread of the store's.
void EventHub::hear(const EventNotice& notice) {
  {
    const std::lock_guard lock(mutex_);
    if (streams_ == 0) return;
    if (tasks_.size() < kMostTasks) {
      tasks_.emplace_back(notice);
    } else {
      missed_notices_ = true;
    }
  }
  changed_.notify_one();
}

void EventHub::run() {
  std::unique_lock lock(mutex_);
  while (!is_stopped_) {
    if (streams_ == 0) {
      changed_.wait(lock, [this] { return is_stopped_ || !tasks_.empty(); });
      round_start_ = SteadyClock::now();
      next_slot_ = 0;
    } else {
      changed_.wait_until(lock, next_wake(), [this] { return is_stopped_ || !tasks_.empty(); });
    }
    if (is_stopped_) return;
    std::optional<Task> task;
    if (!tasks_.empty()) {
      task = std::move(tasks_.front());
      tasks_.pop_front();
    }
    const bool has_missed = std::exchange(missed_notices_, false);
    lock.unlock();
    const SteadyClock::time_point now = SteadyClock::now();
    if (task && std::holds_alternative<Listener>(*task)) {
      take(std::get<Listener>(*std::move(task)));
    } else if (task) {
      tell(std::get<EventNotice>(*task));
    }
    if (has_missed) {
      for (Slot& slot : slots_) {
        for (Listener& listener : slot) listener.is_behind = true;
      }
      if (!retry_at_) retry_at_ = now;
    }
    if (retry_at_ && *retry_at_ <= now) catch_up();
    beat_until(now);
    lock.lock();
  }
}

void EventHub::take(Listener listener) {
  Slot& slot = slot_of(listener.document_number);
  const auto is_same_phone = [&listener](const Listener& other) {
    return other.document_number == listener.document_number && other.device == listener.device;
  };
  if (static_cast<std::size_t>(std::count_if(slot.begin(), slot.end(), is_same_phone)) >= settings_.most_of_a_phone) {
    const auto oldest = std::find_if(slot.begin(), slot.end(), is_same_phone);
    drop(slot, static_cast<std::size_t>(oldest - slot.begin()));
  }
  slot.push_back(std::move(listener));
  if (!bring_up_to_date(slot.back(), std::string(kOpening))) drop(slot, slot.size() - 1);
}

void EventHub::tell(const EventNotice& notice) {
  Slot& slot = slot_of(notice.document_number);
  for (std::size_t i = 0; i < slot.size();) {
    Listener& listener = slot[i];
    if (listener.document_number != notice.document_number || listener.position >= notice.id) {
      ++i;
      continue;
    }
    if (!bring_up_to_date(listener, {})) {
      drop(slot, i);
      continue;
    }
    // The event may be for another phone: it need not be looked for again.
    if (!listener.is_behind) listener.position = std::max(listener.position, notice.id);
    ++i;
  }
}

// Sends the text, then what the store has; if that cannot be read, the listener waits for catch_up().
bool EventHub::bring_up_to_date(Listener& listener, std::string text) {
  if (clock_() >= listener.until) return false;
  bool is_over = false;
  for (bool has_more = true; has_more && !is_over; text.clear()) {
    has_more = false;
    if (retry_at_) {
      listener.is_behind = true;
    } else {
      const Stored<std::vector<Event>> events =
          store_.events_after(listener.document_number, listener.device, listener.position, kPage);
      listener.is_behind = !events.ok();
      has_more = events.ok() && events->size() == kPage;
      is_over = events.ok() && !deliver(listener, *events, text);
    }
    if (listener.is_behind && !retry_at_) retry_at_ = SteadyClock::now() + settings_.retry;
    if (!text.empty() && !listener.stream->send(text)) return false;
  }
  return !is_over;
}

// False: the phone is not the active one any more.
bool EventHub::deliver(Listener& listener, const std::vector<Event>& events, std::string& text) {
  for (const Event& event : events) {
    append_event(text, event);
    listener.position = event.id;
    if (event.kind == kEnded) return false;
  }
  return true;
}

void EventHub::catch_up() {
  retry_at_.reset();
  for (Slot& slot : slots_) {
    for (std::size_t i = 0; i < slot.size() && !retry_at_;) {
      if (!slot[i].is_behind || bring_up_to_date(slot[i], {})) {
        ++i;
      } else {
        drop(slot, i);
      }
    }
  }
}

EventHub::SteadyClock::time_point EventHub::beat_time(std::size_t slot) const {
  return round_start_ + settings_.heartbeat * (slot + 1) / kSlots;
}

void EventHub::beat_until(SteadyClock::time_point now) {
  for (std::size_t beaten = 0; beaten < kSlots && beat_time(next_slot_) <= now; ++beaten) {
    beat(slots_[next_slot_]);
    if (++next_slot_ == kSlots) {
      next_slot_ = 0;
      round_start_ += settings_.heartbeat;
    }
  }
  // After a pause of more than a round, one heartbeat is enough.
  if (beat_time(next_slot_) <= now) round_start_ += now - beat_time(next_slot_);
}

void EventHub::beat(Slot& slot) {
  for (std::size_t i = 0; i < slot.size();) {
    if (bring_up_to_date(slot[i], std::string(kHeartbeat))) {
      ++i;
    } else {
      drop(slot, i);
    }
  }
}

EventHub::SteadyClock::time_point EventHub::next_wake() const {
  const SteadyClock::time_point beat_at = beat_time(std::min(next_slot_ + kSlotsOfABeat, kSlots) - 1);
  return retry_at_ ? std::min(*retry_at_, beat_at) : beat_at;
}

void EventHub::drop(Slot& slot, std::size_t index) {
  slot[index].stream->close();
  slot.erase(slot.begin() + static_cast<std::ptrdiff_t>(index));
  const std::lock_guard lock(mutex_);
  --streams_;
}

EventHub::Slot& EventHub::slot_of(std::string_view document_number) {
  return slots_[std::hash<std::string_view>{}(document_number) % kSlots];
}

}  // namespace elicense::authority
