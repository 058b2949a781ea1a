// A database that speaks SQL, as the store wants to see it whichever it is: sessions, and queries whose every value is
// bound, that clean up after themselves, errors as values. Statements are written once, in PostgreSQL's words: $1 for
// the first value, "for update" where a row is to be held. What another database calls otherwise its session translates
// when it compiles them. Refuses nothing itself; a session is for one thread at a time.
#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "authority/store/store_error.h"
#include "base/bytes.h"
#include "base/time.h"

namespace elicense::authority {

// Of a column that holds our own words. PostgreSQL keeps all other text as bytes: what comes from outside may hold what
// its text may not.
struct PlainText {
  std::string_view text;
};
inline std::optional<PlainText> plain_text(const std::optional<std::string>& text) {
  return text ? std::optional(PlainText{*text}) : std::nullopt;
}

// A value on its way to the database. It views what it was made of.
class SqlValue {
 public:
  // NOLINTBEGIN(google-explicit-constructor): a query is called with what it binds
  template <std::integral Integer>
  SqlValue(Integer value)
      : type_(Type::integer),
        integer_(std::in_range<std::int64_t>(value) ? static_cast<std::int64_t>(value) : INT64_MAX) {}
  SqlValue(UnixTime time) : type_(Type::integer), integer_(time.seconds) {}
  SqlValue(PlainText value) : type_(Type::plain_text), bytes_(view_of(value.text)) {}
  SqlValue(std::string_view text) : type_(Type::text), bytes_(view_of(text)) {}
  SqlValue(const std::string& text) : SqlValue(std::string_view(text)) {}
  SqlValue(ByteView bytes) : type_(Type::bytes), bytes_(bytes) {}
  SqlValue(const Bytes& bytes) : SqlValue(ByteView(bytes)) {}
  template <std::size_t size>
  SqlValue(const std::array<std::uint8_t, size>& bytes) : SqlValue(ByteView(bytes)) {}
  template <class Value>
  SqlValue(const std::optional<Value>& value) : SqlValue(value ? SqlValue(*value) : null_of<Value>()) {}
  // NOLINTEND(google-explicit-constructor)

  enum class Type : std::uint8_t { integer, text, plain_text, bytes };
  Type type() const { return type_; }
  bool is_null() const { return is_null_; }
  std::int64_t integer() const { return integer_; }
  ByteView bytes() const { return bytes_; }  // of text, too

 private:
  template <class Value>
  static SqlValue null_of() {  // NULL has a type, too
    SqlValue value{Value{}};
    value.is_null_ = true;
    value.bytes_ = {};
    return value;
  }

  Type type_;
  bool is_null_ = false;
  std::int64_t integer_ = 0;
  ByteView bytes_;
};

// A statement that a session has compiled, and the one run of it that there can be at a time. For SqlQuery alone.
class SqlStatement {
 public:
  SqlStatement() = default;
  virtual ~SqlStatement() = default;
  SqlStatement(const SqlStatement&) = delete;
  SqlStatement& operator=(const SqlStatement&) = delete;

  virtual StoreStatus start(std::span<const SqlValue> values) = 0;
  virtual Stored<bool> next() = 0;
  virtual void end() = 0;  // of what was bound and found nothing stays
  virtual std::int64_t changes() const = 0;
  virtual bool is_null(int column) const = 0;
  virtual std::int64_t integer(int column) const = 0;
  virtual ByteView view(int column) const = 0;
};

class SqlConnection {
 public:
  SqlConnection() = default;
  virtual ~SqlConnection() = default;
  SqlConnection(const SqlConnection&) = delete;
  SqlConnection& operator=(const SqlConnection&) = delete;

  virtual StoreStatus run_script(const char* sql) = 0;  // statements without values and results
  // Compiled once for each text; the text has to live as long as the session (a literal). The values give the types.
  virtual Stored<SqlStatement*> prepared(std::string_view sql, std::span<const SqlValue> values) = 0;
};

// One run of a statement: values are bound in order, rows are stepped through. Whether anything is done before the
// first step is the database's business. The same text must not be run within itself.
class SqlQuery {
 public:
  template <class... Values>
  SqlQuery(SqlConnection& connection, std::string_view sql, const Values&... values) {
    const std::array<SqlValue, sizeof...(Values)> bound = {SqlValue(values)...};
    start(connection, sql, bound);
  }
  ~SqlQuery();
  SqlQuery(const SqlQuery&) = delete;
  SqlQuery& operator=(const SqlQuery&) = delete;

  Stored<bool> next();  // whether there is a row
  // To its end; also behind the rows that a write returns: not before that has SQLite looked at every rule.
  StoreStatus run();
  std::int64_t changes() const { return statement_->changes(); }  // rows that the insert, update or delete touched

  // Of the row that next() has found, columns from 0.
  bool is_null(int column) const { return statement_->is_null(column); }
  std::int64_t integer(int column) const { return statement_->integer(column); }
  UnixTime time(int column) const { return {integer(column)}; }
  std::string text(int column) const { return std::string(text_of(statement_->view(column))); }
  Bytes blob(int column) const { return copy_of(statement_->view(column)); }
  std::optional<std::int64_t> optional_integer(int column) const;
  std::optional<std::string> optional_text(int column) const;
  template <class Array>
  bool fill(int column, Array& array) const {  // false: another size
    const ByteView bytes = statement_->view(column);
    if (bytes.size() != array.size()) return false;
    std::copy(bytes.begin(), bytes.end(), array.begin());
    return true;
  }

 private:
  void start(SqlConnection& connection, std::string_view sql, std::span<const SqlValue> values);

  SqlStatement* statement_ = nullptr;
  std::optional<StoreError> error_;
  bool is_over_ = false;
};

// The number in the first column of its first row, after it has run to its end. No row: what is stored is not ours.
Stored<std::int64_t> number_of(SqlQuery query);
// The rows touched.
Stored<std::int64_t> changes_of(SqlQuery query);

}  // namespace elicense::authority
