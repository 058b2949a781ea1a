// SQLite as this code wants to see it: connections and queries that clean up after themselves, every value bound,
// errors as values. Text and blobs go by length, so that NUL is a character like any other.
// Refuses nothing itself; a connection is for one thread at a time.
#pragma once

#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "authority/store/store_error.h"
#include "base/bytes.h"
#include "base/time.h"

struct sqlite3;
struct sqlite3_stmt;

namespace elicense::authority {

class Connection {
 public:
  enum class Mode : std::uint8_t { reader, writer };
  // The file is made when it is not there.
  static Stored<std::unique_ptr<Connection>> open(const std::string& path, Mode mode, int busy_milliseconds);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  StoreStatus run_script(const char* sql);  // statements without values and results
  bool in_transaction() const;
  std::int64_t changes() const;  // rows that the last insert, update or delete touched
  // Compiled once for each text; the text has to live as long as the connection (a literal).
  Stored<sqlite3_stmt*> prepared(std::string_view sql);

 private:
  explicit Connection(sqlite3* handle) : handle_(handle) {}
  sqlite3* handle_;
  std::unordered_map<std::string_view, sqlite3_stmt*> statements_;
};

// One run of a statement: values are bound in order, rows are stepped through, and the end resets it. The same text
// must not be run within itself.
class Query {
 public:
  template <class... Values>
  Query(Connection& connection, std::string_view sql, const Values&... values) : Query(connection, sql, Prepared{}) {
    (bind(values), ...);
  }
  ~Query();
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;

  Stored<bool> next();  // whether there is a row
  StoreStatus run();    // to its end

  // Of the row that next() has found, columns from 0.
  bool is_null(int column) const;
  std::int64_t integer(int column) const;
  UnixTime time(int column) const { return {integer(column)}; }
  std::string text(int column) const;
  Bytes blob(int column) const;
  std::optional<std::int64_t> optional_integer(int column) const;
  std::optional<std::string> optional_text(int column) const;
  template <class Array>
  bool fill(int column, Array& array) const {  // false: another size
    const ByteView bytes = view(column);
    if (bytes.size() != array.size()) return false;
    std::copy(bytes.begin(), bytes.end(), array.begin());
    return true;
  }

 private:
  struct Prepared {};
  Query(Connection& connection, std::string_view sql, Prepared);
  ByteView view(int column) const;
  void note(int code);

  template <std::integral Integer>
  void bind(Integer value) {
    bind_integer(static_cast<std::int64_t>(value));
  }
  void bind(UnixTime time) { bind_integer(time.seconds); }
  void bind(std::string_view text);
  void bind(const std::string& text) { bind(std::string_view(text)); }
  void bind(const char* text) { bind(std::string_view(text)); }
  void bind(ByteView bytes);
  template <class Array>
  requires(!std::convertible_to<const Array&, std::string_view>) &&
      std::convertible_to<const Array&, ByteView> void bind(const Array& bytes) {
    bind(ByteView(bytes));
  }
  template <class Value>
  void bind(const std::optional<Value>& value) {
    if (value) {
      bind(*value);
    } else {
      bind_null();
    }
  }
  void bind_integer(std::int64_t value);
  void bind_null();

  sqlite3_stmt* statement_ = nullptr;
  int bound_ = 0;
  std::optional<StoreError> error_;
};

}  // namespace elicense::authority
