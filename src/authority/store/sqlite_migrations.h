// The tables in SQLite. PostgreSQL has steps of the same numbers with its own types (postgres_migrations.h).
#pragma once

#include <vector>

#include "authority/store/migrations.h"
#include "authority/store/sqlite_connection.h"

namespace elicense::authority {

const std::vector<Migration>& sqlite_migrations();

// Each step in an exclusive transaction of its own that reads the version first: programs that start at the same time
// take turns, and one that dies leaves whole steps behind.
StoreStatus migrate(SqliteConnection& connection, const std::vector<Migration>& steps);

}  // namespace elicense::authority
