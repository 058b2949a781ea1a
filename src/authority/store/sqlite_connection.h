// SQLite as one of the store's databases. Text and blobs go by length, so that NUL is a character like any other.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "authority/store/sql_connection.h"

struct sqlite3;

namespace elicense::authority {

class SqliteConnection final : public SqlConnection {
 public:
  enum class Mode : std::uint8_t { reader, writer };
  // The file is made when it is not there.
  static Stored<std::unique_ptr<SqliteConnection>> open(const std::string& path, Mode mode, int busy_milliseconds);
  ~SqliteConnection() override;

  StoreStatus run_script(const char* sql) override;
  Stored<SqlStatement*> prepared(std::string_view sql, std::span<const SqlValue> values) override;
  bool in_transaction() const;

 private:
  explicit SqliteConnection(sqlite3* handle) : handle_(handle) {}
  sqlite3* handle_;
  std::unordered_map<std::string_view, std::unique_ptr<SqlStatement>> statements_;
};

}  // namespace elicense::authority
