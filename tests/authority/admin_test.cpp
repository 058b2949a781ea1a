// The endpoints for operators: access, licences, phones.
#include <gtest/gtest.h>

#include <array>
#include <vector>

#include "authority/service_home.h"
#include "authority/store_home.h"

namespace elicense::authority::test {
namespace {

constexpr std::array<std::string_view, 15> kPaths = {
    "/admin/licences",     "/admin/licence",           "/admin/licence/create", "/admin/licence/change",
    "/admin/licence/code", "/admin/licence/end-phone", "/admin/licence/checks", "/admin/partners",
    "/admin/partner/put",  "/admin/partner/remove",    "/admin/keys",           "/admin/keys/rotate",
    "/admin/keys/revoke",  "/admin/status/publish",    "/admin/audit"};

class AdminTest : public ::testing::Test {
 protected:
  ServiceHome home;

  std::vector<Event> events(std::string_view device) {
    return home.store().events_after(kNumber, device, 0, 100).value();
  }
  bool audit_has(const std::string& line) { return home.audit_text().find(line) != std::string::npos; }
};

// --- access

TEST_F(AdminTest, EveryEndpointWantsAnOperatorsKey) {
  for (const std::string_view path : kPaths) {
    for (const Fields& headers : {Fields{}, Fields{{"authorization", "Bearer"}}, Fields{{"authorization", "Bearer "}},
                                  Fields{{"authorization", std::string("Basic ") + kOperatorKey}},
                                  Fields{{"authorization", std::string("DPoP ") + kOperatorKey}},
                                  Fields{{"authorization", std::string(kOperatorKey)}},
                                  Fields{{"authorization", "Bearer " + std::string(5000, 'x')}}}) {
      Fields sent = headers;
      sent.emplace_back("content-type", "application/json");
      const Answer answer = home.post(path, "{}", sent);
      EXPECT_TRUE(answer.is(401, "operator-key")) << path;
      EXPECT_EQ(field(answer.response.headers, "WWW-Authenticate"), "Bearer");
    }
  }
  EXPECT_EQ(home.audit_text().find("operator:"), home.audit_text().find("operator:test"));  // the fixture's own
}

TEST_F(AdminTest, TheSchemeIsTakenInAnyCase) {
  EXPECT_EQ(home.post("/admin/keys", "{}",
                      {{"authorization", std::string("bEARER ") + kOperatorKey}, {"content-type", "application/json"}})
                .status(),
            200);
}

TEST_F(AdminTest, AWrongKeyCountsTenTimes) {
  home.settings.per_address = {.requests = 35, .seconds = 60};
  const Fields wrong = {{"authorization", "Bearer wrong"}, {"content-type", "application/json"}};
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(home.post("/admin/keys", "{}", wrong).is(401, "operator-key"));
  for (int i = 0; i < 5; ++i) EXPECT_EQ(home.admin("/admin/keys", Json::Object{}).status(), 200);
  const Answer limited = home.admin("/admin/keys", Json::Object{});
  EXPECT_TRUE(limited.is(429, "rate-limit"));
  EXPECT_FALSE(field(limited.response.headers, "Retry-After").empty());
  home.pass(60);
  EXPECT_EQ(home.admin("/admin/keys", Json::Object{}).status(), 200);
}

TEST_F(AdminTest, ARemovedOperatorIsNobody) {
  EXPECT_EQ(home.admin("/admin/keys", Json::Object{}).status(), 200);
  ASSERT_TRUE(home.store().remove_operator("li", home.now(), act("operator.remove")).value());
  EXPECT_TRUE(home.admin("/admin/keys", Json::Object{}).is(401, "operator-key"));
}

TEST_F(AdminTest, EveryEndpointRefusesWhatIsNoObjectAndMembersThatNobodyKnows) {
  for (const std::string_view path : kPaths) {
    EXPECT_TRUE(home.admin_text(path, "").is(400, "json-syntax")) << path;
    EXPECT_TRUE(home.admin_text(path, "[]").is(400, "body-shape")) << path;
    EXPECT_TRUE(home.admin_text(path, "{\"a\":1,\"a\":1}").is(400, "json-duplicate-key")) << path;
    const Json everything = Json::Object{{"document_number", kNumber},
                                         {"name", "x"},
                                         {"origin", "https://a.example"},
                                         {"use", "lease"},
                                         {"kid", "x"},
                                         {"revision", 1},
                                         {"claims", Json::Object{}},
                                         {"surprise", true}};
    const Answer answer = home.admin(path, everything);
    EXPECT_EQ(answer.status(), 400) << path;
    EXPECT_EQ(answer.code(), "unknown-field") << path;
    EXPECT_EQ(home.post(path, "{}",
                        {{"authorization", "Bearer " + std::string(kOperatorKey)}, {"content-type", "text/plain"}})
                  .code(),
              "content-type")
        << path;
  }
}

TEST_F(AdminTest, WrongTypesAreRefused) {
  ASSERT_EQ(home.create().status(), 200);
  for (const Json& wrong : {Json(1), Json(true), Json(), Json(Json::Array{}), Json(Json::Object{}), Json(""),
                            Json("a\nb"), Json(std::string(5000, 'x'))}) {
    for (const std::string_view path :
         {"/admin/licence", "/admin/licence/code", "/admin/licence/end-phone", "/admin/licence/checks"})
      EXPECT_TRUE(home.admin(path, Json::Object{{"document_number", wrong}}).is(400, "body-shape")) << path;
    EXPECT_TRUE(home.admin("/admin/partner/put", Json::Object{{"name", wrong}, {"origin", "https://a.example"}})
                    .is(400, "body-shape"));
    EXPECT_TRUE(home.admin("/admin/partner/remove", Json::Object{{"name", wrong}}).is(400, "body-shape"));
    EXPECT_TRUE(home.admin("/admin/keys/rotate", Json::Object{{"use", wrong}}).is(400, "body-shape"));
    EXPECT_TRUE(home.admin("/admin/keys/revoke", Json::Object{{"kid", wrong}}).is(400, "body-shape"));
  }
  for (const Json& wrong : {Json(0), Json(-1), Json(1.5), Json("1"), Json(true), Json(100'000)}) {
    for (const std::string_view path : {"/admin/licences", "/admin/audit"})
      EXPECT_TRUE(home.admin(path, Json::Object{{"limit", wrong}}).is(400, "body-shape")) << path;
    EXPECT_TRUE(home.admin("/admin/licence/code", Json::Object{{"document_number", kNumber}, {"seconds", wrong}})
                    .is(400, "body-shape"));
  }
  for (const Json& wrong : {Json(0), Json(-1), Json(1.0), Json("1"), Json()})
    EXPECT_TRUE(home.admin("/admin/licence/change",
                           Json::Object{{"document_number", kNumber}, {"revision", wrong}, {"points", 4}})
                    .is(400, "body-shape"));
}

TEST_F(AdminTest, AnUnknownLicenceIs404) {
  for (const std::string_view number : {std::string_view("9999999999999"), kSql}) {
    for (const std::string_view path :
         {"/admin/licence", "/admin/licence/code", "/admin/licence/end-phone", "/admin/licence/checks"})
      EXPECT_TRUE(home.admin(path, named(number)).is(404, "licence-unknown")) << path;
    EXPECT_TRUE(
        home.admin("/admin/licence/change", Json::Object{{"document_number", number}, {"revision", 1}, {"points", 4}})
            .is(404, "licence-unknown"));
  }
}

// --- phones

TEST_F(AdminTest, ACodeIsGivenOnceAndExpires) {
  home.create();
  const Answer answer = home.admin("/admin/licence/code", named(kNumber));
  ASSERT_EQ(answer.status(), 200) << answer.response.body;
  const std::string code = answer.text("pre_authorized_code");
  EXPECT_EQ(code.size(), 43U);
  EXPECT_EQ(answer.integer("expires_at"), home.now().seconds + 300);
  const Json offer = Json::Object{{"credential_issuer", kOrigin},
                                  {"credential_configuration_ids", Json::Array{"driving-licence", "live-code-lease"}},
                                  {"grants", Json::Object{{"urn:ietf:params:oauth:grant-type:pre-authorized_code",
                                                           Json::Object{{"pre-authorized_code", code}}}}}};
  EXPECT_EQ(*answer.body.find("credential_offer"), offer);
  const NewAccessToken token = {
      .digest = digest_number(1), .key_thumbprint = "device", .scope = "licence", .expires = home.now() + 60};
  EXPECT_TRUE(home.store().redeem_code(digest_of_secret(code), token, home.now() + 299, act("x")).value().has_value());
  EXPECT_TRUE(audit_has("operator:li licence.code {\"seconds\":300}\n"));
  EXPECT_EQ(home.audit_text().find(code), std::string::npos);
  const Answer longer =
      home.admin("/admin/licence/code", Json::Object{{"document_number", kNumber}, {"seconds", 86400}});
  EXPECT_EQ(longer.integer("expires_at"), home.now().seconds + 86400);
  for (const int seconds : {29, 86401})
    EXPECT_TRUE(home.admin("/admin/licence/code", Json::Object{{"document_number", kNumber}, {"seconds", seconds}})
                    .is(400, "body-shape"));
}

TEST_F(AdminTest, ACodeIsGivenOnlyForALicenceInForce) {
  int number = 1;
  for (const char letter : std::string("AHI")) {
    const std::string document = std::to_string(number++);
    ASSERT_EQ(home.create(document, std::string(1, letter)).status(), 200);
    EXPECT_EQ(home.admin("/admin/licence/code", named(document)).status(), 200) << letter;
  }
  for (const char letter : std::string("BMRSUKDJLEFGCZ")) {
    const std::string document = std::to_string(number++);
    ASSERT_EQ(home.create(document, std::string(1, letter)).status(), 200);
    EXPECT_TRUE(home.admin("/admin/licence/code", named(document)).is(409, "not-eligible")) << letter;
  }
  Json points = change_of("points", 12);
  ASSERT_EQ(home.create().status(), 200);
  ASSERT_EQ(home.admin("/admin/licence/change", points).status(), 200);
  EXPECT_TRUE(home.admin("/admin/licence/code", named(kNumber)).is(409, "not-eligible"));
}

TEST_F(AdminTest, AnEndedPhoneGetsNoLeaseUntilItIsActivatedAgain) {
  home.create();
  const auto lease = [&](std::uint8_t id) {
    return Lease{.id = {id},
                 .document_number = kNumber,
                 .device = "device-a",
                 .issued = home.now(),
                 .expires = home.now() + 600};
  };
  EXPECT_EQ(home.admin("/admin/licence/end-phone", named(kNumber)).integer("leases_ended"), 0);
  EXPECT_TRUE(events("device-a").empty());
  ASSERT_TRUE(home.store().activate_phone(kNumber, "device-a", std::nullopt, home.now(), act("x")).ok());
  ASSERT_EQ(home.store().put_leases({lease(1), lease(2)}, std::nullopt).value(), LeaseIssue::issued);
  EXPECT_EQ(*home.admin("/admin/licence", named(kNumber)).body.find("phone"),
            Json(Json::Object{{"activated", home.now().seconds}}));
  const Answer ended = home.admin("/admin/licence/end-phone", named(kNumber));
  ASSERT_EQ(ended.status(), 200) << ended.response.body;
  EXPECT_EQ(ended.integer("leases_ended"), 2);
  EXPECT_EQ(home.store().find_lease(lease(1).id, home.now()).value().standing, LeaseStanding::ended);
  EXPECT_EQ(home.store().put_leases({lease(3)}, std::nullopt).value(), LeaseIssue::not_the_active_phone);
  EXPECT_TRUE(home.admin("/admin/licence", named(kNumber)).body.find("phone")->is_null());
  const auto heard = events("device-a");
  ASSERT_EQ(heard.size(), 1U);
  EXPECT_EQ(heard[0].kind, "ended");
  EXPECT_EQ(heard[0].payload, R"({"reason":"operator","at":1790000000})");
  EXPECT_TRUE(events("device-b").empty());
  EXPECT_TRUE(audit_has("operator:li phone.end {\"leases_ended\":2}\n"));
  // Again: nothing more to end, nobody to tell.
  EXPECT_EQ(home.admin("/admin/licence/end-phone", named(kNumber)).integer("leases_ended"), 0);
  EXPECT_EQ(events("device-a").size(), 1U);
  ASSERT_TRUE(home.store().activate_phone(kNumber, "device-a", std::nullopt, home.now(), act("x")).ok());
  EXPECT_EQ(home.store().put_leases({lease(3)}, std::nullopt).value(), LeaseIssue::issued);
}

}  // namespace
}  // namespace elicense::authority::test
