#include "token/jws.h"

#include "fuzz/fuzz.h"
#include "support/demo.h"

using namespace elicense;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const PublicKey key = test::key_from(200).public_key();  // signs no seed: nothing may verify
  const auto jws = UnverifiedJws::parse(text_of(fuzz::view(data, size)), 65536);
  if (jws) fuzz::must(!jws->verify(key).ok());
  return 0;
}
