#include "authority/commands.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <string>
#include <system_error>
#include <utility>

#include "authority/store/postgres_store.h"
#include "authority/store/sqlite_store.h"
#include "base/base64url.h"

namespace elicense::authority {
namespace {

namespace fs = std::filesystem;

// A PostgreSQL has 100 connections in all, if nobody tells it otherwise.
constexpr std::size_t kMostConnections = 32;
constexpr std::int64_t kPageBytes = 4096;
constexpr std::int64_t kSigningSeconds = std::int64_t{90} * 86400;
constexpr std::int64_t kAftermathSeconds = std::int64_t{2} * 86400;  // after the longest token's life
constexpr std::size_t kMostName = 64;
constexpr std::string_view kActor = "console";  // whoever may run programs on this machine

Problem store_problem(StoreError error) { return usage_problem("the store: " + std::string(store_error_text(error))); }

template <class T>
Outcome<T> or_problem(Stored<T> stored) {
  if (!stored.ok()) return store_problem(stored.error());
  return std::move(stored).value();
}

Problem refused(std::string reason) {
  Problem problem = usage_problem(std::move(reason));
  problem.exit = Exit::refused;
  return problem;
}

Outcome<Done> print(const std::string& line) {
  if (std::fputs((line + "\n").c_str(), stdout) < 0 || std::fflush(stdout) != 0)
    return usage_problem("standard output cannot be written");
  return Done{};
}

Act act_of(std::string_view action, Json::Object details) {
  return {.actor = std::string(kActor), .action = std::string(action), .details = std::move(details)};
}

// It becomes "operator:NAME" in the audit record.
bool is_operator_name(std::string_view name) {
  return !name.empty() && name.size() <= kMostName && std::all_of(name.begin(), name.end(), [](char character) {
    return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z') ||
           (character >= '0' && character <= '9') || character == '.' || character == '-' || character == '_' ||
           character == '@';
  });
}

Outcome<Done> print_root_key(const Options& options, RandomSource& random) {
  ELICENSE_TRY(const auto keys, open_keys(options, random, system_clock_now()));
  return print(base64url_encode(keys->root().view()));
}

Outcome<Done> add_operator(const std::string& name, Store& store, RandomSource& random) {
  if (!is_operator_name(name))
    return usage_problem("an operator's name has letters, digits and . - _ @, at most " + std::to_string(kMostName));
  ELICENSE_TRY(const std::vector<Operator> operators, or_problem(store.list_operators()));
  const bool is_taken =
      std::any_of(operators.begin(), operators.end(), [&name](const Operator& person) { return person.name == name; });
  if (is_taken) return refused("there is an operator of that name; a new key needs the old one removed first");
  std::array<std::uint8_t, 32> secret{};
  random.fill(secret);
  const std::string key = base64url_encode(secret);
  ELICENSE_CHECK(or_problem(store.put_operator({.name = name, .key = digest_of_secret(key)}, system_clock_now(),
                                               act_of("operator.add", {{"name", name}}))));
  return print(key);
}

Outcome<Done> remove_operator(const std::string& name, Store& store) {
  ELICENSE_TRY(const bool removed, or_problem(store.remove_operator(name, system_clock_now(),
                                                                    act_of("operator.remove", {{"name", name}}))));
  if (!removed) return refused("there is no operator of that name");
  return Done{};
}

Outcome<Done> list_operators(Store& store) {
  ELICENSE_TRY(const std::vector<Operator> operators, or_problem(store.list_operators()));
  for (const Operator& person : operators) ELICENSE_CHECK(print(person.name));
  return Done{};
}

Outcome<Done> verify_audit(Store& store) {
  ELICENSE_TRY(const AuditVerdict verdict, or_problem(store.verify_audit()));
  if (verdict.broken_at) return refused("the audit record is broken at " + std::to_string(*verdict.broken_at));
  return print(std::to_string(verdict.entries) + " entries, head " + to_hex(verdict.head));
}

Outcome<Done> back_up(const std::string& file, Store& store) {
  ELICENSE_TRY(const Backup backup, or_problem(store.back_up(file)));
  switch (backup) {
    case Backup::written:  // a copy of everybody's data: on the record
      ELICENSE_CHECK(or_problem(store.append_audit(act_of("backup", {}), std::nullopt, system_clock_now())));
      return Done{};
    case Backup::file_is_there:
      return refused(file + " is there already");
    case Backup::elsewhere:
      break;
  }
  return usage_problem("PostgreSQL is copied by its own means: pg_dump");
}

}  // namespace

bool is_postgres(const Options& options) { return !options.store.empty(); }

UnixTime system_clock_now() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return {std::chrono::floor<std::chrono::seconds>(now).count()};
}

Outcome<Done> make_data_folder(const Options& options) {
  std::error_code error;
  if (!fs::exists(options.data, error)) {
    fs::create_directories(options.data, error);
    if (!error) fs::permissions(options.data, fs::perms::owner_all, error);
  }
  if (error || !fs::is_directory(options.data, error))
    return usage_problem("the data folder cannot be made: " + options.data.string());
  return Done{};
}

Outcome<std::unique_ptr<Store>> open_store(const Options& options, RandomSource& random) {
  const StorePurpose purpose = options.demo ? StorePurpose::demo : StorePurpose::production;
  if (is_postgres(options)) {
    PostgresStoreOptions postgres = {.url = options.store, .purpose = purpose};
    postgres.most_connections =
        std::clamp<std::size_t>(options.workers.value_or(kPostgresWorkers), 1, kMostConnections);
    return or_problem(open_postgres_store(postgres, random));
  }
  SqliteStoreOptions sqlite = {.folder = options.data.string(), .purpose = purpose};
  if (options.command == Command::serve) sqlite.waits = SqliteStoreOptions::Waits::when_asked;
  if (options.store_limit) sqlite.most_pages = static_cast<std::int64_t>(*options.store_limit) / kPageBytes;
  return or_problem(open_sqlite_store(sqlite, random));
}

Outcome<std::unique_ptr<KeyRing>> open_keys(const Options& options, RandomSource& random, UnixTime now) {
  const fs::path folder = options.keys.empty() ? options.data / "keys" : options.keys;
  const KeyTimes times = {
      .overlap = options.trust_seconds,
      .signing = kSigningSeconds,
      .aftermath =
          std::max({options.licence_seconds, options.lease_seconds, options.status_life_seconds}) + kAftermathSeconds};
  return KeyRing::open(folder, open_file_vault(folder, random), times, now);
}

Outcome<Done> run_command(const Options& options) {
  SystemRandom random;
  ELICENSE_CHECK(make_data_folder(options));
  if (options.command == Command::root_key) return print_root_key(options, random);
  ELICENSE_TRY(const std::unique_ptr<Store> store, open_store(options, random));
  switch (options.command) {
    case Command::operator_add:
      return add_operator(options.argument, *store, random);
    case Command::operator_remove:
      return remove_operator(options.argument, *store);
    case Command::operator_list:
      return list_operators(*store);
    case Command::audit_verify:
      return verify_audit(*store);
    case Command::backup:
      return back_up(options.argument, *store);
    default:
      return usage_problem("no such command");
  }
}

}  // namespace elicense::authority
