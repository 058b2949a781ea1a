// elicense: finds the command, reads its options, prints what it answers.
#include <algorithm>
#include <array>
#include <cstdio>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/presentation.h"
#include "cli/session.h"

namespace elicense::cli {
namespace {

constexpr std::string_view kVersion = ELICENSE_VERSION;  // CMakeLists.txt has it
constexpr std::string_view kJsonSwitch = "--json";
constexpr std::string_view kHelpSwitch = "--help";

struct Group {
  std::string_view name;
  std::string_view summary;
};
constexpr std::array<Group, 8> kGroups = {{{"code", "the live code that a phone shows"},
                                           {"lease", "the authority's word that a phone may show a live code"},
                                           {"licence", "the licence itself, an SD-JWT VC"},
                                           {"status", "status lists"},
                                           {"trust-list", "the list of an authority's keys"},
                                           {"receipt", "the receipt of an online check"},
                                           {"keys", "Ed25519 keys"},
                                           {"qr", "QR codes"}}};

std::vector<Command> all_commands() {
  std::vector<Command> all;
  for (const auto commands : {code_commands, lease_commands, licence_commands, status_commands, trust_list_commands,
                              receipt_commands, key_commands, qr_commands}) {
    for (Command& command : commands()) {
      command.options.push_back({kJsonSwitch, {}, Presence::optional, "answer in JSON"});
      all.push_back(std::move(command));
    }
  }
  return all;
}

std::string padded(std::string_view text, std::size_t width) {
  std::string line(text);
  line.resize(std::max(width, line.size() + 2), ' ');
  return line;
}

std::string full_name(const Command& command) {
  return std::string(command.group) + (command.verb.empty() ? "" : " " + std::string(command.verb));
}

std::string command_lines(const std::vector<Command>& commands, std::string_view group) {
  std::string text;
  for (const Command& command : commands) {
    if (command.group == group) text += "  " + padded(full_name(command), 20) + std::string(command.summary) + "\n";
  }
  return text;
}

std::string help(const std::vector<Command>& commands) {
  std::string text =
      "elicense: verify, inspect and issue electronic driving licences\n\nusage: elicense COMMAND [OPTION]…\n";
  for (const Group& group : kGroups) {
    text +=
        "\n" + std::string(group.name) + ": " + std::string(group.summary) + "\n" + command_lines(commands, group.name);
  }
  text +=
      "\nEvery command takes --json and --help. `elicense --version` tells the version.\n"
      "Exit: 0 good, 1 refused, 2 asked for wrongly or a file that cannot be used.\n"
      "Secret keys are read from files with mode 0600 or from standard input, never from an option.\n";
  return text;
}

std::string group_help(const std::vector<Command>& commands, const Group& group) {
  return "elicense " + std::string(group.name) + ": " + std::string(group.summary) + "\n\n" +
         command_lines(commands, group.name) + "\n`elicense " + std::string(group.name) +
         " VERB --help` tells the options.\n";
}

std::string command_help(const Command& command) {
  std::string usage = "usage: elicense " + full_name(command);
  std::string options;
  for (const OptionSpec& option : command.options) {
    const std::string form = std::string(option.name) + (option.value.empty() ? "" : " " + std::string(option.value));
    if (option.presence == Presence::required) usage += " " + form;
    std::string note;
    if (option.presence == Presence::required) note = " (needed)";
    if (option.presence == Presence::repeatable) note = " (may be repeated)";
    options += "  " + padded(form, 26) + std::string(option.help) + note + "\n";
  }
  const std::string details = command.details.empty() ? "" : "\n" + std::string(command.details);
  return "elicense " + full_name(command) + ": " + std::string(command.summary) + "\n\n" + usage + " [OPTION]…\n" +
         details + "\n" + options;
}

int print(std::string_view text, Exit exit) {
  const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
  if (written) return static_cast<int>(exit);
  std::fputs("elicense: the answer could not be written\n", stderr);
  return static_cast<int>(Exit::usage);
}

int print_error(const std::string& line) {
  std::fputs((printable("elicense: " + line) + "\n").c_str(), stderr);
  return static_cast<int>(Exit::usage);
}

int print_problem(const Problem& problem, bool as_json) {
  if (as_json && problem.exit == Exit::refused) {
    const Json json = Json::Object{{"result", "refused"},
                                   {"error", error_json(problem.error)},
                                   {"field", problem.field.empty() ? Json(nullptr) : Json(problem.field)},
                                   {"reason", problem.reason}};
    return print(json.dump() + "\n", problem.exit);
  }
  const std::string field = problem.field.empty() ? "" : problem.field + " ";
  const std::string code = problem.error ? " (" + std::string(error_name(*problem.error)) + ")" : "";
  print_error((problem.exit == Exit::refused ? "refused: " : "") + field + problem.reason + code);
  return static_cast<int>(problem.exit);
}

int run(const Command& command, std::span<const std::string_view> words) {
  if (std::find(words.begin(), words.end(), kHelpSwitch) != words.end())
    return print(command_help(command), Exit::good);
  const Outcome<Arguments> arguments = Arguments::parse(command.options, words);
  if (!arguments.ok())
    return print_error(arguments.error().reason + "; see elicense " + full_name(command) + " --help");
  const bool as_json = arguments.value().has(kJsonSwitch);
  Session session;
  const Outcome<Report> report = command.run(arguments.value(), session);
  if (!report.ok()) return print_problem(report.error(), as_json);
  return print(as_json ? report.value().json.dump() + "\n" : report.value().text, report.value().exit);
}

int dispatch(std::span<const std::string_view> words) {
  const std::vector<Command> commands = all_commands();
  if (words.empty()) return print_error("no command; see elicense --help");
  const std::string_view first = words.front();
  if (first == kHelpSwitch) return print(help(commands), Exit::good);
  if (first == "--version") return print("elicense " + std::string(kVersion) + "\n", Exit::good);
  const auto is_named = [first](const Group& known) { return known.name == first; };
  const auto group = std::find_if(kGroups.begin(), kGroups.end(), is_named);
  if (group == kGroups.end()) return print_error("no such command; see elicense --help");
  for (const Command& command : commands) {
    if (command.group != group->name) continue;
    if (command.verb.empty()) return run(command, words.subspan(1));
    if (words.size() > 1 && command.verb == words[1]) return run(command, words.subspan(2));
  }
  if (words.size() > 1 && words[1] == kHelpSwitch) return print(group_help(commands, *group), Exit::good);
  return print_error("no such command; see elicense " + std::string(group->name) + " --help");
}

}  // namespace
}  // namespace elicense::cli

int main(int count, char** words) {
  const std::vector<std::string_view> all(words, words + count);
  return elicense::cli::dispatch(std::span(all).subspan(all.empty() ? 0 : 1));
}
