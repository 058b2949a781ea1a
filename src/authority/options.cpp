#include "authority/options.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>

#include "codec/json.h"

namespace elicense::authority {
namespace {

constexpr std::string_view kVariablePrefix = "ELICENSE_AUTHORITY_";
constexpr JsonLimits kConfigLimits = {64 * 1024, 3, 1000};

bool read_number(std::string_view text, std::size_t least, std::size_t most, std::size_t& number) {
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return false;
  if (value < least || value > most) return false;
  number = value;
  return true;
}

// 127.0.0.1:8080, [::1]:8080; a port of 0 is a free one.
bool read_listen(std::string_view text, Options& options) {
  const std::size_t colon = text.rfind(':');
  std::size_t port = 0;
  if (colon == std::string_view::npos || colon == 0 || !read_number(text.substr(colon + 1), 0, 65535, port))
    return false;
  std::string_view address = text.substr(0, colon);
  const bool is_bracketed = address.size() > 2 && address.front() == '[' && address.back() == ']';
  if (is_bracketed) address = address.substr(1, address.size() - 2);
  if (!is_bracketed && address.find(':') != std::string_view::npos) return false;
  options.address = address;
  options.port = static_cast<std::uint16_t>(port);
  return true;
}

// scheme://host[:port] in lower case, as browsers send it: no path, no wildcard.
bool is_origin(std::string_view text) {
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (text.substr(0, scheme.size()) != scheme) continue;
    const std::string_view host = text.substr(scheme.size());
    return !host.empty() && std::all_of(host.begin(), host.end(), [](char character) {
      const auto byte = static_cast<unsigned char>(character);
      return std::islower(byte) != 0 || std::isdigit(byte) != 0 ||
             std::string_view(".-:[]").find(character) != std::string_view::npos;
    });
  }
  return false;
}

struct Option {
  std::string_view name;   // without its dashes
  std::string_view value;  // for the help; empty: a switch
  std::string_view help;
  bool (*set)(Options& options, std::string_view value);  // false: the value does not fit
  bool repeatable = false;
};

constexpr std::array kOptions = {
    Option{"listen", "ADDRESS:PORT", "where to serve (127.0.0.1:8080); port 0: a free one",
           [](Options& o, std::string_view v) { return read_listen(v, o); }},
    Option{"data", "DIR", "the folder with database and keys (needed); made if it is not there",
           [](Options& o, std::string_view v) { return o.data = v, !v.empty(); }},
    Option{"site", "DIR", "static files to serve; without it there are none",
           [](Options& o, std::string_view v) { return o.site = v, !v.empty(); }},
    Option{"demo", "", "made-up people and fixed codes; for a demo's data folder only",
           [](Options& o, std::string_view v) { return o.demo = v == "true", v == "true" || v == "false"; }},
    Option{"origin", "URL", "this authority's identifier (http://ADDRESS:PORT); https behind TLS",
           [](Options& o, std::string_view v) { return o.origin = v, is_origin(v); }},
    Option{"allow-origin", "URL", "an origin whose pages may call this service",
           [](Options& o, std::string_view v) { return o.allowed_origins.emplace_back(v), is_origin(v); }, true},
    Option{"trusted-proxy", "ADDRESS", "a proxy whose X-Forwarded-For names the client",
           [](Options& o, std::string_view v) { return o.proxies.emplace_back(v), !v.empty(); }, true},
    Option{"body-limit", "BYTES", "the largest request body (262144)",
           [](Options& o, std::string_view v) { return read_number(v, 1024, 64 * 1024 * 1024, o.body_limit); }},
    Option{"request-timeout", "SECONDS", "for a request to arrive whole (10)",
           [](Options& o, std::string_view v) { return read_number(v, 1, 600, o.request_seconds); }},
    Option{"idle-timeout", "SECONDS", "for a connection without traffic (60)",
           [](Options& o, std::string_view v) { return read_number(v, 1, 3600, o.idle_seconds); }},
    Option{"log-level", "LEVEL", "error, warning, info or debug (info)",
           [](Options& o, std::string_view v) {
             const std::optional<LogLevel> level = log_level_of(v);
             if (level) o.log_level = *level;
             return level.has_value();
           }},
};

const Option* find_option(std::string_view name) {
  const auto* const found =
      std::find_if(kOptions.begin(), kOptions.end(), [name](const Option& option) { return option.name == name; });
  return found == kOptions.end() ? nullptr : found;
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
  if (!values.empty() && !option.repeatable) return misuse("--" + std::string(option.name) + " is given twice");
  values.push_back(std::move(value));
  return std::nullopt;
}

struct CommandLine {
  Given given;
  std::optional<std::string> config;
  Command command = Command::serve;
};

Refusal read_words(std::span<const std::string_view> words, CommandLine& line) {
  for (std::size_t i = 0; i < words.size(); ++i) {
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
    const auto* const option = std::find_if(kOptions.begin(), kOptions.end(),
                                            [name](const Option& known) { return variable_of(known) == name; });
    if (option == kOptions.end()) return misuse("no such variable: " + std::string(name));
    while (option->repeatable && value.find(',') != std::string_view::npos) {
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
    const bool is_list = option->repeatable && value.array() != nullptr;
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
    for (const std::string& value : values) {
      if (!find_option(name)->set(options, value)) return misuse("--" + name + " cannot be " + value);
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
  if (line.command != Command::serve) return options;
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
      "usage: elicense-authority --data DIR [OPTION]…\n\n";
  const auto add = [&text](const std::string& form, std::string_view help, bool repeatable) {
    std::string line = "  " + form;
    line.resize(std::max<std::size_t>(28, line.size() + 2), ' ');
    text += line + std::string(help) + (repeatable ? " (may be repeated)" : "") + "\n";
  };
  for (const Option& option : kOptions)
    add("--" + std::string(option.name) + " " + std::string(option.value), option.help, option.repeatable);
  add("--config FILE", "a JSON object with these names, without dashes in front; lists are arrays", false);
  add("--help, --version", "say so and end", false);
  return text +
         "\nEach is also a variable, ELICENSE_AUTHORITY_LISTEN and so on, lists with commas; --demo is true or false "
         "there.\nThe command line goes before the variables, these before the file. Ends on SIGTERM and SIGINT.\n"
         "Exit: 0 stopped when asked, 1 could not serve, 2 asked for wrongly.\n";
}

}  // namespace elicense::authority
