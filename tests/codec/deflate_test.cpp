#include "codec/deflate.h"

#include <gtest/gtest.h>

#include "support/expect.h"

namespace elicense {
namespace {

using test::hex;
using test::outcome;
using Effort = ZlibDeflater::Effort;

constexpr Effort kEfforts[] = {Effort::fast, Effort::balanced, Effort::smallest};

Bytes repeated(std::string_view text, std::size_t size) {
  Bytes bytes;
  while (bytes.size() < size) append(bytes, view_of(text));
  bytes.resize(size);
  return bytes;
}

Bytes noise(std::size_t size) {
  Bytes bytes;
  std::uint32_t state = 1;
  while (bytes.size() < size) {
    state = state * 1664525 + 1013904223;
    bytes.push_back(static_cast<std::uint8_t>(state >> 24));
  }
  return bytes;
}

TEST(Deflate, GoesBothWays) {
  const Bytes rows[] = {{},
                        {0},
                        repeated("a", 1000),
                        noise(440),
                        noise(5000),
                        noise(200000),
                        repeated("{\"iss\":\"https://dl.example.org\"}", 70000)};
  for (const Effort effort : kEfforts) {
    ZlibDeflater deflater(effort);
    for (const Bytes& data : rows) {
      const Bytes stream = deflater.deflate(data);
      const auto inflated = zlib_inflate(stream, data.size());
      ASSERT_TRUE(inflated.ok()) << outcome(inflated) << ' ' << data.size();
      EXPECT_TRUE(*inflated == data);
    }
  }
}

TEST(Deflate, ADeflaterMayBeMovedAndUsedAgain) {
  ZlibDeflater first(Effort::fast);
  ZlibDeflater second(std::move(first));
  first = ZlibDeflater(Effort::smallest);
  const Bytes data = repeated("abc", 300);
  EXPECT_EQ(second.deflate(data), second.deflate(data));
  EXPECT_EQ(zlib_inflate(first.deflate(data), 300).value(), data);
}

TEST(Deflate, MoreEffortIsSmaller) {
  Bytes data;
  for (const std::uint8_t byte : noise(20000))
    append(data, view_of(byte % 3 == 0 ? "lease" : (byte % 5 == 0 ? "licence, " : "status")));
  const std::size_t fast = ZlibDeflater(Effort::fast).deflate(data).size();
  const std::size_t balanced = ZlibDeflater(Effort::balanced).deflate(data).size();
  const std::size_t smallest = ZlibDeflater(Effort::smallest).deflate(data).size();
  EXPECT_LT(balanced, fast);
  EXPECT_LT(smallest, balanced);
}

// Streams written by hand, so that not only our own writer is read.
TEST(Inflate, KnownStreams) {
  EXPECT_EQ(zlib_inflate(hex("789c 030000000001"), 10).value(), Bytes{});
  EXPECT_EQ(zlib_inflate(hex("7801 01 0300 fcff 616263 024d0127"), 10).value(), hex("616263"));  // stored
  EXPECT_EQ(zlib_inflate(hex("789c 4b4c4a06 00 024d0127"), 10).value(), hex("616263"));          // fixed
  EXPECT_EQ(zlib_inflate(hex("78da 4b4c4a06 00 024d0127"), 10).value(), hex("616263"));
  EXPECT_EQ(zlib_inflate(hex("1819 4b4c4a06 00 024d0127"), 10).value(), hex("616263"));  // 512-byte window
}

TEST(Inflate, Refuses) {
  struct Row {
    const char* why;
    const char* stream;
    const char* expected;
  };
  const Row rows[] = {
      {"nothing", "", "inflate-corrupt"},
      {"a header alone", "789c", "inflate-corrupt"},
      {"gzip", "1f8b0800000000000003 0300 0000000000000000", "inflate-corrupt"},
      {"raw deflate", "4b4c4a0600", "inflate-corrupt"},
      {"FCHECK", "789d 4b4c4a06 00 024d0127", "inflate-corrupt"},
      {"method 7", "7709 4b4c4a06 00 024d0127", "inflate-corrupt"},
      {"window of 64 KiB", "881c 4b4c4a06 00 024d0127", "inflate-corrupt"},
      {"preset dictionary", "78bb 00000001 4b4c4a06 00 024d0127", "inflate-corrupt"},
      {"checksum", "789c 4b4c4a06 00 024d0128", "inflate-corrupt"},
      {"checksum cut", "789c 4b4c4a06 00 024d01", "inflate-corrupt"},
      {"block type 3", "789c 07000000000001", "inflate-corrupt"},
      {"stored length without its complement", "7801 01 0300 fcfe 616263 024d0127", "inflate-corrupt"},
      {"distance before the beginning", "789c 4b044200 00000001", "inflate-corrupt"},
      {"a byte behind", "789c 4b4c4a06 00 024d0127 00", "inflate-trailing"},
      {"a second stream behind", "789c 4b4c4a06 00 024d0127 789c 4b4c4a06 00 024d0127", "inflate-trailing"},
  };
  for (const Row& row : rows) EXPECT_EQ(outcome(zlib_inflate(hex(row.stream), 100)), row.expected) << row.why;
}

TEST(Inflate, TheLimitIsExact) {
  ZlibDeflater deflater(Effort::balanced);
  for (const std::size_t size : {std::size_t{1}, std::size_t{255}, std::size_t{256}, std::size_t{257},
                                 std::size_t{65536}, std::size_t{1000003}}) {
    for (const Bytes& data : {repeated("a", size), noise(size)}) {
      const Bytes stream = deflater.deflate(data);
      EXPECT_EQ(outcome(zlib_inflate(stream, size)), "ok") << size;
      EXPECT_EQ(outcome(zlib_inflate(stream, size + 1)), "ok") << size;
      EXPECT_EQ(outcome(zlib_inflate(stream, size - 1)), "inflate-size") << size;
      EXPECT_EQ(outcome(zlib_inflate(stream, 0)), "inflate-size") << size;
    }
  }
  EXPECT_EQ(outcome(zlib_inflate(deflater.deflate({}), 0)), "ok");
}

// A limit so large that doubling could wrap where size_t has 32 bits.
TEST(Inflate, AGenerousLimitTakesNoMemoryByItself) {
  const Bytes data = repeated("ab", 3000);
  EXPECT_EQ(zlib_inflate(ZlibDeflater(Effort::fast).deflate(data), SIZE_MAX).value(), data);
}

TEST(ZlibTemplate, ReadsBackWithEveryHead) {
  const Bytes tail = noise(347);
  const ZlibTemplate lasting(tail);
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{1}, std::size_t{98}, std::size_t{255}, std::size_t{256}, std::size_t{65535}}) {
    Bytes whole = noise(size);
    const Bytes stream = lasting.stream(whole);
    append(whole, tail);
    EXPECT_EQ(zlib_inflate(stream, whole.size()).value(), whole) << size;
  }
  EXPECT_EQ(zlib_inflate(ZlibTemplate({}).stream({}), 0).value(), Bytes());
}

}  // namespace
}  // namespace elicense
