// SD-JWT VCs with EdDSA from another implementation (credo-ts), issuer keys as did:key or in a certificate: verified
// for real. Older drafts' typ (vc+sd-jwt) and times are the business of the licence's rules, not of the SD-JWT layer.
#include <gtest/gtest.h>

#include <map>

#include "base/base64url.h"
#include "support/did_key.h"
#include "support/vectors.h"
#include "token/jwk.h"
#include "token/sd_jwt.h"

namespace elicense {
namespace {

using namespace test;

constexpr std::size_t kMostBytes = 65536;
constexpr UnixTime kPresented = {1698151532};  // every iat in the file
constexpr std::string_view kAudience = "did:key:zUC74VEqqhEHQcgv4zagSPkqFJxuNWuoBPKjJuHETEUeHLoSqWt92viSsmaWjy82y";

// The key that the token itself names: good enough to check a vector, never what the product does.
std::optional<PublicKey> issuer_key_named_by(const UnverifiedJws& jws) {
  if (jws.kid()) return key_of_did(*jws.kid());
  const Json* chain = jws.header().find("x5c");
  if (chain == nullptr || chain->array() == nullptr || chain->array()->empty()) return std::nullopt;
  const auto der = base64_decode(*chain->array()->front().string());
  return der.ok() ? key_of_certificate(*der) : std::nullopt;
}

Status check_binding(const UnverifiedSdJwt& token, const PublicKey& holder, std::string_view audience,
                     std::string_view nonce, UnixTime now) {
  return token.verify_key_binding(holder, {.audience = audience, .nonce = nonce, .now = now, .most_age_seconds = 300});
}

bool is(const Status& outcome, ErrorCode error) { return !outcome.ok() && outcome.error() == error; }

void check_key_binding(VectorCase& vector, const UnverifiedSdJwt& token, const Json& payload) {
  const auto holder = public_key_of_jwk(at(at(payload, "cnf"), "jwk"));
  if (!vector.holds(holder.ok(), "names the holder's key")) return;
  vector.holds(check_binding(token, *holder, kAudience, "salt", kPresented + 10).ok(), "is bound to the holder's key");
  vector.holds(
      is(check_binding(token, *holder, "https://dl.example.org", "salt", kPresented), ErrorCode::key_binding_audience),
      "is refused by another audience");
  vector.holds(is(check_binding(token, *holder, kAudience, "pepper", kPresented), ErrorCode::key_binding_nonce),
               "is refused for another nonce");
  vector.holds(is(check_binding(token, *holder, kAudience, "salt", kPresented + 301), ErrorCode::key_binding_time),
               "grows old");
  PublicKey other = *holder;
  other.bytes[0] ^= 1;
  vector.holds(is(check_binding(token, other, kAudience, "salt", kPresented), ErrorCode::key_binding_signature),
               "is refused with another key");
}

void check_signed(VectorCase& vector, const UnverifiedSdJwt& token, const PublicKey& key) {
  const auto verified = token.verify(key);
  if (!vector.holds(verified.ok(), "verifies")) return;
  vector.holds(text_at(verified->claims, "vct") == "IdentityCredential", "has its type in the open");
  for (const Disclosure& disclosure : token.disclosures()) {
    const Json* top = verified->claims.find(disclosure.name.value_or(""));
    const Json* address = verified->claims.find("address");
    const Json* shown = top != nullptr || address == nullptr ? top : address->find(disclosure.name.value_or(""));
    vector.holds(shown != nullptr && *shown == disclosure.value, "shows what was disclosed");
  }
  vector.holds(verified->claims.find("_sd") == nullptr, "keeps no digest");
  if (token.has_key_binding()) {
    check_key_binding(vector, token, verified->payload);
  } else {
    vector.holds(is(check_binding(token, key, kAudience, "salt", kPresented), ErrorCode::key_binding_missing),
                 "has no key binding");
  }
}

void check_token(VectorCase& vector, const std::string& name, const std::string& text) {
  const auto token = UnverifiedSdJwt::parse(text, kMostBytes);
  if (name == "sdJwtVcPid" || name == "funkeX509") return vector.refused(token, {ErrorCode::algorithm});  // ES256
  if (!vector.holds(token.ok(), "is an SD-JWT")) return;
  const auto key = issuer_key_named_by(token->jws());
  if (!vector.holds(key.has_value(), "names its issuer's key")) return;
  if (name == "contentChangedSdJwtVc" || name == "signatureInvalidSdJwtVc") {
    return vector.refused(token->verify(*key), {ErrorCode::signature});
  }
  check_signed(vector, *token, *key);
}

TEST(Vectors, CredoSdJwtVc) {
  Tally& tally = Tally::of("credo-ts, EdDSA SD-JWT VCs");
  ELICENSE_VECTORS_OR_SKIP(tally, "sd-jwt/eddsa");
  const Json file = read_json_vector("sd-jwt/eddsa_sd_jwt_vc_credo.json");
  ASSERT_NE(file.object(), nullptr);
  for (const auto& [name, entry] : *file.object()) {
    VectorCase vector(tally, name);
    check_token(vector, name, entry.string() != nullptr ? *entry.string() : text_at(entry, "sdJwtVc"));
  }
}

}  // namespace
}  // namespace elicense
