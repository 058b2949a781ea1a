// A value or the reason why there is none. Reading the wrong one stops the program.
#pragma once

#include <optional>
#include <utility>

#include "base/error.h"
#include "base/invariant.h"

namespace elicense {

// Another type of error where a layer has reasons of its own (the store, files of an operator).
template <class T, class Error = ErrorCode>
class [[nodiscard]] Result {
 public:
  using Value = T;

  Result(T value) : value_(std::move(value)) {}      // NOLINT(google-explicit-constructor)
  Result(Error error) : error_(std::move(error)) {}  // NOLINT(google-explicit-constructor)

  bool ok() const { return value_.has_value(); }
  explicit operator bool() const { return ok(); }

  const T& value() const& {
    ELICENSE_ASSERT(ok());
    return *value_;
  }
  T& value() & {
    ELICENSE_ASSERT(ok());
    return *value_;
  }
  T&& value() && {
    ELICENSE_ASSERT(ok());
    return std::move(*value_);
  }
  const T& operator*() const& { return value(); }
  T& operator*() & { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  const T* operator->() const { return &value(); }
  T* operator->() { return &value(); }

  const Error& error() const {
    ELICENSE_ASSERT(!ok());
    return error_;
  }

 private:
  std::optional<T> value_;  // not std::variant: its visitors cost WebAssembly a fifth more time and size here
  Error error_{};           // meaningful only without a value
};

struct Done {};
using Status = Result<Done>;

// ELICENSE_TRY(auto x, expression): x is the value, or the enclosing function returns the error.
#define ELICENSE_JOIN_(a, b) a##b
#define ELICENSE_JOIN(a, b) ELICENSE_JOIN_(a, b)
#define ELICENSE_TRY_(temporary, declaration, ...) \
  auto temporary = (__VA_ARGS__);                  \
  if (!temporary.ok()) return temporary.error();   \
  declaration = std::move(temporary).value()
#define ELICENSE_TRY(declaration, ...) ELICENSE_TRY_(ELICENSE_JOIN(try_, __LINE__), declaration, __VA_ARGS__)
// ELICENSE_CHECK(expression): the same for results whose value does not matter.
#define ELICENSE_CHECK(...)                                                                             \
  do {                                                                                                  \
    if (auto outcome_to_check = (__VA_ARGS__); !outcome_to_check.ok()) return outcome_to_check.error(); \
  } while (false)

}  // namespace elicense
