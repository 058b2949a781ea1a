// The tables in SQLite, as numbered steps forward: a step that has been released never changes. Refuses a database that
// a newer program has written. PostgreSQL has the same numbers with its own types (postgres_migrations.h).
#pragma once

#include <cstdint>
#include <vector>

#include "authority/store/sqlite_connection.h"
#include "authority/store/store_error.h"

namespace elicense::authority {

struct Migration {
  std::int64_t version;
  const char* sqlite;
};
const std::vector<Migration>& migrations();

// Each step in an exclusive transaction of its own that reads the version first: programs that start at the same time
// take turns, and one that dies leaves whole steps behind.
StoreStatus migrate(Connection& connection, const std::vector<Migration>& steps);

}  // namespace elicense::authority
