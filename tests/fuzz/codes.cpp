#include "codec/code128.h"
#include "codec/qr_code.h"
#include "fuzz/fuzz.h"

using namespace elicense;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = text_of(fuzz::view(data, size));
  if (const auto bars = code128_encode(text))
    fuzz::must(bars->size() % 11 == 2 && bars->front() == 1 && bars->back() == 1);
  if (size > 512) return 0;  // large symbols are slow to draw and take the same path
  if (const auto code = qr_encode(text, QrLevel::medium)) fuzz::must(code->modules.size() == code->size * code->size);
  return 0;
}
