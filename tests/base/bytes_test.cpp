#include "base/bytes.h"

#include <gtest/gtest.h>

namespace elicense {
namespace {

TEST(Bytes, HexGoesBothWays) {
  const Bytes bytes = {0x00, 0x01, 0x7f, 0x80, 0xab, 0xff};
  EXPECT_EQ(to_hex(bytes), "00017f80abff");
  EXPECT_EQ(from_hex("00017f80abff"), bytes);
  EXPECT_EQ(from_hex("00017F80aBFf"), bytes);
  EXPECT_EQ(to_hex({}), "");
  EXPECT_EQ(from_hex(""), Bytes{});
}

TEST(Bytes, MalformedHexIsRefused) {
  for (const std::string_view text :
       {"0", "000", "0g", "g0", " 0", "0x00", "/0", ":0", "@0", "`0", "G0", "00 00", "\xc3\xa9"}) {
    EXPECT_FALSE(from_hex(text)) << text;
  }
}

TEST(Bytes, TextAndBytesShareTheirMemory) {
  const std::string text("a\0b", 3);
  const ByteView view = view_of(text);
  ASSERT_EQ(view.size(), 3U);
  EXPECT_EQ(view[1], 0);
  EXPECT_EQ(text_of(view), text);
  EXPECT_EQ(static_cast<const void*>(text_of(view).data()), text.data());
}

TEST(Bytes, EqualComparesLengthAndContent) {
  const Bytes a = {1, 2, 3};
  EXPECT_TRUE(equal(a, Bytes{1, 2, 3}));
  EXPECT_FALSE(equal(a, Bytes{1, 2}));
  EXPECT_FALSE(equal(a, Bytes{1, 2, 3, 4}));
  EXPECT_FALSE(equal(a, Bytes{1, 2, 4}));
  EXPECT_TRUE(equal({}, {}));
}

TEST(Bytes, AppendAndCopy) {
  Bytes bytes = copy_of(Bytes{1});
  append(bytes, Bytes{2, 3});
  append(bytes, {});
  EXPECT_EQ(bytes, (Bytes{1, 2, 3}));
}

}  // namespace
}  // namespace elicense
