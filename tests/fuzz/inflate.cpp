#include "codec/deflate.h"
#include "fuzz/fuzz.h"

using namespace elicense;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static ZlibDeflater deflater(ZlibDeflater::Effort::balanced);
  const ByteView input = fuzz::view(data, size);
  constexpr std::size_t kMost = 65536;
  if (const auto bytes = zlib_inflate(input, kMost)) fuzz::must(bytes->size() <= kMost);
  if (size <= kMost) fuzz::must(equal(zlib_inflate(deflater.deflate(input), kMost).value(), input));
  return 0;
}
