#include "authority/http_stream.h"

#include <trantor/net/EventLoop.h>
#include <trantor/net/TcpConnection.h>
#include <trantor/utils/MsgBuffer.h>

#include <exception>
#include <utility>
#include <vector>

#include "authority/log.h"

namespace elicense::authority {
namespace {

using Connection = std::shared_ptr<trantor::TcpConnection>;

// For a client to read the end and close in its turn.
constexpr double kLingerSeconds = 2;

void end_connection(const Connection& connection) {
  connection->shutdown();
  connection->getLoop()->runAfter(kLingerSeconds, [weak = std::weak_ptr(connection)] {
    if (const Connection open = weak.lock()) open->forceClose();
  });
}

// The connection will hardly receive anything any more: its buffer of 2 KiB can go. Not while it is being read from.
void shrink(const Connection& connection) {
  connection->getLoop()->queueInLoop([connection] {
    trantor::MsgBuffer small(0);
    if (connection->getRecvBuffer()->readableBytes() == 0) connection->getRecvBuffer()->swap(small);
  });
}

}  // namespace

bool OpenStreams::begin(const std::shared_ptr<OpenStreams>& streams, const Connection& connection,
                        const std::string& head, const Start& start) {
  const auto stream = std::make_shared<ConnectionStream>(streams, connection);
  if (!streams->add(stream.get())) return false;
  // Streams are silent for long; whether the client is there, heartbeats show, or TCP (see http_server.cpp).
  connection->keepAlive();
  connection->setHighWaterMarkCallback([](const Connection& slow, std::size_t) { slow->forceClose(); },
                                       ConnectionStream::kMostUnread);
  connection->send(head);
  shrink(connection);
  try {
    start(stream);
  } catch (const std::exception& error) {
    log_line(LogLevel::error, std::string("a stream's start threw ") + typeid(error).name());
    stream->close();
  }
  return true;
}

bool OpenStreams::add(ConnectionStream* stream) {
  const std::lock_guard lock(mutex_);
  if (metrics_ == nullptr) return false;
  streams_.insert(stream);
  metrics_->stream_opened();
  return true;
}

void OpenStreams::remove(ConnectionStream* stream) {
  const std::lock_guard lock(mutex_);
  if (streams_.erase(stream) > 0 && metrics_ != nullptr) metrics_->stream_closed();
}

void OpenStreams::close_all() {
  std::vector<std::shared_ptr<ConnectionStream>> open;
  {
    const std::lock_guard lock(mutex_);
    metrics_ = nullptr;
    open.reserve(streams_.size());
    for (ConnectionStream* const stream : streams_) {
      // Null when its last owner is just letting it go.
      if (auto owned = stream->weak_from_this().lock()) open.push_back(std::move(owned));
    }
    streams_.clear();
  }
  for (const auto& stream : open) stream->close();
}

ConnectionStream::ConnectionStream(std::shared_ptr<OpenStreams> all, const Connection& connection)
    : all_(std::move(all)), loop_(connection->getLoop()), connection_(connection) {}

ConnectionStream::~ConnectionStream() {
  close();
  all_->remove(this);
}

bool ConnectionStream::send(const std::string& text) {
  const std::lock_guard lock(mutex_);
  Connection connection = connection_.lock();
  if (!connection) return false;
  if (queued_ + text.size() > kMostUnread) {
    connection_.reset();
    loop_->queueInLoop([connection = std::move(connection)] { connection->forceClose(); });
    return false;
  }
  queued_ += text.size();
  loop_->queueInLoop([self = shared_from_this(), connection = std::move(connection), text] {
    self->queued_ -= text.size();
    connection->send(text);
  });
  return true;
}

void ConnectionStream::close() {
  const std::lock_guard lock(mutex_);
  Connection connection = connection_.lock();
  connection_.reset();
  if (connection) loop_->queueInLoop([connection = std::move(connection)] { end_connection(connection); });
}

}  // namespace elicense::authority
