// The commands and options there are, each with its name, its help and how its value is read.
#pragma once

#include <span>
#include <string_view>

#include "authority/options.h"

namespace elicense::authority {

struct CommandEntry {
  Command command;
  std::string_view words;     // "operator add"
  std::string_view argument;  // for the help; empty: takes none
  std::string_view help;
};
std::span<const CommandEntry> command_table();

struct Option {
  std::string_view name;   // without its dashes
  std::string_view value;  // for the help; empty: a switch
  std::string_view help;
  bool (*set)(Options& options, std::string_view value);  // false: the value does not fit
  enum class Kind { once, list, secret } kind = Kind::once;

  bool is_list() const { return kind == Kind::list; }
  bool is_secret() const { return kind == Kind::secret; }  // its value is never repeated
};
std::span<const Option> option_table();

}  // namespace elicense::authority
