#include "token/trust_list.h"

#include "fuzz/fuzz.h"
#include "support/demo.h"

using namespace elicense;

// Past the signature: the claims as JSON.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto json = Json::parse(text_of(fuzz::view(data, size)), {.bytes = 65536, .depth = 16, .values = 8192});
  if (!json) return 0;
  const auto content = trust_list_from_claims(*json);
  if (!content) return 0;
  const auto again = trust_list_from_claims(trust_list_claims(*content));
  fuzz::must(again.ok() && trust_list_claims(*again) == trust_list_claims(*content));
  return 0;
}
