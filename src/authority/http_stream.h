// Responses that go on (server-sent events), past Drogon: its own streams buffer without a limit, keep each request and
// do not begin for a client that asked for Connection: close, as many proxies do. Here the connection is taken over:
// our own head, no chunks, the end of the connection is the end of the response. Refuses to hold more than kMostUnread
// bytes for a client that does not read: its connection is closed.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_set>

#include "authority/http_message.h"
#include "authority/metrics.h"

namespace trantor {
class EventLoop;
class TcpConnection;
}  // namespace trantor

namespace elicense::authority {

class ConnectionStream;

// All of them, so that they can be closed when the server stops.
class OpenStreams {
 public:
  explicit OpenStreams(Metrics& metrics) : metrics_(&metrics) {}

  using Start = std::function<void(std::shared_ptr<EventStream>)>;
  // On the connection's loop: sends the head and hands the stream over. False: the server stops, nothing was sent.
  static bool begin(const std::shared_ptr<OpenStreams>& streams,
                    const std::shared_ptr<trantor::TcpConnection>& connection, const std::string& head,
                    const Start& start);
  // From now on no stream touches its connection or a loop, even if somebody still holds it.
  void close_all();

 private:
  friend class ConnectionStream;
  bool add(ConnectionStream* stream);
  void remove(ConnectionStream* stream);

  std::mutex mutex_;
  std::unordered_set<ConnectionStream*> streams_;
  Metrics* metrics_;  // nullptr: closed
};

class ConnectionStream final : public EventStream, public std::enable_shared_from_this<ConnectionStream> {
 public:
  static constexpr std::size_t kMostUnread = std::size_t{256} * 1024;

  ConnectionStream(std::shared_ptr<OpenStreams> all, const std::shared_ptr<trantor::TcpConnection>& connection);
  ~ConnectionStream() override;
  ConnectionStream(const ConnectionStream&) = delete;
  ConnectionStream& operator=(const ConnectionStream&) = delete;

  bool send(const std::string& text) override;
  void close() override;  // what was sent before still goes out

 private:
  const std::shared_ptr<OpenStreams> all_;
  trantor::EventLoop* const loop_;
  std::mutex mutex_;
  std::weak_ptr<trantor::TcpConnection> connection_;  // empty: closed
  std::atomic<std::size_t> queued_{0};                // bytes that the loop has not seen yet
};

}  // namespace elicense::authority
