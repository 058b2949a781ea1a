// Checks that the authority answers: its receipt decides, and what this device has not verified is never shown.
#include <gtest/gtest.h>

#include "base/base64url.h"
#include "licence/masking.h"
#include "support/demo.h"
#include "verifier/support/world.h"

namespace elicense::test {
namespace {

TEST(OnlineCheck, AValidLicenceWithPhotoNumberAndReceipt) {
  CheckWorld world;
  world.load();
  ASSERT_FALSE(world.readiness.empty());
  EXPECT_TRUE(world.readiness.back().ready && world.readiness.back().online);
  EXPECT_EQ(world.readiness.back().words.second, "Can check online");
  world.show(world.code());
  ASSERT_EQ(world.cards.size(), 1U);
  const CheckCard& card = world.card();
  EXPECT_EQ(card.result, "valid");
  EXPECT_TRUE(card.online);
  EXPECT_EQ(card.tone, CardTone::usable);
  EXPECT_EQ(card.title, (TwoWords{"有效", "Valid"}));
  EXPECT_EQ(card.line, "9 秒前由发证机关确认");
  EXPECT_EQ(card.person->licence_number, mask_number(*world.authority.data.licence_number));
  EXPECT_EQ(card.person->classes, (std::vector<std::string>{"A2", "C1", "D", "M"}));
  EXPECT_EQ(iso_date(card.person->valid_until), "2031-07-20");
  EXPECT_EQ(card.person->portrait, world.authority.data.portrait->data_uri());
  EXPECT_EQ(card.person->rows.size(), 4U);
  EXPECT_EQ(card.echo, 47);
  EXPECT_EQ(card.echo_words.second, "Compare with the number on their screen");
  EXPECT_TRUE(card.unchecked.empty());
  EXPECT_FALSE(card.status || card.answer);
  EXPECT_EQ(card.specimen, (TwoWords{"样本", "SPECIMEN"}));
  EXPECT_EQ(world.checkings, 1);
  Checklist steps;
  const TrustList trust = world.authority.trust(world.authority_now());
  EXPECT_TRUE(VerifiedReceipt::verify(*card.receipt,
                                      {.now = world.authority_now(),
                                       .trust = trust,
                                       .audience = kPartnerOrigin,
                                       .nonce = std::nullopt,
                                       .required_class = std::nullopt},
                                      steps));
}

TEST(OnlineCheck, OfAProductionAuthorityIsNoSpecimen) {
  CheckWorld world;
  world.authority.production = Production::yes;
  world.load();
  world.show(world.code());
  EXPECT_EQ(world.result(), "valid");
  EXPECT_FALSE(world.card().specimen);
}

TEST(OnlineCheck, TheSameCodeIsCheckedOnce) {
  CheckWorld world;
  world.load();
  const std::string code = world.code();
  for (int frame = 0; frame < 30; ++frame) {
    world.show_now(code);
    world.pass(33);
  }
  world.pass(14'500);
  world.show(code);
  EXPECT_EQ(world.cards.size(), 1U);
  EXPECT_EQ(world.checkings, 1);
  world.pass(16'000);
  world.show(code);  // a picture of it, later
  EXPECT_EQ(world.result(), "stale");
  EXPECT_EQ(world.card().meaning.first, "这是截屏、录像或复制的画面，不能作为凭证。");
}

TEST(OnlineCheck, AnotherCodeReplacesTheOneUnderWay) {
  CheckWorld world;
  world.load();
  world.show_now(world.code());
  world.pass(50);
  world.show(world.code_at(world.authority_now() + 1));
  EXPECT_EQ(world.cards.size(), 1U);
  EXPECT_EQ(world.aborted.size(), 1U);
  EXPECT_EQ(world.result(), "valid");
}

struct Ends {
  const char* what;
  void (*arrange)(CheckWorld&);
  const char* result;
  const char* error;
};

TEST(OnlineCheck, EachWordAndItsError) {
  const std::vector<Ends> table = {
      {"revoked", [](CheckWorld& world) { world.lease_revoked = true; }, "revoked", "lease-revoked"},
      {"over the points limit", [](CheckWorld& world) { world.recorded = StatusSet::parse("B").value(); }, "not-usable",
       "status-refused"},
      {"refused by the lease itself",
       [](CheckWorld& world) {
         world.authority.status = StatusSet::parse("DJ").value();
         world.renew_lease();
       },
       "not-usable", "status-refused"},
      {"past its last day",
       [](CheckWorld& world) {
         world.authority.data.valid_until = CivilDate{2026, 9, 1};
         world.renew_lease();
       },
       "expired", "licence-expired"},
      {"a lease that is over", [](CheckWorld& world) { world.renew_lease(world.authority_now() - 86401); }, "expired",
       "lease-expired"},
  };
  for (const Ends& one : table) {
    SCOPED_TRACE(one.what);
    CheckWorld world;
    world.load();
    one.arrange(world);
    world.show(world.code());
    EXPECT_EQ(world.result(), one.result);
    EXPECT_EQ(world.error(), one.error);
    EXPECT_TRUE(world.card().online);
    EXPECT_TRUE(world.card().receipt.has_value());
  }
}

TEST(OnlineCheck, NotUsableSaysWhyInTheHoldersWords) {
  CheckWorld world;
  world.load();
  world.recorded = StatusSet::parse("BD").value();  // since the lease was signed
  world.show(world.code());
  ASSERT_TRUE(world.card().status);
  EXPECT_EQ(world.card().status->letters, "BD");
  EXPECT_EQ(world.card().line, world.card().status->words.first);
  EXPECT_NE(world.card().meaning.first.find("12 分"), std::string::npos);
}

TEST(OnlineCheck, AnOpenViolationIsNotedOnAValidLicence) {
  CheckWorld world;
  world.load();
  world.recorded = StatusSet::parse("H").value();
  world.show(world.code());
  EXPECT_EQ(world.result(), "valid");
  EXPECT_EQ(world.card().tone, CardTone::noted);
  EXPECT_EQ(world.card().status->words.second, "Violation open");
}

TEST(OnlineCheck, StaleAndClockSayHowMuch) {
  CheckWorld world;
  world.load();
  world.show(world.code_at(world.authority_now() - 34));
  EXPECT_EQ(world.result(), "stale");
  EXPECT_EQ(world.card().line, "34 秒前的画面");
  EXPECT_EQ(
      world.card().meaning.second,
      "A screenshot, a recording or a copy. Ask the holder to open the licence on their own phone and scan again.");
  world.show(world.code_at(world.authority_now() + 20));
  EXPECT_EQ(world.result(), "clock");
  EXPECT_EQ(world.error(), "clock-ahead");
}

TEST(OnlineCheck, ASecondUseIsTheAuthoritysToTell) {
  CheckWorld first;
  first.load();
  const std::string code = first.code();
  first.show(code);
  EXPECT_EQ(first.result(), "valid");
  first.load();  // another verifier: without memory
  first.show(code);
  EXPECT_EQ(first.result(), "already-used");
  EXPECT_EQ(first.error(), "already-used");
}

TEST(OnlineCheck, WhatIsCertainHereIsNotAsked) {
  CheckWorld world;
  world.load();
  const std::string genuine = world.code();
  const std::vector<std::pair<std::string, std::string>> table = {
      {"", "malformed"},
      {"HELLO", "malformed"},
      {std::string(5000, 'A'), "malformed"},
      {std::string(1'000'000, 'A'), "malformed"},
      {genuine.substr(0, genuine.size() - 2), "malformed"},
  };
  for (const auto& [text, result] : table) {
    world.show(text);
    EXPECT_EQ(world.result(), result);
    EXPECT_FALSE(world.card().online);
  }
  world.show(mint(lease_claims(), world.authority_now()));  // by a key of the same authority that no list names
  EXPECT_EQ(world.result(), "unknown-issuer");
  for (const FetchEffect& fetch : world.fetches) EXPECT_EQ(fetch.method, "GET");
}

TEST(OnlineCheck, AKeyThatIsNewIsLookedUpOnce) {
  CheckWorld world;
  world.load();
  world.pass(10'000);
  world.authority.rotate_keys();
  world.renew_lease();
  world.show(world.code());
  EXPECT_EQ(world.result(), "valid");
  EXPECT_EQ(world.authority.count("/trust-list"), 2);
}

TEST(OnlineCheck, ARevokedKeyIsRefusedOnceTheListSaysSo) {
  CheckWorld world;
  world.load();
  world.authority.rotate_keys();
  world.pass(5 * 60'000);
  world.show(world.code());  // of the lease that the revoked key signed
  EXPECT_EQ(world.result(), "revoked");
  EXPECT_EQ(world.error(), "key-revoked");
}

TEST(OnlineCheck, TheClassQuestion) {
  CheckWorld world;
  world.settings.required_class = VehicleClass::C1;
  world.load();
  world.show(world.code());
  ASSERT_TRUE(world.card().answer);
  EXPECT_TRUE(world.card().answer->may_drive);
  EXPECT_EQ(world.card().answer->question, (TwoWords{"今天可以驾驶 C1 吗？", "May drive C1 today?"}));
  EXPECT_EQ(world.card().answer->title, (TwoWords{"可以", "Yes"}));
  EXPECT_EQ(world.card().answer->because,
            (TwoWords{"持有 C1，状态正常，未到期", "Holds C1, status normal, not expired"}));
  EXPECT_EQ(world.card().tone, CardTone::usable);

  world.settings.required_class = VehicleClass::N;
  world.load();
  world.show(world.code());
  EXPECT_EQ(world.result(), "valid");
  EXPECT_FALSE(world.card().answer->may_drive);
  EXPECT_EQ(world.card().tone, CardTone::refused);
  EXPECT_EQ(world.card().title, (TwoWords{"不可驾驶 N", "May not drive N"}));
  EXPECT_EQ(world.card().answer->because.second, "Does not hold N");
}

TEST(OnlineCheck, ThePartnersNonceComesBackAndAReceiptCountsOnce) {
  CheckWorld world;
  world.settings.nonce = "booking-4711";
  world.load();
  std::optional<HttpAnswer> first;
  world.on_the_wire = [&](const FetchEffect& request, HttpAnswer answer) -> std::optional<HttpAnswer> {
    if (request.method != "POST") return answer;
    EXPECT_NE(request.body->find(R"("nonce":"booking-4711")"), std::string::npos);
    if (!first) first = answer;
    return *first;
  };
  world.show(world.code());
  EXPECT_EQ(world.result(), "valid");
  world.pass(3000);
  world.show(world.code());  // answered by the receipt of the check before
  EXPECT_EQ(world.result(), "unchecked");
  EXPECT_EQ(world.error(), "receipt-nonce");
}

// --- the network ----------------------------------------------------------------------------------------------------

TEST(OnlineCheck, WithoutAnAnswerNothingIsSaidInModeOnline) {
  const std::vector<std::pair<int, std::string>> table = {
      {500, "authority-unreachable"}, {503, "authority-unreachable"}, {429, "authority-busy"}, {401, "partner-key"},
      {403, "partner-key"},           {400, "answer-shape"},          {302, "answer-shape"}};
  CheckWorld world;
  world.settings.mode = CheckMode::online;
  world.load();
  for (const auto& [status, error] : table) {
    world.on_the_wire = [code = status](const FetchEffect& request, HttpAnswer answer) -> std::optional<HttpAnswer> {
      if (request.method == "POST") return HttpAnswer{.status = code, .date = {}, .body = ""};
      return answer;
    };
    world.pass(1000);
    world.show(world.code());
    EXPECT_EQ(world.result(), "unchecked") << status;
    EXPECT_EQ(world.error(), error) << status;
  }
  world.on_the_wire = nullptr;
  world.online = false;
  world.pass(1000);
  const std::string code = world.code();
  world.show(code);
  EXPECT_EQ(world.error(), "authority-unreachable");
  EXPECT_FALSE(world.readiness.back().ready);
  EXPECT_EQ(world.readiness.back().error, ErrorCode::authority_unreachable);
  world.online = true;
  world.pass(500);
  world.show(code);  // the same code is tried again: it was not its fault
  EXPECT_EQ(world.result(), "valid");
  EXPECT_TRUE(world.readiness.back().ready && world.readiness.back().online);
}

TEST(OnlineCheck, TheInspectorsClockDoesNotMatter) {
  constexpr std::int64_t kHour = 3'600'000;
  for (const std::int64_t off : {-kHour, kHour, -9000 * kHour, 9000 * kHour, kHour / 60}) {
    SCOPED_TRACE(off);
    CheckWorld world;
    world.wall += off;
    world.load();
    EXPECT_TRUE(world.readiness.back().online);
    world.show(world.code());
    EXPECT_EQ(world.result(), "valid");
    EXPECT_EQ(world.card().age, 0);
    EXPECT_EQ(world.card().tone, CardTone::usable);
    world.pass(20'000);
    world.show(world.code_at(world.authority_now() - 30));
    EXPECT_EQ(world.result(), "stale");
    EXPECT_EQ(world.card().age, 30);
  }
}

TEST(OnlineCheck, AReceiptOutlivesNoTrustList) {
  CheckWorld world;
  world.authority.trust_list_seconds = 600;
  world.wall -= 3'600'000;  // by this clock the list is still good
  world.load();
  world.on_the_wire = [](const FetchEffect& request, HttpAnswer answer) -> std::optional<HttpAnswer> {
    return request.method == "POST" ? std::optional(answer) : std::nullopt;
  };
  world.pass(700'000);
  world.show(world.code());
  EXPECT_EQ(world.result(), "unknown-issuer");
  EXPECT_EQ(world.error(), "trust-list-expired");
  EXPECT_FALSE(world.card().receipt);
}

TEST(OnlineCheck, ALongOfflinePhoneIsConfirmedByTheCheckItself) {
  CheckWorld world;
  world.load();
  world.renew_lease(world.authority_now() - 20 * 3600);
  world.show(world.code());
  EXPECT_EQ(world.result(), "valid");
  EXPECT_EQ(world.card().confirmed, 0);
  EXPECT_EQ(world.card().line, "刚刚由发证机关确认");
}

}  // namespace
}  // namespace elicense::test
