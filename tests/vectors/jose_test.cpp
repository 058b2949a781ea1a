// JWS and JWK: RFC 8037, and Wycheproof's, of which nothing is Ed25519 and so nothing may be taken.
#include <gtest/gtest.h>

#include <algorithm>

#include "base/base64url.h"
#include "support/demo.h"
#include "support/vectors.h"
#include "token/jwk.h"
#include "token/jws.h"

namespace elicense {
namespace {

using namespace test;

constexpr std::size_t kMostBytes = 65536;

Result<VerifiedJws> read_jws(std::string_view text) {
  ELICENSE_TRY(const UnverifiedJws jws, UnverifiedJws::parse(text, kMostBytes));
  return jws.verify(key_from(9).public_key());
}

// Three parts with a header that names its algorithm fall to the algorithm; everything else to its form.
void expect_foreign(VectorCase& vector, const std::string& token) {
  const auto outcome = read_jws(token);
  if (std::count(token.begin(), token.end(), '.') != 2) return vector.refused(outcome, {ErrorCode::jws_shape});
  const auto header = base64url_decode(std::string_view(token).substr(0, token.find('.')));
  if (!header.ok()) return vector.refused(outcome, {header.error()});
  const auto json = Json::parse(text_of(*header), {.bytes = 8192, .depth = 8, .values = 256});
  if (!json.ok()) return vector.refused(outcome, {json.error()});
  vector.refused(outcome, {ErrorCode::algorithm});
}

std::string as_text(const Json& token) { return token.string() != nullptr ? *token.string() : token.dump(); }

void expect_foreign_keys(Tally& tally, const Json& group, std::string_view name) {
  const Json* entry = group.find(name);
  if (entry == nullptr) return;
  const Json* set = entry->find("keys");
  const Json::Array keys = set != nullptr && set->array() != nullptr ? *set->array() : Json::Array{*entry};
  for (const Json& key : keys) {
    VectorCase vector(tally, text_at(group, "comment") + ", " + std::string(name));
    vector.refused(public_key_of_jwk(key), {ErrorCode::jwk_shape});
  }
}

TEST(Vectors, WycheproofJose) {
  Tally& tokens = Tally::of("Wycheproof, JWS and JWE");
  ELICENSE_VECTORS_OR_SKIP(tokens, "wycheproof/");
  Tally& keys = Tally::of("Wycheproof, JWK");
  for (const std::string name : {"json_web_signature", "json_web_key", "json_web_crypto"}) {
    const Json file = read_json_vector("wycheproof/" + name + "_test.json");
    note_background("wycheproof/schemas/" + name + "_schema_v1.json");
    for (const Json& group : array_at(file, "testGroups")) {
      for (const Json& test : array_at(group, "tests")) {
        VectorCase vector(tokens, name + " tcId " + at(test, "tcId").dump());
        expect_foreign(vector, as_text(at(test, test.find("jwe") != nullptr ? "jwe" : "jws")));
      }
      expect_foreign_keys(keys, group, "private");
      expect_foreign_keys(keys, group, "public");
    }
  }
  note_background("wycheproof/schemas/json_web_crypto_common.json");
}

TEST(Vectors, Rfc8037Jws) {
  Tally& tally = Tally::of("RFC 8037, JWS and thumbprint");
  ELICENSE_VECTORS_OR_SKIP(tally, "jose/");
  const Json file = read_json_vector("jose/rfc8037_ed25519_jws.json");
  const Json& signing = at(file, "signing");
  const Json& jwk = at(at(file, "input"), "key");
  VectorCase vector(tally, "A.4 and A.5");
  const auto seed = base64url_decode(text_at(jwk, "d"));
  const auto secret = seed.ok() ? SecretKey::from_seed(*seed) : seed.error();
  const auto signature_bytes = base64url_decode(text_at(signing, "sig"));
  if (!vector.holds(secret.ok() && signature_bytes.ok(), "has a key and a signature")) return;
  const SigningInput input = {copy_of(view_of(text_at(signing, "sig-input")))};
  const Signature signature = secret->sign(input);
  vector.holds(equal(signature.view(), *signature_bytes), "gives the signature");
  vector.holds(jws_assemble(input, signature) == text_at(at(file, "output"), "compact"), "gives the compact form");
  vector.holds(verify_signature(secret->public_key(), input, signature).ok(), "verifies");
  const auto jws = UnverifiedJws::parse(text_at(at(file, "output"), "compact"), kMostBytes);
  if (!vector.holds(jws.ok(), "is a JWS")) return;
  vector.holds(jws->type().empty() && !jws->kid(), "has neither typ nor kid");
  // Its payload is a sentence. Every token of ours carries a JSON object, so the last step refuses it, once the
  // signature has been found good.
  const auto verified = jws->verify(secret->public_key());
  vector.holds(!verified.ok() && verified.error() == ErrorCode::json_syntax, "has a payload that is not JSON");
  const auto forged = jws->verify(key_from(9).public_key());
  vector.holds(!forged.ok() && forged.error() == ErrorCode::signature, "is refused with another key");
}

TEST(Vectors, Rfc8037Thumbprint) {
  Tally& tally = Tally::of("RFC 8037, JWS and thumbprint");
  ELICENSE_VECTORS_OR_SKIP(tally, "jose/");
  const Json file = read_json_vector("jose/rfc8037_thumbprint.json");
  {
    VectorCase vector(tally, "A.2 and A.3");
    const auto key = public_key_of_jwk(at(file, "A.2_public_jwk"));
    if (!vector.holds(key.ok(), "is a public key")) return;
    vector.holds(jwk_thumbprint(*key) == text_at(file, "A.3_thumbprint_sha256"), "has the thumbprint");
    vector.holds(same_json(jwk_of(*key), at(file, "A.2_public_jwk")), "is written as it was read");
    vector.holds(key_name(*key) == text_at(file, "A.3_thumbprint_sha256").substr(0, 8),
                 "is named after its thumbprint");
  }
  VectorCase vector(tally, "A.1: a private key where a public one belongs");
  vector.refused(public_key_of_jwk(at(file, "A.1_private_jwk")), {ErrorCode::jwk_shape});
}

// What can be read today; the rest waits for the part that speaks HTTP.
TEST(Vectors, OpenId4VciExamples) {
  Tally& tally = Tally::of("OpenID4VCI 1.0 examples");
  ELICENSE_VECTORS_OR_SKIP(tally, "openid4vci/");
  for (const std::string& path : vector_files("openid4vci/")) {
    const std::string name = file_name(path);
    if (name == "issuer_jwks.json") {
      const std::string text = read_vector(path);
      VectorCase wrapped(tally, name + ", with a line broken within a string");
      wrapped.refused(Json::parse(text, {.bytes = text.size(), .depth = 8, .values = 64}), {ErrorCode::json_syntax});
      const Json file = parse_vector(without_white_space(text));
      VectorCase key(tally, name + ", joined");
      key.refused(public_key_of_jwk(array_at(at(file, "jwks"), "keys").front()), {ErrorCode::jwk_shape});
    } else if (name == "wallet_attestation.jwt.txt") {
      VectorCase vector(tally, name);
      vector.refused(read_jws(without_white_space(read_vector(path))), {ErrorCode::algorithm});
    } else {
      leave_out(tally, path, "issuing over HTTP comes with the authority");
    }
  }
}

}  // namespace
}  // namespace elicense
