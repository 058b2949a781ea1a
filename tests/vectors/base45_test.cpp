// RFC 9285: its examples and rules, both ways.
#include "codec/base45.h"

#include <gtest/gtest.h>

#include "support/vectors.h"

namespace elicense {
namespace {

using namespace test;

TEST(Vectors, Rfc9285Base45) {
  Tally& tally = Tally::of("RFC 9285, Base45");
  ELICENSE_VECTORS_OR_SKIP(tally, "base45/");
  const Json file = read_json_vector("base45/rfc9285.json");
  for (const Json& entry : array_at(file, "valid")) {
    VectorCase vector(tally, "\"" + text_at(entry, "base45") + "\"");
    const Bytes bytes = hex_at(entry, "hex");
    const auto decoded = base45_decode(text_at(entry, "base45"));
    vector.holds(decoded.ok() && *decoded == bytes, "decodes to " + to_hex(bytes));
    vector.holds(base45_encode(bytes) == text_at(entry, "base45"), "is what " + to_hex(bytes) + " encodes to");
    if (entry.find("text") != nullptr) vector.holds(text_of(bytes) == text_at(entry, "text"), "is the text given");
  }
  for (const Json& entry : array_at(file, "invalid")) {
    VectorCase vector(tally, "\"" + text_at(entry, "base45") + "\"");
    const std::string& why = text_at(entry, "why");
    const auto decoded = base45_decode(text_at(entry, "base45"));
    if (why.find("newline") != std::string::npos) {
      vector.refused(decoded, {ErrorCode::base45_character, ErrorCode::base45_length});  // it is both
    } else if (why.find("length") != std::string::npos) {
      vector.refused(decoded, {ErrorCode::base45_length});
    } else {
      const bool foreign = why.find("alphabet") != std::string::npos;
      vector.refused(decoded, {foreign ? ErrorCode::base45_character : ErrorCode::base45_range});
    }
  }
}

}  // namespace
}  // namespace elicense
