// What the program was asked for: the command line goes before the environment (ELICENSE_AUTHORITY_…), that before one
// JSON file (--config). Refuses unknown commands, options, keys and variables by their name, and values that do not
// fit; never repeats a value that may hold a password.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "authority/log.h"
#include "authority/store/store.h"

namespace elicense::authority {

enum class Command : std::uint8_t {
  serve,
  help,
  version,
  root_key,
  operator_add,
  operator_remove,
  operator_list,
  audit_verify,
  backup
};

struct Options {
  Command command = Command::serve;
  std::string argument;  // the NAME of an operator, the FILE of a backup
  std::string address = "127.0.0.1";
  std::uint16_t port = 8080;
  std::string origin;  // empty: http://ADDRESS:PORT of --listen
  std::filesystem::path data;
  std::string store;           // postgresql://…, a secret; empty: SQLite in the data folder
  std::filesystem::path keys;  // empty: DATA/keys
  std::filesystem::path site;  // empty: none
  bool demo = false;
  std::string demo_partner_origin;  // empty: this authority itself
  std::vector<std::string> allowed_origins;
  std::vector<std::string> proxies;
  std::int64_t lease_seconds = 86400;
  std::int64_t licence_seconds = std::int64_t{30} * 86400;
  std::int64_t access_seconds = 3600;
  std::int64_t trust_seconds = 86400;
  std::int64_t status_seconds = 60;
  std::int64_t status_life_seconds = 86400;
  // 0 requests: no limit.
  RateLimit rate_address = {1200, 60};
  RateLimit rate_phone = {120, 60};
  RateLimit rate_partner = {1200, 60};
  std::optional<std::size_t> workers;      // nullopt: as the store wants it
  std::optional<std::size_t> store_limit;  // bytes of the SQLite file
  std::size_t streams = 10000;
  std::size_t body_limit = std::size_t{256} * 1024;
  std::size_t request_seconds = 10;
  std::size_t idle_seconds = 60;
  LogLevel log_level = LogLevel::info;
};

struct Misuse {
  std::string reason;
};
// `environment` as environ: NAME=VALUE.
std::variant<Options, Misuse> read_options(std::span<const std::string_view> words,
                                           std::span<const std::string_view> environment);
std::string options_help();

}  // namespace elicense::authority
