// Sessions that wait for work: each call of the store borrows one. Refuses more of them than its bound (the call waits,
// then hears busy) and, for half a second after the server could not be reached, to try again (unavailable at once).
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <vector>

#include "authority/store/postgres_connection.h"

namespace elicense::authority {

class PostgresPool {
 public:
  // A session that is good and in no transaction goes back to the others, any other is closed.
  class Loan {
   public:
    Loan(PostgresPool& pool, std::unique_ptr<PostgresConnection> connection)
        : pool_(&pool), connection_(std::move(connection)) {}
    Loan(Loan&& other) noexcept = default;
    Loan& operator=(Loan&& other) = delete;
    ~Loan() { end(); }
    void end() {
      if (connection_) pool_->give_back(std::move(connection_));
    }
    PostgresConnection& operator*() const { return *connection_; }
    PostgresConnection* operator->() const { return connection_.get(); }

   private:
    PostgresPool* pool_;
    std::unique_ptr<PostgresConnection> connection_;
  };

  PostgresPool(PostgresConnectionOptions options, std::size_t most_connections, std::chrono::milliseconds wait);
  Stored<Loan> borrow();

 private:
  void give_back(std::unique_ptr<PostgresConnection> connection);
  void forget_one(bool was_refused);

  const PostgresConnectionOptions options_;
  const std::size_t most_connections_;
  const std::chrono::milliseconds wait_;

  std::mutex mutex_;
  std::condition_variable one_is_back_;
  std::vector<std::unique_ptr<PostgresConnection>> idle_;
  std::size_t borrowed_ = 0;
  std::chrono::steady_clock::time_point refused_until_;
};

}  // namespace elicense::authority
