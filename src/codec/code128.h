// Code 128 (ISO/IEC 15417), sets B and C in the shortest mix. Refuses anything but printable ASCII, nothing, and more
// than 48 characters.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace elicense {

// One entry a module, 1 dark, from start to stop; the quiet zone (10 modules a side) is not included.
Result<std::vector<std::uint8_t>> code128_encode(std::string_view text);

}  // namespace elicense
