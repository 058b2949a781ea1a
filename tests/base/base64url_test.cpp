#include "base/base64url.h"

#include <gtest/gtest.h>

#include "support/expect.h"

namespace elicense {
namespace {

using test::hex;
using test::outcome;

struct Row {
  std::string_view hex;
  std::string_view url;
  std::string_view plain;
};

// RFC 4648 10, and the two characters in which the alphabets differ.
constexpr Row kRows[] = {
    {"", "", ""},
    {"66", "Zg", "Zg=="},
    {"666f", "Zm8", "Zm8="},
    {"666f6f", "Zm9v", "Zm9v"},
    {"666f6f62", "Zm9vYg", "Zm9vYg=="},
    {"666f6f6261", "Zm9vYmE", "Zm9vYmE="},
    {"666f6f626172", "Zm9vYmFy", "Zm9vYmFy"},
    {"fbff", "-_8", "+/8="},
    {"ff", "_w", "/w=="},
    {"00", "AA", "AA=="},
};

TEST(Base64Url, GoesBothWays) {
  for (const Row& row : kRows) {
    EXPECT_EQ(base64url_encode(hex(row.hex)), row.url);
    EXPECT_EQ(base64url_decode(row.url).value(), hex(row.hex)) << row.url;
    EXPECT_EQ(base64_encode(hex(row.hex)), row.plain);
    EXPECT_EQ(base64_decode(row.plain).value(), hex(row.hex)) << row.plain;
  }
}

TEST(Base64Url, EveryByteValueAtEveryPlace) {
  Bytes all;
  for (unsigned i = 0; i < 256; ++i) all.push_back(static_cast<std::uint8_t>(i));
  for (std::size_t skip = 0; skip < 3; ++skip) {
    const ByteView bytes = ByteView(all).subspan(skip);
    EXPECT_TRUE(equal(base64url_decode(base64url_encode(bytes)).value(), bytes));
    EXPECT_TRUE(equal(base64_decode(base64_encode(bytes)).value(), bytes));
  }
}

struct Refusal {
  std::string_view text;
  std::string_view expected;
};

TEST(Base64Url, Refuses) {
  constexpr Refusal kRefusals[] = {
      {"A", "base64url-length"},
      {"AAAAA", "base64url-length"},
      {"Zh", "base64url-length"},
      {"Zm9", "base64url-length"},
      {"AB", "base64url-length"},
      {"Zg==", "base64url-character"},
      {"Zm8=", "base64url-character"},
      {"+/8", "base64url-character"},
      {"Zm 9v", "base64url-length"},
      {"Zm9v\n\n", "base64url-character"},
      {" Zm9", "base64url-character"},
      {"Zm9.", "base64url-character"},
      {"Zm\xc3\xa9", "base64url-character"},
  };
  for (const Refusal& row : kRefusals) EXPECT_EQ(outcome(base64url_decode(row.text)), row.expected) << row.text;
  EXPECT_EQ(outcome(base64url_decode(std::string_view("AA\0A", 4))), "base64url-character");
}

TEST(Base64, Refuses) {
  constexpr Refusal kRefusals[] = {
      {"Zg", "base64url-length"},      {"Zg=", "base64url-length"},         {"Zg===", "base64url-length"},
      {"=", "base64url-length"},       {"====", "base64url-character"},     {"A===", "base64url-character"},
      {"Z=g=", "base64url-character"}, {"Zh==", "base64url-length"},        {"Zm9=", "base64url-length"},
      {"-_8=", "base64url-character"}, {"Zg==Zg==", "base64url-character"}, {"Zm9v====", "base64url-character"},
  };
  for (const Refusal& row : kRefusals) EXPECT_EQ(outcome(base64_decode(row.text)), row.expected) << row.text;
}

TEST(Base64Url, OneValueHasOneSpelling) {
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::size_t taken = 0;
  for (const char first : kAlphabet) {
    for (const char second : kAlphabet) {
      const std::string text = {first, second};
      const auto bytes = base64url_decode(text);
      if (!bytes.ok()) continue;
      ++taken;
      EXPECT_EQ(base64url_encode(*bytes), text);
    }
  }
  EXPECT_EQ(taken, 256U);
}

}  // namespace
}  // namespace elicense
