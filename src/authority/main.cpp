// elicense-authority: reads its options, does what they ask for, and tells by its exit how it went.
#include <cstdio>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "authority/application.h"
#include "authority/commands.h"
#include "authority/log.h"
#include "authority/options.h"

namespace elicense::authority {
namespace {

constexpr int kFailed = 1;
constexpr int kMisuse = 2;

int fail(int code, const std::string& reason) {
  std::fputs(("elicense-authority: " + reason + "\n").c_str(), stderr);
  return code;
}

int print(const std::string& text) {
  return std::fputs(text.c_str(), stdout) >= 0 && std::fflush(stdout) == 0 ? 0 : kFailed;
}

int start(const std::vector<std::string_view>& words, const std::vector<std::string_view>& environment) {
  const std::variant<Options, Misuse> read = read_options(words, environment);
  if (const auto* const misuse = std::get_if<Misuse>(&read))
    return fail(kMisuse, misuse->reason + "; see elicense-authority --help");
  const auto& options = std::get<Options>(read);
  if (options.command == Command::help) return print(options_help());
  if (options.command == Command::version) return print("elicense-authority " ELICENSE_VERSION "\n");
  set_log_level(options.log_level);
  const Outcome<Done> done = options.command == Command::serve ? serve_authority(options) : run_command(options);
  if (done.ok()) return 0;
  return fail(options.command == Command::serve ? kFailed : static_cast<int>(done.error().exit), done.error().reason);
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
