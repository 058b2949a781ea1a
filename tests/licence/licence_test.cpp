#include "licence/licence.h"

#include <gtest/gtest.h>

#include "base/base64url.h"
#include "support/demo.h"
#include "token/jwk.h"

namespace elicense {
namespace {

using namespace test;

std::string issued() {
  CountingRandom random;
  return issue_licence(licence_envelope(), licence_data(), issuer_key(), random).value();
}

struct Outcome {
  Result<VerifiedLicence> licence;
  Checklist checklist;
};

Outcome verify(std::string_view text, UnixTime now = kNow, const StatusLists* lists = nullptr) {
  Checklist checklist;
  const TrustList keys = trust();
  auto licence = VerifiedLicence::verify(
      text, {.now = now, .trust = keys, .status_lists = lists, .key_binding = std::nullopt}, checklist);
  return {std::move(licence), std::move(checklist)};
}

std::string_view outcome(std::string_view text) {
  const Outcome result = verify(text);
  return result.licence.ok() ? "verified" : error_name(result.licence.error());
}

// A licence with its open claims or its disclosable ones changed before it is signed.
std::string issued_with(const Json::Object& plain_changes, const Json::Object& more_disclosable) {
  CountingRandom random;
  Json::Object plain{{"vct", kLicenceCredentialType},
                     {"iss", kIssuer},
                     {"iat", kNow.seconds},
                     {"exp", kNow.seconds + 100},
                     {"cnf", Json::Object{{"jwk", jwk_of(device_key().public_key())}}},
                     {"status", Json::Object{{"status_list", Json::Object{{"idx", 1}, {"uri", kStatusUri}}}}}};
  for (const Json::Member& change : plain_changes) {
    std::erase_if(plain, [&](const Json::Member& member) { return member.first == change.first; });
    if (!change.second.is_null()) plain.push_back(change);
  }
  return issue_sd_jwt({.type = kLicenceType, .kid = key_name(issuer_key().public_key())},
                      {.plain = plain, .disclosable = more_disclosable}, issuer_key(), random)
      .value();
}

TEST(Licence, RoundTrip) {
  const Outcome result = verify(issued());
  ASSERT_TRUE(result.licence);
  const VerifiedLicence& licence = *result.licence;
  EXPECT_TRUE(licence.data().complete());
  EXPECT_EQ(Json(licence_data_claims(licence.data())), Json(licence_data_claims(licence_data())));
  EXPECT_EQ(licence.data().portrait->image, licence_data().portrait->image);
  EXPECT_EQ(licence.envelope().issuer, kIssuer);
  EXPECT_EQ(licence.envelope().device_key, device_key().public_key());
  EXPECT_EQ(licence.envelope().status.index, 4711U);
  EXPECT_FALSE(licence.status());
}

TEST(Licence, PresentsAChoiceOfClaims) {
  const Outcome all = verify(issued());
  ASSERT_TRUE(all.licence);
  const std::string presentation = all.licence->present({"name", "driving_privileges"}).value();
  const Outcome some = verify(presentation);
  ASSERT_TRUE(some.licence);
  EXPECT_EQ(some.licence->data().name, licence_data().name);
  EXPECT_FALSE(some.licence->data().licence_number);
  EXPECT_FALSE(some.licence->data().complete());
}

TEST(Licence, KeyBoundPresentation) {
  const std::string presentation = verify(issued()).licence->present({"name"}).value();
  const SigningInput input =
      key_binding_input(presentation, {.audience = "https://shop.example", .nonce = "n", .issued = kNow});
  const TrustList keys = trust();
  const LicencePolicy policy{
      .now = kNow,
      .trust = keys,
      .status_lists = nullptr,
      .key_binding =
          KeyBindingPolicy{.audience = "https://shop.example", .nonce = "n", .now = kNow, .most_age_seconds = 60}};
  Checklist good;
  EXPECT_TRUE(VerifiedLicence::verify(bind_key(presentation, input, device_key().sign(input)), policy, good));
  EXPECT_EQ(good.steps().back().name, "key-binding");
  Checklist thief;
  EXPECT_EQ(VerifiedLicence::verify(bind_key(presentation, input, lease_key().sign(input)), policy, thief).error(),
            ErrorCode::key_binding_signature);
  Checklist unbound;
  EXPECT_EQ(VerifiedLicence::verify(presentation, policy, unbound).error(), ErrorCode::key_binding_missing);
}

TEST(Licence, StatusFromTheList) {
  const StatusLists lists = status_lists(17);
  const Outcome result = verify(issued(), kNow, &lists);
  ASSERT_TRUE(result.licence);
  EXPECT_EQ(result.licence->status()->letters(), "B");
  const StatusLists none;
  EXPECT_EQ(verify(issued(), kNow, &none).licence.error(), ErrorCode::status_list_missing);
}

TEST(Licence, HasItsTime) {
  EXPECT_TRUE(verify(issued(), kNow + 3599).licence);
  EXPECT_EQ(verify(issued(), kNow + 3600).licence.error(), ErrorCode::licence_expired);
  EXPECT_EQ(verify(issued(), kNow - 200).licence.error(), ErrorCode::licence_not_yet_valid);
}

TEST(Licence, OpenClaimsThatAreRefused) {
  EXPECT_EQ(outcome(issued_with({}, {})), "verified");
  EXPECT_EQ(outcome(issued_with({{"vct", "urn:other"}}, {})), "licence-type");
  EXPECT_EQ(outcome(issued_with({{"iss", "https://dl.example.net"}}, {})), "issuer-mismatch");
  for (const char* name : {"iss", "iat", "exp", "cnf", "status"})
    EXPECT_EQ(outcome(issued_with({{name, nullptr}}, {})), "licence-shape") << name;
  EXPECT_EQ(outcome(issued_with({{"vct", nullptr}}, {})), "licence-type");
  EXPECT_EQ(outcome(issued_with({{"exp", nullptr}}, {{"exp", kNow.seconds + 100}})), "licence-shape")
      << "a disclosure cannot say until when";
  EXPECT_EQ(
      outcome(issued_with({{"cnf", nullptr}}, {{"cnf", Json::Object{{"jwk", jwk_of(lease_key().public_key())}}}})),
      "licence-shape");
}

TEST(Licence, DisclosedClaimsThatAreRefused) {
  const auto with = [](std::string_view name, Json value) {
    return outcome(issued_with({}, {{std::string(name), std::move(value)}}));
  };
  EXPECT_EQ(with("name", 5), "licence-shape");
  EXPECT_EQ(with("name", std::string(1025, 'x')), "licence-shape");
  EXPECT_EQ(with("birth_date", "1988-02-30"), "licence-shape");
  EXPECT_EQ(with("birth_date", "19880228"), "licence-shape");
  EXPECT_EQ(with("points", -1), "licence-shape");
  EXPECT_EQ(with("points", "12"), "licence-shape");
  EXPECT_EQ(with("record", "none"), "licence-shape");
  EXPECT_EQ(with("record", Json::Array{Json::Object{{"date", "2020-01-01"}}}), "licence-shape");
  EXPECT_EQ(with("driving_privileges",
                 Json::Array{Json::Object{{"vehicle_category_code", "X9"}, {"issue_date", "2020-01-01"}}}),
            "vehicle-class");
  EXPECT_EQ(with("driving_privileges", Json::Array{Json::Object{{"vehicle_category_code", "C1"}}}), "licence-shape");
  EXPECT_EQ(with("favourite_colour", "teal"), "verified") << "unknown claims are skipped";
}

TEST(Licence, PortraitsAreSmallPictures) {
  const auto uri = [](std::string_view type, ByteView image) {
    return "data:" + std::string(type) + ";base64," + base64_encode(image);
  };
  const Bytes jpeg = {0xff, 0xd8, 0xff, 0xe0};
  const std::string webp = std::string("RIFF\0\0\0\0WEBPVP8 ", 16);
  EXPECT_TRUE(Portrait::from_data_uri(uri("image/jpeg", jpeg)));
  EXPECT_TRUE(Portrait::from_data_uri(uri("image/webp", view_of(webp))));
  EXPECT_FALSE(Portrait::from_data_uri(uri("image/webp", jpeg))) << "not what it says";
  EXPECT_FALSE(Portrait::from_data_uri(uri("image/png", jpeg)));
  EXPECT_FALSE(Portrait::from_data_uri(uri("image/svg+xml", view_of("<svg onload=alert(1)>"))));
  EXPECT_FALSE(Portrait::from_data_uri("data:image/jpeg,plain"));
  EXPECT_FALSE(Portrait::from_data_uri("https://example.org/me.jpg"));
  EXPECT_FALSE(Portrait::from_data_uri(""));
  Bytes large(kMostPortraitBytes + 1);
  std::copy(jpeg.begin(), jpeg.end(), large.begin());
  EXPECT_FALSE(Portrait::from_data_uri(uri("image/jpeg", large)));
  large.pop_back();
  EXPECT_TRUE(Portrait::from_data_uri(uri("image/jpeg", large)));
  EXPECT_EQ(licence_data().portrait->data_uri(),
            Portrait::from_data_uri(licence_data().portrait->data_uri())->data_uri());
}

TEST(Licence, EveryCharacterCounts) {
  const std::string text = issued();
  for (std::size_t i = 0; i < text.size(); i += 3) {
    std::string changed = text;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(verify(changed).licence) << i;
  }
}

}  // namespace
}  // namespace elicense
