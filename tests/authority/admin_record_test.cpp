// The endpoints for operators: partners, keys, publications, the record.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "authority/service_home.h"
#include "authority/store_home.h"
#include "base/base64url.h"
#include "licence/lease.h"
#include "token/jws.h"
#include "token/status_list.h"

namespace elicense::authority::test {
namespace {

class AdminRecordTest : public ::testing::Test {
 protected:
  ServiceHome home;

  bool audit_has(const std::string& line) { return home.audit_text().find(line) != std::string::npos; }
  std::vector<Json> listed(std::string_view path, std::string_view list) {
    const Answer answer = home.admin(path, Json::Object{});
    return answer.status() == 200 ? *answer.body.find(list)->array() : std::vector<Json>();
  }
  std::string signing(KeyUse use) { return home.keys().signing_kid(use, home.now()); }
  // The status list as a verifier with the newest trust list takes it.
  Status status_list_verifies() {
    const auto published = home.store().find_shard(0).value();
    const std::string uri = status_list_uri(kOrigin, 0);
    const auto list = VerifiedStatusList::verify(published->token, uri, home.publisher().trust()->list, home.now());
    if (!list.ok()) return list.error();
    return Done{};
  }
};

// --- partners

TEST_F(AdminRecordTest, APartnersKeyIsShownOnce) {
  const Json partner = Json::Object{{"name", "Demo Rental"}, {"origin", "https://rental.example"}};
  const Answer put = home.admin("/admin/partner/put", partner);
  ASSERT_EQ(put.status(), 200) << put.response.body;
  const std::string key = put.text("key");
  EXPECT_EQ(key.size(), 43U);
  EXPECT_EQ(home.store().find_partner(digest_of_secret(key)).value()->origin, "https://rental.example");
  EXPECT_EQ(home.publisher().partner_origins(), std::vector<std::string>{"https://rental.example"});
  EXPECT_EQ(listed("/admin/partners", "partners"), std::vector<Json>{partner});
  EXPECT_TRUE(audit_has(R"(operator:li partner.put {"name":"Demo Rental","origin":"https://rental.example"})"));
  EXPECT_EQ(home.audit_text().find(key), std::string::npos);
  // Put again: another key, the first is worth nothing.
  const std::string second = home.admin("/admin/partner/put", partner).text("key");
  EXPECT_NE(second, key);
  EXPECT_FALSE(home.store().find_partner(digest_of_secret(key)).value().has_value());
  EXPECT_EQ(home.admin("/admin/partner/remove", Json::Object{{"name", "Demo Rental"}}).status(), 200);
  EXPECT_FALSE(home.store().find_partner(digest_of_secret(second)).value().has_value());
  EXPECT_TRUE(home.publisher().partner_origins().empty());
  EXPECT_TRUE(audit_has(R"(operator:li partner.remove {"name":"Demo Rental"})"));
  EXPECT_TRUE(home.admin("/admin/partner/remove", Json::Object{{"name", "Demo Rental"}}).is(404, "partner-unknown"));
  EXPECT_TRUE(listed("/admin/partners", "partners").empty());
}

TEST_F(AdminRecordTest, APartnersOriginIsOneThatBrowsersSend) {
  const auto put = [&](const std::string& origin) {
    return home.admin("/admin/partner/put", Json::Object{{"name", "x"}, {"origin", origin}});
  };
  for (const char* good :
       {"https://a.example", "https://a.example:8443", "https://xn--fiq228c.example", "https://1.2.3.4",
        "https://[2001:db8::1]", "https://[2001:db8::1]:8443", "http://localhost:5173", "http://127.0.0.1:8080",
        "http://127.8.9.1", "http://[::1]:8080", "http://shop.localhost:80a"})
    EXPECT_EQ(put(good).status(), std::string_view(good).ends_with("80a") ? 400 : 200) << good;
  for (const char* bad : {"http://a.example",
                          "https://",
                          "https://a.example/",
                          "https://a.example/x",
                          "https://A.example",
                          "HTTPS://a.example",
                          "https://a.example:443",
                          "http://localhost:80",
                          "https://a.example:0",
                          "https://a.example:",
                          "https://a.example:65536",
                          "https://a.example:08",
                          "https://user@a.example",
                          "https://*.example",
                          "https://a..example",
                          "https://.example",
                          "https://a.example.",
                          "https://-a.example",
                          "https://a_b.example",
                          "https://例.example",
                          "https://[::1",
                          "https://[::1]x",
                          "https://[0:0::1]",
                          "https://a.example?x",
                          "https://a.example#",
                          "null",
                          "*",
                          "a.example",
                          "ftp://a.example",
                          "http://127.0.0.1.example",
                          "http://localhost.example",
                          "http://128.0.0.1",
                          "https://a.example https://b.example"})
    EXPECT_TRUE(put(bad).is(400, "origin")) << bad;
  EXPECT_TRUE(
      home.admin("/admin/partner/put", Json::Object{{"name", std::string(101, 'x')}, {"origin", "https://a.example"}})
          .is(400, "body-shape"));
}

// --- keys

TEST_F(AdminRecordTest, KeysAreListedWithTheRoot) {
  const Answer answer = home.admin("/admin/keys", Json::Object{});
  EXPECT_EQ(answer.text("root"), base64url_encode(home.keys().root().view()));
  const Json::Array& keys = *answer.body.find("keys")->array();
  ASSERT_EQ(keys.size(), 4U);
  for (const Json& key : keys) {
    EXPECT_EQ(*key.find("signs"), Json(true));
    EXPECT_EQ(*key.find("from"), Json(kStart.seconds));
    EXPECT_EQ(*key.find("until"), Json((kStart + KeyTimes{}.signing).seconds));
    EXPECT_EQ(key.find("revoked"), nullptr);
    EXPECT_EQ(key.find("d"), nullptr);
  }
}

TEST_F(AdminRecordTest, ARotatedKeyIsKnownBeforeItSigns) {
  const std::string before = signing(KeyUse::lease);
  const Answer rotated = home.admin("/admin/keys/rotate", Json::Object{{"use", "lease"}});
  ASSERT_EQ(rotated.status(), 200) << rotated.response.body;
  const std::string kid = rotated.text("kid");
  EXPECT_EQ(rotated.integer("signs_from"), (home.now() + KeyTimes{}.overlap).seconds);
  EXPECT_EQ(signing(KeyUse::lease), before);
  const auto trust = home.publisher().trust();
  EXPECT_EQ(trust->list.content().sequence, 2);
  EXPECT_TRUE(trust->list.find(kid, KeyUse::lease, home.now()).ok());
  EXPECT_EQ(home.store().find_trust_list().value()->token, trust->token);
  EXPECT_TRUE(audit_has(R"(operator:li key.rotate {"use":"lease","kid":")" + kid + R"(","at_once":false})"));
  home.pass(KeyTimes{}.overlap);
  EXPECT_EQ(signing(KeyUse::lease), kid);
}

TEST_F(AdminRecordTest, AtOnceIsAtOnce) {
  home.pass(1);
  const Answer rotated = home.admin("/admin/keys/rotate", Json::Object{{"use", "receipt"}, {"at_once", true}});
  EXPECT_EQ(rotated.integer("signs_from"), home.now().seconds);
  EXPECT_EQ(signing(KeyUse::receipt), rotated.text("kid"));
  EXPECT_TRUE(home.admin("/admin/keys/rotate", Json::Object{{"use", "root"}}).is(400, "key-use"));
  EXPECT_TRUE(home.admin("/admin/keys/rotate", Json::Object{{"use", "lease"}, {"at_once", 1}}).is(400, "body-shape"));
}

TEST_F(AdminRecordTest, ARevokedKeyIsRefusedByVerifiersAndAnotherSigns) {
  const std::string kid = signing(KeyUse::licence);
  const Answer revoked = home.admin("/admin/keys/revoke", Json::Object{{"kid", kid}});
  ASSERT_EQ(revoked.status(), 200) << revoked.response.body;
  EXPECT_EQ(revoked.integer("trust_list_sequence"), 2);
  const auto trust = home.publisher().trust();
  EXPECT_EQ(trust->list.find(kid, KeyUse::licence, home.now()).error(), ErrorCode::key_revoked);
  const std::string next = signing(KeyUse::licence);
  EXPECT_NE(next, kid);
  EXPECT_TRUE(trust->list.find(next, KeyUse::licence, home.now()).ok());
  EXPECT_TRUE(audit_has("operator:li key.revoke {\"kid\":\"" + kid + "\"}"));
  const auto keys = listed("/admin/keys", "keys");
  const auto shown =
      std::find_if(keys.begin(), keys.end(), [&](const Json& key) { return *key.find("kid") == Json(kid); });
  EXPECT_EQ(*shown->find("revoked"), Json(home.now().seconds));
  EXPECT_EQ(*shown->find("signs"), Json(false));
  EXPECT_TRUE(home.admin("/admin/keys/revoke", Json::Object{{"kid", "unknown"}}).is(404, "key-unknown"));
  EXPECT_EQ(home.publisher().trust()->list.content().sequence, 2);
}

TEST_F(AdminRecordTest, StatusListsOfARevokedKeyAreSignedAnew) {
  home.create();
  ASSERT_EQ(home.admin("/admin/status/publish", Json::Object{}).integer("shards"), 1);
  EXPECT_TRUE(status_list_verifies().ok());
  home.pass(1);
  const Json revoke = Json::Object{{"kid", signing(KeyUse::status)}};
  ASSERT_EQ(home.admin("/admin/keys/revoke", revoke).status(), 200);
  EXPECT_TRUE(status_list_verifies().ok());
  // Without it they would have been refused.
  const std::string token = home.store().find_shard(0).value()->token;
  ASSERT_EQ(home.admin("/admin/keys/revoke", Json::Object{{"kid", signing(KeyUse::lease)}}).status(), 200);
  EXPECT_EQ(home.store().find_shard(0).value()->token, token);
}

TEST_F(AdminRecordTest, StatusIsPublishedWhenAskedFor) {
  home.create();
  EXPECT_EQ(home.admin("/admin/status/publish", Json::Object{}).integer("shards"), 1);
  EXPECT_EQ(home.admin("/admin/status/publish", Json::Object{}).integer("shards"), 0);
  const Json change = Json::Object{{"document_number", kNumber}, {"revision", 1}, {"status", "D"}};
  ASSERT_EQ(home.admin("/admin/licence/change", change).status(), 200);
  EXPECT_EQ(home.admin("/admin/status/publish", Json::Object{}).integer("shards"), 1);
  EXPECT_TRUE(audit_has("operator:li status.publish {\"shards\":1}"));
}

// --- the record

TEST_F(AdminRecordTest, ChecksAreShownNewestFirst) {
  home.create();
  for (int i = 0; i < 3; ++i) {
    const Check check = {.document_number = kNumber,
                         .partner_name = "Demo Rental",
                         .partner_origin = "https://rental.example",
                         .at = home.now() + i,
                         .result = "valid",
                         .asked = i == 2 ? std::optional<std::string>("C1") : std::nullopt,
                         .echo = i == 2 ? std::optional(42) : std::nullopt};
    ASSERT_TRUE(home.store().record_check(check, std::nullopt, std::nullopt, act("check")).ok());
  }
  const Json newest = Json::Object{{"at", (home.now() + 2).seconds},
                                   {"partner", "Demo Rental"},
                                   {"origin", "https://rental.example"},
                                   {"result", "valid"},
                                   {"asked", "C1"},
                                   {"echo", 42}};
  const Answer one = home.admin("/admin/licence/checks", Json::Object{{"document_number", kNumber}, {"limit", 1}});
  EXPECT_EQ(one.body, Json(Json::Object{{"checks", Json::Array{newest}}}));
  const Answer all = home.admin("/admin/licence/checks", Json::Object{{"document_number", kNumber}});
  EXPECT_EQ(all.body.find("checks")->array()->size(), 3U);
  EXPECT_TRUE(audit_has("operator:li licence.checks {}"));
}

TEST_F(AdminRecordTest, TheAuditRecordIsReadOnTheRecordAndToItsEnd) {
  home.create();
  home.admin("/admin/licence", Json::Object{{"document_number", kNumber}});
  std::vector<Json> read;
  int pages = 0;
  for (std::int64_t after = 0; pages < 100; ++pages) {
    const Answer page = home.admin("/admin/audit", Json::Object{{"after", after}, {"limit", 2}});
    ASSERT_EQ(page.status(), 200);
    const Json::Array& entries = *page.body.find("entries")->array();
    if (entries.empty()) break;
    read.insert(read.end(), entries.begin(), entries.end());
    after = entries.back().find("sequence")->integer().value();
  }
  EXPECT_LT(pages, 10);
  const auto stored = home.store().audit_after(0, 1000).value();
  ASSERT_EQ(read.size(), stored.size());
  const std::string subject = to_hex(home.store().audit_subject(kNumber).value());
  for (std::size_t i = 0; i < read.size(); ++i) {
    EXPECT_EQ(*read[i].find("hash"), Json(to_hex(stored[i].hash)));
    EXPECT_EQ(*read[i].find("details"), Json(stored[i].details));
    EXPECT_EQ(*read[i].find("subject"), stored[i].subject ? Json(subject) : Json());
  }
  EXPECT_TRUE(audit_has("operator:li audit.read {\"after\":0,\"entries\":2}"));
  EXPECT_TRUE(home.audit_verifies());
}

}  // namespace
}  // namespace elicense::authority::test
