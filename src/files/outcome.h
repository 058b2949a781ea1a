// A value, or the problem that a program stops with. A problem's reason is one line for an operator and never repeats
// what a token or a claims file says.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"

namespace elicense {

enum class Exit : int { good = 0, refused = 1, usage = 2 };

struct Problem {
  Exit exit = Exit::usage;
  std::string reason;
  std::optional<ErrorCode> error;
  std::string field;  // the member of a claims file that was refused; empty otherwise
};

// Asked for wrongly, or a file that cannot be used: nothing was decided.
inline Problem usage_problem(std::string reason) {
  return {.exit = Exit::usage, .reason = std::move(reason), .error = std::nullopt, .field = {}};
}
inline Problem refusal(ErrorCode error, std::string reason) {
  return {.exit = Exit::refused, .reason = std::move(reason), .error = error, .field = {}};
}
inline Problem field_refusal(ErrorCode error, std::string_view field, std::string reason) {
  return {.exit = Exit::refused, .reason = std::move(reason), .error = error, .field = std::string(field)};
}

template <class T>
using Outcome = Result<T, Problem>;

}  // namespace elicense
