// Hears of events that other instances have stored: a thread with a session of its own that listens. Refuses to lose
// any: a session that is lost is opened anew, and what was committed in between is told then. An event may be told
// twice. What is sent from instance to instance is the number of an event, which names nobody.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>

#include "authority/store/event_listeners.h"
#include "authority/store/postgres_connection.h"

namespace elicense::authority {

class PostgresEventFeed {
 public:
  // Those of this instance are told by who raised them, and not again.
  PostgresEventFeed(PostgresConnectionOptions options, std::string instance, const EventListeners& listeners);
  ~PostgresEventFeed();
  PostgresEventFeed(const PostgresEventFeed&) = delete;
  PostgresEventFeed& operator=(const PostgresEventFeed&) = delete;

  StoreStatus start();  // when it returns without an error, no later event is missed

 private:
  void run();
  StoreStatus listen();
  StoreStatus catch_up();
  StoreStatus hear();
  StoreStatus look_up(std::int64_t id);
  StoreStatus beat();
  bool wait(int socket, std::chrono::milliseconds most) const;  // false: it is to stop

  const PostgresConnectionOptions options_;
  const std::string instance_;
  const EventListeners& listeners_;
  const int stop_;  // an eventfd
  std::unique_ptr<PostgresConnection> connection_;
  std::chrono::steady_clock::time_point next_beat_;
  // Transactions that were not over at a moment when all before it had been heard, and at the beat after that. (What is
  // visible at one beat may be told a little later, so the one before counts.)
  std::int64_t heard_before_ = 0;
  std::int64_t visible_before_ = 0;
  std::thread thread_;
};

}  // namespace elicense::authority
