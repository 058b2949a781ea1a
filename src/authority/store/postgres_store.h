// The store in a PostgreSQL database (13 or later), for several instances of the authority side by side: what one of
// them has written the others see at once, and hear of. Refuses a database written by a newer program, and one made for
// the other purpose (demo or production). When the server is out of reach a call says so within seconds, and later ones
// find it again by themselves. One answer is nobody's to give: when the server is lost in the middle of a commit, the
// call says `unavailable` although all of it may be stored (never a part of it).
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "authority/store/store.h"
#include "crypto/random.h"

namespace elicense::authority {

struct PostgresStoreOptions {
  std::string url;  // of libpq: key=value pairs or postgresql://…; may hold a password, is never printed
  StorePurpose purpose = StorePurpose::production;
  std::size_t most_connections = 8;    // besides the one that hears of events
  int busy_milliseconds = 5000;        // how long to wait for another's lock, or for a connection
  int statement_milliseconds = 10000;  // how long one statement may take
};

// The randomness makes the salt of a new store and this instance's name. Opening brings the tables up to date.
Stored<std::unique_ptr<Store>> open_postgres_store(const PostgresStoreOptions& options, RandomSource& random);

}  // namespace elicense::authority
