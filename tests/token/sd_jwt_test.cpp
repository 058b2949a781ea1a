#include "token/sd_jwt.h"

#include <gtest/gtest.h>

#include "base/base64url.h"
#include "support/demo.h"

namespace elicense {
namespace {

using namespace test;

constexpr std::size_t kMost = 65536;
const JwsHeader kHeader = {.type = "dc+sd-jwt", .kid = "k"};

std::string issued() {
  CountingRandom random;
  return issue_sd_jwt(
             kHeader,
             {.plain = {{"iss", "me"}}, .disclosable = {{"name", "张三"}, {"points", 3}, {"list", Json::Array{1, 2}}}},
             issuer_key(), random)
      .value();
}

Result<VerifiedSdJwt> verify(std::string_view text) {
  ELICENSE_TRY(const UnverifiedSdJwt token, UnverifiedSdJwt::parse(text, kMost));
  return token.verify(issuer_key().public_key());
}

// A token over any payload, with any disclosures.
std::string token_of(const Json& payload, const std::vector<std::string>& disclosures) {
  std::string text = sign_jws(kHeader, payload, issuer_key()).value() + "~";
  for (const std::string& disclosure : disclosures) text += disclosure + "~";
  return text;
}
std::string raw_disclosure(std::string_view json) { return base64url_encode(view_of(json)); }
std::string digest_of(std::string_view json) { return Disclosure::parse(raw_disclosure(json))->digest(); }

TEST(SdJwt, IssuedTokenShowsEverything) {
  const auto verified = verify(issued());
  ASSERT_TRUE(verified);
  EXPECT_EQ(*verified->claims.find("name")->string(), "张三");
  EXPECT_EQ(verified->claims.find("points")->integer(), 3);
  EXPECT_EQ(verified->claims.find("_sd"), nullptr);
  EXPECT_EQ(verified->claims.find("_sd_alg"), nullptr);
  EXPECT_EQ(verified->payload.find("name"), nullptr);
}

TEST(SdJwt, TheHolderChooses) {
  const auto verified = verify(issued());
  ASSERT_TRUE(verified);
  const std::string presentation = present_sd_jwt(*verified, {"points"}).value();
  const auto seen = verify(presentation);
  ASSERT_TRUE(seen);
  EXPECT_EQ(seen->claims.find("name"), nullptr);
  EXPECT_EQ(seen->claims.find("points")->integer(), 3);
  EXPECT_EQ(presentation.find(raw_disclosure("张三")), std::string::npos);
  EXPECT_EQ(verify(present_sd_jwt(*verified, {}).value())->claims.object()->size(), 1U);
  EXPECT_EQ(present_sd_jwt(*verified, {"iss"}).error(), ErrorCode::sd_jwt_disclosure);
  EXPECT_EQ(present_sd_jwt(*verified, {"unknown"}).error(), ErrorCode::sd_jwt_disclosure);
}

TEST(SdJwt, AChoiceTakesAlongWhatItNeeds) {
  const std::string inner = R"(["s1","street","Main"])";
  const std::string outer = R"(["s2","address",{"_sd":[")" + digest_of(inner) + R"("]}])";
  const std::string decoy_name = R"(["s3","street","not the address"])";
  const Json payload = Json::Object{{"_sd", Json::Array{digest_of(outer), digest_of(decoy_name)}}};
  const auto verified =
      verify(token_of(payload, {raw_disclosure(inner), raw_disclosure(outer), raw_disclosure(decoy_name)}));
  ASSERT_TRUE(verified);
  const auto seen = verify(present_sd_jwt(*verified, {"address"}).value());
  ASSERT_TRUE(seen);
  EXPECT_EQ(*seen->claims.find("address")->find("street")->string(), "Main");
  EXPECT_EQ(seen->claims.find("street"), nullptr);
}

TEST(SdJwt, ArrayElementsAreRevealedOrLeftOut) {
  const std::string element = R"(["s1","DE"])";
  const Json payload = Json::Object{{"nationalities", Json::Array{Json::Object{{"...", digest_of(element)}}, "FR"}}};
  EXPECT_EQ(verify(token_of(payload, {raw_disclosure(element)}))->claims.find("nationalities")->array()->size(), 2U);
  EXPECT_EQ(verify(token_of(payload, {}))->claims.find("nationalities")->array()->size(), 1U);
}

TEST(SdJwt, DisclosuresThatAreRefused) {
  const std::string name = R"(["s","name","x"])";
  const Json with_name = Json::Object{{"_sd", Json::Array{digest_of(name)}}};
  const auto error_of = [](const std::string& text) {
    const auto result = verify(text);
    return result.ok() ? std::string_view("taken") : error_name(result.error());
  };
  EXPECT_EQ(error_of(token_of(with_name, {raw_disclosure(name)})), "taken");
  EXPECT_EQ(error_of(token_of(with_name, {raw_disclosure(name), raw_disclosure(name)})), "sd-jwt-disclosure");
  EXPECT_EQ(error_of(token_of(with_name, {raw_disclosure(R"(["s","other","x"])")})), "sd-jwt-disclosure");
  EXPECT_EQ(error_of(token_of(with_name, {raw_disclosure(R"(["s","name","y"])")})), "sd-jwt-disclosure")
      << "another value";
  for (const std::string_view bad : {R"([])", R"(["s"])", R"(["s","a","b","c"])", R"({"s":1})", R"([1,"a","b"])",
                                     R"(["s",1,"b"])", R"(["s","_sd","b"])", R"(["s","...","b"])"}) {
    EXPECT_EQ(error_of(token_of(with_name, {raw_disclosure(bad)})), "sd-jwt-disclosure") << bad;
  }
  EXPECT_EQ(error_of(token_of(with_name, {""})), "json-syntax");
  EXPECT_EQ(error_of(token_of(with_name, {"***"})), "base64url-character");
}

TEST(SdJwt, PayloadsThatAreRefused) {
  const std::string name = R"(["s","name","x"])";
  const std::string element = R"(["s","x"])";
  const auto error_of = [](const Json& payload, const std::vector<std::string>& disclosures) {
    const auto result = verify(token_of(payload, disclosures));
    return result.ok() ? std::string_view("taken") : error_name(result.error());
  };
  const Json digest = digest_of(name);
  EXPECT_EQ(error_of(Json::Object{{"_sd", Json::Array{digest, digest}}}, {}), "sd-jwt-digest") << "twice in one place";
  EXPECT_EQ(error_of(Json::Object{{"_sd", Json::Array{digest}}, {"o", Json::Object{{"_sd", Json::Array{digest}}}}}, {}),
            "sd-jwt-digest");
  EXPECT_EQ(error_of(Json::Object{{"_sd", Json::Array{digest}}, {"name", "y"}}, {raw_disclosure(name)}),
            "sd-jwt-digest")
      << "overwrites";
  EXPECT_EQ(error_of(Json::Object{{"_sd", Json::Array{digest_of(element)}}}, {raw_disclosure(element)}),
            "sd-jwt-digest")
      << "an element as a claim";
  EXPECT_EQ(error_of(Json::Object{{"a", Json::Array{Json::Object{{"...", digest}}}}}, {raw_disclosure(name)}),
            "sd-jwt-digest")
      << "a claim as an element";
  EXPECT_EQ(error_of(Json::Object{{"_sd", "x"}}, {}), "sd-jwt-digest");
  EXPECT_EQ(error_of(Json::Object{{"_sd", Json::Array{5}}}, {}), "sd-jwt-digest");
  EXPECT_EQ(error_of(Json::Object{{"...", "x"}}, {}), "sd-jwt-digest");
  EXPECT_EQ(error_of(Json::Object{{"_sd_alg", "md5"}}, {}), "sd-jwt-hash");
  EXPECT_EQ(error_of(Json::Object{{"_sd_alg", "sha-256"}}, {}), "taken");
}

TEST(SdJwt, ShapesThatAreRefused) {
  const std::string text = issued();
  EXPECT_EQ(UnverifiedSdJwt::parse(text.substr(0, text.find('~')), kMost).error(), ErrorCode::sd_jwt_shape);
  EXPECT_EQ(UnverifiedSdJwt::parse("", kMost).error(), ErrorCode::sd_jwt_shape);
  EXPECT_EQ(UnverifiedSdJwt::parse(text, text.size() - 1).error(), ErrorCode::text_size);
  std::string many = text;
  for (int i = 0; i < 300; ++i) many += raw_disclosure(R"(["s","n)" + std::to_string(i) + R"(",1])") + "~";
  EXPECT_EQ(UnverifiedSdJwt::parse(many, kMost).error(), ErrorCode::sd_jwt_shape);
}

class KeyBound : public testing::Test {
 protected:
  const std::string presentation_ = present_sd_jwt(verify(issued()).value(), {"name"}).value();
  std::string bind(const SecretKey& key, const KeyBinding& binding, std::string_view over) const {
    const SigningInput input = key_binding_input(over, binding);
    return bind_key(presentation_, input, key.sign(input));
  }
  static std::string_view outcome(std::string_view text, UnixTime now = kNow) {
    const auto token = UnverifiedSdJwt::parse(text, kMost);
    if (!token) return error_name(token.error());
    const auto bound = token->verify_key_binding(
        device_key().public_key(),
        {.audience = "https://shop.example", .nonce = "n1", .now = now, .most_age_seconds = 60});
    return bound.ok() ? "bound" : error_name(bound.error());
  }
  const KeyBinding binding_ = {.audience = "https://shop.example", .nonce = "n1", .issued = kNow};
};

TEST_F(KeyBound, BoundPresentationIsTaken) {
  const std::string text = bind(device_key(), binding_, presentation_);
  EXPECT_EQ(outcome(text), "bound");
  EXPECT_TRUE(verify(text));
}

TEST_F(KeyBound, EachWayToBindWrongly) {
  EXPECT_EQ(outcome(presentation_), "key-binding-missing");
  EXPECT_EQ(outcome(bind(lease_key(), binding_, presentation_)), "key-binding-signature");
  EXPECT_EQ(outcome(bind(device_key(), binding_, issued())), "key-binding-digest");
  EXPECT_EQ(
      outcome(bind(device_key(), {.audience = "https://else.example", .nonce = "n1", .issued = kNow}, presentation_)),
      "key-binding-audience");
  EXPECT_EQ(
      outcome(bind(device_key(), {.audience = "https://shop.example", .nonce = "n2", .issued = kNow}, presentation_)),
      "key-binding-nonce");
  const std::string text = bind(device_key(), binding_, presentation_);
  EXPECT_EQ(outcome(text, kNow + 60), "bound");
  EXPECT_EQ(outcome(text, kNow + 61), "key-binding-time");
  EXPECT_EQ(outcome(text, kNow - 61), "key-binding-time");
  const std::string other_type =
      presentation_ + sign_jws({.type = "jwt", .kid = std::nullopt}, Json::Object{}, device_key()).value();
  EXPECT_EQ(outcome(other_type), "jws-type");
  const std::string empty =
      presentation_ + sign_jws({.type = kKeyBindingType, .kid = std::nullopt}, Json::Object{}, device_key()).value();
  EXPECT_EQ(outcome(empty), "key-binding-shape");
}

}  // namespace
}  // namespace elicense
