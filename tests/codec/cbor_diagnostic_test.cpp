#include <gtest/gtest.h>

#include "codec/cbor.h"
#include "support/expect.h"

namespace elicense::cbor {
namespace {

using test::hex;

constexpr Limits kLimits = {.bytes = 1 << 20, .depth = 20, .items = 1 << 20};

std::string shown(ByteView bytes, ByteStrings byte_strings) {
  const Document document = Document::parse(bytes, kLimits).value();
  return diagnose(document.root(), byte_strings);
}

struct Row {
  const char* hex;
  const char* text;
};

TEST(CborDiagnostic, EveryKind) {
  constexpr Row kRows[] = {
      {"00", "0"},
      {"1bffffffffffffffff", "18446744073709551615"},
      {"20", "-1"},
      {"3b7fffffffffffffff", "-9223372036854775808"},
      {"3bfffffffffffffffe", "-18446744073709551615"},
      {"3bffffffffffffffff", "-18446744073709551616"},
      {"f4", "false"},
      {"f5", "true"},
      {"f6", "null"},
      {"f7", "undefined"},
      {"f0", "simple(16)"},
      {"f8ff", "simple(255)"},
      {"f93c00", "1.0"},
      {"fb3ff199999999999a", "1.1"},
      {"fb7e37e43c8800759c", "1.0e+300"},
      {"f90001", "5.960464477539063e-8"},
      {"f98000", "-0.0"},
      {"f97e00", "NaN"},
      {"f97c00", "Infinity"},
      {"f9fc00", "-Infinity"},
      {"40", "h''"},
      {"4401020304", "h'01020304'"},
      {"60", "\"\""},
      {"6449455446", "\"IETF\""},
      {"62225c", "\"\\\"\\\\\""},
      {"63e6b0b4", "\"水\""},
      {"6500090a1b7f", "\"\\u0000\\t\\n\\u001b\\u007f\""},
      {"62c29b", "\"\\u009b\""},
      {"80", "[]"},
      {"8301820203820405", "[1, [2, 3], [4, 5]]"},
      {"a0", "{}"},
      {"a201020304", "{1: 2, 3: 4}"},
      {"a26161016162820203", "{\"a\": 1, \"b\": [2, 3]}"},
      {"c11a514b67b0", "1(1363896240)"},
      {"d818456449455446", "24(h'6449455446')"},
  };
  for (const Row& row : kRows) EXPECT_EQ(shown(hex(row.hex), ByteStrings::as_hex), row.text) << row.hex;
}

TEST(CborDiagnostic, UnwrapsByteStringsThatHoldOneNestingItem) {
  constexpr Row kRows[] = {
      {"43a10127", "<<{1: -8}>>"},
      {"428101", "<<[1]>>"},
      {"42c101", "<<1(1)>>"},
      {"41a0", "<<{}>>"},
      {"4101", "h'01'"},      // an integer: more likely bytes
      {"426161", "h'6161'"},  // a text, likewise
      {"4128", "h'28'"},
      {"43810100", "h'810100'"},  // a byte behind
      {"4181", "h'81'"},          // cut
      {"4381f8 18", "h'81f818'"},
      {"45a201000100", "h'a201000100'"},  // a duplicate key
      {"40", "h''"},
      {"d28443a10126a0428101 4102", "18([<<{1: -7}>>, {}, <<[1]>>, h'02'])"},
      {"4581438142 00", "<<[h'814200']>>"},
      {"448142 8101", "<<[<<[1]>>]>>"},
  };
  for (const Row& row : kRows) EXPECT_EQ(shown(hex(row.hex), ByteStrings::unwrap), row.text) << row.hex;
  EXPECT_EQ(shown(hex("43a10127"), ByteStrings::as_hex), "h'a10127'");
}

// 4,000 byte strings, each within the next: the stack must not follow them.
TEST(CborDiagnostic, NestedByteStringsAreUnwrappedAFewTimesOnly) {
  Bytes bytes = hex("80");
  for (int i = 0; i < 4000; ++i) bytes = array({byte_string(bytes)}).bytes;
  const std::string text = shown(bytes, ByteStrings::unwrap);
  EXPECT_EQ(text.substr(0, 16), "[<<[<<[<<[<<[h'8");
}

}  // namespace
}  // namespace elicense::cbor
