#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "codec/cbor.h"
#include "support/expect.h"

namespace elicense::cbor {
namespace {

using test::hex;
using test::outcome;

constexpr Limits kLimits = {.bytes = 1 << 16, .depth = 16, .items = 1 << 14};

Result<Document> parse(std::string_view digits, const Limits& limits = kLimits) {
  return Document::parse(hex(digits), limits);
}

struct Row {
  const char* why;
  const char* hex;
  const char* expected;
};

void expect_outcomes(std::span<const Row> rows) {
  for (const Row& row : rows) EXPECT_EQ(outcome(parse(row.hex)), row.expected) << row.why << ": " << row.hex;
}

TEST(CborReader, WellFormedAndNot) {
  constexpr Row kRows[] = {
      {"zero", "00", "ok"},
      {"nothing", "", "cbor-truncated"},
      {"1-byte argument missing", "18", "cbor-truncated"},
      {"2-byte argument cut", "1901", "cbor-truncated"},
      {"4-byte argument cut", "1a010203", "cbor-truncated"},
      {"8-byte argument cut", "1b01020304050607", "cbor-truncated"},
      {"half cut", "f93c", "cbor-truncated"},
      {"single cut", "fa3f8000", "cbor-truncated"},
      {"double cut", "fb3ff00000000000", "cbor-truncated"},
      {"byte string cut", "430102", "cbor-truncated"},
      {"text string cut", "626a", "cbor-truncated"},
      {"array of two", "820102", "ok"},
      {"array lacks an element", "8201", "cbor-truncated"},
      {"map lacks a value", "a101", "cbor-truncated"},
      {"map lacks a pair", "a20102", "cbor-truncated"},
      {"tag lacks its content", "c2", "cbor-truncated"},
      {"inner array lacks an element", "83018201", "cbor-truncated"},
      {"byte behind", "0000", "cbor-trailing"},
      {"byte behind an array", "810000", "cbor-trailing"},
      {"break behind", "80ff", "cbor-trailing"},
      {"break alone", "ff", "cbor-reserved"},
      {"break in an array", "81ff", "cbor-reserved"},
      {"indefinite byte string", "5f4101ff", "cbor-indefinite"},
      {"indefinite text", "7f6161ff", "cbor-indefinite"},
      {"indefinite array", "9fff", "cbor-indefinite"},
      {"indefinite map", "bfff", "cbor-indefinite"},
      {"indefinite inside", "819fff", "cbor-indefinite"},
      {"indefinite integer", "1f", "cbor-reserved"},
      {"indefinite negative", "3f", "cbor-reserved"},
      {"indefinite tag", "df00", "cbor-reserved"},
      {"reserved 28", "1c", "cbor-reserved"},
      {"reserved 29", "5d", "cbor-reserved"},
      {"reserved 30", "9e", "cbor-reserved"},
      {"reserved 28 of a tag", "dc", "cbor-reserved"},
      {"reserved 28 of major 7", "fc", "cbor-reserved"},
      {"simple 0 in two bytes", "f800", "cbor-reserved"},
      {"simple 24 in two bytes (no longer in RFC 8949)", "f818", "cbor-reserved"},
      {"simple 31 in two bytes", "f81f", "cbor-reserved"},
      {"simple 32", "f820", "ok"},
      {"simple 255", "f8ff", "ok"},
      {"simple 16", "f0", "ok"},
  };
  expect_outcomes(kRows);
}

TEST(CborReader, HeadsAreMinimal) {
  constexpr Row kRows[] = {
      {"23 in two bytes", "1817", "cbor-not-minimal"},
      {"24", "1818", "ok"},
      {"255 in three bytes", "1900ff", "cbor-not-minimal"},
      {"256", "190100", "ok"},
      {"65535 in five bytes", "1a0000ffff", "cbor-not-minimal"},
      {"65536", "1a00010000", "ok"},
      {"2^32-1 in nine bytes", "1b00000000ffffffff", "cbor-not-minimal"},
      {"2^32", "1b0000000100000000", "ok"},
      {"negative", "3800", "cbor-not-minimal"},
      {"byte string length", "580100", "cbor-not-minimal"},
      {"text length", "79000161", "cbor-not-minimal"},
      {"array count", "980100", "cbor-not-minimal"},
      {"map count", "b90000", "cbor-not-minimal"},
      {"tag number", "d80000", "cbor-not-minimal"},
      {"double that a half could hold", "fb3ff0000000000000", "ok"},
  };
  expect_outcomes(kRows);
}

TEST(CborReader, TextIsUtf8) {
  constexpr Row kRows[] = {
      {"Han", "63e6b0b4", "ok"},
      {"empty", "60", "ok"},
      {"stray byte", "61ff", "cbor-utf8"},
      {"sequence cut by the length", "62e6b0", "cbor-utf8"},
      {"surrogate", "63eda080", "cbor-utf8"},
      {"overlong", "62c080", "cbor-utf8"},
      {"as a key", "a161ff00", "cbor-utf8"},
      {"byte strings may hold anything", "41ff", "ok"},
  };
  expect_outcomes(kRows);
}

TEST(CborReader, LengthsBeyondTheDocument) {
  constexpr Row kRows[] = {
      {"bytes, 2^32-1", "5affffffff00", "cbor-truncated"},
      {"bytes, 2^32", "5b000000010000000000", "cbor-truncated"},
      {"bytes, 2^64-1", "5bffffffffffffffff00", "cbor-truncated"},
      {"text, 2^32", "7b000000010000000000", "cbor-truncated"},
      {"text, 2^64-1", "7bffffffffffffffff00", "cbor-truncated"},
      {"array, 2^32", "9b000000010000000000", "cbor-truncated"},
      {"array, 2^64-1", "9bffffffffffffffff00", "cbor-truncated"},
      {"map, 2^31 pairs: doubles to 2^32", "ba800000000000", "cbor-truncated"},
      {"map, 2^32", "bb00000001000000000000", "cbor-truncated"},
      {"map, 2^63: doubles to 0", "bb80000000000000000000", "cbor-truncated"},
      {"map, 2^64-1", "bbffffffffffffffff0000", "cbor-truncated"},
      {"map, 2^31+1: doubles to 2 in 32 bits", "ba800000010000", "cbor-truncated"},
      {"tag 2^64-1 is a number like others", "dbffffffffffffffff00", "ok"},
  };
  expect_outcomes(kRows);
}

TEST(CborReader, DuplicateKeys) {
  constexpr Row kRows[] = {
      {"integers", "a201000100", "cbor-duplicate-key"},
      {"negative integers", "a220002000", "cbor-duplicate-key"},
      {"texts", "a26161006161 00", "cbor-duplicate-key"},
      {"byte strings", "a2416100416100", "cbor-duplicate-key"},
      {"text and byte string of the same bytes", "a2416100616100", "ok"},
      {"1 and -2 share an argument", "a201002100", "ok"},
      {"1 and 1.0", "a20100f93c0000", "ok"},
      {"far apart", "a401000200030001 00", "cbor-duplicate-key"},
      {"in an inner map", "8201a201000100", "cbor-duplicate-key"},
      {"in a key", "a1a20100010000", "cbor-duplicate-key"},
      {"same key in two maps", "82a10100a10100", "ok"},
      {"1.0 as half and single", "a2f93c0000fa3f80000000", "cbor-duplicate-key"},
      {"1.0 as half and double", "a2f93c0000fb3ff000000000000000", "cbor-duplicate-key"},
      {"0.0 and -0.0", "a2f9000000f9800000", "ok"},
      {"two NaN", "a2f97e0000f97e0100", "cbor-duplicate-key"},
      {"arrays of floats in other widths", "a281f93c000081fa3f80000000", "cbor-duplicate-key"},
      {"tagged floats in other widths", "a2c1f93c0000c1fa3f80000000", "cbor-duplicate-key"},
      {"tags of other numbers", "a2c10100c20100", "ok"},
      {"maps as keys, in other order", "a2a20100020000a20200010000", "cbor-duplicate-key"},
      {"booleans", "a2f500f500", "cbor-duplicate-key"},
      {"true and false", "a2f500f400", "ok"},
      {"not sorted, all distinct", "a3030002000100", "ok"},
  };
  expect_outcomes(kRows);
}

TEST(CborReader, LimitsAreExact) {
  EXPECT_EQ(outcome(parse("00", {.bytes = 1, .depth = 1, .items = 1})), "ok");
  EXPECT_EQ(outcome(parse("00", {.bytes = 0, .depth = 1, .items = 1})), "cbor-size");
  EXPECT_EQ(outcome(parse("00", {.bytes = 1, .depth = 0, .items = 1})), "cbor-depth");
  EXPECT_EQ(outcome(parse("00", {.bytes = 1, .depth = 1, .items = 0})), "cbor-count");
  EXPECT_EQ(outcome(parse("80", {.bytes = 9, .depth = 1, .items = 9})), "ok");
  EXPECT_EQ(outcome(parse("8101", {.bytes = 9, .depth = 1, .items = 9})), "cbor-depth");
  EXPECT_EQ(outcome(parse("8101", {.bytes = 9, .depth = 2, .items = 9})), "ok");
  EXPECT_EQ(outcome(parse("c101", {.bytes = 9, .depth = 1, .items = 9})), "cbor-depth");
  EXPECT_EQ(outcome(parse("a10102", {.bytes = 9, .depth = 1, .items = 9})), "cbor-depth");
  EXPECT_EQ(outcome(parse("a1a10102c103", {.bytes = 9, .depth = 3, .items = 9})), "ok");
  EXPECT_EQ(outcome(parse("a1a10102c103", {.bytes = 9, .depth = 2, .items = 9})), "cbor-depth");
  EXPECT_EQ(outcome(parse("83010203", {.bytes = 9, .depth = 2, .items = 4})), "ok");
  EXPECT_EQ(outcome(parse("83010203", {.bytes = 9, .depth = 2, .items = 3})), "cbor-count");
  EXPECT_EQ(outcome(parse("8281018102", {.bytes = 9, .depth = 3, .items = 4})), "cbor-count");
  EXPECT_EQ(outcome(parse("a10102", {.bytes = 9, .depth = 2, .items = 3})), "ok");
  EXPECT_EQ(outcome(parse("a10102", {.bytes = 9, .depth = 2, .items = 2})), "cbor-count");
}

TEST(CborReader, Integers) {
  struct Number {
    const char* hex;
    std::optional<std::int64_t> integer;
    std::uint64_t magnitude;
  };
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
  const Number rows[] = {
      {"00", 0, 0},
      {"17", 23, 23},
      {"1818", 24, 24},
      {"20", -1, 0},
      {"3863", -100, 99},
      {"1b7fffffffffffffff", kMost, 0x7fffffffffffffff},
      {"1b8000000000000000", std::nullopt, 0x8000000000000000},
      {"1bffffffffffffffff", std::nullopt, 0xffffffffffffffff},
      {"3b7fffffffffffffff", kLeast, 0x7fffffffffffffff},
      {"3b8000000000000000", std::nullopt, 0x8000000000000000},
      {"3bffffffffffffffff", std::nullopt, 0xffffffffffffffff},
  };
  for (const Number& row : rows) {
    const Document document = parse(row.hex).value();
    EXPECT_EQ(document.root().integer(), row.integer) << row.hex;
    EXPECT_EQ(document.root().magnitude(), row.magnitude) << row.hex;
  }
}

TEST(CborReader, FloatingPoint) {
  struct Number {
    const char* hex;
    double value;
  };
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  const Number rows[] = {
      {"f90000", 0.0},
      {"f98000", -0.0},
      {"f93c00", 1.0},
      {"f97bff", 65504.0},
      {"f90001", 0x1p-24},
      {"f903ff", 0x3ffp-24},
      {"f90400", 0x1p-14},
      {"f9c400", -4.0},
      {"f97c00", kInfinity},
      {"f9fc00", -kInfinity},
      {"fa47c35000", 100000.0},
      {"fa7f7fffff", 3.4028234663852886e+38},
      {"fa00000001", 0x1p-149},
      {"fa7f800000", kInfinity},
      {"fb3ff199999999999a", 1.1},
      {"fb7ff0000000000000", kInfinity},
      {"fbc010666666666666", -4.1},
  };
  for (const Number& row : rows) {
    const Document document = parse(row.hex).value();
    EXPECT_EQ(document.root().floating(), row.value) << row.hex;
    EXPECT_EQ(std::signbit(*document.root().floating()), std::signbit(row.value)) << row.hex;
  }
  for (const char* nan : {"f97e00", "f97c01", "fa7fc00000", "fb7ff8000000000001"}) {
    EXPECT_TRUE(std::isnan(*parse(nan)->root().floating())) << nan;
  }
}

// Every getter of every kind: one answers, the others don't.
TEST(CborReader, GettersAnswerForTheirKindOnly) {
  struct Sample {
    const char* hex;
    Kind kind;
  };
  constexpr Sample kSamples[] = {
      {"01", Kind::unsigned_integer},
      {"20", Kind::negative_integer},
      {"4101", Kind::byte_string},
      {"6161", Kind::text_string},
      {"8101", Kind::array},
      {"a10102", Kind::map},
      {"c101", Kind::tag},
      {"f5", Kind::simple},
      {"f93c00", Kind::floating},
  };
  for (const Sample& sample : kSamples) {
    const Document document = parse(sample.hex).value();
    const Item root = document.root();
    EXPECT_EQ(root.kind(), sample.kind);
    const bool integer = sample.kind == Kind::unsigned_integer || sample.kind == Kind::negative_integer;
    EXPECT_EQ(root.integer().has_value(), integer) << sample.hex;
    EXPECT_EQ(root.magnitude().has_value(), integer) << sample.hex;
    EXPECT_EQ(root.bytes().has_value(), sample.kind == Kind::byte_string) << sample.hex;
    EXPECT_EQ(root.text().has_value(), sample.kind == Kind::text_string) << sample.hex;
    EXPECT_EQ(root.tag().has_value(), sample.kind == Kind::tag) << sample.hex;
    EXPECT_EQ(root.tagged().has_value(), sample.kind == Kind::tag) << sample.hex;
    EXPECT_EQ(root.simple().has_value(), sample.kind == Kind::simple) << sample.hex;
    EXPECT_EQ(root.floating().has_value(), sample.kind == Kind::floating) << sample.hex;
    EXPECT_EQ(root.at(0).has_value(), sample.kind == Kind::array) << sample.hex;
    EXPECT_EQ(root.find(1).has_value(), sample.kind == Kind::map) << sample.hex;
    EXPECT_EQ(root.size(), sample.kind == Kind::array || sample.kind == Kind::map ? 1U : 0U) << sample.hex;
    EXPECT_EQ(root.elements().size(), sample.kind == Kind::array ? 1U : 0U) << sample.hex;
    EXPECT_EQ(root.pairs().size(), sample.kind == Kind::map ? 1U : 0U) << sample.hex;
  }
}

TEST(CborReader, WalksOverWhatIsNested) {
  // [[1, [2]], {3: [4]}, 6("x"), 5]
  const Document document = parse("84 82018102 a1038104 c66178 05").value();
  const Item root = document.root();
  EXPECT_EQ(document.item_count(), 12U);
  ASSERT_EQ(root.size(), 4U);
  const std::vector<Item> elements = root.elements();
  ASSERT_EQ(elements.size(), 4U);
  const char* const encoded[] = {"82018102", "a1038104", "c66178", "05"};
  for (std::size_t i = 0; i < elements.size(); ++i) {
    EXPECT_EQ(to_hex(elements[i].encoded()), encoded[i]);
    EXPECT_EQ(to_hex(root.at(i)->encoded()), encoded[i]);
  }
  EXPECT_FALSE(root.at(4));
  EXPECT_FALSE(root.at(SIZE_MAX));
  EXPECT_EQ(elements[1].find(3)->at(0)->integer(), 4);
  EXPECT_EQ(elements[2].tag(), 6U);
  EXPECT_EQ(elements[2].tagged()->text(), "x");
  EXPECT_TRUE(equal(root.encoded(), hex("84 82018102 a1038104 c66178 05")));
}

TEST(CborReader, FindsKeysOfEitherKind) {
  // {1: 10, -1: 11, "a": 12, h'61': 13, 8: {1: 14}, "": 15}
  const Document document = parse("a6 010a 200b 61610c 41610d 08a1010e 600f").value();
  const Item root = document.root();
  EXPECT_EQ(root.find(1)->integer(), 10);
  EXPECT_EQ(root.find(-1)->integer(), 11);
  EXPECT_EQ(root.find("a")->integer(), 12);
  EXPECT_EQ(root.find("")->integer(), 15);
  EXPECT_EQ(root.find(8)->find(1)->integer(), 14);
  EXPECT_FALSE(root.find(10));  // a value, no key
  EXPECT_FALSE(root.find(0));
  EXPECT_FALSE(root.find("b"));
  EXPECT_FALSE(root.find(14));
  const auto pairs = root.pairs();
  ASSERT_EQ(pairs.size(), 6U);
  EXPECT_EQ(pairs[3].first.bytes()->size(), 1U);
  EXPECT_EQ(pairs[5].second.integer(), 15);
}

TEST(CborReader, EmptyContents) {
  const Document document = parse("84 40 60 80 a0").value();
  const auto elements = document.root().elements();
  ASSERT_EQ(elements.size(), 4U);
  EXPECT_TRUE(elements[0].bytes()->empty());
  EXPECT_TRUE(elements[1].text()->empty());
  EXPECT_TRUE(elements[2].elements().empty());
  EXPECT_TRUE(elements[3].pairs().empty());
  EXPECT_FALSE(elements[2].at(0));
  EXPECT_FALSE(elements[3].find(0));
}

TEST(CborReader, KeepsItsOwnCopyOfTheBytes) {
  Bytes bytes = hex("6161");
  const Document document = Document::parse(bytes, kLimits).value();
  bytes[1] = 'b';
  EXPECT_EQ(document.root().text(), "a");
}

TEST(CborReader, DocumentsCanBeMoved) {
  Document first = parse("826161 01").value();
  const Document second = std::move(first);
  EXPECT_EQ(second.root().at(0)->text(), "a");
}

}  // namespace
}  // namespace elicense::cbor
