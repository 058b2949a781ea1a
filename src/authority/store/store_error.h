// Why the store could not do what it was asked, as opposed to what it answers: "no such licence" or "spent before" are
// answers. Carries nothing but its code, so that no log line made of it can name anybody.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include "base/result.h"

namespace elicense::authority {

enum class StoreError : std::uint8_t {
  unavailable,         // cannot be opened or reached; it may come back by itself
  busy,                // another writer held it longer than we wait; try again
  full,                // no room left: nothing was written, reading goes on
  read_only,           // the file or folder may not be written
  constraint,          // breaks a rule of the schema: names a licence that is not there, or a key that is taken
  corrupt,             // what is stored is not what was written
  newer_schema,        // written by a newer program
  made_for_demo,       // the data was made with --demo and is refused without it
  made_for_production  // the data was made without --demo and is refused with it
};

std::string_view store_error_name(StoreError error);  // "store-full"
std::string_view store_error_text(StoreError error);  // a sentence for an operator

// As Result<T> of the core; ELICENSE_TRY and ELICENSE_CHECK work with it.
template <class T>
class [[nodiscard]] Stored {
 public:
  using Value = T;

  Stored(T value) : value_(std::move(value)) {}  // NOLINT(google-explicit-constructor)
  Stored(StoreError error) : error_(error) {}    // NOLINT(google-explicit-constructor)

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

  StoreError error() const {
    ELICENSE_ASSERT(!ok());
    return error_;
  }

 private:
  std::optional<T> value_;
  StoreError error_{};  // meaningful only without a value
};

using StoreStatus = Stored<Done>;

}  // namespace elicense::authority
