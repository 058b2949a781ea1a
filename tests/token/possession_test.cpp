#include "token/possession.h"

#include <gtest/gtest.h>

#include <functional>

#include "support/demo.h"
#include "token/jwk.h"
#include "token/jws.h"

namespace elicense {
namespace {

using namespace test;

constexpr std::string_view kUrl = "https://dl.example.org/credential";

// A proof as its maker writes it; `change` may spoil header or payload before it is signed.
struct Proof {
  Json::Object header;
  Json::Object payload;
};

void set(Json::Object& object, std::string_view name, const Json& value) {
  std::erase_if(object, [&](const Json::Member& member) { return member.first == name; });
  if (!value.is_null()) object.emplace_back(name, value);
}

std::string signed_proof(Proof proof, const std::function<void(Proof&)>& change, const SecretKey& key) {
  change(proof);
  const SigningInput input = jws_signing_input(proof.header, proof.payload);
  return jws_assemble(input, key.sign(input));
}

Json::Object header_of(std::string_view type, const SecretKey& key) {
  return {{"alg", "EdDSA"}, {"typ", type}, {"jwk", jwk_of(key.public_key())}};
}

std::string dpop(const std::function<void(Proof&)>& change) {
  return signed_proof({.header = header_of(kDpopType, device_key()),
                       .payload = {{"jti", "id-1"},
                                   {"htm", "POST"},
                                   {"htu", kUrl},
                                   {"iat", kNow.seconds},
                                   {"ath", access_token_digest("token-1")}}},
                      change, device_key());
}

std::string_view dpop_outcome(
    const std::function<void(Proof&)>& change,
    const std::function<void(DpopPolicy&)>& policy_change = [](DpopPolicy&) {}) {
  DpopPolicy policy{.method = "POST", .url = kUrl, .access_token = "token-1", .now = kNow};
  policy_change(policy);
  const auto result = verify_dpop(dpop(change), policy);
  return result.ok() ? "taken" : error_name(result.error());
}
const auto kAsItIs = [](Proof&) {};

TEST(Dpop, ProvesTheKeyForThisRequest) {
  const auto proof =
      verify_dpop(dpop(kAsItIs), {.method = "POST", .url = kUrl, .access_token = "token-1", .now = kNow});
  ASSERT_TRUE(proof);
  EXPECT_EQ(proof->key, device_key().public_key());
  EXPECT_EQ(proof->id, "id-1");
  EXPECT_FALSE(proof->nonce);
  EXPECT_EQ(dpop_outcome(kAsItIs, [](DpopPolicy& p) { p.access_token.reset(); }), "taken")
      << "nothing to be bound to yet";
  EXPECT_EQ(dpop_outcome([](Proof& p) { set(p.payload, "htu", std::string(kUrl) + "?a=b#c"); }), "taken")
      << "RFC 9449 4.3";
}

TEST(Dpop, EachReasonToRefuse) {
  EXPECT_EQ(dpop_outcome(kAsItIs, [](DpopPolicy& p) { p.method = "GET"; }), "dpop-method");
  EXPECT_EQ(dpop_outcome([](Proof& p) { set(p.payload, "htm", "post"); }), "dpop-method");
  EXPECT_EQ(dpop_outcome(kAsItIs, [](DpopPolicy& p) { p.url = "https://dl.example.org/token"; }), "dpop-url");
  EXPECT_EQ(dpop_outcome([](Proof& p) { set(p.payload, "htu", "https://dl.example.org.evil.example/credential"); }),
            "dpop-url");
  EXPECT_EQ(dpop_outcome(kAsItIs, [](DpopPolicy& p) { p.now = kNow + 60; }), "taken");
  EXPECT_EQ(dpop_outcome(kAsItIs, [](DpopPolicy& p) { p.now = kNow + 61; }), "dpop-time");
  EXPECT_EQ(dpop_outcome(kAsItIs, [](DpopPolicy& p) { p.now = kNow - 61; }), "dpop-time");
  EXPECT_EQ(dpop_outcome(kAsItIs, [](DpopPolicy& p) { p.access_token = "token-2"; }), "dpop-token");
  EXPECT_EQ(dpop_outcome([](Proof& p) { set(p.payload, "ath", nullptr); }), "dpop-token");
  for (const char* name : {"jti", "htm", "htu", "iat"}) {
    EXPECT_EQ(dpop_outcome([name](Proof& p) { set(p.payload, name, nullptr); }), "dpop-shape") << name;
    EXPECT_EQ(dpop_outcome([name](Proof& p) { set(p.payload, name, true); }), "dpop-shape") << name;
  }
  EXPECT_EQ(dpop_outcome([](Proof& p) { set(p.payload, "jti", ""); }), "dpop-shape");
  EXPECT_EQ(dpop_outcome([](Proof& p) { set(p.payload, "jti", std::string(257, 'x')); }), "dpop-shape");
}

TEST(Dpop, HeadersThatAreRefused) {
  EXPECT_EQ(dpop_outcome([](Proof& p) { set(p.header, "typ", "jwt"); }), "jws-type");
  EXPECT_EQ(dpop_outcome([](Proof& p) { set(p.header, "alg", "none"); }), "algorithm");
  EXPECT_EQ(dpop_outcome([](Proof& p) { set(p.header, "jwk", nullptr); }), "dpop-shape");
  EXPECT_EQ(dpop_outcome([](Proof& p) { set(p.header, "kid", "k"); }), "dpop-shape") << "two ways to name a key";
  EXPECT_EQ(dpop_outcome([](Proof& p) { set(p.header, "jwk", jwk_of(lease_key().public_key())); }), "signature");
  EXPECT_EQ(dpop_outcome([](Proof& p) {
              Json::Object jwk = *jwk_of(device_key().public_key()).object();
              jwk.emplace_back("d", "AA");
              set(p.header, "jwk", jwk);
            }),
            "jwk-shape")
      << "a private key was sent";
}

std::string_view key_proof_outcome(const std::function<void(Proof&)>& change, UnixTime now = kNow) {
  const std::string text = signed_proof({.header = header_of(kKeyProofType, lease_key()),
                                         .payload = {{"aud", kIssuer}, {"iat", kNow.seconds}, {"nonce", "n-1"}}},
                                        change, lease_key());
  const auto result = verify_key_proof(text, {.audience = kIssuer, .now = now});
  if (!result) return error_name(result.error());
  EXPECT_EQ(result->key, lease_key().public_key());
  EXPECT_EQ(result->nonce, "n-1");
  return "taken";
}

TEST(KeyProof, TakenOrRefusedByName) {
  EXPECT_EQ(key_proof_outcome(kAsItIs), "taken");
  EXPECT_EQ(key_proof_outcome(kAsItIs, kNow + 61), "key-proof-time");
  EXPECT_EQ(key_proof_outcome(kAsItIs, kNow - 61), "key-proof-time");
  EXPECT_EQ(key_proof_outcome([](Proof& p) { set(p.payload, "aud", "https://else.example"); }), "key-proof-audience");
  for (const char* name : {"aud", "iat", "nonce"}) {
    EXPECT_EQ(key_proof_outcome([name](Proof& p) { set(p.payload, name, nullptr); }), "key-proof-shape") << name;
  }
  EXPECT_EQ(key_proof_outcome([](Proof& p) { set(p.header, "typ", kDpopType); }), "jws-type")
      << "one proof is not the other";
  EXPECT_EQ(key_proof_outcome([](Proof& p) { set(p.header, "jwk", jwk_of(device_key().public_key())); }), "signature");
}

}  // namespace
}  // namespace elicense
