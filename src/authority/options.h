// What the program was asked for: the command line goes before the environment (ELICENSE_AUTHORITY_…), that before one
// JSON file (--config). Refuses unknown options, keys and variables by their name, and values that do not fit.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "authority/log.h"

namespace elicense::authority {

enum class Command : std::uint8_t { serve, help, version };

struct Options {
  Command command = Command::serve;
  std::string address = "127.0.0.1";
  std::uint16_t port = 8080;
  std::string origin;  // empty: http://ADDRESS:PORT of --listen
  std::filesystem::path data;
  std::filesystem::path site;  // empty: none
  bool demo = false;
  std::vector<std::string> allowed_origins;
  std::vector<std::string> proxies;
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
