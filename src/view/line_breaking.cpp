#include "view/line_breaking.h"

#include <algorithm>
#include <cstdint>

#include "base/utf8.h"

namespace elicense {

namespace {

std::size_t size_of_character(char first) {
  const auto byte = static_cast<std::uint8_t>(first);
  return byte < 0x80U ? 1U : byte < 0xe0U ? 2U : byte < 0xf0U ? 3U : 4U;
}

std::uint32_t code_point(std::string_view character) {
  const auto at = [&](std::size_t i) { return static_cast<std::uint8_t>(character[i]) & 0x3fU; };
  const auto first = static_cast<std::uint8_t>(character[0]);
  switch (character.size()) {
    case 1:
      return first;
    case 2:
      return (first & 0x1fU) << 6 | at(1);
    case 3:
      return (first & 0x0fU) << 12 | at(1) << 6 | at(2);
    default:
      return (first & 0x07U) << 18 | at(1) << 12 | at(2) << 6 | at(3);
  }
}

// Characters after which and before which a line may be broken.
bool is_ideograph(std::uint32_t c) {
  return (c >= 0x2e80 && c <= 0xa4cf) || (c >= 0xac00 && c <= 0xd7a3) || (c >= 0xf900 && c <= 0xfaff) ||
         (c >= 0xfe30 && c <= 0xfe4f) || (c >= 0xff00 && c <= 0xff60) || (c >= 0x20000 && c <= 0x3ffff);
}

bool closes(std::uint32_t c) {
  switch (c) {
    case 0x2019:  // ’
    case 0x201d:  // ”
    case 0x2026:  // …
    case 0x00b7:  // ·
    case 0x3001:  // 、
    case 0x3002:  // 。
    case 0x300b:  // 》
    case 0x300d:  // 」
    case 0xff01:  // ！
    case 0xff09:  // ）
    case 0xff0c:  // ，
    case 0xff1a:  // ：
    case 0xff1b:  // ；
    case 0xff1f:  // ？
      return true;
    default:
      return false;
  }
}

bool opens(std::uint32_t c) { return c == 0x201c || c == 0x2018 || c == 0x300a || c == 0x300c || c == 0xff08; }

}  // namespace

std::vector<std::string_view> characters(std::string_view text) {
  std::vector<std::string_view> found;
  while (!text.empty()) {
    const std::size_t size = std::min(size_of_character(text[0]), text.size());
    found.push_back(text.substr(0, size));
    text.remove_prefix(size);
  }
  return found;
}

std::size_t count_characters(std::string_view text) {
  std::size_t count = 0;
  for (const char byte : text) count += (static_cast<std::uint8_t>(byte) & 0xc0U) != 0x80U ? 1 : 0;
  return count;
}

std::vector<std::string_view> unbreakable_units(std::string_view text) {
  std::vector<std::string_view> units;
  const auto extend = [&](std::string_view by) {
    units.back() = {units.back().data(), units.back().size() + by.size()};
  };
  bool may_break = true;
  bool after_opening = false;
  for (const std::string_view grapheme : graphemes(text)) {
    const std::uint32_t c = code_point(grapheme.substr(0, size_of_character(grapheme[0])));
    const bool space = c == ' ' || c == 0x3000;
    if (units.empty() || (!space && !closes(c) && (may_break || is_ideograph(c)) && !after_opening)) {
      units.push_back(grapheme);
    } else {
      extend(grapheme);
    }
    may_break = space || is_ideograph(c) || closes(c);
    after_opening = opens(c);
  }
  return units;
}

bool runs_from_right(std::string_view text) {
  for (const std::string_view character : characters(text)) {
    const std::uint32_t c = code_point(character);
    if ((c >= 0x590 && c <= 0x8ff) || (c >= 0xfb1d && c <= 0xfdff) || (c >= 0xfe70 && c <= 0xfeff)) return true;
  }
  return false;
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char byte) { return static_cast<std::uint8_t>(byte) < 0x80; });
}

std::string_view without_trailing_spaces(std::string_view text) {
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

}  // namespace elicense
