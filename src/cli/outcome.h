// What a command answers: a report, or the problem that stopped it. A problem's reason is one line for a person and
// never repeats what a token or a claims file says.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "base/result.h"
#include "codec/json.h"

namespace elicense::cli {

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

// A value or a problem; made so that ELICENSE_TRY and ELICENSE_CHECK work with it.
template <class T>
class [[nodiscard]] Outcome {
 public:
  Outcome(T value) : state_(std::in_place_index<0>, std::move(value)) {}  // NOLINT(google-explicit-constructor)
  Outcome(Problem problem)
      : state_(std::in_place_index<1>, std::move(problem)) {}  // NOLINT(google-explicit-constructor)

  bool ok() const { return state_.index() == 0; }
  const T& value() const& {
    ELICENSE_ASSERT(ok());
    return *std::get_if<0>(&state_);
  }
  T&& value() && {
    ELICENSE_ASSERT(ok());
    return std::move(*std::get_if<0>(&state_));
  }
  const Problem& error() const {
    ELICENSE_ASSERT(!ok());
    return *std::get_if<1>(&state_);
  }

 private:
  std::variant<T, Problem> state_;
};

struct Report {
  Exit exit = Exit::good;
  Json json;         // printed with --json
  std::string text;  // printed without
};

}  // namespace elicense::cli
