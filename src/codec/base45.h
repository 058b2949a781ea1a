// Base45 (RFC 9285), the text of a QR code in alphanumeric mode. Refuses foreign characters (lower case too),
// impossible lengths and groups above their range.
#pragma once

#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace elicense {

std::string base45_encode(ByteView bytes);
Result<Bytes> base45_decode(std::string_view text);

}  // namespace elicense
