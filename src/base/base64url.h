// Base64url without padding (RFC 4648 5, RFC 7515 2), and plain Base64. Refuses padding, foreign characters, impossible
// lengths and unused bits that are not zero, so that one value has one spelling.
#pragma once

#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace elicense {

std::string base64url_encode(ByteView bytes);
Result<Bytes> base64url_decode(std::string_view text);

// Base64 with padding (RFC 4648 4), as data: URIs have it. As strict as the other; the same error codes.
std::string base64_encode(ByteView bytes);
Result<Bytes> base64_decode(std::string_view text);

}  // namespace elicense
