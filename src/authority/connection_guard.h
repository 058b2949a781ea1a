// Stands between the socket and Drogon's parser on every connection. Drogon gets whole, checked heads and exactly the
// bytes of their bodies; everything else is refused here with a problem document and closed: floods of headers,
// requests that take too long to arrive (slow heads, half-open uploads), answers that nobody reads.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "authority/client_address.h"
#include "authority/http_head.h"

namespace trantor {
class TcpConnection;
}

namespace elicense::authority {

struct GuardSettings {
  HeadLimits limits;
  double request_seconds = 10;  // from the first byte of a request to its last
  TrustedProxies proxies;
  // The bytes that are sent for a refusal, from status line to end.
  std::function<std::string(int status, std::string_view code)> refusal;
};

// What a handler's side knows of the connection that a request came on.
struct GuardedConnection {
  std::string client;              // of the request being handed over: the peer, or whom a trusted proxy names
  std::atomic<int> unanswered{0};  // counted by whoever answers later than at once
  // On the connection's loop: from now on nothing that arrives is looked at, and nothing is kept for it.
  virtual void let_go() = 0;

 protected:
  ~GuardedConnection() = default;
};

class ConnectionGuard {
 public:
  explicit ConnectionGuard(GuardSettings settings) : settings_(std::move(settings)) {}

  // Lives longer than every connection it was put on.
  void put_on(const std::shared_ptr<trantor::TcpConnection>& connection);
  // Requests that have begun to arrive and are not complete.
  int unfinished() const { return unfinished_; }
  // Of the request that Drogon is handling on this thread just now; only during the advices that Drogon calls.
  static std::shared_ptr<GuardedConnection> current();

 private:
  struct State;
  void take(const std::shared_ptr<trantor::TcpConnection>& connection, const std::shared_ptr<State>& state);
  bool take_head(const std::shared_ptr<trantor::TcpConnection>& connection, State& state);
  void refuse(const std::shared_ptr<trantor::TcpConnection>& connection, State& state, int status,
              std::string_view code);
  void expect_more(const std::shared_ptr<trantor::TcpConnection>& connection, const std::shared_ptr<State>& state);

  GuardSettings settings_;
  std::atomic<int> unfinished_{0};
};

}  // namespace elicense::authority
