// What the service has done, as Prometheus text (exposition format 0.0.4). Refuses nothing; labels are route patterns,
// so their number is bounded and nothing of a request gets into them.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace elicense::authority {

class Metrics {
 public:
  void request_started() { in_flight_.fetch_add(1, std::memory_order_relaxed); }
  void request_ended() { in_flight_.fetch_sub(1, std::memory_order_relaxed); }
  void stream_opened() { streams_.fetch_add(1, std::memory_order_relaxed); }
  void stream_closed() { streams_.fetch_sub(1, std::memory_order_relaxed); }
  void answered(std::string_view method, std::string_view route, int status, std::chrono::nanoseconds took);
  std::string text() const;

 private:
  // Upper bounds in microseconds.
  static constexpr std::array<std::int64_t, 10> kBounds = {100,    250,    1'000,   2'500,     5'000,
                                                           10'000, 50'000, 250'000, 1'000'000, 5'000'000};
  struct Latency {
    std::array<std::uint64_t, kBounds.size() + 1> counts{};
    std::int64_t microseconds = 0;
  };
  struct Of {
    std::map<int, std::uint64_t> statuses;
    Latency latency;
  };
  std::atomic<std::int64_t> in_flight_{0};
  std::atomic<std::int64_t> streams_{0};
  mutable std::mutex mutex_;
  std::map<std::pair<std::string, std::string>, Of, std::less<>> routes_;
};

}  // namespace elicense::authority
