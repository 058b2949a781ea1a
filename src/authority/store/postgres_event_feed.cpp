#include "authority/store/postgres_event_feed.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string_view>
#include <utility>

namespace elicense::authority {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kBeat{10'000};
constexpr milliseconds kFirstPause{100};
constexpr milliseconds kLongestPause{5'000};

Stored<std::int64_t> oldest_transaction(PostgresConnection& connection) {
  return number_of(SqlQuery(connection, "select pg_snapshot_xmin(pg_current_snapshot())::text::bigint"));
}

// The event's number, unless it is our own or not of our kind.
std::optional<std::int64_t> id_of(std::string_view payload, std::string_view instance) {
  const std::size_t space = payload.find(' ');
  if (space == std::string_view::npos || payload.substr(0, space) == instance) return std::nullopt;
  const std::string_view digits = payload.substr(space + 1);
  std::int64_t id = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), id);
  if (read.ec != std::errc() || read.ptr != digits.data() + digits.size()) return std::nullopt;
  return id;
}

}  // namespace

PostgresEventFeed::PostgresEventFeed(PostgresConnectionOptions options, std::string instance,
                                     const EventListeners& listeners)
    : options_(std::move(options)),
      instance_(std::move(instance)),
      listeners_(listeners),
      stop_(::eventfd(0, EFD_CLOEXEC)) {
  ELICENSE_ASSERT(stop_ >= 0);
}

PostgresEventFeed::~PostgresEventFeed() {
  if (thread_.joinable()) {
    const std::uint64_t one = 1;
    ELICENSE_ASSERT(::write(stop_, &one, sizeof one) == sizeof one);
    thread_.join();
  }
  ::close(stop_);
}

StoreStatus PostgresEventFeed::start() {
  ELICENSE_CHECK(listen());
  ELICENSE_TRY(heard_before_, oldest_transaction(*connection_));
  visible_before_ = heard_before_;
  thread_ = std::thread([this] { run(); });
  return Done{};
}

StoreStatus PostgresEventFeed::listen() {
  connection_.reset();
  ELICENSE_TRY(auto connection, PostgresConnection::open(options_));
  ELICENSE_CHECK(connection->run_script("listen elicense_event"));
  connection_ = std::move(connection);
  next_beat_ = steady_clock::now() + kBeat;
  return Done{};
}

bool PostgresEventFeed::wait(int socket, milliseconds most) const {
  std::array<pollfd, 2> waits = {pollfd{.fd = stop_, .events = POLLIN, .revents = 0},
                                 pollfd{.fd = socket, .events = POLLIN, .revents = 0}};  // -1: is not looked at
  ::poll(waits.data(), waits.size(), static_cast<int>(std::max<std::int64_t>(most.count(), 0)));
  return waits[0].revents == 0;
}

void PostgresEventFeed::run() {
  milliseconds pause = kFirstPause;
  while (true) {
    if (connection_ || (listen().ok() && catch_up().ok())) {
      // Heard last: what came in with another answer does not wake the wait.
      if ((steady_clock::now() < next_beat_ || beat().ok()) && hear().ok()) {
        pause = kFirstPause;
        const auto left = std::chrono::duration_cast<milliseconds>(next_beat_ - steady_clock::now());
        if (!wait(connection_->socket(), left)) return;
        continue;
      }
    }
    connection_.reset();
    if (!wait(-1, pause)) return;
    pause = std::min(2 * pause, kLongestPause);
  }
}

// Listening already, so that what is committed from here on is heard.
StoreStatus PostgresEventFeed::catch_up() {
  ELICENSE_TRY(const std::int64_t visible_before, oldest_transaction(*connection_));
  SqlQuery query(*connection_,
                 "select document_number, max(id) from events where written_by >= $1 group by document_number",
                 heard_before_);
  while (true) {
    ELICENSE_TRY(const bool row, query.next());
    if (!row) break;
    listeners_.tell({query.text(0), query.integer(1)});
  }
  heard_before_ = visible_before_ = visible_before;
  return Done{};
}

StoreStatus PostgresEventFeed::hear() {
  while (true) {
    ELICENSE_TRY(const auto payloads, connection_->notifications());
    if (payloads.empty()) return Done{};
    if (listeners_.empty()) continue;
    for (const auto& payload : payloads) {
      if (const auto id = id_of(payload, instance_)) ELICENSE_CHECK(look_up(*id));
    }
  }
}

StoreStatus PostgresEventFeed::look_up(std::int64_t id) {
  SqlQuery query(*connection_, "select document_number from events where id = $1", id);
  ELICENSE_TRY(const bool found, query.next());
  if (found) listeners_.tell({query.text(0), id});
  return Done{};
}

// Also how a session is noticed whose server has gone without a word.
StoreStatus PostgresEventFeed::beat() {
  ELICENSE_TRY(const std::int64_t visible_before, oldest_transaction(*connection_));
  heard_before_ = std::exchange(visible_before_, visible_before);
  next_beat_ = steady_clock::now() + kBeat;
  return Done{};
}

}  // namespace elicense::authority
