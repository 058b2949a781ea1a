#include "base/utf8.h"

#include <gtest/gtest.h>

#include <string>

#include "support/expect.h"

namespace elicense {
namespace {

using test::hex;

bool is_utf8_text(std::string_view text) { return is_utf8(view_of(text)); }

// Unicode table 3-7 by arithmetic, to compare with.
std::string utf8_of(char32_t c) {
  const auto tail = [c](unsigned shift) { return static_cast<char>(0x80 | ((c >> shift) & 0x3f)); };
  if (c < 0x80) return {static_cast<char>(c)};
  if (c < 0x800) return {static_cast<char>(0xc0 | c >> 6), tail(0)};
  if (c < 0x10000) return {static_cast<char>(0xe0 | c >> 12), tail(6), tail(0)};
  return {static_cast<char>(0xf0 | c >> 18), tail(12), tail(6), tail(0)};
}

TEST(Utf8, TakesEveryScalarValueAndNoSurrogate) {
  for (char32_t c = 0; c <= 0x10ffff; ++c) {
    const bool surrogate = c >= 0xd800 && c <= 0xdfff;
    ASSERT_EQ(is_utf8_text(utf8_of(c)), !surrogate) << std::hex << static_cast<unsigned>(c);
  }
}

TEST(Utf8, EveryPairOfBytes) {
  for (unsigned first = 0; first < 256; ++first) {
    for (unsigned second = 0; second < 256; ++second) {
      const bool ascii = first < 0x80 && second < 0x80;
      const bool pair = first >= 0xc2 && first <= 0xdf && second >= 0x80 && second <= 0xbf;
      const Bytes bytes = {static_cast<std::uint8_t>(first), static_cast<std::uint8_t>(second)};
      ASSERT_EQ(is_utf8(bytes), ascii || pair) << first << ' ' << second;
    }
  }
}

TEST(Utf8, Refuses) {
  const char* const rows[] = {
      "80",
      "bf",
      "c0",
      "c080",
      "c1bf",
      "c2",
      "e0",
      "e08080",
      "e09fbf",
      "e4b8",
      "eda080",
      "edbfbf",
      "f08080",
      "f0808080",
      "f08fbfbf",
      "f4908080",
      "f5808080",
      "f880808080",
      "fc8080808080",
      "fe",
      "ff",
      "e4b8ade4b8",
      "c341",
      "e44141",
      "e4b841",
      "f0904141",
      "f09080",
      "41 80",
      "6161616161616161 ff",
      "61616161616161 c3",
  };
  for (const char* row : rows) EXPECT_FALSE(is_utf8(hex(row))) << row;
}

TEST(Utf8, FastPathKeepsItsBounds) {
  for (std::size_t length = 0; length < 40; ++length) {
    EXPECT_TRUE(is_utf8_text(std::string(length, 'a')));
    EXPECT_TRUE(is_utf8_text(std::string(length, 'a') + "中"));
    for (std::size_t at = 0; at < length; ++at) {
      std::string text(length, 'a');
      text[at] = '\xff';
      EXPECT_FALSE(is_utf8_text(text)) << length << ' ' << at;
    }
  }
  EXPECT_TRUE(is_utf8({}));
  EXPECT_TRUE(is_utf8_text(std::string_view("\0", 1)));
}

struct Row {
  const char* why;
  std::vector<std::string> clusters;
};

TEST(Graphemes, Clusters) {
  const Row rows[] = {
      {"nothing", {}},
      {"letters", {"a", "b", "c"}},
      {"Han", {"欧", "阳", "娜"}},
      {"Han beyond the basic plane", {"𠮷", "𡈽"}},
      {"Han with an ideographic variation selector", {"葛\U000e0100", "城"}},
      {"standardised variation", {"㐂\ufe00", "x"}},
      {"middle dot of Uyghur names in Han", {"买", "提", "·", "吐"}},
      {"Latin with a combining mark", {"e\u0301", "t"}},
      {"two marks", {"o\u0302\u0301", "."}},
      {"Arabic with harakat", {"م\u064f", "ح\u064e", "م\u0651\u064e", "د"}},
      {"Uyghur", {"ئ", "ۇ", "ي", "غ", "ۇ", "ر"}},
      {"Tibetan with vowel and subjoined letter", {"བ\u0f7c", "ས\u0f90", "\u0f0b"}},
      {"Thai with a spacing and a non-spacing mark", {"ก\u0e33", "น\u0e49"}},
      {"Devanagari with a spacing vowel", {"क\u093e", "म"}},
      {"Hangul jamo", {"\u1112\u1161\u11ab", "\u1100\u1173\u11af"}},
      {"Hangul syllables", {"한", "글"}},
      {"Hangul LV with T, LVT with T", {"하\u11ab", "한\u11ab", "한", "\u1161"}},
      {"flags pair up", {"🇨🇳", "🇺🇳"}},
      {"half a flag is left over", {"🇨🇳", "🇺"}},
      {"flag after a letter", {"a", "🇨🇳", "🇨"}},
      {"skin tone", {"👍🏽", "👍"}},
      {"family by joiners", {"👨‍👩‍👧", "x"}},
      {"heart on fire, with a variation selector", {"❤️‍🔥", "❤️"}},
      {"joiner joins pictographs alone", {"a‍", "b"}},
      {"two joiners join nothing", {"👨‍‍", "👩"}},
      {"mark behind the joiner breaks the chain", {"👨‍\u0301", "👩"}},
      {"keycap", {"1️⃣", "2"}},
      {"subdivision flag of tags", {"🏴󠁧󠁢󠁥󠁮󠁧󠁿", "x"}},
      {"non-joiner stays with its letter", {"م", "ی\u200c", "خ"}},
      {"prepended sign stays with the digits' first", {"\u0600١", "٢"}},
      {"CR LF", {"a", "\r\n", "\n", "\r", "\r\n"}},
      {"marks don't stick to controls", {"\n", "\u0301", "a"}},
      {"control after a joiner", {"👨‍", "\n", "👩"}},
      {"zero width space stands alone", {"a", "\u200b", "\u0301"}},
      {"mark in front", {"\u0301", "a"}},
  };
  for (const Row& row : rows) {
    std::string text;
    for (const std::string& cluster : row.clusters) text += cluster;
    ASSERT_TRUE(is_utf8_text(text)) << row.why;
    const std::vector<std::string_view> found = graphemes(text);
    EXPECT_EQ(std::vector<std::string>(found.begin(), found.end()), row.clusters) << row.why;
  }
}

TEST(Graphemes, NothingIsLostOrAdded) {
  std::string text;
  for (char32_t c = 0; c <= 0x10ffff; c += 7) {
    if (c < 0xd800 || c > 0xdfff) text += utf8_of(c);
  }
  const char* next = text.data();
  for (const std::string_view cluster : graphemes(text)) {
    ASSERT_FALSE(cluster.empty());
    ASSERT_EQ(cluster.data(), next);
    ASSERT_TRUE(is_utf8_text(cluster));
    next += cluster.size();
  }
  EXPECT_EQ(next, text.data() + text.size());
}

TEST(Graphemes, LongClusterIsOne) {
  std::string text = "a";
  for (int i = 0; i < 100000; ++i) text += "\u0301";
  EXPECT_EQ(graphemes(text).size(), 1U);
}

// The contract asks for UTF-8; a caller's mistake must still not leave the text.
TEST(Graphemes, StrayBytesStayWithinBounds) {
  for (const char* row : {"e4b8", "f09f91", "ff", "80", "c3", "61f0"}) {
    const Bytes bytes = hex(row);
    std::size_t total = 0;
    for (const std::string_view cluster : graphemes(text_of(bytes))) total += cluster.size();
    EXPECT_EQ(total, bytes.size()) << row;
  }
}

}  // namespace
}  // namespace elicense
