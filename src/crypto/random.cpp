#include "crypto/random.h"

#include "base/result.h"

#ifdef __EMSCRIPTEN__
#include <emscripten.h>

// One call a request, not one a byte. getRandomValues takes at most 65,536 bytes and no shared memory.
EM_JS(int, elicense_random_fill, (void* to, int size), {
  const bytes = new Uint8Array(size);
  globalThis.crypto.getRandomValues(bytes);
  HEAPU8.set(bytes, to);
  return 1;
});
#else
#include <unistd.h>
#endif

#include <algorithm>

namespace elicense {

void SystemRandom::fill(std::span<std::uint8_t> bytes) {
  while (!bytes.empty()) {
    const std::size_t count = std::min<std::size_t>(bytes.size(), 256);  // the most getentropy gives at once
#ifdef __EMSCRIPTEN__
    ELICENSE_ASSERT(elicense_random_fill(bytes.data(), static_cast<int>(count)) == 1);
#else
    ELICENSE_ASSERT(getentropy(bytes.data(), count) == 0);
#endif
    bytes = bytes.subspan(count);
  }
}

}  // namespace elicense
