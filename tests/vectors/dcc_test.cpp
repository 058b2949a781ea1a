// The EU's digital COVID certificates: the same layers as our code (Base45, zlib, CBOR, COSE), with ES256 or PS256
// inside. Read down to COSE and refused there, or earlier where a sample is broken on purpose; none is taken.
#include <gtest/gtest.h>

#include "codec/base45.h"
#include "codec/deflate.h"
#include "support/demo.h"
#include "support/vectors.h"

namespace elicense {
namespace {

using namespace test;

constexpr std::string_view kPrefix = "HC1:";  // exactly this, and once: ':' is in the alphabet too

bool expects_failure(const Json& file, std::string_view step) {
  const Json* expected = at(file, "EXPECTEDRESULTS").find(step);
  return expected != nullptr && expected->boolean() == false;
}

// What each layer gave, where the file tells.
void compare(VectorCase& vector, const Json& file, std::string_view member, const Bytes& bytes) {
  if (file.find(member) != nullptr) vector.holds(hex_at(file, member) == bytes, "gives " + std::string(member));
}

// ES256 or PS256 in the protected header falls to the algorithm. An algorithm outside it (CO20, CO22, CO23) and a label
// in both headers (CO21's kid, which the EU takes and RFC 9052 3 lets a reader call malformed) fall to the header.
ErrorCode expected_of_cose(const cbor::Item& root) {
  cbor::Item item = root;
  while (item.tag()) item = *item.tagged();
  const cbor::Item unprotected = *item.at(1);
  if (unprotected.find(cose_label::kAlgorithm)) return ErrorCode::cose_header;
  const auto header = cbor::Document::parse(*item.at(0)->bytes(), kLiveCodeCbor);
  const bool in_both = unprotected.find(cose_label::kKeyId) && header.ok() && header->root().find(cose_label::kKeyId);
  return in_both ? ErrorCode::cose_header : ErrorCode::algorithm;
}

std::optional<ErrorCode> read_down(VectorCase& vector, const Json& file, std::string_view text) {
  const auto packed = base45_decode(text);
  if (expects_failure(file, "EXPECTEDB45DECODE")) {
    vector.refused(packed, {ErrorCode::base45_character, ErrorCode::base45_length, ErrorCode::base45_range});
    return packed.ok() ? std::nullopt : std::optional(packed.error());
  }
  if (!vector.holds(packed.ok(), "is Base45")) return std::nullopt;
  compare(vector, file, "COMPRESSED", *packed);
  const auto encoded = zlib_inflate(*packed, kMostCodeBytes);
  if (expects_failure(file, "EXPECTEDCOMPRESSION")) {
    vector.refused(encoded, {ErrorCode::inflate_corrupt});
    return ErrorCode::inflate_corrupt;
  }
  if (!vector.holds(encoded.ok(), "is a zlib stream")) return std::nullopt;
  compare(vector, file, "COSE", *encoded);
  auto document = cbor::Document::parse(*encoded, kLiveCodeCbor);
  // CBO2, "wrong CWT structure": a whole item, 0, and 425 bytes behind it.
  if (text_at(at(file, "TESTCTX"), "DESCRIPTION") == "INVALID: wrong CWT structure") {
    vector.refused(document, {ErrorCode::cbor_trailing});
    return ErrorCode::cbor_trailing;
  }
  if (!vector.holds(document.ok(), "is CBOR")) return std::nullopt;
  const ErrorCode expected = expected_of_cose(document->root());
  vector.refused(UnverifiedSign1::parse(std::move(document).value()), {expected});
  return expected;
}

TEST(Vectors, DigitalCovidCertificates) {
  Tally& tally = Tally::of("EU digital COVID certificates");
  ELICENSE_VECTORS_OR_SKIP(tally, "dcc/");
  for (const std::string& path : vector_files("dcc/")) {
    const Json file = read_json_vector(path);
    VectorCase vector(tally, file_name(path));
    std::string_view text = text_at(file, "PREFIX");
    const bool prefixed = text.starts_with(kPrefix);
    vector.holds(prefixed != expects_failure(file, "EXPECTEDUNPREFIX"), "begins with HC1: or is meant not to");
    if (prefixed) text.remove_prefix(kPrefix.size());
    const LiveCodeCheck outcome = check(text, kNow);
    vector.holds(outcome.result != CheckResult::valid && !outcome.code, "is not a live code");
    if (!prefixed && path.find("H3") == std::string::npos) {
      vector.refused(outcome.error, {ErrorCode::base45_character, ErrorCode::base45_length, ErrorCode::base45_range});
      continue;
    }
    const auto expected = read_down(vector, file, text);
    vector.holds(expected && outcome.error == expected, "is refused at the same step as a live code");
  }
}

}  // namespace
}  // namespace elicense
