// PostgreSQL as this code wants to see it: one session whose every wait has an end, queries whose every value is bound,
// errors as values. Bytes and text go as bytea, integers as bigint, both in binary, so that NUL and what is not UTF-8
// are characters like any other. Refuses to say why a server refused: its words may hold what a licence holds, so they
// are read nowhere, and neither is the URL, which may hold a password. A session is for one thread at a time.
#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "authority/store/store_error.h"
#include "authority/store/store_rules.h"
#include "base/bytes.h"
#include "base/time.h"

struct pg_conn;
struct pg_result;

namespace elicense::authority {

// The one place where the codes of the SQL standard and of PostgreSQL (appendix A of its manual) get our names.
StoreError error_of_sqlstate(std::string_view sqlstate);

struct PostgresConnectionOptions {
  std::string url;  // of libpq: key=value pairs or postgresql://…
  int lock_milliseconds = 5000;
  int statement_milliseconds = 10000;
};

// Of a column of type text; everything else that is text to us is bytea.
struct PlainText {
  std::string_view text;
};

// A value on its way to the server. It views what it was made of.
class PostgresValue {
 public:
  // NOLINTBEGIN(google-explicit-constructor): a query is called with what it binds
  template <std::integral Integer>
  PostgresValue(Integer value) {
    set_integer(std::in_range<std::int64_t>(value) ? static_cast<std::int64_t>(value) : INT64_MAX);
  }
  PostgresValue(UnixTime time) { set_integer(time.seconds); }
  PostgresValue(PlainText value) { set(Type::text, view_of(value.text)); }
  PostgresValue(std::string_view text) { set(Type::bytes, view_of(text)); }
  PostgresValue(const std::string& text) : PostgresValue(std::string_view(text)) {}
  PostgresValue(ByteView bytes) { set(Type::bytes, bytes); }
  PostgresValue(const Bytes& bytes) : PostgresValue(ByteView(bytes)) {}
  template <std::size_t size>
  PostgresValue(const std::array<std::uint8_t, size>& bytes) : PostgresValue(ByteView(bytes)) {}
  template <class Value>
  PostgresValue(const std::optional<Value>& value) : PostgresValue(value ? PostgresValue(*value) : of_type<Value>()) {}
  // NOLINTEND(google-explicit-constructor)

  enum class Type : unsigned { bigint = 20, bytes = 17, text = 25 };  // their numbers in pg_type
  Type type() const { return type_; }
  bool is_null() const { return is_null_; }
  std::string_view wire() const {
    return type_ == Type::bigint ? std::string_view(integer_.data(), integer_.size()) : text_of(bytes_);
  }

 private:
  PostgresValue() = default;
  template <class Value>
  static PostgresValue of_type() {  // NULL has a type, too
    PostgresValue value{Value{}};
    value.is_null_ = true;
    value.bytes_ = {};
    return value;
  }
  void set(Type type, ByteView bytes) {
    type_ = type;
    bytes_ = bytes;
  }
  void set_integer(std::int64_t value);

  Type type_ = Type::bytes;
  bool is_null_ = false;
  ByteView bytes_;
  std::array<char, 8> integer_{};  // most significant first
};

class PostgresConnection {
 public:
  static Stored<std::unique_ptr<PostgresConnection>> open(const PostgresConnectionOptions& options);
  ~PostgresConnection();
  PostgresConnection(const PostgresConnection&) = delete;
  PostgresConnection& operator=(const PostgresConnection&) = delete;

  StoreStatus run_script(const char* sql);  // statements without values and results
  StoreStatus begin(Durability durability);
  StoreStatus commit();  // an error when it was rolled back instead
  // For work that takes as long as it takes (a migration).
  void be_patient();

  enum class State : std::uint8_t {
    good,
    lost,  // the server has gone or sent us away: what was not committed is not stored
    unfit  // it did not answer in time, or is not the one to ask: nobody tries again with this one
  };
  State state() const { return state_; }
  bool is_idle() const;  // good, and in no transaction
  // Whether the last error was a conflict between transactions that ends when one of them is tried again.
  bool met_a_conflict() const { return met_a_conflict_; }

  int socket() const;
  // What other sessions have told on the channels this one listens to; an error when the session is lost.
  Stored<std::vector<std::string>> notifications();

 private:
  friend class PostgresQuery;
  struct Clear {
    void operator()(pg_result* result) const;
  };
  using Answer = std::unique_ptr<pg_result, Clear>;

  PostgresConnection(pg_conn* handle, int statement_milliseconds);
  Stored<Answer> run(const char* sql, std::span<const PostgresValue> values);
  Stored<std::string> prepared(const char* sql, std::span<const PostgresValue> values);
  Stored<Answer> answer();  // to what was sent
  StoreStatus wait_for_answer(std::int64_t deadline);
  StoreError lose(State state);

  pg_conn* handle_;
  int patience_milliseconds_;  // a little more than the server's own
  State state_ = State::good;
  bool met_a_conflict_ = false;
  std::unordered_map<std::string_view, std::string> statements_;  // by text (a literal), their names in the session
};

// One run of a statement: it is over when the constructor is, its rows are here and are stepped through.
class PostgresQuery {
 public:
  template <class... Values>
  PostgresQuery(PostgresConnection& connection, const char* sql, const Values&... values) {
    const std::array<PostgresValue, sizeof...(Values)> bound = {PostgresValue(values)...};
    take(connection.run(sql, bound));
  }

  Stored<bool> next();           // whether there is a row
  StoreStatus run() const;       // whether it went well
  std::int64_t changes() const;  // rows that the insert, update or delete touched

  // Of the row that next() has found, columns from 0.
  bool is_null(int column) const;
  std::int64_t integer(int column) const;
  UnixTime time(int column) const { return {integer(column)}; }
  std::string text(int column) const { return std::string(text_of(view(column))); }
  Bytes blob(int column) const { return copy_of(view(column)); }
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
  void take(Stored<PostgresConnection::Answer> answer);
  ByteView view(int column) const;

  PostgresConnection::Answer answer_;
  std::optional<StoreError> error_;
  int row_ = -1;
};

}  // namespace elicense::authority
