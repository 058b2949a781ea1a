// Bad input for every decoder of the folder: truncations, flipped bits, lengths beyond the end, deep nesting,
// duplicates, bombs, 10 MB.
#include <gtest/gtest.h>

#include <string>

#include "base/base64url.h"
#include "base/utf8.h"
#include "codec/base45.h"
#include "codec/cbor.h"
#include "codec/code128.h"
#include "codec/deflate.h"
#include "codec/json.h"
#include "codec/qr_code.h"
#include "support/expect.h"

namespace elicense {
namespace {

using test::hex;
using test::outcome;

constexpr std::size_t kTenMegabytes = 10'000'000;
constexpr cbor::Limits kCborLimits = {.bytes = 1 << 16, .depth = 16, .items = 1 << 12};
constexpr cbor::Limits kNoCborSizeLimit = {.bytes = SIZE_MAX, .depth = 16, .items = 1 << 12};
constexpr JsonLimits kJsonLimits = {.bytes = 1 << 16, .depth = 16, .values = 1 << 12};
constexpr JsonLimits kNoJsonSizeLimit = {.bytes = SIZE_MAX, .depth = 16, .values = 1 << 12};

Bytes repeat(ByteView pattern, std::size_t times) {
  Bytes bytes;
  bytes.reserve(pattern.size() * times);
  for (std::size_t i = 0; i < times; ++i) append(bytes, pattern);
  return bytes;
}

std::string repeat(std::string_view pattern, std::size_t times) {
  return std::string(text_of(repeat(view_of(pattern), times)));
}

// Of the shape of a live code: nested maps, byte strings that hold CBOR, texts, tags, a float.
Bytes sample_message() {
  using namespace cbor;
  std::vector<std::pair<Encoded, Encoded>> claims;
  claims.emplace_back(integer(1), text_string("https://dl.example.org"));
  claims.emplace_back(integer(4), integer(1'790'086'400));
  claims.emplace_back(integer(7), byte_string(hex("0102030405060708")));
  claims.emplace_back(integer(169), array({text_string("欧阳娜娜"), floating(1.5), boolean(true), null()}));
  std::vector<std::pair<Encoded, Encoded>> unprotected;
  unprotected.emplace_back(integer(11), array({byte_string(hex("a10127")), map({}), byte_string(Bytes(64, 0x5a))}));
  unprotected.emplace_back(text_string("x"), integer(-70'000));
  return tag(18, array({byte_string(hex("a10127")), map(unprotected), byte_string(map(claims).bytes),
                        byte_string(Bytes(64, 0xa5))}))
      .bytes;
}

// Reads everything there is to read of an item.
std::size_t walk(const cbor::Item& item) {
  std::size_t items = 1;
  if (const auto content = item.tagged()) items += walk(*content);
  for (const cbor::Item& element : item.elements()) items += walk(element);
  for (const auto& [key, value] : item.pairs()) items += walk(key) + walk(value);
  EXPECT_FALSE(item.encoded().empty());
  return items;
}

// What was taken must hang together: every item is reached, and its deterministic form says the same again.
void expect_sound(const cbor::Document& document) {
  EXPECT_EQ(walk(document.root()), document.item_count());
  const Bytes form = cbor::encode(document.root()).bytes;
  const auto again = cbor::Document::parse(form, kCborLimits);
  ASSERT_TRUE(again.ok()) << outcome(again) << ' ' << to_hex(form);
  EXPECT_EQ(cbor::encode(again->root()).bytes, form);
  EXPECT_FALSE(cbor::diagnose(document.root(), cbor::ByteStrings::unwrap).empty());
}

TEST(HostileCbor, EveryTruncationIsNamed) {
  const Bytes message = sample_message();
  ASSERT_EQ(outcome(cbor::Document::parse(message, kCborLimits)), "ok");
  for (std::size_t length = 0; length < message.size(); ++length) {
    EXPECT_EQ(outcome(cbor::Document::parse(ByteView(message).first(length), kCborLimits)), "cbor-truncated") << length;
  }
}

TEST(HostileCbor, EveryFlippedBitIsRefusedOrSound) {
  std::size_t refused = 0;
  const Bytes message = sample_message();
  for (std::size_t i = 0; i < message.size() * 8; ++i) {
    Bytes flipped = message;
    flipped[i / 8] ^= static_cast<std::uint8_t>(1U << (i % 8));
    const auto document = cbor::Document::parse(flipped, kCborLimits);
    if (document.ok()) {
      expect_sound(*document);
    } else {
      ++refused;
      EXPECT_TRUE(error_name(document.error()).starts_with("cbor-")) << outcome(document);
    }
  }
  EXPECT_GT(refused, 100U);
}

TEST(HostileCbor, EveryThreeByteDocument) {
  for (unsigned value = 0; value < 1U << 24; value += 31) {
    const std::uint8_t bytes[] = {static_cast<std::uint8_t>(value >> 16), static_cast<std::uint8_t>(value >> 8),
                                  static_cast<std::uint8_t>(value)};
    const auto document = cbor::Document::parse(bytes, kCborLimits);
    if (document.ok() && value % 97 == 0) expect_sound(*document);
  }
}

TEST(HostileCbor, LengthsBeyondTheEnd) {
  for (const char* major : {"5", "7", "9", "b"}) {
    for (const char* head : {"affffffff", "b0000000100000000", "b0000000100000001", "b7fffffffffffffff",
                             "b8000000000000000", "b8000000000000001", "bffffffffffffffff"}) {
      Bytes bytes = hex(std::string(major) + head);
      bytes.resize(200, 0);
      EXPECT_EQ(outcome(cbor::Document::parse(bytes, kCborLimits)), "cbor-truncated") << major << head;
    }
  }
}

TEST(HostileCbor, CountsThatFitTheBytesButNotTheLimit) {
  for (const char* head : {"9a00010000", "b98000"}) {
    Bytes bytes = hex(head);
    bytes.resize(100'000, 0);
    EXPECT_EQ(outcome(cbor::Document::parse(bytes, kNoCborSizeLimit)), "cbor-count") << head;
  }
}

TEST(HostileCbor, HundredThousandDeep) {
  constexpr std::size_t kDeep = 100'000;
  for (const char* opening : {"81", "a1", "a100", "c1", "d81c", "82", "8100", "82a1"}) {
    EXPECT_EQ(outcome(cbor::Document::parse(repeat(hex(opening), kDeep), kNoCborSizeLimit)).substr(0, 5), "cbor-")
        << opening;
  }
  Bytes deep = repeat(hex("81"), kDeep);
  deep.push_back(0);
  EXPECT_EQ(outcome(cbor::Document::parse(deep, kNoCborSizeLimit)), "cbor-depth");
  EXPECT_EQ(outcome(cbor::Document::parse(deep, kCborLimits)), "cbor-size");
  // Reading itself needs no stack: a limit this deep is met without one.
  EXPECT_EQ(outcome(cbor::Document::parse(deep, {.bytes = SIZE_MAX, .depth = kDeep + 1, .items = kDeep + 1})), "ok");
}

TEST(HostileCbor, ManyKeysWithOneDuplicate) {
  constexpr std::size_t kPairs = 50'000;
  Bytes bytes = hex("b9c351");  // 50,001 pairs
  for (std::size_t i = 0; i < kPairs; ++i) {
    append(bytes, cbor::integer(static_cast<std::int64_t>(i * 7919 % 65'537)).bytes);
    bytes.push_back(0);
  }
  Bytes distinct = bytes;
  append(bytes, cbor::integer(7919).bytes);
  append(distinct, cbor::integer(-1).bytes);
  bytes.push_back(0);
  distinct.push_back(0);
  constexpr cbor::Limits kWide = {.bytes = SIZE_MAX, .depth = 2, .items = 200'000};
  EXPECT_EQ(outcome(cbor::Document::parse(bytes, kWide)), "cbor-duplicate-key");
  EXPECT_EQ(outcome(cbor::Document::parse(distinct, kWide)), "ok");
}

TEST(HostileCbor, TenMegabytes) {
  for (const std::uint8_t fill : hex("00 18 5b 60 7f 80 81 9b a0 a1 bb c1 f9 fb ff")) {
    const Bytes bytes(kTenMegabytes, fill);
    EXPECT_EQ(outcome(cbor::Document::parse(bytes, kCborLimits)), "cbor-size");
    EXPECT_NE(outcome(cbor::Document::parse(bytes, kNoCborSizeLimit)), "ok") << int{fill};
  }
}

TEST(HostileInflate, EveryTruncationIsNamed) {
  const Bytes message = sample_message();
  for (const auto effort : {ZlibDeflater::Effort::fast, ZlibDeflater::Effort::smallest}) {
    const Bytes stream = ZlibDeflater(effort).deflate(message);
    for (std::size_t length = 0; length < stream.size(); ++length) {
      EXPECT_EQ(outcome(zlib_inflate(ByteView(stream).first(length), 1 << 16)), "inflate-corrupt") << length;
    }
  }
}

TEST(HostileInflate, EveryFlippedBitIsRefusedOrChangesNothing) {
  const Bytes message = sample_message();
  const Bytes stream = ZlibDeflater(ZlibDeflater::Effort::balanced).deflate(message);
  for (std::size_t i = 0; i < stream.size() * 8; ++i) {
    Bytes flipped = stream;
    flipped[i / 8] ^= static_cast<std::uint8_t>(1U << (i % 8));
    const auto inflated = zlib_inflate(flipped, 1 << 16);
    if (inflated.ok()) {
      EXPECT_EQ(*inflated, message) << i;  // the bits that fill the last byte before the checksum
    } else {
      EXPECT_TRUE(error_name(inflated.error()).starts_with("inflate-")) << outcome(inflated);
    }
  }
}

TEST(HostileInflate, Bomb) {
  const Bytes bomb = ZlibDeflater(ZlibDeflater::Effort::balanced).deflate(Bytes(kTenMegabytes, 0));
  EXPECT_LT(bomb.size(), 20'000U);
  EXPECT_EQ(outcome(zlib_inflate(bomb, 1 << 16)), "inflate-size");
  EXPECT_EQ(outcome(zlib_inflate(bomb, kTenMegabytes - 1)), "inflate-size");
  EXPECT_EQ(zlib_inflate(bomb, kTenMegabytes)->size(), kTenMegabytes);
}

TEST(HostileInflate, TenMegabytes) {
  for (const std::uint8_t fill : hex("00 78 ff")) {
    Bytes stream(kTenMegabytes, fill);
    EXPECT_EQ(outcome(zlib_inflate(stream, 1 << 16)), "inflate-corrupt");
    stream[0] = 0x78;
    stream[1] = 0x9c;
    EXPECT_NE(outcome(zlib_inflate(stream, 1 << 16)), "ok");
  }
  Bytes behind = ZlibDeflater(ZlibDeflater::Effort::fast).deflate(view_of("abc"));
  behind.resize(kTenMegabytes, 0);
  EXPECT_EQ(outcome(zlib_inflate(behind, 1 << 16)), "inflate-trailing");
}

constexpr std::string_view kSampleJson =
    R"({"iss":"https://dl.example.org","iat":1790000000,"keys":[{"kid":"a","use":["lease",null,true,-1.5e3]}],)"
    R"("name":"欧\u9633\ud83d\ude00"})";

TEST(HostileJson, EveryTruncationIsNamed) {
  ASSERT_EQ(outcome(Json::parse(kSampleJson, kJsonLimits)), "ok");
  for (std::size_t length = 0; length < kSampleJson.size(); ++length) {
    EXPECT_EQ(outcome(Json::parse(kSampleJson.substr(0, length), kJsonLimits)), "json-syntax") << length;
  }
}

TEST(HostileJson, EveryByteReplacedIsRefusedOrSound) {
  for (std::size_t i = 0; i < kSampleJson.size(); ++i) {
    for (unsigned byte = 0; byte < 256; ++byte) {
      std::string text(kSampleJson);
      text[i] = static_cast<char>(byte);
      const auto json = Json::parse(text, kJsonLimits);
      if (!json.ok()) continue;
      const auto again = Json::parse(json->dump(), kJsonLimits);
      ASSERT_TRUE(again.ok()) << text;
      ASSERT_TRUE(*again == *json) << text;
    }
  }
}

TEST(HostileJson, HundredThousandDeep) {
  constexpr std::size_t kDeep = 100'000;
  EXPECT_EQ(outcome(Json::parse(repeat("[", kDeep), kNoJsonSizeLimit)), "json-depth");
  EXPECT_EQ(outcome(Json::parse(repeat("[", kDeep) + repeat("]", kDeep), kNoJsonSizeLimit)), "json-depth");
  EXPECT_EQ(outcome(Json::parse(repeat("{\"a\":", kDeep), kNoJsonSizeLimit)), "json-depth");
  EXPECT_EQ(outcome(Json::parse(repeat("[{\"\":", kDeep), kNoJsonSizeLimit)), "json-depth");
  EXPECT_EQ(outcome(Json::parse(repeat("]", kDeep), kNoJsonSizeLimit)), "json-syntax");
}

TEST(HostileJson, ManyKeysWithOneDuplicate) {
  std::string text = "{";
  for (int i = 0; i < 50'000; ++i) text += "\"key " + std::to_string(i * 7919LL % 65'537) + "\":0,";
  constexpr JsonLimits kWide = {.bytes = SIZE_MAX, .depth = 2, .values = 200'000};
  EXPECT_EQ(outcome(Json::parse(text + "\"key 7919\":0}", kWide)), "json-duplicate-key");
  EXPECT_EQ(outcome(Json::parse(text + "\"key\":0}", kWide)), "ok");
}

TEST(HostileJson, TenMegabytes) {
  for (const char* pattern : {"[", "1", "[],", "\xff"}) {
    const std::string text = repeat(pattern, kTenMegabytes / std::string_view(pattern).size());
    EXPECT_EQ(outcome(Json::parse(text, kJsonLimits)), "json-size") << pattern;
    EXPECT_EQ(outcome(Json::parse("[" + text, kNoJsonSizeLimit)).substr(0, 5), "json-") << pattern;
  }
  EXPECT_EQ(outcome(Json::parse("[" + repeat("0,", kTenMegabytes / 2), kNoJsonSizeLimit)), "json-count");
  EXPECT_EQ(outcome(Json::parse("\"" + std::string(kTenMegabytes, 'a'), kNoJsonSizeLimit)), "json-syntax");
}

TEST(HostileBase45, TruncatedAndFlipped) {
  const Bytes bytes = sample_message();
  const std::string text = base45_encode(bytes);
  for (std::size_t length = 0; length < text.size(); ++length) {
    const auto decoded = base45_decode(std::string_view(text).substr(0, length));
    if (length % 3 == 1) {
      EXPECT_EQ(outcome(decoded), "base45-length") << length;
    } else if (length % 3 == 0) {
      EXPECT_TRUE(equal(decoded.value(), ByteView(bytes).first(length / 3 * 2))) << length;
    } else if (decoded.ok()) {
      EXPECT_EQ(base45_encode(*decoded), text.substr(0, length)) << length;
    } else {
      EXPECT_EQ(outcome(decoded), "base45-range") << length;
    }
  }
  for (std::size_t i = 0; i < text.size() * 8; ++i) {
    std::string flipped = text;
    flipped[i / 8] = static_cast<char>(flipped[i / 8] ^ (1 << (i % 8)));
    const auto decoded = base45_decode(flipped);
    if (decoded.ok()) EXPECT_EQ(base45_encode(*decoded), flipped);
  }
}

TEST(HostileText, TenMegabytes) {
  const std::string zeros(kTenMegabytes - 1, '0');  // a multiple of three
  EXPECT_EQ(base45_decode(zeros)->size(), (kTenMegabytes - 1) / 3 * 2);
  EXPECT_EQ(outcome(base45_decode(zeros + "0")), "base45-length");
  EXPECT_EQ(outcome(base45_decode(zeros + "!!")), "base45-character");
  EXPECT_EQ(outcome(base45_decode(std::string(kTenMegabytes - 1, ':'))), "base45-range");
  EXPECT_EQ(base64url_decode(std::string(kTenMegabytes, 'A'))->size(), kTenMegabytes / 4 * 3);
  EXPECT_EQ(outcome(base64url_decode(std::string(kTenMegabytes, '='))), "base64url-character");
  EXPECT_EQ(outcome(qr_encode(zeros, QrLevel::low)), "qr-capacity");
  EXPECT_EQ(outcome(code128_encode(zeros)), "code128-length");
  EXPECT_TRUE(is_utf8(view_of(zeros)));
  EXPECT_FALSE(is_utf8(view_of(zeros + "\xff")));
}

}  // namespace
}  // namespace elicense
