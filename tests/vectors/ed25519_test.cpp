// Ed25519: Wycheproof, RFC 8032, and the two collections about where implementations disagree.
#include "crypto/ed25519.h"

#include <gtest/gtest.h>

#include "support/vectors.h"
#include "token/jwk.h"

namespace elicense {
namespace {

using namespace test;

Status verify(ByteView public_key, ByteView message, ByteView signature_bytes) {
  ELICENSE_TRY(const PublicKey key, PublicKey::from(public_key));
  ELICENSE_TRY(const Signature signature, Signature::from(signature_bytes));
  return verify_signature(key, {copy_of(message)}, signature);
}

TEST(Vectors, WycheproofEd25519) {
  Tally& tally = Tally::of("Wycheproof, Ed25519");
  ELICENSE_VECTORS_OR_SKIP(tally, "wycheproof/");
  const Json file = read_json_vector("wycheproof/ed25519_test.json");
  for (const Json& group : array_at(file, "testGroups")) {
    const Bytes key = hex_at(at(group, "publicKey"), "pk");
    for (const Json& test : array_at(group, "tests")) {
      VectorCase vector(tally, "tcId " + at(test, "tcId").dump());
      const Status outcome = verify(key, hex_at(test, "msg"), hex_at(test, "sig"));
      const std::string& result = text_at(test, "result");
      if (result == "valid") {
        vector.holds(outcome.ok(), "is valid");
      } else if (vector.holds(result == "invalid", "is valid or invalid, nothing between")) {
        vector.refused(outcome, {ErrorCode::signature});
      }
    }
  }
  note_background("wycheproof/schemas/eddsa_verify_schema_v1.json");
}

TEST(Vectors, WycheproofEd25519Keys) {
  Tally& tally = Tally::of("Wycheproof, Ed25519 keys as JWK and DER");
  ELICENSE_VECTORS_OR_SKIP(tally, "wycheproof/");
  const Json file = read_json_vector("wycheproof/ed25519_test.json");
  for (const Json& group : array_at(file, "testGroups")) {
    const Bytes key = hex_at(at(group, "publicKey"), "pk");
    VectorCase vector(tally, to_hex(key));
    const auto from_jwk = public_key_of_jwk(at(group, "publicKeyJwk"));
    vector.holds(from_jwk.ok() && equal(from_jwk->view(), key), "is the key in the JWK");
    vector.holds(text_at(group, "publicKeyDer").ends_with(to_hex(key)), "is the end of the SubjectPublicKeyInfo");
  }
}

TEST(Vectors, Rfc8032) {
  Tally& tally = Tally::of("RFC 8032, Ed25519");
  ELICENSE_VECTORS_OR_SKIP(tally, "ed25519/");
  const Json file = read_json_vector("ed25519/rfc8032-ed25519.json");
  ASSERT_NE(file.array(), nullptr);
  for (const Json& entry : *file.array()) {
    VectorCase vector(tally, text_at(entry, "pub"));
    const Bytes message = hex_at(entry, "msg");
    const auto secret = SecretKey::from_seed(hex_at(entry, "priv"));
    if (!vector.holds(secret.ok(), "has a seed")) continue;
    vector.holds(equal(secret->public_key().view(), hex_at(entry, "pub")), "has the public key given");
    vector.holds(equal(secret->sign({message}).view(), hex_at(entry, "sig")), "gives the signature");
    vector.holds(verify(hex_at(entry, "pub"), message, hex_at(entry, "sig")).ok(), "verifies");
  }
}

// "Taming the many EdDSAs" (Chalkias, Garillot, Nikolaenko 2020), table 5, in its order:
//   0, 1   A of small order             6, 7    S not below the group order
//   2      R of small order             8, 9    R not canonical
//   3      A and R of mixed order       10, 11  A not canonical
//   4, 5   valid with the cofactor only
// Only 3 fulfils RFC 8032's equation without the cofactor, with canonical points of which neither has small order;
// libsodium takes this one alone, as the paper says of it.
TEST(Vectors, Ed25519EdgeCases) {
  constexpr std::size_t kValid = 3;
  Tally& tally = Tally::of("Ed25519, many EdDSAs (edge cases)");
  ELICENSE_VECTORS_OR_SKIP(tally, "ed25519/");
  const Json file = read_json_vector("ed25519/edge-cases.json");
  ASSERT_NE(file.array(), nullptr);
  for (std::size_t i = 0; i < file.array()->size(); ++i) {
    const Json& entry = (*file.array())[i];
    VectorCase vector(tally, "edge case " + std::to_string(i));
    const Status outcome = verify(hex_at(entry, "pub_key"), hex_at(entry, "message"), hex_at(entry, "signature"));
    if (i == kValid) {
      vector.holds(outcome.ok(), "is valid");
    } else {
      vector.refused(outcome, {ErrorCode::signature});
    }
  }
}

// ZIP 215 lists the 14 encodings of points of small order as A, times the same as R, S = 0, over "Zcash". It wants them
// all taken, so that a whole network agrees. We want none of them: a key of small order has signatures that hold for
// nearly any message. `valid_legacy` is an old libsodium whose list of such points had holes (3 fell through); today's
// has none.
TEST(Vectors, Zip215) {
  Tally& tally = Tally::of("Ed25519, ZIP 215 (points of small order)");
  ELICENSE_VECTORS_OR_SKIP(tally, "ed25519/");
  const Json file = read_json_vector("ed25519/zip215.json");
  ASSERT_NE(file.array(), nullptr);
  for (std::size_t i = 0; i < file.array()->size(); ++i) {
    const Json& entry = (*file.array())[i];
    VectorCase vector(tally, "ZIP 215 " + std::to_string(i));
    vector.refused(verify(hex_at(entry, "vk_bytes"), view_of("Zcash"), hex_at(entry, "sig_bytes")),
                   {ErrorCode::signature});
  }
}

}  // namespace
}  // namespace elicense
