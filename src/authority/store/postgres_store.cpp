#include "authority/store/postgres_store.h"

#include <array>
#include <chrono>

#include "authority/store/postgres_migrations.h"
#include "authority/store/postgres_store_class.h"

namespace elicense::authority {
namespace {

constexpr std::size_t kInstanceBytes = 8;

PostgresConnectionOptions connection_options(const PostgresStoreOptions& options) {
  return {.url = options.url,
          .lock_milliseconds = options.busy_milliseconds,
          .statement_milliseconds = options.statement_milliseconds};
}

// Writes the value when the name has none yet; the one that is there then.
Stored<std::string> settle(PostgresConnection& connection, std::string_view name, std::string_view value) {
  constexpr const char* kFind = "select value from meta where name = $1";
  {
    PostgresQuery query(connection, kFind, PlainText{name});
    ELICENSE_TRY(const bool found, query.next());
    if (found) return query.text(0);
  }
  const PostgresQuery insert(connection, "insert into meta (name, value) values ($1, $2) on conflict (name) do nothing",
                             PlainText{name}, PlainText{value});
  ELICENSE_CHECK(insert.run());
  PostgresQuery query(connection, kFind, PlainText{name});
  ELICENSE_TRY(const bool found, query.next());
  if (!found) return StoreError::corrupt;
  return query.text(0);
}

}  // namespace

Stored<std::unique_ptr<Store>> open_postgres_store(const PostgresStoreOptions& options, RandomSource& random) {
  ELICENSE_TRY(const auto connection, PostgresConnection::open(connection_options(options)));
  ELICENSE_CHECK(migrate(*connection, postgres_migrations()));
  ELICENSE_TRY(const std::string made_for, settle(*connection, "purpose", purpose_mark(options.purpose)));
  ELICENSE_CHECK(accept_purpose(made_for, options.purpose));
  std::array<std::uint8_t, kSaltBytes> fresh{};
  random.fill(fresh);
  ELICENSE_TRY(const std::string salt_hex, settle(*connection, "salt", to_hex(fresh)));
  ELICENSE_TRY(Bytes salt, salt_of(salt_hex));
  std::array<std::uint8_t, kInstanceBytes> instance{};
  random.fill(instance);
  auto store = std::make_unique<PostgresStore>(options, to_hex(instance), std::move(salt));
  ELICENSE_CHECK(store->start());
  return std::unique_ptr<Store>(std::move(store));
}

PostgresStore::PostgresStore(const PostgresStoreOptions& options, std::string instance, Bytes salt)
    : instance_(std::move(instance)),
      salt_(std::move(salt)),
      pool_(connection_options(options), options.most_connections,
            std::chrono::milliseconds(options.busy_milliseconds)),
      feed_(connection_options(options), instance_, listeners_) {}

StoreStatus PostgresStore::ping() {
  return read_one([](PostgresConnection& reader) -> StoreStatus {
    PostgresQuery query(reader, "select value from meta where name = 'schema_version'");
    ELICENSE_TRY(const bool found, query.next());
    if (!found) return StoreError::corrupt;
    return Done{};
  });
}

// A macro, so that a statement is one literal. What another instance is sweeping, or using, is left to it.
#define ELICENSE_SWEEP(table, key, until)                                                         \
  "with old as materialized (select " key " from " table " where " until " <= $1 order by " until \
  " limit $2 "                                                                                    \
  "for update skip locked) delete from " table " where (" key ") in (select " key " from old)"

// A transaction for each kind, so that a promise never waits for more than one of them.
Stored<std::int64_t> PostgresStore::sweep(UnixTime now, std::size_t limit) {
  struct Kind {
    const char* sql;
    std::int64_t kept;
  };
  static constexpr std::array<Kind, 8> kKinds = {{
      {ELICENSE_SWEEP("nonces", "digest", "expires"), 0},
      {ELICENSE_SWEEP("proof_ids", "digest", "expires"), 0},
      {ELICENSE_SWEEP("spent_codes", "lease, presented", "expires"), 0},
      {ELICENSE_SWEEP("rate_counters", "key", "expires"), 0},
      {ELICENSE_SWEEP("codes", "digest", "expires"), 0},
      {ELICENSE_SWEEP("access_tokens", "digest", "expires"), 0},
      {ELICENSE_SWEEP("leases", "id", "expires"), kLeasesKeptSeconds},
      {ELICENSE_SWEEP("events", "id", "at"), kEventsKeptSeconds},
  }};
  std::int64_t removed = 0;
  for (const auto& kind : kKinds) {
    ELICENSE_TRY(const std::int64_t rows,
                 write(Durability::quick, [&](PostgresTransaction& transaction) -> Stored<std::int64_t> {
                   const PostgresQuery query(transaction.connection, kind.sql, now - kind.kept, limit);
                   ELICENSE_CHECK(query.run());
                   return query.changes();
                 }));
    removed += rows;
  }
  return removed;
}

}  // namespace elicense::authority
