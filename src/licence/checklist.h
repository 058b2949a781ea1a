// A verification is a row of named steps; the list keeps how far it came and what stopped it.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace elicense {

struct CheckStep {
  std::string_view name;
  std::optional<ErrorCode> error;  // nullopt: passed
};

class Checklist {
 public:
  // Notes the outcome of a step and hands it on.
  template <class T>
  Result<T> note(std::string_view name, Result<T> outcome) {
    steps_.push_back({name, outcome.ok() ? std::nullopt : std::optional(outcome.error())});
    return outcome;
  }
  const std::vector<CheckStep>& steps() const { return steps_; }

 private:
  std::vector<CheckStep> steps_;
};

}  // namespace elicense
