#include "token/status_list.h"

#include "base/base64url.h"
#include "fuzz/fuzz.h"

using namespace elicense;

// The first byte chooses the width and an index, the rest is the zlib stream.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto array = StatusArray::decode(1 << (data[0] & 3), base64url_encode(fuzz::view(data + 1, size - 1)));
  if (!array) return 0;
  fuzz::must(!array->at(array->size()).ok());
  const std::uint64_t index = data[0];
  fuzz::must(array->at(index).ok() == (index < array->size()));
  return 0;
}
