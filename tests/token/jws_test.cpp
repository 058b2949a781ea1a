#include "token/jws.h"

#include <gtest/gtest.h>

#include "base/base64url.h"
#include "support/demo.h"
#include "token/jwk.h"

namespace elicense {
namespace {

using namespace test;

std::string token(std::string_view header, std::string_view payload) {
  const std::string text = base64url_encode(view_of(header)) + "." + base64url_encode(view_of(payload));
  const SigningInput input{copy_of(view_of(text))};
  return jws_assemble(input, issuer_key().sign(input));
}

Result<VerifiedJws> verify(std::string_view compact) {
  ELICENSE_TRY(const UnverifiedJws jws, UnverifiedJws::parse(compact, 65536));
  return jws.verify(issuer_key().public_key());
}

TEST(Jws, RoundTrip) {
  const std::string text =
      sign_jws({.type = "test+jwt", .kid = "k1"}, Json::Object{{"iss", "x"}, {"n", 5}}, issuer_key()).value();
  const auto jws = UnverifiedJws::parse(text, 65536);
  ASSERT_TRUE(jws);
  EXPECT_EQ(jws->type(), "test+jwt");
  EXPECT_EQ(jws->kid(), "k1");
  EXPECT_TRUE(jws->expect_type("test+jwt"));
  EXPECT_EQ(jws->expect_type("other+jwt").error(), ErrorCode::jws_type);
  EXPECT_EQ(jws->expect_type("").error(), ErrorCode::jws_type);
  const auto verified = jws->verify(issuer_key().public_key());
  ASSERT_TRUE(verified);
  EXPECT_EQ(verified->payload.find("n")->integer(), 5);
  EXPECT_EQ(jws->verify(device_key().public_key()).error(), ErrorCode::signature);
}

TEST(Jws, HeadersThatAreRefused) {
  struct Row {
    std::string_view header;
    ErrorCode error;
  };
  for (const Row& row : {
           Row{R"({"alg":"none"})", ErrorCode::algorithm},
           Row{R"({"alg":"None"})", ErrorCode::algorithm},
           Row{R"({"alg":"HS256"})", ErrorCode::algorithm},
           Row{R"({"alg":"ES256"})", ErrorCode::algorithm},
           Row{R"({"alg":"Ed448"})", ErrorCode::algorithm},
           Row{R"({"alg":"eddsa"})", ErrorCode::algorithm},
           Row{R"({"alg":["EdDSA"]})", ErrorCode::algorithm},
           Row{R"({})", ErrorCode::algorithm},
           Row{R"({"alg":"EdDSA","alg":"none"})", ErrorCode::json_duplicate_key},
           Row{R"({"alg":"EdDSA","crit":["exp"],"exp":1})", ErrorCode::jws_header},
           Row{R"({"alg":"EdDSA","b64":false})", ErrorCode::jws_header},
           Row{R"({"alg":"EdDSA","typ":5})", ErrorCode::jws_header},
           Row{R"({"alg":"EdDSA","kid":5})", ErrorCode::jws_header},
           Row{R"(["EdDSA"])", ErrorCode::jws_header},
           Row{R"({"alg":"EdDSA")", ErrorCode::json_syntax},
       }) {
    const auto result = verify(token(row.header, "{}"));
    ASSERT_FALSE(result.ok()) << row.header;
    EXPECT_EQ(error_name(result.error()), error_name(row.error)) << row.header;
  }
}

TEST(Jws, TakesBothNamesOfTheAlgorithm) {
  EXPECT_TRUE(verify(token(R"({"alg":"EdDSA"})", "{}")));
  EXPECT_TRUE(verify(token(R"({"alg":"Ed25519"})", "{}")));
}

// A key in the header is somebody's wish, not ours.
TEST(Jws, AKeyInTheHeaderIsNotLookedAt) {
  const std::string header = R"({"alg":"EdDSA","jwk":)" + jwk_of(device_key().public_key()).dump() + "}";
  const std::string text = base64url_encode(view_of(header)) + "." + base64url_encode(view_of("{}"));
  const SigningInput input{copy_of(view_of(text))};
  EXPECT_EQ(verify(jws_assemble(input, device_key().sign(input))).error(), ErrorCode::signature);
}

TEST(Jws, PayloadsThatAreRefusedAfterTheSignature) {
  EXPECT_EQ(verify(token(R"({"alg":"EdDSA"})", "[]")).error(), ErrorCode::jws_shape);
  EXPECT_EQ(verify(token(R"({"alg":"EdDSA"})", "hello")).error(), ErrorCode::json_syntax);
  EXPECT_EQ(verify(token(R"({"alg":"EdDSA"})", R"({"a":1,"a":2})")).error(), ErrorCode::json_duplicate_key);
}

TEST(Jws, ShapesThatAreRefused) {
  const std::string good = token(R"({"alg":"EdDSA"})", "{}");
  for (const std::string& text : {std::string(), std::string("."), std::string(".."), std::string("..."), good + ".",
                                  good + ".x", good + "=", "." + good, good.substr(0, good.rfind('.')),
                                  good.substr(0, good.size() - 1), good + "AA", " " + good, good + "\n"}) {
    EXPECT_FALSE(verify(text)) << text;
  }
  EXPECT_EQ(UnverifiedJws::parse(good, good.size() - 1).error(), ErrorCode::text_size);
}

TEST(Jws, EveryCharacterCounts) {
  const std::string good = token(R"({"alg":"EdDSA","kid":"k"})", R"({"sub":"x"})");
  for (std::size_t i = 0; i < good.size(); ++i) {
    EXPECT_FALSE(verify(std::string_view(good).substr(0, i))) << i;
    std::string changed = good;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(verify(changed)) << i;
  }
}

TEST(Jwk, ReadsWhatItWrites) {
  const PublicKey key = issuer_key().public_key();
  EXPECT_EQ(public_key_of_jwk(jwk_of(key)).value(), key);
  EXPECT_EQ(key_name(key), jwk_thumbprint(key).substr(0, 8));
}

TEST(Jwk, RefusesOtherKeysAndPrivateParts) {
  const auto refused = [](std::string_view text) {
    const auto key = public_key_of_jwk(Json::parse(text, {4096, 8, 64}).value());
    return key.ok() ? std::string_view("taken") : error_name(key.error());
  };
  const std::string x = base64url_encode(Bytes(32, 9));
  EXPECT_EQ(refused(R"({"kty":"EC","crv":"P-256","x":")" + x + R"("})"), "jwk-shape");
  EXPECT_EQ(refused(R"({"kty":"OKP","crv":"Ed448","x":")" + x + R"("})"), "jwk-shape");
  EXPECT_EQ(refused(R"({"kty":"OKP","crv":"X25519","x":")" + x + R"("})"), "jwk-shape");
  EXPECT_EQ(refused(R"({"kty":"OKP","crv":"Ed25519","x":")" + x + R"(","d":"AA"})"), "jwk-shape");
  EXPECT_EQ(refused(R"({"kty":"OKP","crv":"Ed25519"})"), "jwk-shape");
  EXPECT_EQ(refused(R"({"kty":"OKP","crv":"Ed25519","x":"AAAA"})"), "key-encoding");
  EXPECT_EQ(refused("[]"), "jwk-shape");
}

}  // namespace
}  // namespace elicense
