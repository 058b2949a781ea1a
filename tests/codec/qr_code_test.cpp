#include "codec/qr_code.h"

#include <gtest/gtest.h>

#include <string>

#include "support/expect.h"

namespace elicense {
namespace {

using test::outcome;

// ISO/IEC 18004 table 7, alphanumeric mode.
TEST(QrCode, SmallestVersionThatHoldsTheText) {
  struct Row {
    QrLevel level;
    int version;
    std::size_t capacity;
  };
  constexpr Row kRows[] = {
      {QrLevel::low, 1, 25},    {QrLevel::low, 2, 47},      {QrLevel::low, 9, 335},     {QrLevel::low, 10, 395},
      {QrLevel::low, 13, 619},  {QrLevel::low, 16, 854},    {QrLevel::low, 26, 1990},   {QrLevel::low, 27, 2132},
      {QrLevel::medium, 1, 20}, {QrLevel::medium, 14, 528}, {QrLevel::quartile, 1, 16}, {QrLevel::quartile, 40, 2420},
      {QrLevel::high, 1, 10},   {QrLevel::high, 40, 1852},  {QrLevel::low, 40, 4296},   {QrLevel::medium, 40, 3391},
  };
  for (const Row& row : kRows) {
    const auto code = qr_encode(std::string(row.capacity, 'A'), row.level);
    ASSERT_TRUE(code.ok()) << row.version;
    EXPECT_EQ(code->version, row.version);
    EXPECT_EQ(code->size, static_cast<std::size_t>(17 + 4 * row.version));
    const auto larger = qr_encode(std::string(row.capacity + 1, 'A'), row.level);
    if (row.version == 40) {
      EXPECT_EQ(outcome(larger), "qr-capacity");
    } else {
      EXPECT_EQ(larger->version, row.version + 1);
    }
  }
}

void expect_finder(const QrCode& code, std::size_t left, std::size_t top) {
  for (std::size_t y = 0; y < 7; ++y) {
    for (std::size_t x = 0; x < 7; ++x) {
      const bool ring = x == 0 || x == 6 || y == 0 || y == 6;
      const bool core = x >= 2 && x <= 4 && y >= 2 && y <= 4;
      EXPECT_EQ(code.dark(left + x, top + y), ring || core) << x << ' ' << y;
    }
  }
}

TEST(QrCode, FixedPatternsAreWhereTheyBelong) {
  const QrCode code = qr_encode("HELLO WORLD $%*+-./:0189", QrLevel::medium).value();
  ASSERT_EQ(code.modules.size(), code.size * code.size);
  for (const std::uint8_t module : code.modules) ASSERT_LE(module, 1);
  expect_finder(code, 0, 0);
  expect_finder(code, code.size - 7, 0);
  expect_finder(code, 0, code.size - 7);
  for (std::size_t i = 8; i < code.size - 8; ++i) {
    EXPECT_EQ(code.dark(i, 6), i % 2 == 0);
    EXPECT_EQ(code.dark(6, i), i % 2 == 0);
  }
  EXPECT_TRUE(code.dark(8, code.size - 8));  // the dark module
}

// The two highest bits of the format information, unmasked (ISO/IEC 18004 7.9), name the level.
TEST(QrCode, SaysItsLevel) {
  constexpr std::pair<QrLevel, unsigned> kLevels[] = {
      {QrLevel::low, 1}, {QrLevel::medium, 0}, {QrLevel::quartile, 3}, {QrLevel::high, 2}};
  for (const auto& [level, indicator] : kLevels) {
    const QrCode code = qr_encode("LEVEL", level).value();
    const unsigned bits = (code.dark(0, 8) ? 2U : 0U) + (code.dark(1, 8) ? 1U : 0U);
    EXPECT_EQ(bits ^ 2U, indicator);
  }
}

TEST(QrCode, Refuses) {
  EXPECT_EQ(outcome(qr_encode("", QrLevel::low)), "qr-capacity");
  EXPECT_EQ(outcome(qr_encode(std::string(4297, 'A'), QrLevel::low)), "qr-capacity");
  for (unsigned c = 0; c < 256; ++c) {
    const std::string text = {'A', static_cast<char>(c)};
    const bool known =
        std::string_view("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:").find(text[1]) != std::string_view::npos;
    EXPECT_EQ(outcome(qr_encode(text, QrLevel::low)), known ? "ok" : "qr-character") << c;
  }
}

TEST(QrCode, SameTextSameSymbol) {
  const std::string text = "ABC-123";
  EXPECT_EQ(qr_encode(text, QrLevel::low)->modules, qr_encode(text, QrLevel::low)->modules);
  EXPECT_NE(qr_encode(text, QrLevel::low)->modules, qr_encode("ABC-124", QrLevel::low)->modules);
}

}  // namespace
}  // namespace elicense
