// QR codes (ISO/IEC 18004) in alphanumeric mode, the smallest version that holds the text. Refuses characters outside
// the alphanumeric set, text too long for version 40 and no text at all (qr-capacity both).
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace elicense {

enum class QrLevel : std::uint8_t { low, medium, quartile, high };

struct QrCode {
  int version = 0;                    // 1 to 40
  std::size_t size = 0;               // modules a side, quiet zone (4 modules) not included
  std::vector<std::uint8_t> modules;  // row by row, 1 dark
  bool dark(std::size_t x, std::size_t y) const { return modules[y * size + x] != 0; }
};

Result<QrCode> qr_encode(std::string_view alphanumeric, QrLevel level);

}  // namespace elicense
