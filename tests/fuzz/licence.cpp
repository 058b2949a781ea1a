#include "licence/licence.h"

#include "fuzz/fuzz.h"

using namespace elicense;

// Past the signature: the claims as JSON. What is taken is written back to the same claims.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto json = Json::parse(text_of(fuzz::view(data, size)), {.bytes = 262144, .depth = 16, .values = 8192});
  if (!json) return 0;
  const auto licence = licence_data_from_claims(*json);
  if (!licence) return 0;
  const Json written = licence_data_claims(*licence);
  const auto again = licence_data_from_claims(written);
  fuzz::must(again.ok() && Json(licence_data_claims(*again)) == written);
  return 0;
}
