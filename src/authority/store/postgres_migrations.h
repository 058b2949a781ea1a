// The tables in PostgreSQL, as numbered steps forward, with the numbers of SQLite's (migrations.h): a step that has
// been released never changes. Refuses a database that a newer program has written.
#pragma once

#include <cstdint>
#include <vector>

#include "authority/store/postgres_connection.h"

namespace elicense::authority {

struct PostgresMigration {
  std::int64_t version;
  const char* sql;
};
const std::vector<PostgresMigration>& postgres_migrations();

// Each step in a transaction of its own, under a lock that only one instance holds at a time, and reads the version
// first. A schema that is up to date is only read: the role an instance runs as need not be the one that makes tables.
StoreStatus migrate(PostgresConnection& connection, const std::vector<PostgresMigration>& steps);

}  // namespace elicense::authority
