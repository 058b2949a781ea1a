#include "authority/options.h"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>

#include "authority/options_table.h"
#include "codec/json.h"

namespace elicense::authority {
namespace {

constexpr std::string_view kVariablePrefix = "ELICENSE_AUTHORITY_";
constexpr JsonLimits kConfigLimits = {64 * 1024, 3, 1000};

const Option* find_option(std::string_view name) {
  const std::span<const Option> options = option_table();
  const auto found =
      std::find_if(options.begin(), options.end(), [name](const Option& option) { return option.name == name; });
  return found == options.end() ? nullptr : &*found;
}

std::string variable_of(const Option& option) {
  std::string name(kVariablePrefix);
  for (const char character : option.name)
    name += character == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(character)));
  return name;
}

// Name to values, of one source.
using Given = std::map<std::string, std::vector<std::string>, std::less<>>;
using Refusal = std::optional<Misuse>;

Refusal misuse(std::string reason) { return Misuse{std::move(reason)}; }

Refusal give(Given& given, const Option& option, std::string value) {
  auto& values = given[std::string(option.name)];
  if (!values.empty() && !option.is_list()) return misuse("--" + std::string(option.name) + " is given twice");
  values.push_back(std::move(value));
  return std::nullopt;
}

struct CommandLine {
  Given given;
  std::optional<std::string> config;
  Command command = Command::serve;
  std::string argument;
};

// The words before the first option: a command of one or two words, then its argument.
Refusal read_command(std::span<const std::string_view> words, CommandLine& line) {
  if (words.empty()) return std::nullopt;
  for (const CommandEntry& entry : command_table()) {
    const std::size_t space = entry.words.find(' ');
    const bool has_second = space != std::string_view::npos;
    const std::size_t length = has_second ? 2 : 1;
    if (words.front() != entry.words.substr(0, space)) continue;
    if (has_second && (words.size() < 2 || words[1] != entry.words.substr(space + 1))) continue;
    const std::string name(entry.words);
    const std::size_t wanted = length + (entry.argument.empty() ? 0 : 1);
    if (words.size() < wanted) return misuse(name + " needs " + std::string(entry.argument));
    if (words.size() > wanted) return misuse("a word too many for " + name + ": " + std::string(words[wanted]));
    line.command = entry.command;
    if (wanted > length) line.argument = words[length];
    return std::nullopt;
  }
  std::string said;
  for (const std::string_view word : words.first(std::min<std::size_t>(2, words.size())))
    said += " " + std::string(word);
  return misuse("no such command:" + said);
}

Refusal read_words(std::span<const std::string_view> words, CommandLine& line) {
  const auto first_option =
      std::find_if(words.begin(), words.end(), [](std::string_view word) { return word.starts_with("--"); });
  const std::size_t before = static_cast<std::size_t>(first_option - words.begin());
  const bool asks_for_help = std::find(first_option, words.end(), "--help") != words.end();
  if (!asks_for_help) {
    if (Refusal refusal = read_command(words.first(before), line)) return refusal;
  }
  for (std::size_t i = before; i < words.size(); ++i) {
    std::string_view word = words[i];
    if (word == "--help" || word == "--version") {
      line.command = word == "--help" ? Command::help : Command::version;
      continue;
    }
    if (word.substr(0, 2) != "--") return misuse("a word that belongs to no option: " + std::string(word));
    word.remove_prefix(2);
    const std::size_t equals = word.find('=');
    const std::string_view name = word.substr(0, equals);
    const Option* const option = find_option(name);
    const std::string written = "--" + std::string(name);
    if (option == nullptr && name != "config") return misuse("no such option: " + written);
    std::string_view value = "true";
    if (option == nullptr || !option->value.empty()) {
      if (equals == std::string_view::npos && i + 1 == words.size()) return misuse(written + " needs a value");
      value = equals == std::string_view::npos ? words[++i] : word.substr(equals + 1);
    } else if (equals != std::string_view::npos) {
      return misuse(written + " takes no value");
    }
    if (option == nullptr) {
      if (line.config) return misuse("--config is given twice");
      line.config = value;
    } else if (Refusal refusal = give(line.given, *option, std::string(value))) {
      return refusal;
    }
  }
  return std::nullopt;
}

// In a variable, several values stand between commas.
Refusal read_environment(std::span<const std::string_view> environment, Given& given,
                         std::optional<std::string>& config) {
  for (const std::string_view entry : environment) {
    if (entry.substr(0, kVariablePrefix.size()) != kVariablePrefix) continue;
    const std::size_t equals = std::min(entry.find('='), entry.size());
    const std::string_view name = entry.substr(0, equals);
    std::string_view value = entry.substr(std::min(equals + 1, entry.size()));
    if (name == "ELICENSE_AUTHORITY_CONFIG") {
      if (!config) config = value;
      continue;
    }
    const std::span<const Option> options = option_table();
    const auto option = std::find_if(options.begin(), options.end(),
                                     [name](const Option& known) { return variable_of(known) == name; });
    if (option == options.end()) return misuse("no such variable: " + std::string(name));
    while (option->is_list() && value.find(',') != std::string_view::npos) {
      if (Refusal refusal = give(given, *option, std::string(value.substr(0, value.find(','))))) return refusal;
      value.remove_prefix(value.find(',') + 1);
    }
    if (Refusal refusal = give(given, *option, std::string(value))) return refusal;
  }
  return std::nullopt;
}

std::optional<std::string> config_text(const Json& value) {
  if (value.string() != nullptr) return *value.string();
  if (value.boolean()) return *value.boolean() ? "true" : "false";
  if (value.integer()) return std::to_string(*value.integer());
  return std::nullopt;
}

Refusal read_config(const std::string& path, Given& given) {
  std::ifstream file(path, std::ios::binary);
  std::string text;
  if (file) text.assign(std::istreambuf_iterator<char>(file), {});
  if (!file) return misuse("the file of --config cannot be read: " + path);
  const Result<Json> parsed = Json::parse(text, kConfigLimits);
  if (!parsed.ok() || parsed->object() == nullptr) return misuse("the file of --config is not a JSON object: " + path);
  for (const auto& [name, value] : *parsed->object()) {
    const Option* const option = find_option(name);
    if (option == nullptr) return misuse("no such option in " + path + ": " + name);
    const Json::Array one = {value};
    const bool is_list = option->is_list() && value.array() != nullptr;
    for (const Json& element : is_list ? *value.array() : one) {
      const std::optional<std::string> element_text = config_text(element);
      if (!element_text) return misuse(name + " in " + path + " has a value of the wrong kind");
      if (Refusal refusal = give(given, *option, *element_text)) return refusal;
    }
  }
  return std::nullopt;
}

Refusal set_all(const Given& given, Options& options) {
  for (const auto& [name, values] : given) {
    const Option& option = *find_option(name);
    for (const std::string& value : values) {
      if (option.set(options, value)) continue;
      return misuse("--" + name + " cannot be " + (option.is_secret() ? "what it is" : value));
    }
  }
  return std::nullopt;
}

}  // namespace

std::variant<Options, Misuse> read_options(std::span<const std::string_view> words,
                                           std::span<const std::string_view> environment) {
  CommandLine line;
  if (Refusal refusal = read_words(words, line)) return *refusal;
  Options options;
  options.command = line.command;
  options.argument = line.argument;
  if (line.command == Command::help || line.command == Command::version) return options;
  Given variables;
  if (Refusal refusal = read_environment(environment, variables, line.config)) return *refusal;
  Given merged;
  if (line.config) {
    if (Refusal refusal = read_config(*line.config, merged)) return *refusal;
  }
  // A later source replaces all values of an option, lists included.
  for (auto* const source : {&variables, &line.given}) {
    for (auto& [name, values] : *source) merged[name] = values;
  }
  if (Refusal refusal = set_all(merged, options)) return *refusal;
  if (options.data.empty()) return Misuse{"--data is needed"};
  return options;
}

std::string options_help() {
  std::string text =
      "elicense-authority: issues electronic driving licences and answers for them\n\n"
      "usage: elicense-authority [COMMAND] --data DIR [OPTION]…      without a command it serves\n\n";
  const auto add = [&text](const std::string& form, std::string_view help, bool repeatable) {
    std::string line = "  " + form;
    line.resize(std::max<std::size_t>(35, line.size() + 2), ' ');
    text += line + std::string(help) + (repeatable ? " (may be repeated)" : "") + "\n";
  };
  for (const CommandEntry& entry : command_table())
    add(std::string(entry.words) + " " + std::string(entry.argument), entry.help, false);
  text += "\n";
  for (const Option& option : option_table())
    add("--" + std::string(option.name) + " " + std::string(option.value), option.help, option.is_list());
  add("--config FILE", "a JSON object with these names, without dashes in front; lists are arrays", false);
  add("--help, --version", "say so and end", false);
  return text +
         "\nEach is also a variable, ELICENSE_AUTHORITY_LISTEN and so on, lists with commas; --demo is true or false "
         "there.\nThe command line goes before the variables, these before the file. A password in the URL of --store "
         "belongs\ninto the variable or the file: everybody on the machine can read a command line. Ends on SIGTERM "
         "and "
         "SIGINT.\nExit: 0 stopped when asked, or done; 1 could not serve, or refused; 2 asked for wrongly, or a store "
         "or file\nthat cannot be used.\n";
}

}  // namespace elicense::authority
