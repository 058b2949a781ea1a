// PostgreSQL as one of the store's databases: sessions whose every wait has an end. Bytes and text go as bytea (but for
// PlainText), integers as bigint, both in binary, so that NUL and what is not UTF-8 are characters like any other.
// Refuses to say why a server refused: its words may hold what a licence holds, so they are read nowhere, and neither
// is the URL, which may hold a password.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "authority/store/sql_connection.h"
#include "authority/store/store_rules.h"

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

class PostgresConnection final : public SqlConnection {
 public:
  static Stored<std::unique_ptr<PostgresConnection>> open(const PostgresConnectionOptions& options);
  ~PostgresConnection() override;

  StoreStatus run_script(const char* sql) override;
  Stored<SqlStatement*> prepared(std::string_view sql, std::span<const SqlValue> values) override;
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
  class Statement;
  struct Clear {
    void operator()(pg_result* result) const;
  };
  using Answer = std::unique_ptr<pg_result, Clear>;

  PostgresConnection(pg_conn* handle, int statement_milliseconds);
  Stored<Answer> run(const std::string& name, std::span<const SqlValue> values);
  Stored<Answer> answer();  // to what was sent
  StoreStatus wait_for_answer(std::int64_t deadline);
  StoreError lose(State state);

  pg_conn* handle_;
  int patience_milliseconds_;  // a little more than the server's own
  State state_ = State::good;
  bool met_a_conflict_ = false;
  std::unordered_map<std::string_view, std::unique_ptr<SqlStatement>> statements_;
};

}  // namespace elicense::authority
