#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "codec/bit_cast.h"
#include "codec/cbor.h"
#include "support/expect.h"

namespace elicense::cbor {
namespace {

using test::hex;

constexpr Limits kLimits = {.bytes = 1 << 16, .depth = 16, .items = 1 << 14};

std::string written(const Encoded& encoded) { return to_hex(encoded.bytes); }

TEST(CborWriter, IntegersTakeTheShortestHead) {
  struct Row {
    std::int64_t value;
    const char* hex;
  };
  constexpr Row kRows[] = {
      {0, "00"},
      {23, "17"},
      {24, "1818"},
      {255, "18ff"},
      {256, "190100"},
      {65535, "19ffff"},
      {65536, "1a00010000"},
      {4294967295, "1affffffff"},
      {4294967296, "1b0000000100000000"},
      {std::numeric_limits<std::int64_t>::max(), "1b7fffffffffffffff"},
      {-1, "20"},
      {-24, "37"},
      {-25, "3818"},
      {-256, "38ff"},
      {-257, "390100"},
      {-4294967296, "3affffffff"},
      {-4294967297, "3b0000000100000000"},
      {std::numeric_limits<std::int64_t>::min(), "3b7fffffffffffffff"},
  };
  for (const Row& row : kRows) EXPECT_EQ(written(integer(row.value)), row.hex) << row.value;
  EXPECT_EQ(written(unsigned_integer(std::numeric_limits<std::uint64_t>::max())), "1bffffffffffffffff");
}

TEST(CborWriter, StringsArraysTagsSimples) {
  EXPECT_EQ(written(byte_string({})), "40");
  EXPECT_EQ(written(byte_string(hex("010203"))), "43010203");
  EXPECT_EQ(written(text_string("")), "60");
  EXPECT_EQ(written(text_string("水")), "63e6b0b4");
  EXPECT_EQ(written(byte_string(Bytes(24, 0))), "5818" + std::string(48, '0'));
  EXPECT_EQ(written(byte_string(Bytes(256, 0))), "590100" + std::string(512, '0'));
  EXPECT_EQ(written(array({})), "80");
  EXPECT_EQ(written(array({integer(1), array({integer(2)})})), "82018102");
  EXPECT_EQ(written(array(std::vector<Encoded>(24, integer(0)))), "9818" + std::string(48, '0'));
  EXPECT_EQ(written(array_head(0)), "80");
  EXPECT_EQ(written(array_head(256)), "990100");
  EXPECT_EQ(written(tag(18, array({}))), "d280");
  EXPECT_EQ(written(tag(61, null())), "d83df6");
  EXPECT_EQ(written(boolean(true)), "f5");
  EXPECT_EQ(written(boolean(false)), "f4");
  EXPECT_EQ(written(null()), "f6");
}

// RFC 8949 4.2.1: by the bytes of the encoded keys, so 10 < 100 < -1 < "z" < "aa" < [100] < [-1] < false.
TEST(CborWriter, MapsAreSortedByTheirEncodedKeys) {
  std::vector<std::pair<Encoded, Encoded>> pairs;
  pairs.emplace_back(boolean(false), integer(8));
  pairs.emplace_back(text_string("aa"), integer(5));
  pairs.emplace_back(integer(100), integer(2));
  pairs.emplace_back(array({integer(-1)}), integer(7));
  pairs.emplace_back(integer(10), integer(1));
  pairs.emplace_back(text_string("z"), integer(4));
  pairs.emplace_back(array({integer(100)}), integer(6));
  pairs.emplace_back(integer(-1), integer(3));
  EXPECT_EQ(written(map(pairs)), to_hex(hex("a8 0a01 186402 2003 617a04 62616105 81186406 812007 f408")));
  EXPECT_EQ(written(map({})), "a0");
}

TEST(CborWriter, FloatsTakeTheShortestWidthThatKeepsTheValue) {
  struct Row {
    double value;
    const char* hex;
  };
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  const Row rows[] = {
      {0.0, "f90000"},
      {-0.0, "f98000"},
      {1.0, "f93c00"},
      {1.5, "f93e00"},
      {-4.0, "f9c400"},
      {65504.0, "f97bff"},
      {65505.0, "fa477fe100"},
      {65536.0, "fa47800000"},
      {0x1p-14, "f90400"},
      {0x1p-15, "f90200"},
      {0x1p-24, "f90001"},
      {0x3ffp-24, "f903ff"},
      {0x1p-25, "fa33000000"},
      {0x1.8p-24, "fa33c00000"},
      {0x1.004p0, "f93c01"},
      {0x1.002p0, "fa3f801000"},
      {100000.0, "fa47c35000"},
      {3.4028234663852886e+38, "fa7f7fffff"},
      {3.4028234663852889e+38, "fb47efffffe0000001"},
      {3.5e+38, "fb47f074f8c4d3cd7b"},
      {0x1p-149, "fa00000001"},
      {0x1p-150, "fb3690000000000000"},
      {1.1, "fb3ff199999999999a"},
      {5e-324, "fb0000000000000001"},
      {1e300, "fb7e37e43c8800759c"},
      {kInfinity, "f97c00"},
      {-kInfinity, "f9fc00"},
      {std::numeric_limits<double>::quiet_NaN(), "f97e00"},
      {-std::numeric_limits<double>::quiet_NaN(), "f97e00"},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(written(floating(row.value)), row.hex) << row.value;
  }
}

TEST(CborWriter, EveryHalfComesBackAsItWas) {
  for (unsigned bits = 0; bits <= 0xffff; ++bits) {
    const Bytes bytes = {0xf9, static_cast<std::uint8_t>(bits >> 8), static_cast<std::uint8_t>(bits)};
    const Document document = Document::parse(bytes, kLimits).value();
    const bool nan = (bits & 0x7c00) == 0x7c00 && (bits & 0x3ff) != 0;
    ASSERT_EQ(written(encode(document.root())), nan ? "f97e00" : to_hex(bytes));
  }
}

TEST(CborWriter, FloatsOfAnyWidthKeepTheirValue) {
  std::uint64_t bits = 1;
  for (int i = 0; i < 100000; ++i) {
    bits = bits * 6364136223846793005U + 1442695040888963407U;
    const auto as_float = static_cast<double>(bit_cast<float>(static_cast<std::uint32_t>(bits >> 32)));
    for (const double value : {bit_cast<double>(bits), as_float}) {
      const Document document = Document::parse(floating(value).bytes, kLimits).value();
      const double back = *document.root().floating();
      if (std::isnan(value)) {
        ASSERT_TRUE(std::isnan(back));
      } else {
        ASSERT_EQ(bit_cast<std::uint64_t>(back), bit_cast<std::uint64_t>(value));
      }
    }
  }
}

TEST(CborWriter, EncodeGivesTheDeterministicForm) {
  struct Row {
    const char* received;
    const char* deterministic;
  };
  constexpr Row kRows[] = {
      {"a3 0300 0200 0100", "a3 0100 0200 0300"},
      {"82 a2 0200 0100 fb3ff0000000000000", "82 a2 0100 0200 f93c00"},
      {"d2 a2 616200 616100", "d2 a2 616100 616200"},
      {"a1 a2 0200 0100 fa47c35000", "a1 a2 0100 0200 fa47c35000"},
      {"fb7ff8000000000001", "f97e00"},
      {"1bffffffffffffffff", "1bffffffffffffffff"},
      {"3bffffffffffffffff", "3bffffffffffffffff"},
      {"87 43010203 63e6b0b4 f5 f7 f820 80 a0", "87 43010203 63e6b0b4 f5 f7 f820 80 a0"},
  };
  for (const Row& row : kRows) {
    const Document document = Document::parse(hex(row.received), kLimits).value();
    EXPECT_EQ(written(encode(document.root())), to_hex(hex(row.deterministic))) << row.received;
  }
}

TEST(CborWriter, WhatIsWrittenIsRead) {
  std::vector<std::pair<Encoded, Encoded>> header;
  header.emplace_back(integer(4), byte_string(hex("0102030405060708")));
  header.emplace_back(integer(1), integer(-8));
  const Encoded message =
      tag(18, array({byte_string(map(header).bytes), map({}), byte_string({}), byte_string(Bytes(64, 7))}));
  const Document document = Document::parse(message.bytes, kLimits).value();
  EXPECT_EQ(document.root().tag(), 18U);
  EXPECT_EQ(document.root().tagged()->at(3)->bytes()->size(), 64U);
  EXPECT_EQ(to_hex(*document.root().tagged()->at(0)->bytes()),
            "a201270448"
            "0102030405060708");
}

#if GTEST_HAS_DEATH_TEST
TEST(CborWriterDeathTest, EqualKeysAreABrokenInvariant) {
  std::vector<std::pair<Encoded, Encoded>> pairs;
  pairs.emplace_back(integer(1), integer(1));
  pairs.emplace_back(integer(1), integer(2));
  EXPECT_DEATH(map(pairs), "broken invariant");
}
#endif

}  // namespace
}  // namespace elicense::cbor
