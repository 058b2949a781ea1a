#include "authority/store/sqlite_connection.h"

#include <sqlite3.h>

#include <algorithm>

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

}  // namespace

Stored<std::unique_ptr<Connection>> Connection::open(const std::string& path, Mode mode, int busy_milliseconds) {
  sqlite3* handle = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
  const int code = sqlite3_open_v2(path.c_str(), &handle, flags, nullptr);
  if (handle == nullptr) return StoreError::unavailable;
  std::unique_ptr<Connection> connection(new Connection(handle));
  if (code != SQLITE_OK) return error_of(code);
  sqlite3_extended_result_codes(handle, 1);
  sqlite3_busy_timeout(handle, busy_milliseconds);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  ELICENSE_CHECK(connection->run_script(kForAll));
  ELICENSE_CHECK(connection->run_script(mode == Mode::writer ? kForWriters : kForReaders));
  return connection;
}

Connection::~Connection() {
  for (const auto& [sql, statement] : statements_) sqlite3_finalize(statement);
  sqlite3_close(handle_);
}

StoreStatus Connection::run_script(const char* sql) {
  const int code = sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return error_of(code);
  return Done{};
}

bool Connection::in_transaction() const { return sqlite3_get_autocommit(handle_) == 0; }

std::int64_t Connection::changes() const { return sqlite3_changes64(handle_); }

Stored<sqlite3_stmt*> Connection::prepared(std::string_view sql) {
  if (const auto found = statements_.find(sql); found != statements_.end()) return found->second;
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v3(handle_, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                                      &statement, nullptr);
  if (code != SQLITE_OK) return error_of(code);
  statements_.emplace(sql, statement);
  return statement;
}

Query::Query(Connection& connection, std::string_view sql, Prepared) {
  auto statement = connection.prepared(sql);
  if (statement) {
    statement_ = *statement;
    ELICENSE_ASSERT(sqlite3_stmt_busy(statement_) == 0);
  } else {
    error_ = statement.error();
  }
}

Query::~Query() {
  if (statement_ == nullptr) return;
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);  // no licence data stays in a statement that waits
}

void Query::note(int code) {
  if (code != SQLITE_OK && !error_) error_ = error_of(code);
}

// Copied by SQLite: a value may be a temporary of the expression that made the query. A null pointer would be NULL.
void Query::bind(std::string_view text) {
  ++bound_;
  if (error_) return;
  const char* data = text.empty() ? "" : text.data();
  note(sqlite3_bind_text64(statement_, bound_, data, text.size(), SQLITE_TRANSIENT, SQLITE_UTF8));  // NOLINT
}

void Query::bind(ByteView bytes) {
  ++bound_;
  if (error_) return;
  if (bytes.empty()) {
    note(sqlite3_bind_zeroblob(statement_, bound_, 0));
  } else {
    note(sqlite3_bind_blob64(statement_, bound_, bytes.data(), bytes.size(), SQLITE_TRANSIENT));  // NOLINT
  }
}

void Query::bind_integer(std::int64_t value) {
  ++bound_;
  if (!error_) note(sqlite3_bind_int64(statement_, bound_, value));
}

void Query::bind_null() {
  ++bound_;
  if (!error_) note(sqlite3_bind_null(statement_, bound_));
}

Stored<bool> Query::next() {
  if (error_) return *error_;
  ELICENSE_ASSERT(bound_ == sqlite3_bind_parameter_count(statement_));
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  error_ = error_of(code);
  return *error_;
}

StoreStatus Query::run() {
  while (true) {
    ELICENSE_TRY(const bool row, next());
    if (!row) return Done{};
  }
}

bool Query::is_null(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }
std::int64_t Query::integer(int column) const { return sqlite3_column_int64(statement_, column); }

ByteView Query::view(int column) const {
  const void* data = sqlite3_column_blob(statement_, column);  // of a text: its bytes as they are
  if (data == nullptr) return {};
  return {static_cast<const std::uint8_t*>(data), static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

std::string Query::text(int column) const { return std::string(text_of(view(column))); }
Bytes Query::blob(int column) const { return copy_of(view(column)); }

std::optional<std::int64_t> Query::optional_integer(int column) const {
  if (is_null(column)) return std::nullopt;
  return integer(column);
}

std::optional<std::string> Query::optional_text(int column) const {
  if (is_null(column)) return std::nullopt;
  return text(column);
}

}  // namespace elicense::authority
