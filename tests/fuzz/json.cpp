#include "codec/json.h"

#include "base/bytes.h"
#include "fuzz/fuzz.h"

using namespace elicense;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr JsonLimits kLimits = {.bytes = 1 << 20, .depth = 16, .values = 4096};
  const auto json = Json::parse(text_of(fuzz::view(data, size)), kLimits);
  if (!json) return 0;
  const auto again = Json::parse(json->dump(), kLimits);
  fuzz::must(again.ok() && *again == *json);
  const auto pretty = Json::parse(json->dump_pretty(), kLimits);
  fuzz::must(pretty.ok() && *pretty == *json);
  return 0;
}
