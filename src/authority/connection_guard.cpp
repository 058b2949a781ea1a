#include "authority/connection_guard.h"

#include <trantor/net/EventLoop.h>
#include <trantor/net/TcpConnection.h>
#include <trantor/utils/MsgBuffer.h>

#include <algorithm>
#include <utility>

namespace elicense::authority {
namespace {

using Connection = std::shared_ptr<trantor::TcpConnection>;

// How long a refused client may take to read why, and how much may wait for a client that does not read.
constexpr double kLingerSeconds = 2;
constexpr std::size_t kMostUnread = std::size_t{64} * 1024 * 1024;

// Drogon's own callback is set before the connection callback runs; trantor has no getter for it.
struct CallbackOf : trantor::TcpConnection {
  static trantor::RecvMessageCallback& received(trantor::TcpConnection& connection) {
    return connection.*(&CallbackOf::recvMsgCallback_);
  }
};

}  // namespace

// Used on the connection's own loop only, but for the count of what is unanswered.
struct ConnectionGuard::State final : GuardedConnection {
  State(std::atomic<int>& count, trantor::RecvMessageCallback callback)
      : unfinished(count), next(std::move(callback)) {}
  virtual ~State() { set_unfinished(false); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  void set_unfinished(bool value) {
    if (is_unfinished == value) return;
    is_unfinished = value;
    unfinished += value ? 1 : -1;
    if (!value) {
      ++request;
      is_timed = false;
    }
  }

  void let_go() override {
    is_over = true;
    set_unfinished(false);
    next = nullptr;
    trantor::MsgBuffer none(0);
    passed.swap(none);
  }

  std::atomic<int>& unfinished;
  trantor::RecvMessageCallback next;
  trantor::MsgBuffer* arrived = nullptr;  // the socket's buffer, during a call
  trantor::MsgBuffer passed;              // what Drogon may see
  std::size_t searched = 0;               // of the head: no end before here
  std::size_t body_left = 0;
  std::size_t request = 0;  // its number on this connection
  std::string proxy;        // the peer, where its X-Forwarded-For is believed
  bool is_unfinished = false;
  bool is_timed = false;
  bool is_over = false;  // refused, or let go
};

namespace {
// Drogon calls its advices from within the callback that it is handed the bytes with.
thread_local std::shared_ptr<GuardedConnection> current_connection;
}  // namespace

std::shared_ptr<GuardedConnection> ConnectionGuard::current() { return current_connection; }

void ConnectionGuard::put_on(const Connection& connection) {
  auto state = std::make_shared<State>(unfinished_, CallbackOf::received(*connection));
  state->client = canonical_address(connection->peerAddr().toIp()).value_or("");
  if (settings_.proxies.trusts(state->client)) state->proxy = state->client;
  connection->setRecvMsgCallback([this, state](const Connection& from, trantor::MsgBuffer* buffer) {
    state->arrived = buffer;
    take(from, state);
    state->arrived = nullptr;
  });
  connection->setHighWaterMarkCallback([](const Connection& slow, std::size_t) { slow->forceClose(); }, kMostUnread);
}

void ConnectionGuard::take(const Connection& connection, const std::shared_ptr<State>& state) {
  trantor::MsgBuffer& arrived = *state->arrived;
  while (arrived.readableBytes() > 0) {
    if (state->is_over || !connection->connected()) {
      arrived.retrieveAll();
      return;
    }
    if (state->body_left > 0) {
      const std::size_t count = std::min(state->body_left, arrived.readableBytes());
      state->passed.append(arrived.peek(), count);
      arrived.retrieve(count);
      state->body_left -= count;
    } else if (!take_head(connection, *state)) {
      break;
    }
    state->set_unfinished(state->body_left > 0);
    current_connection = state;
    state->next(connection, &state->passed);
    current_connection = nullptr;
  }
  if (!state->is_over && (state->body_left > 0 || arrived.readableBytes() > 0)) expect_more(connection, state);
}

// False: the head is not complete yet, or it was refused.
bool ConnectionGuard::take_head(const Connection& connection, State& state) {
  trantor::MsgBuffer& arrived = *state.arrived;
  const std::string_view bytes(arrived.peek(), arrived.readableBytes());
  const std::size_t end = bytes.find("\r\n\r\n", state.searched);
  if (end == std::string_view::npos) {
    state.searched = bytes.size() > 3 ? bytes.size() - 3 : 0;
    if (bytes.front() < 'A' || bytes.front() > 'Z') {
      // TLS, binary noise: there is nothing to wait for.
      refuse(connection, state, 400, "request-line");
    } else if (bytes.size() > settings_.limits.bytes) {
      refuse(connection, state, 431, "header-size");
    }
    return false;
  }
  state.searched = 0;
  const std::string_view head = bytes.substr(0, end + 4);
  const HeadVerdict verdict = check_head(head, settings_.limits);
  if (verdict.refused != 0) {
    refuse(connection, state, verdict.refused, verdict.code);
    return false;
  }
  if (!state.proxy.empty()) state.client = settings_.proxies.client_of(head, state.proxy);
  state.body_left = verdict.content_length;
  state.passed.append(head.data(), head.size());
  arrived.retrieve(head.size());
  return true;
}

void ConnectionGuard::refuse(const Connection& connection, State& state, int status, std::string_view code) {
  state.is_over = true;
  state.set_unfinished(false);
  if (state.arrived != nullptr) state.arrived->retrieveAll();
  connection->send(settings_.refusal(status, code));
  connection->shutdown();
  // Closing at once would reset the connection under the answer while the client is still sending.
  connection->getLoop()->runAfter(kLingerSeconds, [weak = std::weak_ptr(connection)] {
    if (const Connection open = weak.lock()) open->forceClose();
  });
}

void ConnectionGuard::expect_more(const Connection& connection, const std::shared_ptr<State>& state) {
  state->set_unfinished(true);
  if (state->is_timed) return;
  state->is_timed = true;
  connection->getLoop()->runAfter(
      settings_.request_seconds,
      [this, weak = std::weak_ptr(connection), watched = std::weak_ptr(state), request = state->request] {
        const Connection open = weak.lock();
        const std::shared_ptr<State> current = watched.lock();
        if (!open || !current || current->request != request || current->is_over) return;
        refuse(open, *current, 408, "request-timeout");
      });
}

}  // namespace elicense::authority
