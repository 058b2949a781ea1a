#include "cli/options.h"

#include <algorithm>
#include <charconv>
#include <chrono>

namespace elicense::cli {
namespace {

bool is_option_name(std::string_view word) {
  const auto is_name_character = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
  return word.starts_with("--") && word.size() > 2 && word.size() < 40 &&
         std::all_of(word.begin(), word.end(), is_name_character);
}

}  // namespace

OptionTable operator+(OptionTable left, const OptionTable& right) {
  left.insert(left.end(), right.begin(), right.end());
  return left;
}

Outcome<Arguments> Arguments::parse(OptionTable table, std::span<const std::string_view> words) {
  Arguments arguments(std::move(table));
  while (!words.empty()) ELICENSE_CHECK(arguments.take(words));
  for (const OptionSpec& spec : arguments.table_) {
    if (spec.presence == Presence::required && !arguments.has(spec.name)) {
      return usage_problem(std::string(spec.name) + " " + std::string(spec.value) + " is needed");
    }
  }
  return arguments;
}

// The next option with its value. Words that are no option are not repeated: they may be a key or somebody's code.
Outcome<Done> Arguments::take(std::span<const std::string_view>& words) {
  const std::string_view word = words.front();
  words = words.subspan(1);
  const std::size_t equals = word.find('=');
  const std::string_view name = word.substr(0, equals);
  if (!is_option_name(name)) return usage_problem("an argument that belongs to no option");
  const OptionSpec* spec = find(name);
  if (spec == nullptr) return usage_problem("unknown option " + std::string(name));
  if (spec->presence != Presence::repeatable && has(name)) return usage_problem(std::string(name) + " is given twice");
  if (spec->value.empty()) {
    if (equals != std::string_view::npos) return usage_problem(std::string(name) + " takes no value");
    given_.push_back({spec->name, {}});
    return Done{};
  }
  if (equals != std::string_view::npos) {
    given_.push_back({spec->name, std::string(word.substr(equals + 1))});
    return Done{};
  }
  if (words.empty() || words.front().starts_with("--")) {
    const std::string form = std::string(name) + "=" + std::string(spec->value);
    return usage_problem(std::string(name) + " needs a value (write " + form + " if the value begins with --)");
  }
  given_.push_back({spec->name, std::string(words.front())});
  words = words.subspan(1);
  return Done{};
}

const OptionSpec* Arguments::find(std::string_view name) const {
  const auto found =
      std::find_if(table_.begin(), table_.end(), [name](const OptionSpec& spec) { return spec.name == name; });
  return found == table_.end() ? nullptr : &*found;
}

bool Arguments::has(std::string_view name) const {
  ELICENSE_ASSERT(find(name) != nullptr);
  return std::any_of(given_.begin(), given_.end(), [name](const Given& given) { return given.name == name; });
}

std::optional<std::string> Arguments::text(std::string_view name) const {
  if (!has(name)) return std::nullopt;
  return all(name).front();
}

std::string Arguments::required(std::string_view name) const {
  const auto value = text(name);
  ELICENSE_ASSERT(value.has_value());
  return *value;
}

std::vector<std::string> Arguments::all(std::string_view name) const {
  ELICENSE_ASSERT(find(name) != nullptr);
  std::vector<std::string> values;
  for (const Given& given : given_) {
    if (given.name == name) values.push_back(given.value);
  }
  return values;
}

Outcome<std::optional<std::int64_t>> Arguments::count(std::string_view name) const {
  const auto value = text(name);
  if (!value) return std::optional<std::int64_t>();
  std::int64_t number = 0;
  const char* end = value->data() + value->size();
  const auto [stopped, error] = std::from_chars(value->data(), end, number);
  if (error != std::errc() || stopped != end || number < 0) {
    return usage_problem(std::string(name) + " takes a whole number that is not negative");
  }
  return std::optional(number);
}

Outcome<std::optional<UnixTime>> Arguments::time(std::string_view name) const {
  ELICENSE_TRY(const auto seconds, count(name));
  if (!seconds) return std::optional<UnixTime>();
  if (!is_wire_time(*seconds))
    return usage_problem(std::string(name) + " takes seconds since 1970, up to the year 9999");
  return std::optional(UnixTime{*seconds});
}

OptionTable now_option() {
  return {{"--now", "SECONDS", Presence::optional, "the time to go by, since 1970 (default: the system clock)"}};
}

Outcome<UnixTime> now_of(const Arguments& arguments) {
  ELICENSE_TRY(const auto given, arguments.time("--now"));
  if (given) return *given;
  const auto since_1970 = std::chrono::system_clock::now().time_since_epoch();
  const std::int64_t seconds = std::chrono::floor<std::chrono::seconds>(since_1970).count();
  if (!is_wire_time(seconds)) return usage_problem("the system clock is before 1970");
  return UnixTime{seconds};
}

}  // namespace elicense::cli
