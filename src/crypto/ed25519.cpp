#include "crypto/ed25519.h"

#include <sodium/crypto_sign_ed25519.h>
#include <sodium/utils.h>

#include <algorithm>

namespace elicense {

Result<PublicKey> PublicKey::from(ByteView encoded) {
  if (encoded.size() != kSize) return ErrorCode::key_encoding;
  PublicKey key;
  std::copy(encoded.begin(), encoded.end(), key.bytes.begin());
  return key;
}

Result<Signature> Signature::from(ByteView encoded) {
  if (encoded.size() != kSize) return ErrorCode::signature;
  Signature signature;
  std::copy(encoded.begin(), encoded.end(), signature.bytes.begin());
  return signature;
}

Result<SecretKey> SecretKey::from_seed(ByteView seed) {
  if (seed.size() != kSeedSize) return ErrorCode::key_encoding;
  SecretKey key;
  crypto_sign_ed25519_seed_keypair(key.public_key_.bytes.data(), key.expanded_.data(), seed.data());
  return key;
}

SecretKey SecretKey::generate(RandomSource& random) {
  std::array<std::uint8_t, kSeedSize> seed{};
  random.fill(seed);
  SecretKey key = from_seed(seed).value();
  sodium_memzero(seed.data(), seed.size());
  return key;
}

SecretKey::SecretKey(SecretKey&& other) noexcept : expanded_(other.expanded_), public_key_(other.public_key_) {
  sodium_memzero(other.expanded_.data(), other.expanded_.size());
}

SecretKey& SecretKey::operator=(SecretKey&& other) noexcept {
  if (this != &other) {
    expanded_ = other.expanded_;
    public_key_ = other.public_key_;
    sodium_memzero(other.expanded_.data(), other.expanded_.size());
  }
  return *this;
}

SecretKey::~SecretKey() { sodium_memzero(expanded_.data(), expanded_.size()); }

Signature SecretKey::sign(const SigningInput& input) const {
  Signature signature;
  crypto_sign_ed25519_detached(signature.bytes.data(), nullptr, input.bytes.data(), input.bytes.size(),
                               expanded_.data());
  return signature;
}

Status verify_signature(const PublicKey& key, const SigningInput& input, const Signature& signature) {
  const int refused = crypto_sign_ed25519_verify_detached(signature.bytes.data(), input.bytes.data(),
                                                          input.bytes.size(), key.bytes.data());
  if (refused != 0) return ErrorCode::signature;
  return Done{};
}

}  // namespace elicense
