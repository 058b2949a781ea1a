// Options from a table: `--name VALUE` or `--name=VALUE`, and switches. Refuses unknown names, missing values, options
// given twice that may stand once, required ones left out, and words that belong to no option.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "cli/outcome.h"

namespace elicense::cli {

enum class Presence : std::uint8_t { optional, required, repeatable };

struct OptionSpec {
  std::string_view name;   // "--now"
  std::string_view value;  // "SECONDS"; empty: a switch
  Presence presence = Presence::optional;
  std::string_view help;
};
using OptionTable = std::vector<OptionSpec>;
OptionTable operator+(OptionTable left, const OptionTable& right);

class Arguments {
 public:
  static Outcome<Arguments> parse(OptionTable table, std::span<const std::string_view> words);

  // Asking for an option that is not in the table is a broken invariant.
  bool has(std::string_view name) const;
  std::optional<std::string> text(std::string_view name) const;
  std::string required(std::string_view name) const;
  std::vector<std::string> all(std::string_view name) const;
  Outcome<std::optional<std::int64_t>> count(std::string_view name) const;  // a decimal number, not negative
  Outcome<std::optional<UnixTime>> time(std::string_view name) const;

 private:
  struct Given {
    std::string_view name;
    std::string value;
  };
  explicit Arguments(OptionTable table) : table_(std::move(table)) {}
  Outcome<Done> take(std::span<const std::string_view>& words);
  const OptionSpec* find(std::string_view name) const;
  OptionTable table_;
  std::vector<Given> given_;
};

// --now, else the system clock: the one place that asks it.
OptionTable now_option();
Outcome<UnixTime> now_of(const Arguments& arguments);

}  // namespace elicense::cli
