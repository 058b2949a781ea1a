#include "authority/store/sqlite_connection.h"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <utility>

namespace elicense::authority {
namespace {

StoreError error_of(int code) {
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return StoreError::busy;
    case SQLITE_FULL:
      return StoreError::full;
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return StoreError::read_only;
    case SQLITE_CONSTRAINT:
      return StoreError::constraint;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_ERROR:  // our SQL is right, so the tables are not
      return StoreError::corrupt;
    default:  // CANTOPEN, IOERR, NOMEM …
      return StoreError::unavailable;
  }
}

// Waiting happens in SQLite; a schema written by somebody else is not trusted to call functions.
constexpr const char* kForAll = "pragma foreign_keys = on; pragma trusted_schema = off; pragma cell_size_check = on;";
constexpr const char* kForReaders = "pragma query_only = on;";
// Changing to WAL writes; it needs the lock that another program may hold at this moment.
constexpr const char* kForWriters = "pragma journal_mode = wal; pragma synchronous = full;";

// Our statements in SQLite's words. Its ?1 is our $1 (a name to SQLite, and numbered by where it first stands); its one
// writer holds every row.
std::string in_sqlite(std::string_view sql) {
  static constexpr std::array<std::string_view, 3> kLocks = {" for update skip locked", " for no key update",
                                                             " for update"};
  std::string text(sql);
  std::replace(text.begin(), text.end(), '$', '?');
  for (const std::string_view lock : kLocks) {
    if (const std::size_t at = text.find(lock); at != std::string::npos) text.erase(at, lock.size());
  }
  return text;
}

class SqliteStatement final : public SqlStatement {
 public:
  explicit SqliteStatement(sqlite3_stmt* statement) : statement_(statement) {}
  ~SqliteStatement() override { sqlite3_finalize(statement_); }

  StoreStatus start(std::span<const SqlValue> values) override {
    ELICENSE_ASSERT(sqlite3_stmt_busy(statement_) == 0);
    ELICENSE_ASSERT(std::cmp_equal(values.size(), sqlite3_bind_parameter_count(statement_)));
    int place = 0;
    for (const SqlValue& value : values) {
      const int code = bind(++place, value);
      if (code != SQLITE_OK) return error_of(code);
    }
    return Done{};
  }

  Stored<bool> next() override {
    const int code = sqlite3_step(statement_);
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    return error_of(code);
  }

  void end() override {
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);  // no licence data stays in a statement that waits
  }

  std::int64_t changes() const override { return sqlite3_changes64(sqlite3_db_handle(statement_)); }
  bool is_null(int column) const override { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }
  std::int64_t integer(int column) const override { return sqlite3_column_int64(statement_, column); }
  ByteView view(int column) const override {
    const void* data = sqlite3_column_blob(statement_, column);  // of a text: its bytes as they are
    if (data == nullptr) return {};
    return {static_cast<const std::uint8_t*>(data), static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
  }

 private:
  // Copied by SQLite: a value may be a temporary of the expression that made the query. A null pointer would be NULL.
  int bind(int place, const SqlValue& value) {
    if (value.is_null()) return sqlite3_bind_null(statement_, place);
    const ByteView bytes = value.bytes();
    switch (value.type()) {
      case SqlValue::Type::integer:
        return sqlite3_bind_int64(statement_, place, value.integer());
      case SqlValue::Type::text:
      case SqlValue::Type::plain_text:
        return sqlite3_bind_text64(statement_, place, bytes.empty() ? "" : text_of(bytes).data(), bytes.size(),
                                   SQLITE_TRANSIENT, SQLITE_UTF8);  // NOLINT
      case SqlValue::Type::bytes:
        break;
    }
    if (bytes.empty()) return sqlite3_bind_zeroblob(statement_, place, 0);
    return sqlite3_bind_blob64(statement_, place, bytes.data(), bytes.size(), SQLITE_TRANSIENT);  // NOLINT
  }

  sqlite3_stmt* statement_;
};

}  // namespace

Stored<std::unique_ptr<SqliteConnection>> SqliteConnection::open(const std::string& path, Mode mode,
                                                                 int busy_milliseconds) {
  sqlite3* handle = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
  const int code = sqlite3_open_v2(path.c_str(), &handle, flags, nullptr);
  if (handle == nullptr) return StoreError::unavailable;
  std::unique_ptr<SqliteConnection> connection(new SqliteConnection(handle));
  if (code != SQLITE_OK) return error_of(code);
  sqlite3_extended_result_codes(handle, 1);
  sqlite3_busy_timeout(handle, busy_milliseconds);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  ELICENSE_CHECK(connection->run_script(kForAll));
  ELICENSE_CHECK(connection->run_script(mode == Mode::writer ? kForWriters : kForReaders));
  return connection;
}

SqliteConnection::~SqliteConnection() {
  statements_.clear();
  sqlite3_close(handle_);
}

StoreStatus SqliteConnection::run_script(const char* sql) {
  const int code = sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return error_of(code);
  return Done{};
}

bool SqliteConnection::in_transaction() const { return sqlite3_get_autocommit(handle_) == 0; }

Stored<SqlStatement*> SqliteConnection::prepared(std::string_view sql, std::span<const SqlValue> /*values*/) {
  if (const auto found = statements_.find(sql); found != statements_.end()) return found->second.get();
  const std::string text = in_sqlite(sql);
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v3(handle_, text.data(), static_cast<int>(text.size()), SQLITE_PREPARE_PERSISTENT,
                                      &statement, nullptr);
  if (code != SQLITE_OK) return error_of(code);
  return statements_.emplace(sql, std::make_unique<SqliteStatement>(statement)).first->second.get();
}

}  // namespace elicense::authority
