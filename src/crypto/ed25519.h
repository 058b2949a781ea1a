// Ed25519 (RFC 8032), the only signature algorithm here. Verification is libsodium's strict one: it refuses small-order
// and non-canonical points and S not below the group order. Keys, signatures and bytes to be signed are different
// types.
#pragma once

#include <array>
#include <cstdint>

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/random.h"

namespace elicense {

struct PublicKey {
  static constexpr std::size_t kSize = 32;
  std::array<std::uint8_t, kSize> bytes{};

  static Result<PublicKey> from(ByteView encoded);
  ByteView view() const { return bytes; }
  bool operator==(const PublicKey&) const = default;
};

struct Signature {
  static constexpr std::size_t kSize = 64;
  std::array<std::uint8_t, kSize> bytes{};

  static Result<Signature> from(ByteView encoded);  // the length only; verify() tells what it is worth
  ByteView view() const { return bytes; }
};

// The exact bytes under a signature, so that no other bytes are signed by mistake.
struct SigningInput {
  Bytes bytes;
};

// Who signs for an authority: a key in memory, or a device that keeps it to itself and may fail to answer.
class Signer {
 public:
  virtual ~Signer() = default;
  virtual const PublicKey& public_key() const = 0;
  virtual Result<Signature> signature_over(const SigningInput& input) const = 0;  // fails with signer-unavailable
};

// Wiped when it goes; copied only on purpose.
class SecretKey final : public Signer {
 public:
  static constexpr std::size_t kSeedSize = 32;

  static Result<SecretKey> from_seed(ByteView seed);
  static SecretKey generate(RandomSource& random);
  SecretKey(SecretKey&& other) noexcept;
  SecretKey& operator=(SecretKey&& other) noexcept;
  SecretKey(const SecretKey&) = delete;
  SecretKey& operator=(const SecretKey&) = delete;
  ~SecretKey() override;

  const PublicKey& public_key() const override { return public_key_; }
  Result<Signature> signature_over(const SigningInput& input) const override { return sign(input); }
  ByteView seed() const { return ByteView(expanded_).first(kSeedSize); }
  Signature sign(const SigningInput& input) const;

 private:
  SecretKey() = default;
  std::array<std::uint8_t, 64> expanded_{};  // seed, then public key: libsodium's form
  PublicKey public_key_;
};

Status verify_signature(const PublicKey& key, const SigningInput& input, const Signature& signature);

}  // namespace elicense
