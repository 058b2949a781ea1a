// The tables in PostgreSQL, in steps with the numbers of SQLite's (sqlite_migrations.h).
#pragma once

#include <vector>

#include "authority/store/migrations.h"
#include "authority/store/postgres_connection.h"

namespace elicense::authority {

const std::vector<Migration>& postgres_migrations();

// Each step in a transaction of its own, under a lock that only one instance holds at a time, and reads the version
// first. A schema that is up to date is only read: the role an instance runs as need not be the one that makes tables.
StoreStatus migrate(PostgresConnection& connection, const std::vector<Migration>& steps);

}  // namespace elicense::authority
