#include "authority/store/postgres_store.h"

#include <array>
#include <chrono>

#include "authority/store/postgres_migrations.h"
#include "authority/store/postgres_store_class.h"

namespace elicense::authority {
namespace {

constexpr std::size_t kInstanceBytes = 8;
constexpr int kMostAttempts = 4;

bool may_try_again(const PostgresConnection& connection) {
  return connection.state() == PostgresConnection::State::lost || connection.met_a_conflict();
}

PostgresConnectionOptions connection_options(const PostgresStoreOptions& options) {
  return {.url = options.url,
          .lock_milliseconds = options.busy_milliseconds,
          .statement_milliseconds = options.statement_milliseconds};
}

}  // namespace

Stored<std::unique_ptr<Store>> open_postgres_store(const PostgresStoreOptions& options, RandomSource& random) {
  ELICENSE_TRY(const auto connection, PostgresConnection::open(connection_options(options)));
  ELICENSE_CHECK(migrate(*connection, postgres_migrations()));
  ELICENSE_TRY(Bytes salt, settle_purpose_and_salt(*connection, options.purpose, random));
  std::array<std::uint8_t, kInstanceBytes> instance{};
  random.fill(instance);
  auto store = std::make_unique<PostgresStore>(options, to_hex(instance), std::move(salt));
  ELICENSE_CHECK(store->start());
  return std::unique_ptr<Store>(std::move(store));
}

PostgresStore::PostgresStore(const PostgresStoreOptions& options, std::string instance, Bytes salt)
    : SqlStore(std::move(salt)),
      instance_(std::move(instance)),
      pool_(connection_options(options), options.most_connections,
            std::chrono::milliseconds(options.busy_milliseconds)),
      feed_(connection_options(options), instance_, listeners()) {}

StoreStatus PostgresStore::transact(Durability durability, const Writing& work) {
  for (int attempt = 1;; ++attempt) {
    ELICENSE_TRY(auto loan, pool_.borrow());
    SqlTransaction transaction{*loan, {}};
    StoreStatus done = loan->begin(durability);
    if (done.ok()) done = work(transaction);
    if (done.ok()) {
      ELICENSE_CHECK(loan->commit());
      loan.end();
      tell(transaction);
      return done;
    }
    const bool again = attempt < kMostAttempts && may_try_again(*loan);
    static_cast<void>(loan->run_script("rollback"));
    if (!again) return done;
  }
}

StoreStatus PostgresStore::look(View view, const Reading& work) {
  const auto once = [&](PostgresConnection& reader) -> StoreStatus {
    if (view == View::one_statement) return work(reader);
    ELICENSE_CHECK(reader.run_script("begin isolation level repeatable read read only"));
    ELICENSE_CHECK(work(reader));
    return reader.commit();
  };
  for (int attempt = 1;; ++attempt) {
    ELICENSE_TRY(const auto loan, pool_.borrow());
    const StoreStatus done = once(*loan);
    if (done.ok() || attempt == kMostAttempts || !may_try_again(*loan)) return done;
  }
}

}  // namespace elicense::authority
