// RFC 8949 appendix A: everything of definite length is read and written, the rest refused by name.
#include "codec/cbor.h"

#include <gtest/gtest.h>

#include <cmath>

#include "support/vectors.h"

namespace elicense {
namespace {

using namespace test;

constexpr std::uint64_t kTagBignum = 2;
constexpr std::uint64_t kTagNegativeBignum = 3;

bool same_number(double value, const Json& json) { return json.number() == value; }

// Beyond int64 the value is compared as JSON has it, a double; the bytes written again tell the rest.
bool same_integer(const cbor::Item& item, const Json& json) {
  if (const auto value = item.integer()) return json.integer() == *value;
  const double magnitude = static_cast<double>(*item.magnitude());
  return same_number(item.kind() == cbor::Kind::unsigned_integer ? magnitude : -1 - magnitude, json);
}

bool same_bignum(const cbor::Item& item, const Json& json) {
  const auto bytes = item.tagged()->bytes();
  if (!bytes) return false;
  double magnitude = 0;
  for (const std::uint8_t byte : *bytes) magnitude = magnitude * 256 + byte;
  return same_number(item.tag() == kTagNegativeBignum ? -1 - magnitude : magnitude, json);
}

bool same_value(const cbor::Item& item, const Json& json) {
  switch (item.kind()) {
    case cbor::Kind::unsigned_integer:
    case cbor::Kind::negative_integer:
      return same_integer(item, json);
    case cbor::Kind::text_string:
      return json.string() != nullptr && *json.string() == *item.text();
    case cbor::Kind::floating:
      return same_number(*item.floating(), json);
    case cbor::Kind::simple:
      return item.simple() == 22 ? json.is_null() : json.boolean() == (item.simple() == 21);
    case cbor::Kind::tag:
      return (item.tag() == kTagBignum || item.tag() == kTagNegativeBignum) && same_bignum(item, json);
    case cbor::Kind::array: {
      if (json.array() == nullptr || json.array()->size() != item.size()) return false;
      for (std::size_t i = 0; i < item.size(); ++i) {
        if (!same_value(*item.at(i), (*json.array())[i])) return false;
      }
      return true;
    }
    case cbor::Kind::map: {
      if (json.object() == nullptr || json.object()->size() != item.size()) return false;
      for (const auto& [key, value] : item.pairs()) {
        const Json* member = key.text() ? json.find(*key.text()) : nullptr;
        if (member == nullptr || !same_value(value, *member)) return false;
      }
      return true;
    }
    case cbor::Kind::byte_string:
      return false;
  }
  return false;
}

bool is_wide_float(ByteView encoded) { return encoded[0] == 0xfa || encoded[0] == 0xfb; }

void check(VectorCase& vector, const Json& entry) {
  const Bytes encoded = hex_at(entry, "hex");
  const bool round_trip = at(entry, "roundtrip").boolean() == true;
  const auto document = cbor::Document::parse(encoded, kVectorCbor);
  // What is not written again as it was is either a float wider than it has to be, which is taken, or of indefinite
  // length.
  if (!round_trip && !is_wide_float(encoded)) return vector.refused(document, {ErrorCode::cbor_indefinite});
  // simple(24) in two bytes stood in RFC 7049; RFC 8949 3.3 calls two bytes for a value below 32 not well-formed.
  if (encoded == Bytes{0xf8, 0x18}) return vector.refused(document, {ErrorCode::cbor_reserved});
  if (!vector.holds(document.ok(), "is taken")) return;
  const cbor::Item root = document->root();
  if (const Json* value = entry.find("decoded")) vector.holds(same_value(root, *value), "has the value given");
  if (const Json* diagnostic = entry.find("diagnostic")) {
    const std::string shown = cbor::diagnose(root, cbor::ByteStrings::as_hex);
    vector.holds(shown == *diagnostic->string(), "is shown as " + *diagnostic->string() + ", not " + shown);
  }
  const Bytes again = cbor::encode(root).bytes;
  vector.holds((again == encoded) == round_trip, round_trip ? "is written as it was" : "is written shorter");
  const auto reread = cbor::Document::parse(again, kVectorCbor);
  vector.holds(reread.ok() && cbor::encode(reread->root()).bytes == again, "keeps its form from then on");
}

TEST(Vectors, Rfc8949AppendixA) {
  Tally& tally = Tally::of("RFC 8949 appendix A, CBOR");
  ELICENSE_VECTORS_OR_SKIP(tally, "cbor/");
  const Json file = read_json_vector("cbor/rfc8949_appendix_a.json");
  ASSERT_NE(file.array(), nullptr);
  for (const Json& entry : *file.array()) {
    VectorCase vector(tally, text_at(entry, "hex"));
    check(vector, entry);
  }
}

}  // namespace
}  // namespace elicense
