#include "licence/lease.h"

#include "fuzz/fuzz.h"

using namespace elicense;

// Past the signature: the payload of a lease.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto claims = decode_lease_claims(fuzz::view(data, size));
  if (!claims) return 0;
  const Bytes written = encode_lease_claims(*claims);
  const auto again = decode_lease_claims(written);
  fuzz::must(again.ok() && equal(encode_lease_claims(*again), written));
  return 0;
}
