#include "codec/base45.h"

#include <gtest/gtest.h>

#include "support/expect.h"

namespace elicense {
namespace {

using test::hex;
using test::outcome;

TEST(Base45, GoesBothWays) {
  struct Row {
    std::string_view hex;
    std::string_view text;
  };
  constexpr Row kRows[] = {
      {"", ""},        {"00", "00"},        {"ff", "U5"},
      {"2c", ":0"},    {"2d", "01"},        {"0000", "000"},
      {"ffff", "FGW"}, {"4142", "BB8"},     {"48656c6c6f2121", "%69 VD92EX0"},
      {"789c", "6BF"}, {"000000", "00000"}, {"626173652d3435", "UJCLQE7W581"},
  };
  for (const Row& row : kRows) {
    EXPECT_EQ(base45_encode(hex(row.hex)), row.text);
    EXPECT_EQ(base45_decode(row.text).value(), hex(row.hex)) << row.text;
  }
}

TEST(Base45, Refuses) {
  struct Row {
    std::string_view text;
    std::string_view expected;
  };
  constexpr Row kRows[] = {
      {"A", "base45-length"},        {"AAAA", "base45-length"},        {"GGW", "base45-range"},
      {":::", "base45-range"},       {"::", "base45-range"},           {"V5", "base45-range"},
      {"00000V5", "base45-length"},  {"000V5", "base45-range"},        {"aa8", "base45-character"},
      {"BB8b8", "base45-character"}, {"B!8", "base45-character"},      {"BB8\n", "base45-length"},
      {"BB\n", "base45-character"},  {"\n0", "base45-character"},      {"0\n", "base45-character"},
      {"BB8,0", "base45-character"}, {"\xc3\xa9", "base45-character"}, {"\xff\xff\xff", "base45-character"},
  };
  for (const Row& row : kRows) EXPECT_EQ(outcome(base45_decode(row.text)), row.expected) << row.text;
  EXPECT_EQ(outcome(base45_decode(std::string_view("BB\0", 3))), "base45-character");
}

TEST(Base45, EveryGroupOfTwoBytesHasOneSpelling) {
  for (unsigned value = 0; value <= 0xffff; ++value) {
    const Bytes bytes = {static_cast<std::uint8_t>(value >> 8), static_cast<std::uint8_t>(value)};
    const std::string text = base45_encode(bytes);
    ASSERT_EQ(text.size(), 3U);
    ASSERT_EQ(base45_decode(text).value(), bytes);
  }
}

TEST(Base45, OneByteAtTheEnd) {
  for (unsigned value = 0; value <= 0xff; ++value) {
    const Bytes bytes = {7, 7, static_cast<std::uint8_t>(value)};
    ASSERT_EQ(base45_decode(base45_encode(bytes)).value(), bytes);
  }
}

TEST(Base45, OneCharacterInThreeIsChecked) {
  for (unsigned c = 0; c < 256; ++c) {
    const auto character = static_cast<char>(c);
    const bool known =
        std::string_view("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:").find(character) != std::string_view::npos;
    for (std::size_t at = 0; at < 5; ++at) {
      std::string text = "00000";
      text[at] = character;
      const std::string result = outcome(base45_decode(text));
      EXPECT_EQ(result == "base45-character", !known) << c << " at " << at << ": " << result;
    }
  }
}

}  // namespace
}  // namespace elicense
