#include "crypto/digest.h"

#include <sodium/crypto_hash_sha256.h>

namespace elicense {

Sha256Digest sha256(ByteView bytes) {
  Sha256Digest digest;
  crypto_hash_sha256(digest.data(), bytes.data(), bytes.size());
  return digest;
}

}  // namespace elicense
