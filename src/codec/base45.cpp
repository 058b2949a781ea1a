#include "codec/base45.h"

#include <array>

namespace elicense {
namespace {

constexpr std::string_view kAlphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
constexpr std::uint32_t kBase = 45;
static_assert(kAlphabet.size() == kBase);
constexpr std::uint8_t kForeign = 0xff;

constexpr std::array<std::uint8_t, 256> kReverse = [] {
  std::array<std::uint8_t, 256> reverse{};
  for (auto& entry : reverse) entry = kForeign;
  for (std::size_t i = 0; i < kAlphabet.size(); ++i) {
    reverse[static_cast<std::uint8_t>(kAlphabet[i])] = static_cast<std::uint8_t>(i);
  }
  return reverse;
}();

std::uint32_t digit(char c) { return kReverse[static_cast<std::uint8_t>(c)]; }

}  // namespace

std::string base45_encode(ByteView bytes) {
  std::string text(bytes.size() / 2 * 3 + bytes.size() % 2 * 2, '0');
  char* to = text.data();
  std::size_t i = 0;
  for (; bytes.size() - i >= 2; i += 2) {
    const std::uint32_t value = bytes[i] * 256U + bytes[i + 1];
    *to++ = kAlphabet[value % kBase];
    *to++ = kAlphabet[value / kBase % kBase];
    *to++ = kAlphabet[value / (kBase * kBase)];
  }
  if (i < bytes.size()) {
    *to++ = kAlphabet[bytes[i] % kBase];
    *to++ = kAlphabet[bytes[i] / kBase];
  }
  return text;
}

Result<Bytes> base45_decode(std::string_view text) {
  if (text.size() % 3 == 1) return ErrorCode::base45_length;
  Bytes bytes(text.size() / 3 * 2 + (text.size() % 3 == 2 ? 1 : 0));
  std::uint8_t* to = bytes.data();
  std::size_t i = 0;
  for (; text.size() - i >= 3; i += 3) {
    const std::uint32_t low = digit(text[i]);
    const std::uint32_t middle = digit(text[i + 1]);
    const std::uint32_t high = digit(text[i + 2]);
    if (low == kForeign || middle == kForeign || high == kForeign) return ErrorCode::base45_character;
    const std::uint32_t value = low + kBase * (middle + kBase * high);
    if (value > 0xffff) return ErrorCode::base45_range;
    *to++ = static_cast<std::uint8_t>(value >> 8);
    *to++ = static_cast<std::uint8_t>(value);
  }
  if (i < text.size()) {
    const std::uint32_t low = digit(text[i]);
    const std::uint32_t high = digit(text[i + 1]);
    if (low == kForeign || high == kForeign) return ErrorCode::base45_character;
    const std::uint32_t value = low + kBase * high;
    if (value > 0xff) return ErrorCode::base45_range;
    *to = static_cast<std::uint8_t>(value);
  }
  return bytes;
}

}  // namespace elicense
