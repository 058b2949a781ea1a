#include "authority/store/sql_connection.h"

namespace elicense::authority {

void SqlQuery::start(SqlConnection& connection, std::string_view sql, std::span<const SqlValue> values) {
  const auto statement = connection.prepared(sql, values);
  if (!statement.ok()) {
    error_ = statement.error();
    return;
  }
  statement_ = *statement;
  const auto started = statement_->start(values);
  if (!started.ok()) error_ = started.error();
}

SqlQuery::~SqlQuery() {
  if (statement_ != nullptr) statement_->end();
}

// A statement that is over is not asked again: SQLite would begin anew.
Stored<bool> SqlQuery::next() {
  if (error_) return *error_;
  if (is_over_) return false;
  const auto row = statement_->next();
  if (!row.ok()) {
    error_ = row.error();
  } else {
    is_over_ = !*row;
  }
  return row;
}

StoreStatus SqlQuery::run() {
  while (true) {
    ELICENSE_TRY(const bool row, next());
    if (!row) return Done{};
  }
}

std::optional<std::int64_t> SqlQuery::optional_integer(int column) const {
  if (is_null(column)) return std::nullopt;
  return integer(column);
}

std::optional<std::string> SqlQuery::optional_text(int column) const {
  if (is_null(column)) return std::nullopt;
  return text(column);
}

Stored<std::int64_t> number_of(SqlQuery query) {
  ELICENSE_TRY(const bool found, query.next());
  if (!found) return StoreError::corrupt;
  const std::int64_t number = query.integer(0);
  ELICENSE_CHECK(query.run());
  return number;
}

Stored<std::int64_t> changes_of(SqlQuery query) {
  ELICENSE_CHECK(query.run());
  return query.changes();
}

}  // namespace elicense::authority
