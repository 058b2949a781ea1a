// The functions of e-license-signer.wasm: Ed25519 for browsers whose WebCrypto has none. Keys live in this module's
// memory only and are wiped with elicense_signer_destroy. What a page can read, its scripts can read: the element says
// that these keys are kept in memory.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "base/bytes.h"
#include "crypto/ed25519.h"
#include "crypto/random.h"

using elicense::SecretKey;

extern "C" {

SecretKey* elicense_signer_create();
void elicense_signer_destroy(SecretKey* key);
void* elicense_signer_alloc(std::size_t size);
void elicense_signer_free(void* memory);
void elicense_signer_public_key(const SecretKey* key, std::uint8_t* to);
void elicense_signer_sign(const SecretKey* key, const std::uint8_t* bytes, std::size_t size, std::uint8_t* to);

SecretKey* elicense_signer_create() {
  elicense::SystemRandom random;
  return new SecretKey(SecretKey::generate(random));
}

void elicense_signer_destroy(SecretKey* key) { delete key; }

void* elicense_signer_alloc(std::size_t size) { return std::malloc(size); }

void elicense_signer_free(void* memory) { std::free(memory); }

// `to` has room for 32 bytes.
void elicense_signer_public_key(const SecretKey* key, std::uint8_t* to) {
  std::memcpy(to, key->public_key().bytes.data(), elicense::PublicKey::kSize);
}

// `to` has room for 64 bytes.
void elicense_signer_sign(const SecretKey* key, const std::uint8_t* bytes, std::size_t size, std::uint8_t* to) {
  const elicense::Signature signature = key->sign({.bytes = elicense::Bytes(bytes, bytes + size)});
  std::memcpy(to, signature.bytes.data(), elicense::Signature::kSize);
}

}  // extern "C"
