// What the machine's own operator does at its command line: the root's public key, operators and their keys, the audit
// record, a copy of the database. And the opening of store and keys as the options say, for these and for serving.
// Refuses an operator's name that is taken or cannot stand in the audit record, and a file that is there already.
#pragma once

#include <memory>

#include "authority/keys/key_ring.h"
#include "authority/options.h"
#include "authority/store/store.h"
#include "crypto/random.h"
#include "files/outcome.h"

namespace elicense::authority {

inline constexpr std::size_t kPostgresWorkers = 16;

bool is_postgres(const Options& options);
UnixTime system_clock_now();

// With mode 0700 when it is not there.
Outcome<Done> make_data_folder(const Options& options);
Outcome<std::unique_ptr<Store>> open_store(const Options& options, RandomSource& random);
Outcome<std::unique_ptr<KeyRing>> open_keys(const Options& options, RandomSource& random, UnixTime now);

// Any command but serve, help and version. Answers on standard output; a problem is for standard error, its exit for
// the shell.
Outcome<Done> run_command(const Options& options);

}  // namespace elicense::authority
