// What every fuzz target shares: the entry point's type, and a stop that a fuzzer notices.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "base/bytes.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace elicense::fuzz {

inline ByteView view(const std::uint8_t* data, std::size_t size) { return {data, size}; }
inline void must(bool condition) {
  if (!condition) std::abort();
}

}  // namespace elicense::fuzz
