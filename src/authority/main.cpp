// elicense-authority: reads its options, opens what it needs, serves.
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <variant>
#include <vector>

#include "authority/dispatcher.h"
#include "authority/http_server.h"
#include "authority/log.h"
#include "authority/options.h"
#include "authority/static_files.h"

namespace elicense::authority {
namespace {

namespace fs = std::filesystem;

int fail(int code, const std::string& reason) {
  std::fputs(("elicense-authority: " + reason + "\n").c_str(), stderr);
  return code;
}

// Keys and database must never lie among the files that are served.
bool lies_in(const fs::path& inner, const fs::path& outer) {
  const fs::path relative = fs::canonical(inner).lexically_relative(fs::canonical(outer));
  return !relative.empty() && *relative.begin() != "..";
}

std::optional<std::string> prepare_folders(const Options& options) {
  std::error_code error;
  if (!fs::exists(options.data, error)) {
    fs::create_directories(options.data, error);
    if (!error) fs::permissions(options.data, fs::perms::owner_all, error);
  }
  if (error || !fs::is_directory(options.data, error))
    return "the data folder cannot be made: " + options.data.string();
  if (options.site.empty()) return std::nullopt;
  if (!fs::is_directory(options.site, error)) return "there is no site folder: " + options.site.string();
  if (lies_in(options.data, options.site)) return "the data folder must not lie in the site folder";
  return std::nullopt;
}

std::string url_of(const std::string& address, std::uint16_t port) {
  const bool is_v6 = address.find(':') != std::string::npos;
  return "http://" + (is_v6 ? "[" + address + "]" : address) + ":" + std::to_string(port);
}

int run(const Options& options) {
  set_log_level(options.log_level);
  if (const std::optional<std::string> reason = prepare_folders(options)) return fail(1, *reason);
  const ReservedPort reserved = reserve_port(options.address, options.port);
  if (!reserved.error.empty()) return fail(1, reserved.error);

  const std::string url = url_of(options.address, reserved.port);
  std::unique_ptr<StaticFiles> site;
  if (!options.site.empty()) site = std::make_unique<StaticFiles>(options.site);
  Routes routes;
  Dispatcher dispatcher({options.origin.empty() ? url : options.origin, options.allowed_origins}, std::move(routes),
                        site.get());
  ServerSettings settings;
  settings.address = options.address;
  settings.port = reserved.port;
  settings.body_limit = options.body_limit;
  settings.request_seconds = static_cast<double>(options.request_seconds);
  settings.idle_seconds = options.idle_seconds;
  settings.proxies = options.proxies;
  settings.scratch_folder = options.data;
  serve(settings, dispatcher, [&url] {
    std::fputs(("listening on " + url + "\n").c_str(), stdout);
    std::fflush(stdout);
  });
  log_line(LogLevel::info, "stopped");
  return 0;
}

int start(const std::vector<std::string_view>& words, const std::vector<std::string_view>& environment) {
  const std::variant<Options, Misuse> read = read_options(words, environment);
  if (const auto* const misuse = std::get_if<Misuse>(&read))
    return fail(2, misuse->reason + "; see elicense-authority --help");
  const auto& options = std::get<Options>(read);
  if (options.command == Command::serve) return run(options);
  const std::string text =
      options.command == Command::help ? options_help() : std::string("elicense-authority " ELICENSE_VERSION "\n");
  return std::fputs(text.c_str(), stdout) >= 0 && std::fflush(stdout) == 0 ? 0 : 2;
}

}  // namespace
}  // namespace elicense::authority

extern char** environ;  // NOLINT(readability-redundant-declaration): glibc declares it with GNU extensions only

int main(int count, char** words) {
  const std::vector<std::string_view> all(words + (count > 0 ? 1 : 0), words + count);
  std::vector<std::string_view> environment;
  for (char** entry = environ; *entry != nullptr; ++entry) environment.emplace_back(*entry);
  try {
    return elicense::authority::start(all, environment);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "elicense-authority: %s\n", error.what());
    return 1;
  }
}
