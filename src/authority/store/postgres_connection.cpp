#include "authority/store/postgres_connection.h"

#include <libpq-fe.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <optional>
#include <utility>

namespace elicense::authority {
namespace {

constexpr int kAnswerMilliseconds = 2000;  // for the way there and back, on top of what the server gives a statement
constexpr int kPatientMilliseconds = 3600 * 1000;
constexpr std::int64_t kQuickFailureMilliseconds = 500;

std::int64_t now_milliseconds() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

void forget(void* /*unused*/, const PGresult* /*notice*/) {}  // libpq would print it

// What stands before dbname is what the URL may say otherwise; what stands behind it, it may not.
PGconn* connect(const std::string& url) {
  constexpr int kExpandUrl = 1;
  const std::array keywords = {"connect_timeout",           "keepalives",
                               "keepalives_idle",           "keepalives_interval",
                               "keepalives_count",          "tcp_user_timeout",
                               "fallback_application_name", "dbname",
                               "client_encoding",           static_cast<const char*>(nullptr)};
  const std::array values = {
      "2", "1", "10", "5", "3", "5000", "elicense-authority", url.c_str(), "UTF8", static_cast<const char*>(nullptr)};
  const std::int64_t start = now_milliseconds();
  PGconn* handle = PQconnectdbParams(keywords.data(), values.data(), kExpandUrl);
  // libpq keeps no code of why it was refused, only words in the server's language: asked again, it puts the code
  // there.
  if (handle != nullptr && PQstatus(handle) != CONNECTION_OK &&
      now_milliseconds() - start < kQuickFailureMilliseconds) {
    PQsetErrorVerbosity(handle, PQERRORS_SQLSTATE);
    PQreset(handle);
  }
  return handle;
}

bool has_no_seat_left(const PGconn* handle) {
  return std::string_view(PQerrorMessage(handle)).find(":  53300") != std::string_view::npos;
}

// lock_timeout also bounds the wait for another instance's migration. An instance that hangs within a transaction lets
// go of its locks. A server set to forget commits is told not to; one that waits for its replicas goes on doing so.
constexpr const char* kSession =
    "select set_config('statement_timeout', $1, false), set_config('lock_timeout', $2, false), "
    "set_config('idle_in_transaction_session_timeout', '10s', false), set_config('synchronous_commit', "
    "case current_setting('synchronous_commit') when 'off' then 'on' else current_setting('synchronous_commit') end, "
    "false)";

constexpr std::size_t kMostValues = 16;  // of a statement

// The number of its type in pg_type.
Oid oid_of(SqlValue::Type type) {
  switch (type) {
    case SqlValue::Type::integer:
      return 20;  // bigint
    case SqlValue::Type::plain_text:
      return 25;  // text
    case SqlValue::Type::text:
    case SqlValue::Type::bytes:
      break;
  }
  return 17;  // bytea
}

using WireInteger = std::array<char, 8>;  // most significant first
WireInteger wire_of(std::int64_t value) {
  const auto bits = static_cast<std::uint64_t>(value);
  WireInteger wire{};
  for (std::size_t i = 0; i < wire.size(); ++i) wire[i] = static_cast<char>((bits >> (56 - 8 * i)) & 0xff);
  return wire;
}

}  // namespace

// A run of it is over when it has started: its rows are here and are stepped through.
class PostgresConnection::Statement final : public SqlStatement {
 public:
  Statement(PostgresConnection& connection, std::string name) : connection_(connection), name_(std::move(name)) {}

  StoreStatus start(std::span<const SqlValue> values) override {
    ELICENSE_ASSERT(!answer_);
    ELICENSE_TRY(answer_, connection_.run(name_, values));
    row_ = -1;
    return Done{};
  }

  Stored<bool> next() override { return ++row_ < PQntuples(answer_.get()); }
  void end() override { answer_.reset(); }

  std::int64_t changes() const override {
    const std::string_view text = PQcmdTuples(answer_.get());
    std::int64_t rows = 0;
    std::from_chars(text.data(), text.data() + text.size(), rows);
    return rows;
  }
  bool is_null(int column) const override { return PQgetisnull(answer_.get(), row_, column) != 0; }
  std::int64_t integer(int column) const override {
    std::uint64_t bits = 0;
    for (const std::uint8_t byte : view(column)) bits = bits << 8 | byte;
    return static_cast<std::int64_t>(bits);
  }
  ByteView view(int column) const override {
    return view_of(
        {PQgetvalue(answer_.get(), row_, column), static_cast<std::size_t>(PQgetlength(answer_.get(), row_, column))});
  }

 private:
  PostgresConnection& connection_;
  const std::string name_;  // in the session
  Answer answer_;
  int row_ = -1;
};

StoreError error_of_sqlstate(std::string_view sqlstate) {
  struct Name {
    std::string_view start;  // the longer ones first
    StoreError error;
  };
  static constexpr std::array kNames = {
      Name{"25006", StoreError::read_only},    // read_only_sql_transaction
      Name{"42501", StoreError::read_only},    // insufficient_privilege
      Name{"53100", StoreError::full},         // disk_full
      Name{"53200", StoreError::unavailable},  // out_of_memory
      Name{"53", StoreError::busy},            // insufficient_resources: too_many_connections
      Name{"55P03", StoreError::busy},         // lock_not_available: lock_timeout
      Name{"57014", StoreError::busy},         // query_canceled: statement_timeout
      Name{"40", StoreError::busy},            // transaction_rollback: serialization_failure, deadlock_detected
      Name{"22", StoreError::constraint},      // data_exception
      Name{"23", StoreError::constraint},      // integrity_constraint_violation
      Name{"44", StoreError::constraint},      // with_check_option_violation
      Name{"54", StoreError::constraint},      // program_limit_exceeded: a key too long for an index
      Name{"P0001", StoreError::constraint},   // raise_exception: our triggers
      Name{"0A", StoreError::corrupt},         // feature_not_supported: a column has another type now
      Name{"42", StoreError::corrupt},         // our SQL is right, so the tables are not
      Name{"XX001", StoreError::corrupt},      // data_corrupted
      Name{"XX002", StoreError::corrupt},      // index_corrupted
  };
  const auto* const found =
      std::find_if(kNames.begin(), kNames.end(), [&](const Name& name) { return sqlstate.starts_with(name.start); });
  return found == kNames.end() ? StoreError::unavailable : found->error;
}

void PostgresConnection::Clear::operator()(pg_result* result) const { PQclear(result); }

PostgresConnection::PostgresConnection(pg_conn* handle, int statement_milliseconds)
    : handle_(handle), patience_milliseconds_(statement_milliseconds + kAnswerMilliseconds) {}

PostgresConnection::~PostgresConnection() { PQfinish(handle_); }

Stored<std::unique_ptr<PostgresConnection>> PostgresConnection::open(const PostgresConnectionOptions& options) {
  PGconn* handle = connect(options.url);
  if (handle == nullptr) return StoreError::unavailable;
  std::unique_ptr<PostgresConnection> connection(new PostgresConnection(handle, options.statement_milliseconds));
  if (PQstatus(handle) != CONNECTION_OK) return has_no_seat_left(handle) ? StoreError::busy : StoreError::unavailable;
  PQsetNoticeReceiver(handle, forget, nullptr);
  if (PQsetnonblocking(handle, 1) != 0) return StoreError::unavailable;
  const std::string statement_timeout = std::to_string(options.statement_milliseconds);
  const std::string lock_timeout = std::to_string(options.lock_milliseconds);
  SqlQuery query(*connection, kSession, PlainText{statement_timeout}, PlainText{lock_timeout});
  ELICENSE_CHECK(query.run());
  return connection;
}

void PostgresConnection::be_patient() { patience_milliseconds_ = kPatientMilliseconds; }

bool PostgresConnection::is_idle() const {
  return state_ == State::good && PQtransactionStatus(handle_) == PQTRANS_IDLE;
}

int PostgresConnection::socket() const { return PQsocket(handle_); }

StoreError PostgresConnection::lose(State state) {
  state_ = state;
  return StoreError::unavailable;
}

StoreStatus PostgresConnection::wait_for_answer(std::int64_t deadline) {
  while (true) {
    const int left_to_send = PQflush(handle_);
    if (left_to_send < 0) return lose(State::lost);
    if (left_to_send == 0 && PQisBusy(handle_) == 0) return Done{};
    pollfd wait = {.fd = PQsocket(handle_), .events = POLLIN, .revents = 0};
    if (left_to_send > 0) wait.events |= POLLOUT;
    const std::int64_t left = deadline - now_milliseconds();
    if (left <= 0) return lose(State::unfit);
    if (::poll(&wait, 1, static_cast<int>(left)) <= 0) continue;  // interrupted, or late: seen above
    if (PQconsumeInput(handle_) == 0) return lose(State::lost);
  }
}

// Several statements have several answers: the last counts, or the first error.
Stored<PostgresConnection::Answer> PostgresConnection::answer() {
  const std::int64_t deadline = now_milliseconds() + patience_milliseconds_;
  std::optional<StoreError> error;
  Answer last;
  while (true) {
    ELICENSE_CHECK(wait_for_answer(deadline));
    Answer answer(PQgetResult(handle_));
    if (!answer) break;
    const ExecStatusType status = PQresultStatus(answer.get());
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && !error) {
      const char* code = PQresultErrorField(answer.get(), PG_DIAG_SQLSTATE);
      const std::string_view sqlstate = code == nullptr ? std::string_view() : code;
      met_a_conflict_ = sqlstate == "40001" || sqlstate == "40P01";
      error = error_of_sqlstate(sqlstate);
    }
    last = std::move(answer);
  }
  if (PQstatus(handle_) != CONNECTION_OK) return lose(State::lost);
  // Another server may be the one that writes by now, or our statements are of tables as they were.
  if (error == StoreError::read_only || error == StoreError::corrupt) state_ = State::unfit;
  if (error) return *error;
  if (!last) return lose(State::lost);
  return last;
}

StoreStatus PostgresConnection::run_script(const char* sql) {
  met_a_conflict_ = false;
  if (state_ != State::good) return StoreError::unavailable;
  if (PQsendQuery(handle_, sql) == 0) return lose(State::lost);
  ELICENSE_CHECK(answer());
  return Done{};
}

StoreStatus PostgresConnection::begin(Durability durability) {
  return run_script(durability == Durability::durable
                        ? "begin isolation level read committed"
                        : "begin isolation level read committed; set local synchronous_commit = off");
}

StoreStatus PostgresConnection::commit() {
  met_a_conflict_ = false;
  if (state_ != State::good) return StoreError::unavailable;
  if (PQsendQuery(handle_, "commit") == 0) return lose(State::lost);
  ELICENSE_TRY(const Answer answered, answer());
  if (std::string_view(PQcmdStatus(answered.get())) != "COMMIT") return StoreError::unavailable;
  return Done{};
}

Stored<SqlStatement*> PostgresConnection::prepared(std::string_view sql, std::span<const SqlValue> values) {
  met_a_conflict_ = false;
  if (state_ != State::good) return StoreError::unavailable;
  if (const auto found = statements_.find(sql); found != statements_.end()) return found->second.get();
  ELICENSE_ASSERT(values.size() <= kMostValues);
  std::array<Oid, kMostValues> types{};
  std::transform(values.begin(), values.end(), types.begin(),
                 [](const SqlValue& value) { return oid_of(value.type()); });
  std::string name = "statement_" + std::to_string(statements_.size());
  if (PQsendPrepare(handle_, name.c_str(), std::string(sql).c_str(), static_cast<int>(values.size()), types.data()) ==
      0)
    return lose(State::lost);
  ELICENSE_CHECK(answer());
  return statements_.emplace(sql, std::make_unique<Statement>(*this, std::move(name))).first->second.get();
}

Stored<PostgresConnection::Answer> PostgresConnection::run(const std::string& name, std::span<const SqlValue> values) {
  constexpr int kBinary = 1;
  ELICENSE_ASSERT(values.size() <= kMostValues);
  std::array<WireInteger, kMostValues> integers{};
  std::array<const char*, kMostValues> data{};
  std::array<int, kMostValues> lengths{};
  std::array<int, kMostValues> formats{};
  formats.fill(kBinary);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const SqlValue& value = values[i];
    if (value.is_null()) continue;
    std::string_view wire = text_of(value.bytes());
    if (value.type() == SqlValue::Type::integer) {
      integers[i] = wire_of(value.integer());
      wire = {integers[i].data(), integers[i].size()};
    }
    if (!std::in_range<int>(wire.size())) return StoreError::constraint;
    data[i] = wire.empty() ? "" : wire.data();  // a null pointer would be NULL
    lengths[i] = static_cast<int>(wire.size());
  }
  if (PQsendQueryPrepared(handle_, name.c_str(), static_cast<int>(values.size()), data.data(), lengths.data(),
                          formats.data(), kBinary) == 0)
    return lose(State::lost);
  return answer();
}

Stored<std::vector<std::string>> PostgresConnection::notifications() {
  if (state_ != State::good || PQconsumeInput(handle_) == 0) return lose(State::lost);
  std::vector<std::string> payloads;
  while (PGnotify* const told = PQnotifies(handle_)) {
    payloads.emplace_back(told->extra);
    PQfreemem(told);
  }
  return payloads;
}

}  // namespace elicense::authority
