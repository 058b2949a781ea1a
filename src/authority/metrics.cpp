#include "authority/metrics.h"

#include <cstdio>

namespace elicense::authority {
namespace {

std::string seconds(std::int64_t microseconds) {
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%.6g", static_cast<double>(microseconds) / 1e6);
  return text.data();
}

}  // namespace

void Metrics::answered(std::string_view method, std::string_view route, int status, std::chrono::nanoseconds took) {
  const std::int64_t microseconds = std::chrono::duration_cast<std::chrono::microseconds>(took).count();
  std::size_t bucket = 0;
  while (bucket < kBounds.size() && microseconds > kBounds[bucket]) ++bucket;
  const std::lock_guard lock(mutex_);
  Of& of = routes_[{std::string(method), std::string(route)}];
  ++of.statuses[status];
  ++of.latency.counts[bucket];
  of.latency.microseconds += microseconds;
}

std::string Metrics::text() const {
  std::string requests =
      "# HELP elicense_http_requests_total Requests answered.\n# TYPE elicense_http_requests_total counter\n";
  std::string latency =
      "# HELP elicense_http_request_seconds Time from the whole request to its answer.\n"
      "# TYPE elicense_http_request_seconds histogram\n";
  const std::lock_guard lock(mutex_);
  for (const auto& [key, of] : routes_) {
    const std::string labels = "method=\"" + key.first + "\",route=\"" + key.second + "\"";
    for (const auto& [status, count] : of.statuses) {
      requests += "elicense_http_requests_total{" + labels + ",status=\"" + std::to_string(status) + "\"} " +
                  std::to_string(count) + "\n";
    }
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i <= kBounds.size(); ++i) {
      sum += of.latency.counts[i];
      const std::string bound = i < kBounds.size() ? seconds(kBounds[i]) : "+Inf";
      latency +=
          "elicense_http_request_seconds_bucket{" + labels + ",le=\"" + bound + "\"} " + std::to_string(sum) + "\n";
    }
    latency += "elicense_http_request_seconds_sum{" + labels + "} " + seconds(of.latency.microseconds) + "\n";
    latency += "elicense_http_request_seconds_count{" + labels + "} " + std::to_string(sum) + "\n";
  }
  return requests + latency +
         "# HELP elicense_http_in_flight Requests being answered.\n"
         "# TYPE elicense_http_in_flight gauge\nelicense_http_in_flight " +
         std::to_string(in_flight_.load(std::memory_order_relaxed)) +
         "\n# HELP elicense_http_streams Streams held open.\n"
         "# TYPE elicense_http_streams gauge\nelicense_http_streams " +
         std::to_string(streams_.load(std::memory_order_relaxed)) + "\n";
}

}  // namespace elicense::authority
