#include "codec/code128.h"

#include <algorithm>
#include <array>

namespace elicense {
namespace {

constexpr std::size_t kMostCharacters = 48;
constexpr std::uint32_t kChecksumModulus = 103;
constexpr std::uint8_t kSwitchToC = 99;
constexpr std::uint8_t kSwitchToB = 100;
constexpr std::uint8_t kStartB = 104;
constexpr std::uint8_t kStartC = 105;
constexpr std::uint8_t kStop = 106;

// Widths of bars and spaces by symbol value, ISO/IEC 15417 table 1; the stop's last bar is its own.
constexpr std::array<std::uint32_t, 107> kWidths = {
    212222, 222122, 222221, 121223, 121322, 131222, 122213, 122312, 132212, 221213, 221312, 231212, 112232, 122132,
    122231, 113222, 123122, 123221, 223211, 221132, 221231, 213212, 223112, 312131, 311222, 321122, 321221, 312212,
    322112, 322211, 212123, 212321, 232121, 111323, 131123, 131321, 112313, 132113, 132311, 211313, 231113, 231311,
    112133, 112331, 132131, 113123, 113321, 133121, 313121, 211331, 231131, 213113, 213311, 213131, 311123, 311321,
    331121, 312113, 312311, 332111, 314111, 221411, 431111, 111224, 111422, 121124, 121421, 141122, 141221, 112214,
    112412, 122114, 122411, 142112, 142211, 241211, 221114, 413111, 241112, 134111, 111242, 121142, 121241, 114212,
    124112, 124211, 411212, 421112, 421211, 212141, 214121, 412121, 111143, 111341, 131141, 114113, 114311, 411113,
    411311, 113141, 114131, 311141, 411131, 211412, 211214, 211232, 2331112};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_digit_pair(std::string_view text, std::size_t i) {
  return text.size() - i >= 2 && is_digit(text[i]) && is_digit(text[i + 1]);
}

// The fewest symbols for what is left of the text from each place on, when the reader is in set B or C there.
struct Remaining {
  std::array<std::size_t, kMostCharacters + 1> in_b{};
  std::array<std::size_t, kMostCharacters + 1> in_c{};
};

Remaining count_symbols(std::string_view text) {
  Remaining remaining;
  for (std::size_t i = text.size(); i-- > 0;) {
    const std::size_t by_character = 1 + remaining.in_b[i + 1];
    const std::size_t by_pair = is_digit_pair(text, i) ? 1 + remaining.in_c[i + 2] : by_character + 1;
    remaining.in_b[i] = std::min(by_character, by_pair + 1);
    remaining.in_c[i] = std::min(by_pair, by_character + 1);
  }
  return remaining;
}

std::vector<std::uint8_t> symbols_of(std::string_view text) {
  const Remaining remaining = count_symbols(text);
  bool in_c = remaining.in_c[0] < remaining.in_b[0];
  std::vector<std::uint8_t> symbols = {in_c ? kStartC : kStartB};
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t by_character = 1 + remaining.in_b[i + 1];
    if (in_c && remaining.in_c[i] > by_character) {
      symbols.push_back(kSwitchToB);
      in_c = false;
    } else if (!in_c && remaining.in_b[i] < by_character) {
      symbols.push_back(kSwitchToC);
      in_c = true;
    }
    if (in_c) {
      symbols.push_back(static_cast<std::uint8_t>((text[i] - '0') * 10 + (text[i + 1] - '0')));
      i += 2;
    } else {
      symbols.push_back(static_cast<std::uint8_t>(text[i] - ' '));
      i += 1;
    }
  }
  return symbols;
}

std::uint8_t check_symbol(const std::vector<std::uint8_t>& symbols) {
  std::uint32_t sum = symbols[0];
  for (std::size_t i = 1; i < symbols.size(); ++i) sum += static_cast<std::uint32_t>(i) * symbols[i];
  return static_cast<std::uint8_t>(sum % kChecksumModulus);
}

void draw(std::uint8_t symbol, std::vector<std::uint8_t>& modules) {
  std::uint8_t dark = 1;
  std::uint32_t divisor = symbol == kStop ? 1000000 : 100000;
  for (; divisor > 0; divisor /= 10) {
    modules.insert(modules.end(), kWidths[symbol] / divisor % 10, dark);
    dark ^= 1;
  }
}

}  // namespace

Result<std::vector<std::uint8_t>> code128_encode(std::string_view text) {
  if (text.empty() || text.size() > kMostCharacters) return ErrorCode::code128_length;
  for (const char c : text) {
    if (c < ' ' || c > '~') return ErrorCode::code128_character;
  }
  std::vector<std::uint8_t> symbols = symbols_of(text);
  symbols.push_back(check_symbol(symbols));
  symbols.push_back(kStop);

  std::vector<std::uint8_t> modules;
  modules.reserve(symbols.size() * 11 + 2);
  for (const std::uint8_t symbol : symbols) draw(symbol, modules);
  return modules;
}

}  // namespace elicense
