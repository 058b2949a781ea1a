#include "base/base64url.h"

#include <array>

namespace elicense {
namespace {

constexpr std::string_view kUrlAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view kPlainAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t kForeign = 0xff;
using Reverse = std::array<std::uint8_t, 256>;

constexpr Reverse reverse_of(std::string_view alphabet) {
  Reverse reverse{};
  for (auto& entry : reverse) entry = kForeign;
  for (std::size_t i = 0; i < alphabet.size(); ++i) {
    reverse[static_cast<std::uint8_t>(alphabet[i])] = static_cast<std::uint8_t>(i);
  }
  return reverse;
}
constexpr Reverse kUrlReverse = reverse_of(kUrlAlphabet);
constexpr Reverse kPlainReverse = reverse_of(kPlainAlphabet);

std::string encode(ByteView bytes, std::string_view alphabet) {
  std::string text;
  text.reserve(bytes.size() / 3 * 4 + 4);
  std::uint32_t bits = 0;
  unsigned count = 0;
  for (const std::uint8_t byte : bytes) {
    bits = (bits << 8) | byte;
    count += 8;
    while (count >= 6) {
      count -= 6;
      text += alphabet[(bits >> count) & 63];
    }
  }
  if (count > 0) text += alphabet[(bits << (6 - count)) & 63];
  return text;
}

Result<Bytes> decode(std::string_view text, const Reverse& reverse) {
  if (text.size() % 4 == 1) return ErrorCode::base64url_length;
  Bytes bytes;
  bytes.reserve(text.size() / 4 * 3 + 2);
  std::uint32_t bits = 0;
  unsigned count = 0;
  for (const char c : text) {
    const std::uint8_t value = reverse[static_cast<std::uint8_t>(c)];
    if (value == kForeign) return ErrorCode::base64url_character;
    bits = (bits << 6) | value;
    count += 6;
    if (count >= 8) {
      count -= 8;
      bytes.push_back(static_cast<std::uint8_t>(bits >> count));
    }
  }
  if ((bits & ((1U << count) - 1)) != 0) return ErrorCode::base64url_length;
  return bytes;
}

}  // namespace

std::string base64url_encode(ByteView bytes) { return encode(bytes, kUrlAlphabet); }
Result<Bytes> base64url_decode(std::string_view text) { return decode(text, kUrlReverse); }

std::string base64_encode(ByteView bytes) {
  std::string text = encode(bytes, kPlainAlphabet);
  text.append((4 - text.size() % 4) % 4, '=');
  return text;
}

Result<Bytes> base64_decode(std::string_view text) {
  if (text.size() % 4 != 0) return ErrorCode::base64url_length;
  const std::size_t padding = text.ends_with("==") ? 2 : (text.ends_with("=") ? 1 : 0);
  return decode(text.substr(0, text.size() - padding), kPlainReverse);
}

}  // namespace elicense
