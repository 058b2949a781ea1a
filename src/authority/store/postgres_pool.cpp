#include "authority/store/postgres_pool.h"

#include <algorithm>
#include <utility>

namespace elicense::authority {
namespace {

// Where a server is out of reach without a word, each attempt costs two seconds: they are not made in rows.
constexpr std::chrono::milliseconds kRefused{500};

}  // namespace

PostgresPool::PostgresPool(PostgresConnectionOptions options, std::size_t most_connections,
                           std::chrono::milliseconds wait)
    : options_(std::move(options)), most_connections_(std::max<std::size_t>(most_connections, 1)), wait_(wait) {}

Stored<PostgresPool::Loan> PostgresPool::borrow() {
  {
    std::unique_lock lock(mutex_);
    const auto may_go_on = [this] { return borrowed_ < most_connections_; };
    if (!one_is_back_.wait_for(lock, wait_, may_go_on)) return StoreError::busy;
    if (!idle_.empty()) {
      ++borrowed_;
      auto connection = std::move(idle_.back());
      idle_.pop_back();
      return Loan(*this, std::move(connection));
    }
    if (std::chrono::steady_clock::now() < refused_until_) return StoreError::unavailable;
    ++borrowed_;
  }
  auto opened = PostgresConnection::open(options_);
  if (opened.ok()) return Loan(*this, *std::move(opened));
  forget_one(opened.error() == StoreError::unavailable);
  return opened.error();
}

void PostgresPool::forget_one(bool was_refused) {
  {
    const std::lock_guard lock(mutex_);
    --borrowed_;
    if (was_refused) refused_until_ = std::chrono::steady_clock::now() + kRefused;
  }
  one_is_back_.notify_one();
}

void PostgresPool::give_back(std::unique_ptr<PostgresConnection> connection) {
  std::vector<std::unique_ptr<PostgresConnection>> closed;  // outside the lock
  {
    const std::lock_guard lock(mutex_);
    --borrowed_;
    if (connection->is_idle()) {
      idle_.push_back(std::move(connection));
    } else {
      // What has happened to this one has likely happened to the others, or will.
      if (connection->state() != PostgresConnection::State::good) closed.swap(idle_);
      closed.push_back(std::move(connection));
    }
  }
  one_is_back_.notify_one();
}

}  // namespace elicense::authority
