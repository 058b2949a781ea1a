// The endpoints for operators: licences.
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "authority/service_home.h"

namespace elicense::authority::test {
namespace {

Json with(Json claims, std::string_view name, const Json& value) {
  for (auto& [member, old] : *claims.object()) {
    if (member == name) {
      old = value;
      return claims;
    }
  }
  claims.object()->emplace_back(name, value);
  return claims;
}

Json without(const Json& claims, std::string_view name) {
  Json::Object rest;
  for (const auto& [member, value] : *claims.object()) {
    if (member != name) rest.emplace_back(member, value);
  }
  return rest;
}

class AdminLicenceTest : public ::testing::Test {
 protected:
  ServiceHome home;

  Answer create_with(const Json& claims) {
    return home.admin("/admin/licence/create",
                      Json::Object{{"claims", claims}, {"portrait", ServiceHome::portrait_uri()}});
  }
  std::vector<Event> events(std::string_view device = "any") {
    return home.store().events_after(kNumber, device, 0, 100).value();
  }
  bool audit_has(const std::string& line) { return home.audit_text().find(line) != std::string::npos; }
};

TEST_F(AdminLicenceTest, ALicenceIsCreatedShownAndListed) {
  const Answer created = home.create();
  ASSERT_EQ(created.status(), 200) << created.response.body;
  const Json expected = Json::Object{{"document_number", kNumber},
                                     {"revision", 1},
                                     {"claims", *created.body.find("claims")},
                                     {"recorded_status", "A"},
                                     {"status", "A"},
                                     {"points", 3},
                                     {"postponed_until", Json()},
                                     {"valid_until", "2031-07-20"},
                                     {"status_index", 0},
                                     {"phone", Json()}};
  EXPECT_EQ(created.body, expected);
  EXPECT_EQ(created.body.find("claims")->object()->size(), ServiceHome::claims().object()->size());
  const Json sent = ServiceHome::claims();
  for (const auto& [name, value] : *sent.object()) EXPECT_EQ(*created.body.find("claims")->find(name), value) << name;
  EXPECT_EQ(home.admin("/admin/licence", named(kNumber)).body, expected);
  EXPECT_EQ(home.admin("/admin/licences", Json::Object{}).body,
            Json(Json::Object{{"licences", Json::Array{expected}}}));
  EXPECT_TRUE(home.create().is(409, "exists"));
  EXPECT_TRUE(audit_has("operator:li licence.create {\"status\":\"A\"}\n"));
  EXPECT_TRUE(audit_has("operator:li licence.read {}\n"));
  EXPECT_TRUE(audit_has("operator:li licence.list {\"licences\":1}\n"));
  EXPECT_TRUE(home.audit_verifies());
}

TEST_F(AdminLicenceTest, ListingGoesOnAfterADocumentNumber) {
  for (const std::string_view number : {"1", "2", "3"}) ASSERT_EQ(home.create(number).status(), 200);
  const Answer page = home.admin("/admin/licences", Json::Object{{"after", "1"}, {"limit", 1}});
  ASSERT_EQ(page.body.find("licences")->array()->size(), 1U);
  EXPECT_EQ(*page.body.find("licences")->array()->front().find("document_number"), Json("2"));
  EXPECT_EQ(home.admin("/admin/licences", Json::Object{{"after", kSql}}).body.find("licences")->array()->size(), 0U);
}

TEST_F(AdminLicenceTest, WhatCouldNotBeIssuedIsNotStored) {
  const Json good = ServiceHome::claims();
  struct Case {
    Json claims;
    const char* code;
  };
  const std::vector<Case> cases = {
      {without(good, "file_number"), "licence-incomplete"},
      {with(good, "name", ""), "lease-shape"},
      {with(good, "name", std::string(300, 'x')), "lease-shape"},
      {with(good, "name", std::string(2000, 'x')), "licence-shape"},
      {with(good, "name", 1), "licence-shape"},
      {with(good, "name", "a\nb"), "body-shape"},
      {with(good, "document_number", "样本"), "code128-character"},
      {with(good, "document_number", std::string(49, '1')), "code128-length"},
      {with(good, "document_number", ""), "code128-length"},
      {with(good, "birth_date", "1988-02-30"), "licence-shape"},
      {with(good, "points", -1), "licence-shape"},
      {with(good, "points", 1.5), "licence-shape"},
      {with(good, "nickname", "x"), "unknown-field"},
      {with(good, "portrait", ServiceHome::portrait_uri()), "unknown-field"},
      {with(good, "driving_privileges",
            Json::Array{Json::Object{{"vehicle_category_code", "X9"}, {"issue_date", "2008-03-01"}}}),
       "vehicle-class"},
      {with(good, "driving_privileges",
            Json::Array{
                Json::Object{{"vehicle_category_code", "C1"}, {"issue_date", "2008-03-01"}, {"codes", Json::Array{}}}}),
       "unknown-field"},
      {Json::Array{}, "body-shape"}};
  for (const Case& wrong : cases) {
    const Answer answer = create_with(wrong.claims);
    EXPECT_EQ(answer.status(), 400);
    EXPECT_EQ(answer.code(), wrong.code);
    EXPECT_EQ(answer.response.body.find("买买提"), std::string::npos);
  }
  for (const Json& portrait : {Json("data:image/png;base64,AAAA"), Json("x"), Json("data:image/jpeg;base64,AAAA")})
    EXPECT_TRUE(home.admin("/admin/licence/create", Json::Object{{"claims", good}, {"portrait", portrait}})
                    .is(400, "portrait-shape"));
  EXPECT_TRUE(home.admin("/admin/licence/create", Json::Object{{"claims", good}}).is(400, "body-shape"));
  EXPECT_TRUE(home.store().list_licences("", 10).value().empty());
  EXPECT_EQ(home.audit_text().find("licence.create"), std::string::npos);
}

TEST_F(AdminLicenceTest, StatusAndPostponementFitEachOther) {
  const auto create = [&](std::string_view status, const Json& until) {
    Json::Object body = {
        {"claims", ServiceHome::claims()}, {"portrait", ServiceHome::portrait_uri()}, {"status", status}};
    if (!until.is_null()) body.emplace_back("postponed_until", until);
    return home.admin("/admin/licence/create", body);
  };
  for (const std::string_view letters : {"", "AA", "AB", "Q", "a", "'; --"})
    EXPECT_TRUE(create(letters, {}).is(400, "status-code")) << letters;
  for (const std::string_view letters : {"N", "P", "T", "HN"})
    EXPECT_TRUE(create(letters, {}).is(400, "postponed-until")) << letters;
  EXPECT_TRUE(create("A", "2027-01-01").is(400, "postponed-until"));
  EXPECT_TRUE(create("N", "2027-13-01").is(400, "date-format"));
  EXPECT_TRUE(create("N", "tomorrow").is(400, "body-shape"));
  EXPECT_TRUE(create("N", 20270101).is(400, "body-shape"));
  const Answer created = create("HN", "2027-01-01");
  ASSERT_EQ(created.status(), 200);
  EXPECT_EQ(created.text("recorded_status"), "HN");
  EXPECT_EQ(created.text("postponed_until"), "2027-01-01");
}

TEST_F(AdminLicenceTest, AChangeTakesOnlyWhatIsGiven) {
  const Answer created = home.create();
  const Answer changed = home.admin("/admin/licence/change", change_of("points", 12));
  ASSERT_EQ(changed.status(), 200) << changed.response.body;
  EXPECT_EQ(changed.integer("revision"), 2);
  EXPECT_EQ(changed.integer("points"), 12);
  EXPECT_EQ(changed.text("recorded_status"), "A");
  EXPECT_EQ(changed.text("status"), "B");
  EXPECT_EQ(*changed.body.find("claims"), with(*created.body.find("claims"), "points", 12));
  const auto raised = events();
  ASSERT_EQ(raised.size(), 1U);
  EXPECT_EQ(raised[0].kind, "status");
  EXPECT_EQ(raised[0].payload, R"({"status":"B","usable":false,"at":1790000000})");
  EXPECT_TRUE(audit_has(R"(operator:li licence.change {"fields":["points"],"points":{"from":3,"to":12}})"));
  // The stored claims say the same as the facts.
  EXPECT_NE(home.store().find_licence(kNumber).value()->data.find("\"points\":12"), std::string::npos);
}

TEST_F(AdminLicenceTest, EveryFieldCanBeChanged) {
  home.create();
  const std::string webp = "data:image/webp;base64,UklGRgAAAABXRUJQ";
  const std::vector<std::pair<std::string, Json>> changes = {
      {"points", 4},
      {"valid_until", "2032-01-31"},
      {"address", "济南市历下区"},
      {"driving_privileges", Json::Array{Json::Object{{"vehicle_category_code", "A1"}, {"issue_date", "2020-01-01"}}}},
      {"record", Json::Array{}},
      {"name", "李雷"}};
  std::int64_t revision = 1;
  for (const auto& [name, value] : changes) {
    const Answer changed = home.admin("/admin/licence/change", change_of(name, value, revision++));
    ASSERT_EQ(changed.status(), 200) << name << changed.response.body;
    EXPECT_EQ(*changed.body.find("claims")->find(name), value);
  }
  EXPECT_EQ(home.store().find_licence(kNumber).value()->facts.valid_until, (CivilDate{2032, 1, 31}));
  ASSERT_EQ(home.admin("/admin/licence/change", change_of("portrait", webp, revision++)).status(), 200);
  EXPECT_EQ(home.store().find_portrait(kNumber).value()->size(), 12U);
  ASSERT_EQ(home.admin("/admin/licence/change", change_of("status", "DHJ", revision++)).status(), 200);
  EXPECT_TRUE(audit_has(R"({"fields":["status"],"status":{"from":"A","to":"DHJ"}})"));
  EXPECT_EQ(events().size(), 8U);
}

TEST_F(AdminLicenceTest, APostponementComesAndGoes) {
  home.create();
  EXPECT_TRUE(home.admin("/admin/licence/change", change_of("status", "P")).is(400, "postponed-until"));
  Json both = change_of("status", "P");
  both.object()->emplace_back("postponed_until", "2026-09-21");
  EXPECT_EQ(home.admin("/admin/licence/change", both).text("status"), "P");
  home.pass(2 * 3600);  // the day is over
  EXPECT_EQ(home.admin("/admin/licence", named(kNumber)).text("status"), "R");
  EXPECT_TRUE(home.admin("/admin/licence/change", change_of("postponed_until", Json(), 2)).is(400, "postponed-until"));
  Json back = change_of("status", "A", 2);
  back.object()->emplace_back("postponed_until", Json());
  EXPECT_EQ(home.admin("/admin/licence/change", back).text("status"), "A");
  EXPECT_TRUE(home.store().find_licence(kNumber).value()->facts.postponed_until == std::nullopt);
}

TEST_F(AdminLicenceTest, AChangeThatIsRefusedChangesNothing) {
  home.create();
  struct Case {
    const char* name;
    Json value;
    const char* code;
  };
  const std::vector<Case> cases = {
      {"points", -1, "licence-shape"},
      {"points", "4", "licence-shape"},
      {"points", 1001, "licence-shape"},
      {"points", Json(), "licence-shape"},
      {"valid_until", "2031-02-29", "licence-shape"},
      {"valid_until", Json(), "licence-shape"},
      {"address", 1, "licence-shape"},
      {"address", "a\tb", "body-shape"},
      {"name", "", "lease-shape"},
      {"name", std::string(257, 'x'), "lease-shape"},
      {"driving_privileges", "C1", "licence-shape"},
      {"record", Json::Array{Json::Object{{"date", "2011-07-20"}}}, "licence-shape"},
      {"record", Json::Array{Json::Object{{"date", "2011-07-20"}, {"text", "x"}, {"by", "y"}}}, "unknown-field"},
      {"portrait", "data:image/gif;base64,AAAA", "portrait-shape"},
      {"status", "Q", "status-code"},
      {"status", 1, "body-shape"},
      {"licence_number", "1", "unknown-field"},
      {"document", "1", "unknown-field"}};
  for (const Case& wrong : cases) {
    const Answer answer = home.admin("/admin/licence/change", change_of(wrong.name, wrong.value));
    EXPECT_TRUE(answer.is(400, wrong.code)) << wrong.name << answer.response.body;
  }
  const Json nothing = Json::Object{{"document_number", kNumber}, {"revision", 1}};
  EXPECT_TRUE(home.admin("/admin/licence/change", nothing).is(400, "body-shape"));
  EXPECT_EQ(home.store().find_licence(kNumber).value()->revision, 1);
  EXPECT_TRUE(events().empty());
}

TEST_F(AdminLicenceTest, OfTwoWhoChangeTheSameTheSecondHearsOfIt) {
  home.create();
  EXPECT_EQ(home.admin("/admin/licence/change", change_of("points", 4)).status(), 200);
  EXPECT_TRUE(home.admin("/admin/licence/change", change_of("points", 5)).is(409, "revision"));
  EXPECT_TRUE(home.admin("/admin/licence/change", change_of("points", 5, 3)).is(409, "revision"));
  EXPECT_EQ(home.store().find_licence(kNumber).value()->facts.points, 4);
  EXPECT_EQ(events().size(), 1U);
}

TEST_F(AdminLicenceTest, TextThatLooksLikeSqlIsText) {
  Json claims = ServiceHome::claims(kSql);
  for (const std::string_view name :
       {"licence_number", "name", "sex", "nationality", "address", "issuing_authority", "file_number"})
    claims = with(claims, name, kSql);
  claims = with(claims, "record", Json::Array{Json::Object{{"date", "2011-07-20"}, {"text", kSql}}});
  const Answer created = create_with(claims);
  ASSERT_EQ(created.status(), 200) << created.response.body;
  for (const auto& [name, value] : *claims.object()) EXPECT_EQ(*created.body.find("claims")->find(name), value);
  EXPECT_EQ(home.admin("/admin/licence", named(kSql)).status(), 200);
  Json change = Json::Object{{"document_number", kSql}, {"revision", 1}, {"address", "\"); delete from audit; --"}};
  EXPECT_EQ(home.admin("/admin/licence/change", change).status(), 200);
  EXPECT_EQ(home.admin("/admin/licence/checks", named(kSql)).status(), 200);
  EXPECT_EQ(home.admin("/admin/licence/code", named(kSql)).status(), 200);
  EXPECT_EQ(home.admin("/admin/licence/end-phone", named(kSql)).status(), 200);
  EXPECT_TRUE(home.admin("/admin/keys/revoke", Json::Object{{"kid", kSql}}).is(404, "key-unknown"));
  EXPECT_TRUE(home.admin("/admin/keys/rotate", Json::Object{{"use", "x'; --"}}).is(400, "key-use"));
  EXPECT_EQ(home.admin("/admin/partner/put", Json::Object{{"name", kSql}, {"origin", "https://a.example"}}).status(),
            200);
  EXPECT_TRUE(home.admin("/admin/partner/put", Json::Object{{"name", "x"}, {"origin", kSql}}).is(400, "origin"));
  EXPECT_EQ(home.admin("/admin/partner/remove", Json::Object{{"name", kSql}}).status(), 200);
  EXPECT_EQ(home.store().list_licences("", 10).value().size(), 1U);
  EXPECT_TRUE(home.audit_verifies());
}

TEST_F(AdminLicenceTest, TheAuditRecordNamesNobody) {
  home.create();
  home.admin("/admin/licence", named(kNumber));
  home.admin("/admin/licence/change", change_of("name", "李雷"));
  home.admin("/admin/licence/change", change_of("address", "济南市历下区", 2));
  home.admin("/admin/licence/change", change_of("portrait", ServiceHome::portrait_uri(), 3));
  home.admin("/admin/licence/code", named(kNumber));
  home.admin("/admin/licence/end-phone", named(kNumber));
  home.admin("/admin/licence/checks", named(kNumber));
  home.admin("/admin/licences", Json::Object{{"after", kNumber}});
  const std::string audit = home.audit_text();
  for (const std::string_view personal : {"买买提", "李雷", "济南", "乌鲁木齐", "650102198807151234", "650100123456",
                                          "1988", "data:", kNumber, "192.0.2"})
    EXPECT_EQ(audit.find(personal), std::string::npos) << personal;
  EXPECT_TRUE(home.audit_verifies());
}

}  // namespace
}  // namespace elicense::authority::test
