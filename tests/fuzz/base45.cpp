#include "codec/base45.h"

#include "fuzz/fuzz.h"

using namespace elicense;

// What is taken has one spelling; what is written can be read.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView input = fuzz::view(data, size);
  if (const auto bytes = base45_decode(text_of(input))) fuzz::must(base45_encode(*bytes) == text_of(input));
  fuzz::must(equal(base45_decode(base45_encode(input)).value(), input));
  return 0;
}
