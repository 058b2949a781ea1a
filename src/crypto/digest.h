// SHA-256 (FIPS 180-4).
#pragma once

#include <array>
#include <cstdint>

#include "base/bytes.h"

namespace elicense {

using Sha256Digest = std::array<std::uint8_t, 32>;
Sha256Digest sha256(ByteView bytes);

}  // namespace elicense
