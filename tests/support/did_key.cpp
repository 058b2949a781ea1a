#include "support/did_key.h"

#include <algorithm>
#include <array>

namespace elicense::test {

std::optional<Bytes> base58_decode(std::string_view text) {
  constexpr std::string_view kAlphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
  Bytes little_endian;
  for (const char c : text) {
    const std::size_t digit = kAlphabet.find(c);
    if (digit == std::string_view::npos) return std::nullopt;
    std::size_t carry = digit;
    for (std::uint8_t& byte : little_endian) {
      carry += std::size_t{byte} * kAlphabet.size();
      byte = static_cast<std::uint8_t>(carry);
      carry >>= 8;
    }
    if (carry > 0) little_endian.push_back(static_cast<std::uint8_t>(carry));
  }
  const std::size_t zeros = std::min(text.find_first_not_of(kAlphabet.front()), text.size());
  little_endian.insert(little_endian.end(), zeros, 0);
  return Bytes(little_endian.rbegin(), little_endian.rend());
}

std::optional<PublicKey> key_of_did(std::string_view did) {
  constexpr std::array<std::uint8_t, 2> kEd25519PublicKey = {0xed, 0x01};
  const std::size_t multibase = did.rfind("z6Mk");
  if (multibase == std::string_view::npos) return std::nullopt;
  const auto bytes = base58_decode(did.substr(multibase + 1));
  if (!bytes || bytes->size() != kEd25519PublicKey.size() + PublicKey::kSize) return std::nullopt;
  if (!std::equal(kEd25519PublicKey.begin(), kEd25519PublicKey.end(), bytes->begin())) return std::nullopt;
  return PublicKey::from(ByteView(*bytes).subspan(kEd25519PublicKey.size())).value();
}

std::optional<PublicKey> key_of_certificate(ByteView der) {
  // SEQUENCE { SEQUENCE { OBJECT IDENTIFIER 1.3.101.112 }, BIT STRING of 33 bytes, no unused bits }
  constexpr std::array<std::uint8_t, 12> kHead = {0x30, 0x2a, 0x30, 0x05, 0x06, 0x03,
                                                  0x2b, 0x65, 0x70, 0x03, 0x21, 0x00};
  const auto found = std::search(der.begin(), der.end(), kHead.begin(), kHead.end());
  const auto start = static_cast<std::size_t>(found - der.begin()) + kHead.size();
  if (found == der.end() || PublicKey::kSize > der.size() - start) return std::nullopt;
  return PublicKey::from(der.subspan(start, PublicKey::kSize)).value();
}

}  // namespace elicense::test
