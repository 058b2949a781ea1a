#include "authority/store/sqlite_store.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "authority/store/migrations.h"
#include "authority/store/sqlite_store_class.h"

namespace elicense::authority {
namespace {

StoreError error_of_errno() {
  switch (errno) {
    case EACCES:
    case EPERM:
    case EROFS:
      return StoreError::read_only;
    case ENOSPC:
    case EDQUOT:
      return StoreError::full;
    default:
      return StoreError::unavailable;
  }
}

// SQLite gives the WAL beside it the rights of the file. A folder that was there keeps its rights: it may be /tmp.
StoreStatus make_private(const std::string& folder, const std::string& path) {
  if (::mkdir(folder.c_str(), S_IRWXU) != 0 && errno != EEXIST) return error_of_errno();
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR);
  if (file < 0) return error_of_errno();
  const bool done = ::fchmod(file, S_IRUSR | S_IWUSR) == 0;
  ::close(file);
  if (!done) return StoreError::read_only;
  return Done{};
}

// Writes the value when the name has none yet; the one that is there then.
Stored<std::string> settle(Connection& connection, std::string_view name, std::string_view value) {
  {
    Query insert(connection, "insert into meta (name, value) values (?1, ?2) on conflict (name) do nothing", name,
                 value);
    ELICENSE_CHECK(insert.run());
  }
  Query query(connection, "select value from meta where name = ?1", name);
  ELICENSE_TRY(const bool found, query.next());
  if (!found) return StoreError::corrupt;
  return query.text(0);
}

// The salt, if the data was made for this purpose.
Stored<Bytes> settle_purpose_and_salt(Connection& connection, StorePurpose purpose, RandomSource& random) {
  ELICENSE_CHECK(connection.run_script("begin immediate"));
  ELICENSE_TRY(const std::string made_for, settle(connection, "purpose", purpose_mark(purpose)));
  std::array<std::uint8_t, kSaltBytes> fresh{};
  random.fill(fresh);
  ELICENSE_TRY(const std::string salt, settle(connection, "salt", to_hex(fresh)));
  ELICENSE_CHECK(connection.run_script("commit"));
  ELICENSE_CHECK(accept_purpose(made_for, purpose));
  return salt_of(salt);
}

}  // namespace

Stored<std::unique_ptr<Store>> open_sqlite_store(const SqliteStoreOptions& options, RandomSource& random) {
  const std::string path = options.folder + "/authority.db";
  ELICENSE_CHECK(make_private(options.folder, path));
  ELICENSE_TRY(auto writer, Connection::open(path, Connection::Mode::writer, options.busy_milliseconds));
  ELICENSE_CHECK(migrate(*writer, migrations()));
  ELICENSE_TRY(Bytes salt, settle_purpose_and_salt(*writer, options.purpose, random));
  if (options.most_pages) {
    const std::string pragma = "pragma max_page_count = " + std::to_string(*options.most_pages);
    ELICENSE_CHECK(writer->run_script(pragma.c_str()));
  }
  std::unique_ptr<WalSync> wal_sync;
  if (options.waits == SqliteStoreOptions::Waits::when_asked) {
    ELICENSE_TRY(wal_sync, WalSync::start(path));
  }
  return std::unique_ptr<Store>(std::make_unique<SqliteStore>(path, options.busy_milliseconds, std::move(writer),
                                                              std::move(salt), std::move(wal_sync)));
}

void SqliteStore::when_durable(const Durable& then) {
  if (!wal_sync_) return then(Done{});
  wal_sync_->when_durable(then);
}

StoreStatus SqliteStore::begin(Durability durability) {
  if (wal_sync_) durability = Durability::quick;
  if (durability_ != durability) {
    ELICENSE_CHECK(writer_->run_script(durability == Durability::durable ? "pragma synchronous = full"
                                                                         : "pragma synchronous = normal"));
    durability_ = durability;
  }
  Query query(*writer_, "begin immediate");
  return query.run();
}

StoreStatus SqliteStore::end(std::optional<StoreError> failed) {
  if (!failed) {
    Query query(*writer_, "commit");
    const auto committed = query.run();
    if (committed) return committed;
    failed = committed.error();
  }
  raised_.clear();
  // A full disk has rolled back already.
  if (writer_->in_transaction()) static_cast<void>(writer_->run_script("rollback"));
  return *failed;
}

Stored<std::unique_ptr<Connection>> SqliteStore::take_reader() {
  {
    const std::lock_guard lock(readers_mutex_);
    if (!readers_.empty()) {
      auto connection = std::move(readers_.back());
      readers_.pop_back();
      return connection;
    }
  }
  return Connection::open(path_, Connection::Mode::reader, busy_milliseconds_);
}

void SqliteStore::give_back(std::unique_ptr<Connection> connection) {
  const std::lock_guard lock(readers_mutex_);
  readers_.push_back(std::move(connection));
}

StoreStatus SqliteStore::ping() {
  return read_one([](Connection& reader) -> StoreStatus {
    Query query(reader, "select value from meta where name = 'schema_version'");
    ELICENSE_TRY(const bool found, query.next());
    if (!found) return StoreError::corrupt;
    return Done{};
  });
}

// A transaction for each kind, so that a promise never waits for more than one of them.
Stored<std::int64_t> SqliteStore::sweep(UnixTime now, std::size_t limit) {
  struct Kind {
    const char* sql;
    std::int64_t kept;
  };
  static constexpr std::array<Kind, 8> kKinds = {{
      {"delete from nonces where digest in (select digest from nonces where expires <= ?1 order by expires limit ?2)",
       0},
      {"delete from proof_ids where digest in "
       "(select digest from proof_ids where expires <= ?1 order by expires limit ?2)",
       0},
      {"delete from spent_codes where (lease, presented) in "
       "(select lease, presented from spent_codes where expires <= ?1 order by expires limit ?2)",
       0},
      {"delete from rate_counters where key in "
       "(select key from rate_counters where expires <= ?1 order by expires limit ?2)",
       0},
      {"delete from codes where digest in (select digest from codes where expires <= ?1 order by expires limit ?2)", 0},
      {"delete from access_tokens where digest in "
       "(select digest from access_tokens where expires <= ?1 order by expires limit ?2)",
       0},
      {"delete from leases where id in (select id from leases where expires <= ?1 order by expires limit ?2)",
       kLeasesKeptSeconds},
      {"delete from events where id in (select id from events where at <= ?1 order by at limit ?2)",
       kEventsKeptSeconds},
  }};
  std::int64_t removed = 0;
  for (const auto& kind : kKinds) {
    ELICENSE_TRY(const std::int64_t rows, write(Durability::quick, [&](Connection& writer) -> Stored<std::int64_t> {
                   Query query(writer, kind.sql, now - kind.kept, limit);
                   ELICENSE_CHECK(query.run());
                   return writer.changes();
                 }));
    removed += rows;
  }
  return removed;
}

}  // namespace elicense::authority
