#include "authority/store/sqlite_store.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "authority/store/sqlite_migrations.h"
#include "authority/store/sqlite_store_class.h"

namespace elicense::authority {
namespace {

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

}  // namespace

Stored<std::unique_ptr<Store>> open_sqlite_store(const SqliteStoreOptions& options, RandomSource& random) {
  const std::string path = options.folder + "/authority.db";
  ELICENSE_CHECK(make_private(options.folder, path));
  ELICENSE_TRY(auto writer, SqliteConnection::open(path, SqliteConnection::Mode::writer, options.busy_milliseconds));
  ELICENSE_CHECK(migrate(*writer, sqlite_migrations()));
  ELICENSE_CHECK(writer->run_script("begin immediate"));
  ELICENSE_TRY(Bytes salt, settle_purpose_and_salt(*writer, options.purpose, random));
  ELICENSE_CHECK(writer->run_script("commit"));
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
  SqlQuery query(*writer_, "begin immediate");
  return query.run();
}

StoreStatus SqliteStore::commit() {
  SqlQuery query(*writer_, "commit");
  return query.run();
}

StoreStatus SqliteStore::transact(Durability durability, const Writing& work) {
  std::unique_lock lock(writer_mutex_);
  ELICENSE_CHECK(begin(durability));
  SqlTransaction transaction{*writer_, {}};
  StoreStatus done = work(transaction);
  if (done.ok()) done = commit();
  if (!done.ok()) {
    // A full disk has rolled back already.
    if (writer_->in_transaction()) static_cast<void>(writer_->run_script("rollback"));
    return done;
  }
  lock.unlock();
  tell(transaction);
  return done;
}

StoreStatus SqliteStore::look(View view, const Reading& work) {
  ELICENSE_TRY(auto connection, take_reader());
  if (view == View::one_statement) {
    const StoreStatus done = work(*connection);
    give_back(std::move(connection));
    return done;
  }
  ELICENSE_CHECK(connection->run_script("begin"));
  const StoreStatus done = work(*connection);
  if (connection->run_script("commit").ok()) give_back(std::move(connection));
  return done;
}

Stored<std::unique_ptr<SqliteConnection>> SqliteStore::take_reader() {
  {
    const std::lock_guard lock(readers_mutex_);
    if (!readers_.empty()) {
      auto connection = std::move(readers_.back());
      readers_.pop_back();
      return connection;
    }
  }
  return SqliteConnection::open(path_, SqliteConnection::Mode::reader, busy_milliseconds_);
}

void SqliteStore::give_back(std::unique_ptr<SqliteConnection> connection) {
  const std::lock_guard lock(readers_mutex_);
  readers_.push_back(std::move(connection));
}

}  // namespace elicense::authority
