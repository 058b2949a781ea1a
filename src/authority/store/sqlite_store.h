// The store in one SQLite file: a data folder (0700) with authority.db (0600) in WAL mode. Refuses a folder it cannot
// write, data written by a newer program, and data made for the other purpose (demo or production).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "authority/store/store.h"
#include "crypto/random.h"

namespace elicense::authority {

struct SqliteStoreOptions {
  std::string folder;  // made when it is not there; its parent has to be
  StorePurpose purpose = StorePurpose::production;
  int busy_milliseconds = 5000;            // how long to wait for another program's lock
  std::optional<std::int64_t> most_pages;  // of 4 KiB: a bound on the file, StoreError::full beyond it
  // Whether a method that promises something waits for the disk, or leaves that to when_durable().
  enum class Waits : std::uint8_t { in_each_call, when_asked } waits = Waits::in_each_call;
};

// The randomness makes the salt of a new store. Opening brings the tables up to date.
Stored<std::unique_ptr<Store>> open_sqlite_store(const SqliteStoreOptions& options, RandomSource& random);

}  // namespace elicense::authority
