// What the tables of every database have in common: they are numbered steps forward, and a step that has been released
// never changes. Refuses a database that a newer program has written.
#pragma once

#include <cstdint>
#include <vector>

#include "authority/store/sql_connection.h"

namespace elicense::authority {

struct Migration {
  std::int64_t version;
  const char* sql;
};

// Makes the first step that the database has not made yet; false: it has made them all. Within a transaction that
// nobody else can have at the same time; the table meta is there.
Stored<bool> make_step(SqlConnection& connection, const std::vector<Migration>& steps);

}  // namespace elicense::authority
