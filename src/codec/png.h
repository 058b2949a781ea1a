// PNG files of one-bit images (ISO/IEC 15948), for codes on paper and in terminals' image viewers.
#pragma once

#include "base/bytes.h"
#include "codec/qr_code.h"

namespace elicense {

// `scale` pixels a module, 4 modules of quiet zone. A scale outside 1 to 64 is a broken invariant.
Bytes png_of(const QrCode& code, std::size_t scale);

}  // namespace elicense
