#include "authority/store/sql_store.h"

#include <array>

namespace elicense::authority {
namespace {

// Writes the value when the name has none yet; the one that is there then.
Stored<std::string> settle(SqlConnection& connection, std::string_view name, std::string_view value) {
  constexpr std::string_view kFind = "select value from meta where name = $1";
  {
    SqlQuery query(connection, kFind, PlainText{name});
    ELICENSE_TRY(const bool found, query.next());
    if (found) return query.text(0);
  }
  {
    SqlQuery insert(connection, "insert into meta (name, value) values ($1, $2) on conflict (name) do nothing",
                    PlainText{name}, PlainText{value});
    ELICENSE_CHECK(insert.run());
  }
  SqlQuery query(connection, kFind, PlainText{name});
  ELICENSE_TRY(const bool found, query.next());
  if (!found) return StoreError::corrupt;
  return query.text(0);
}

}  // namespace

Stored<Bytes> settle_purpose_and_salt(SqlConnection& connection, StorePurpose purpose, RandomSource& random) {
  ELICENSE_TRY(const std::string made_for, settle(connection, "purpose", purpose_mark(purpose)));
  ELICENSE_CHECK(accept_purpose(made_for, purpose));
  std::array<std::uint8_t, kSaltBytes> fresh{};
  random.fill(fresh);
  ELICENSE_TRY(const std::string salt, settle(connection, "salt", to_hex(fresh)));
  return salt_of(salt);
}

StoreStatus SqlStore::ping() {
  return read_one([](SqlConnection& reader) -> StoreStatus {
    SqlQuery query(reader, "select value from meta where name = 'schema_version'");
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
Stored<std::int64_t> SqlStore::sweep(UnixTime now, std::size_t limit) {
  struct Kind {
    std::string_view sql;
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
    ELICENSE_TRY(const std::int64_t rows, write(Durability::quick, [&](SqlTransaction& writer) {
                   return changes_of(SqlQuery(writer, kind.sql, now - kind.kept, limit));
                 }));
    removed += rows;
  }
  return removed;
}

}  // namespace elicense::authority
