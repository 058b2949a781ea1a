#include "base/base64url.h"
#include "fuzz/fuzz.h"

using namespace elicense;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView input = fuzz::view(data, size);
  if (const auto bytes = base64url_decode(text_of(input))) fuzz::must(base64url_encode(*bytes) == text_of(input));
  if (const auto bytes = base64_decode(text_of(input))) fuzz::must(base64_encode(*bytes) == text_of(input));
  fuzz::must(equal(base64url_decode(base64url_encode(input)).value(), input));
  fuzz::must(equal(base64_decode(base64_encode(input)).value(), input));
  return 0;
}
