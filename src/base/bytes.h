// Owned bytes, views of bytes, and the ways between bytes and text. Refuses nothing but malformed hex.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace elicense {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

inline ByteView view_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
inline std::string_view text_of(ByteView bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }
inline Bytes copy_of(ByteView bytes) { return {bytes.begin(), bytes.end()}; }
inline void append(Bytes& to, ByteView more) { to.insert(to.end(), more.begin(), more.end()); }
bool equal(ByteView a, ByteView b);                    // for public data; secrets are compared in crypto/
bool has_equals(std::vector<std::string_view> texts);  // two that are the same

std::string to_hex(ByteView bytes);
std::optional<Bytes> from_hex(std::string_view text);  // either case, no spaces

}  // namespace elicense
