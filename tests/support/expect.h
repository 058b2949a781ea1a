// Results as text, so that a table can hold what is expected and a failure can be read.
#pragma once

#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace elicense::test {

// "ok" or the error's name.
template <class T>
std::string outcome(const Result<T>& result) {
  return result.ok() ? "ok" : std::string(error_name(result.error()));
}

// Hexadecimal, spaces ignored, or the program stops: for what a test itself writes down.
inline Bytes hex(std::string_view text) {
  std::string digits;
  for (const char c : text) {
    if (c != ' ') digits += c;
  }
  const auto bytes = from_hex(digits);
  ELICENSE_ASSERT(bytes);
  return *bytes;
}

}  // namespace elicense::test
