// Why the store could not do what it was asked, as opposed to what it answers: "no such licence" or "spent before" are
// answers. Carries nothing but its code, so that no log line made of it can name anybody.
#pragma once

#include <cstdint>
#include <string_view>

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

StoreError error_of_errno();  // what it says of a file

template <class T>
using Stored = Result<T, StoreError>;
using StoreStatus = Stored<Done>;

}  // namespace elicense::authority
