// Claim 169 QR codes of others: the specification's example, ID PASS's vectors, Inji's.
#include <gtest/gtest.h>

#include <map>

#include "support/demo.h"
#include "support/vectors.h"
#include "token/jwk.h"

namespace elicense {
namespace {

using namespace test;

constexpr std::int64_t kIdentity = 169;
constexpr std::int64_t kId = 1;
constexpr std::int64_t kFullName = 4;

Result<UnverifiedSign1> read_sign1(ByteView encoded) {
  ELICENSE_TRY(cbor::Document document, cbor::Document::parse(encoded, kVectorCbor));
  return UnverifiedSign1::parse(std::move(document));
}

LiveCodeCheck check_with_pinned(std::string_view text, const PublicKey& key) {
  const TrustList trust = TrustList::of_pinned_keys({{"11", key}});
  return verify_live_code(
      text, {.now = kNow, .trust = trust, .status_lists = nullptr, .spent_codes = nullptr, .challenge = std::nullopt});
}

// Every one of them is refused as a live code, at the step where it stops being one.
void expect_no_live_code(VectorCase& vector, std::string_view text, ErrorCode error) {
  const LiveCodeCheck outcome = check_with_pinned(text, key_from(9).public_key());
  vector.holds(outcome.result != CheckResult::valid && !outcome.code, "is not a live code");
  vector.refused(outcome.error, {error});
}

void expect_fields(VectorCase& vector, const cbor::Item& identity, std::string_view id, std::string_view full_name) {
  const auto id_claim = identity.find(kId);
  const auto name_claim = identity.find(kFullName);
  vector.holds(id_claim && id_claim->text() == id, "has the id " + std::string(id));
  vector.holds(name_claim && name_claim->text() == full_name, "has the name " + std::string(full_name));
}

// Claim 169 is a map in some tokens and a byte string around that map in others, the specification's own example among
// them.
void expect_identity(VectorCase& vector, ByteView payload, std::string_view id, std::string_view full_name) {
  const auto claims = cbor::Document::parse(payload, kVectorCbor);
  if (!vector.holds(claims.ok(), "has a payload of CBOR")) return;
  const auto identity = claims->root().find(kIdentity);
  if (!vector.holds(identity.has_value(), "has claim 169")) return;
  if (!identity->bytes()) return expect_fields(vector, *identity, id, full_name);
  const auto wrapped = cbor::Document::parse(*identity->bytes(), kVectorCbor);
  if (vector.holds(wrapped.ok(), "has CBOR in claim 169")) expect_fields(vector, wrapped->root(), id, full_name);
}

TEST(Vectors, Claim169SpecificationExample) {
  Tally& tally = Tally::of("Claim 169, specification and Inji");
  ELICENSE_VECTORS_OR_SKIP(tally, "claim169/");
  const Json file = read_json_vector("claim169/spec_3_2_1_example.json");
  const Bytes encoded = hex_at(file, "cwt_tag61_tag18");
  {
    VectorCase vector(tally, "3.2.1 as COSE");
    const auto sign1 = read_sign1(encoded);
    if (!vector.holds(sign1.ok(), "is 61(18(…))")) return;
    vector.holds(equal(sign1->payload(), hex_at(file, "payload")), "has the payload given");
    vector.holds(equal(sign1->parts().signature.view(), hex_at(file, "signature")), "has the signature given");
    expect_identity(vector, sign1->payload(), "3918592438", "Janardhan BS");
  }
  VectorCase vector(tally, "3.2.1 as a live code");
  expect_no_live_code(vector, pack(encoded), ErrorCode::cose_header);  // kid in the unprotected header
}

TEST(Vectors, Claim169Inji) {
  Tally& tally = Tally::of("Claim 169, specification and Inji");
  ELICENSE_VECTORS_OR_SKIP(tally, "claim169/inji/");
  VectorCase token(tally, "valid-ec-cwt.hex");
  const Bytes encoded = bytes_of_hex(without_white_space(read_vector("claim169/inji/valid-ec-cwt.hex")));
  token.refused(read_sign1(encoded), {ErrorCode::algorithm});
  VectorCase key(tally, "jwksECkey.json");
  const Json keys = read_json_vector("claim169/inji/jwksECkey.json");
  key.refused(public_key_of_jwk(array_at(keys, "keys").front()), {ErrorCode::jwk_shape});
}

// Signed with Ed25519 and with a key that is published: read to the end.
void check_signed(VectorCase& vector, const Json& file) {
  const std::string& text = text_at(file, "qr_data");
  const auto encoded = unpack_live_code(text);
  const auto key = PublicKey::from(hex_at(at(file, "signing_key"), "public_key_hex"));
  const auto sign1 = encoded.ok() ? read_sign1(*encoded) : encoded.error();
  if (!vector.holds(sign1.ok() && key.ok(), "is a COSE_Sign1")) return;
  vector.holds(sign1->verify(*key).ok(), "verifies");
  vector.holds(!sign1->verify(key_from(9).public_key()).ok(), "does not verify with another key");
  const Json& expected = at(file, "expected_claim169");
  expect_identity(vector, sign1->payload(), text_at(expected, "id"), text_at(expected, "fullName"));
  // Without a kid there is no key to look up, even where the right one is pinned.
  const LiveCodeCheck outcome = check_with_pinned(text, *key);
  vector.holds(outcome.error == ErrorCode::cose_header && !outcome.code, "has no kid, so it is no live code");
}

// The claims of a token without a signature: refused before they are looked at, and read here all the same.
void check_unsigned(VectorCase& vector, const Json& file) {
  const auto encoded = unpack_live_code(text_at(file, "qr_data"));
  const auto document = encoded.ok() ? cbor::Document::parse(*encoded, kVectorCbor) : encoded.error();
  if (!vector.holds(document.ok(), "is CBOR")) return;
  const cbor::Item array = *document->root().tagged();
  vector.holds(array.at(3)->bytes() && array.at(3)->bytes()->empty(), "has an empty signature");
  const ByteView payload = *array.at(2)->bytes();
  if (const Json* expected = file.find("expected_claim169")) {
    expect_identity(vector, payload, text_at(*expected, "id"), text_at(*expected, "fullName"));
  }
  const auto lease = decode_lease_claims(payload);
  vector.holds(!lease.ok() && lease.error() == ErrorCode::lease_shape, "is no lease");
}

TEST(Vectors, Claim169IdPass) {
  Tally& tally = Tally::of("Claim 169, ID PASS");
  ELICENSE_VECTORS_OR_SKIP(tally, "claim169/idpass/");
  // What is not listed has an empty signature.
  const std::map<std::string_view, ErrorCode> expected = {
      {"bad-base45.json", ErrorCode::base45_character}, {"bad-zlib.json", ErrorCode::inflate_corrupt},
      {"not-cose.json", ErrorCode::cose_shape},         {"ecdsa-p256-signed.json", ErrorCode::algorithm},
      {"encrypted-aes256.json", ErrorCode::cose_shape}, {"encrypted-signed.json", ErrorCode::cose_shape}};
  for (const std::string& path : vector_files("claim169/idpass/")) {
    const std::string name = file_name(path);
    const Json file = read_json_vector(path);
    VectorCase vector(tally, name);
    if (name == "ed25519-signed.json") {
      check_signed(vector, file);
      continue;
    }
    const auto listed = expected.find(name);
    if (listed == expected.end()) check_unsigned(vector, file);
    const ErrorCode error = listed == expected.end() ? ErrorCode::cose_shape : listed->second;
    expect_no_live_code(vector, text_at(file, "qr_data"), error);
  }
}

}  // namespace
}  // namespace elicense
