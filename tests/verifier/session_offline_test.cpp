// Checks without the authority's answer: what is known here, what is not, and what proves the time.
#include <gtest/gtest.h>

#include "support/demo.h"
#include "verifier/support/world.h"

namespace elicense::test {
namespace {

TEST(OfflineCheck, SaysWhatWasNotChecked) {
  CheckWorld world;
  world.settings.mode = CheckMode::offline;
  world.load();
  EXPECT_TRUE(world.readiness.back().ready);
  EXPECT_FALSE(world.readiness.back().online);
  EXPECT_NE(world.readiness.back().words.second.find("Offline checks only, list of "), std::string::npos);
  world.show(world.code());
  EXPECT_EQ(world.result(), "valid");
  EXPECT_FALSE(world.card().online);
  EXPECT_EQ(world.card().tone, CardTone::noted);
  EXPECT_TRUE(world.says_unchecked(Unchecked::replay_elsewhere));
  EXPECT_TRUE(world.says_unchecked(Unchecked::clock));
  EXPECT_TRUE(world.says_unchecked(Unchecked::portrait));
  EXPECT_FALSE(world.says_unchecked(Unchecked::status_list));  // it was fetched
  for (const FetchEffect& fetch : world.fetches) EXPECT_EQ(fetch.method, "GET");
}

TEST(OfflineCheck, EachWordAndItsError) {
  struct Ends {
    const char* what;
    std::function<std::string(CheckWorld&)> arrange;
    const char* result;
    const char* error;
  };
  const std::vector<Ends> table = {
      {"a code", [](CheckWorld& world) { return world.code(); }, "valid", ""},
      {"34 seconds old", [](CheckWorld& world) { return world.code_at(world.authority_now() - 34); }, "stale", "stale"},
      {"of the future", [](CheckWorld& world) { return world.code_at(world.authority_now() + 9); }, "clock",
       "clock-ahead"},
      {"a lease that is over",
       [](CheckWorld& world) {
         world.renew_lease(world.authority_now() - 86401);
         return world.code();
       },
       "expired", "lease-expired"},
      {"a lease of the future",
       [](CheckWorld& world) {
         world.renew_lease(world.authority_now() + 300);
         return world.code();
       },
       "clock", "lease-not-yet-valid"},
      {"past its last day",
       [](CheckWorld& world) {
         world.authority.data.valid_until = CivilDate{2026, 9, 1};
         world.renew_lease();
         return world.code();
       },
       "expired", "licence-expired"},
      {"status in the lease",
       [](CheckWorld& world) {
         world.authority.status = StatusSet::parse("U").value();
         world.renew_lease();
         return world.code();
       },
       "not-usable", "status-refused"},
      {"status in the list",
       [](CheckWorld& world) {
         world.recorded = StatusSet::parse("F").value();
         return world.code();
       },
       "not-usable", "status-refused"},
      {"revoked in the list",
       [](CheckWorld& world) {
         world.listed = status_value::kInvalid;
         return world.code();
       },
       "revoked", "lease-revoked"},
      {"another issuer", [](CheckWorld& world) { return mint(lease_claims(), world.authority_now()); },
       "unknown-issuer", "issuer-unknown"},
      {"no code", [](CheckWorld&) { return std::string("HTTPS://EXAMPLE.ORG/"); }, "malformed", "base45-range"},
  };
  for (const Ends& one : table) {
    SCOPED_TRACE(one.what);
    CheckWorld world;
    world.settings.mode = CheckMode::offline;
    world.load();
    world.show(one.arrange(world));
    EXPECT_EQ(world.result(), one.result);
    EXPECT_EQ(world.error(), one.error);
    EXPECT_FALSE(world.card().online);
  }
}

TEST(OfflineCheck, AForgedCode) {
  CheckWorld world;
  world.settings.mode = CheckMode::offline;
  world.load();
  // A lease that is genuine, countersigned by another key than the one it is bound to.
  const SecretKey own = key_from(40);
  const auto minter =
      LiveCodeMinter::from_lease(world.authority.lease_bytes(world.authority_now(), own.public_key())).value();
  world.show(minter.mint(world.authority_now(), std::nullopt, key_from(41)));
  EXPECT_EQ(world.result(), "forged");
  EXPECT_EQ(world.error(), "countersignature");
}

TEST(OfflineCheck, ASecondUseHereIsRemembered) {
  CheckWorld world;
  world.settings.mode = CheckMode::offline;
  world.load();
  const std::string first = world.code();
  world.show(first);
  EXPECT_EQ(world.result(), "valid");
  world.show(world.code());
  EXPECT_EQ(world.result(), "valid");
  world.show(first);
  EXPECT_EQ(world.result(), "already-used");
}

TEST(OfflineCheck, TheAuthorityIsGoneInTheMiddle) {
  CheckWorld world;
  world.load();
  const std::string first = world.code();
  world.show(first);
  EXPECT_TRUE(world.card().online);
  world.online = false;
  world.pass(5000);
  world.show(world.code());
  EXPECT_EQ(world.result(), "valid");
  EXPECT_FALSE(world.card().online);
  EXPECT_TRUE(world.says_unchecked(Unchecked::network));
  EXPECT_FALSE(world.says_unchecked(Unchecked::clock));        // the answer before has proved the time
  EXPECT_FALSE(world.says_unchecked(Unchecked::status_list));  // fetched for this day
  EXPECT_NE(world.readiness.back().words.second.find("Offline checks only: the authority cannot be reached, list of "),
            std::string::npos);
  EXPECT_TRUE(world.readiness.back().ready);
  EXPECT_FALSE(world.readiness.back().online);
  world.show(first);
  EXPECT_EQ(world.result(), "already-used");  // checked online, remembered here
  world.online = true;
  world.network_is_back();
  world.pass(6000);
  EXPECT_TRUE(world.readiness.back().online);
  world.show(world.code());
  EXPECT_TRUE(world.card().online);
}

TEST(OfflineCheck, EveryKindOfSilenceLeadsToAnOfflineResult) {
  for (const int status : {500, 502, 503, 429, 401, 403}) {
    SCOPED_TRACE(status);
    CheckWorld world;
    world.load();
    world.on_the_wire = [status](const FetchEffect& request, HttpAnswer answer) -> std::optional<HttpAnswer> {
      if (request.method == "POST") return HttpAnswer{.status = status, .date = {}, .body = ""};
      return answer;
    };
    world.show(world.code());
    EXPECT_EQ(world.result(), "valid");
    EXPECT_FALSE(world.card().online);
    EXPECT_TRUE(world.says_unchecked(Unchecked::network));
    EXPECT_TRUE(world.says_unchecked(Unchecked::status_list));  // nobody waits for a second silence
    EXPECT_EQ(world.readiness.back().online, status < 500);
  }
}

// --- time -----------------------------------------------------------------------------------------------------------

TEST(OfflineCheck, AnInspectorsClockThatNothingProves) {
  CheckWorld world;
  world.settings.mode = CheckMode::offline;
  world.wall += 3'600'000;
  world.load();
  world.show(world.code());
  EXPECT_EQ(world.result(), "stale");
  EXPECT_TRUE(world.says_unchecked(Unchecked::clock));
  EXPECT_EQ(world.card().line, "60 分钟前的画面");
  EXPECT_NE(world.card().meaning.first.find("本机时间有误"), std::string::npos);

  CheckWorld behind;
  behind.settings.mode = CheckMode::offline;
  behind.load();
  behind.online = false;
  behind.pass(3'600'000);
  behind.wall -= 3'600'000;
  behind.show(behind.code());
  EXPECT_EQ(behind.result(), "clock");
  EXPECT_NE(behind.card().meaning.second.find("this device's clock"), std::string::npos);
}

TEST(OfflineCheck, ASlowClockIsSetRightByWhatTheAuthorityHasSigned) {
  CheckWorld world;
  world.settings.mode = CheckMode::offline;
  world.wall -= 3'600'000;
  world.load();
  world.show(world.code());
  EXPECT_EQ(world.result(), "valid");  // the list was signed just now
  EXPECT_TRUE(world.says_unchecked(Unchecked::clock));
}

TEST(OfflineCheck, AProvenTimeOutlivesTheConnection) {
  for (const std::int64_t off : {-3'600'000, 3'600'000}) {
    CheckWorld world;
    world.wall += off;
    world.load();
    world.show(world.code());
    EXPECT_TRUE(world.card().online);
    world.online = false;
    world.pass(600'000);
    world.renew_lease();
    world.show(world.code());
    EXPECT_EQ(world.result(), "valid");
    EXPECT_EQ(world.card().age, 0);
    EXPECT_FALSE(world.says_unchecked(Unchecked::clock));
    // The two clocks of the device drift apart: nothing is proved any more.
    world.wall += 5000;
    world.pass(5000);
    world.show(world.code());
    EXPECT_EQ(world.result(), off > 0 ? "stale" : "clock");
    EXPECT_TRUE(world.says_unchecked(Unchecked::clock));
  }
}

TEST(OfflineCheck, WhatAReceiptSaidIsNotForgottenWithTheProof) {
  CheckWorld world;
  world.wall -= 3'600'000;
  world.load();
  world.pass(240'000);
  world.show(world.code());
  EXPECT_TRUE(world.card().online);
  world.online = false;
  world.wall += 5000;
  world.show(world.code());
  EXPECT_EQ(world.result(), "valid");  // it cannot be earlier than the receipt
  EXPECT_TRUE(world.says_unchecked(Unchecked::clock));
}

TEST(OfflineCheck, ASlowAnswerProvesNoTime) {
  CheckWorld world;
  world.there = world.back = 2100;
  world.load();
  world.pass(5000);
  world.show_now(world.code());
  world.pass(6000);
  EXPECT_EQ(world.result(), "valid");
  world.online = false;
  world.show(world.code());
  EXPECT_TRUE(world.says_unchecked(Unchecked::clock));
}

TEST(OfflineCheck, AnOldConfirmationIsSaid) {
  CheckWorld world;
  world.settings.mode = CheckMode::offline;
  world.load();
  world.renew_lease(world.authority_now() - 2 * 3600);
  world.show(world.code());
  EXPECT_EQ(world.result(), "valid");
  EXPECT_EQ(world.card().confirmed, 7200);
  EXPECT_EQ(world.card().line, "自 " + day_and_clock_text(world.authority_now() - 2 - 7200) + " 起离线");
  world.settings.most_confirmation_seconds = 3 * 3600;
  world.load();
  world.show(world.code());
  EXPECT_EQ(world.card().line, "2 小时前由发证机关确认");
}

// --- lists ----------------------------------------------------------------------------------------------------------

TEST(Lists, NothingIsKnownWithoutThem) {
  CheckWorld world;
  world.online = false;
  world.load();
  EXPECT_FALSE(world.readiness.back().ready);
  EXPECT_EQ(world.readiness.back().error, ErrorCode::authority_unreachable);
  world.show(world.code());
  EXPECT_EQ(world.result(), "unchecked");
  EXPECT_EQ(world.error(), "authority-unreachable");
  world.show("HELLO");
  EXPECT_EQ(world.result(), "malformed");  // for that nobody is needed
}

TEST(Lists, AreKeptForTheNextPage) {
  CheckWorld world;
  world.load();
  world.show(world.code());
  EXPECT_EQ(world.kept.count("trust-list") + world.kept.count("status-list") + world.kept.count("time"), 3U);
  world.online = false;
  world.load();
  EXPECT_TRUE(world.readiness.back().ready);
  world.pass(3000);
  world.show(world.code());
  EXPECT_EQ(world.result(), "valid");
  EXPECT_FALSE(world.says_unchecked(Unchecked::status_list));
}

TEST(Lists, WhatWasKeptIsVerifiedAgain) {
  CheckWorld world;
  world.load();
  world.show(world.code());
  world.online = false;
  const auto kept = world.kept;
  world.kept["trust-list"][world.kept["trust-list"].size() / 2] ^= 1;
  world.load();
  EXPECT_FALSE(world.readiness.back().ready);
  world.kept = kept;
  world.kept["status-list"][world.kept["status-list"].size() / 2] ^= 1;
  world.load();
  world.show(world.code());
  EXPECT_EQ(world.result(), "valid");
  EXPECT_TRUE(world.says_unchecked(Unchecked::status_list));
  world.kept = {{"trust-list", "a.b.c"}, {"status-list", "nonsense"}, {"time", "[]"}};
  world.load();
  EXPECT_FALSE(world.readiness.back().ready);
}

TEST(Lists, AnExpiredTrustList) {
  CheckWorld world;
  world.authority.trust_list_seconds = 600;
  world.load();
  world.online = false;
  world.pass(601'000);
  world.show(world.code());
  EXPECT_EQ(world.result(), "unknown-issuer");
  EXPECT_EQ(world.error(), "trust-list-expired");
  EXPECT_EQ(world.readiness.back().error, ErrorCode::trust_list_expired);
  EXPECT_FALSE(world.readiness.back().ready);
  world.online = true;
  world.pass(120'000);  // fetched again by itself
  EXPECT_TRUE(world.readiness.back().ready);
  world.show(world.code());
  EXPECT_EQ(world.result(), "valid");
}

TEST(Lists, ALowerSequenceIsRefused) {
  CheckWorld world;
  world.load();
  const std::string newest = world.kept["trust-list"];
  world.authority.sequence = 6;
  world.pass(5 * 60'000);
  EXPECT_EQ(world.kept["trust-list"], newest);
  world.kept.erase("trust-list");
  world.load();  // the number is remembered apart from the list
  EXPECT_EQ(world.readiness.back().error, ErrorCode::trust_list_rollback);
  EXPECT_FALSE(world.readiness.back().ready);
  world.show(world.code());
  EXPECT_EQ(world.result(), "unknown-issuer");
  EXPECT_EQ(world.error(), "trust-list-rollback");
}

TEST(Lists, OfAnotherRootOrAuthorityAreRefused) {
  CheckWorld world;
  world.settings.authority.roots = {root_key().public_key()};
  world.load();
  EXPECT_EQ(world.readiness.back().error, ErrorCode::root_unknown);
  world.show(world.code());
  EXPECT_EQ(world.result(), "unknown-issuer");
  EXPECT_EQ(world.error(), "root-unknown");
  CheckWorld other;
  other.on_the_wire = [&other](const FetchEffect&, const HttpAnswer&) -> std::optional<HttpAnswer> {
    other.authority.origin = "https://else.example";  // whose list the same root has signed
    const std::string list = other.authority.trust_list_text(other.authority_now());
    other.authority.origin = kIssuer;
    return HttpAnswer{.status = 200, .date = {}, .body = list};
  };
  other.load();
  EXPECT_EQ(other.readiness.back().error, ErrorCode::issuer_mismatch);
  EXPECT_FALSE(other.readiness.back().ready);
}

TEST(Lists, StatusListsThatDoNotCheckAreNotUsed) {
  CheckWorld world;
  world.settings.mode = CheckMode::offline;
  world.status_list_subject = "https://dl.example.org/status/1";
  world.load();
  world.recorded = StatusSet::parse("B").value();
  world.show(world.code());
  EXPECT_EQ(world.result(), "valid");
  EXPECT_TRUE(world.says_unchecked(Unchecked::status_list));
  world.status_list_subject.clear();
  world.pass(3000);
  world.show(world.code());
  EXPECT_EQ(world.result(), "not-usable");
}

TEST(Lists, AStatusListThatIsOverIsNotUsed) {
  CheckWorld world;
  world.settings.mode = CheckMode::offline;
  world.status_list_seconds = 120;
  world.load();
  world.show(world.code());
  EXPECT_FALSE(world.says_unchecked(Unchecked::status_list));
  world.online = false;
  world.pass(130'000);
  world.show(world.code());
  EXPECT_EQ(world.result(), "valid");
  EXPECT_TRUE(world.says_unchecked(Unchecked::status_list));
}

TEST(Lists, AnOlderStatusListDoesNotComeBack) {
  CheckWorld world;
  world.settings.mode = CheckMode::offline;
  world.load();
  std::optional<HttpAnswer> first;
  world.on_the_wire = [&first](const FetchEffect& request, HttpAnswer answer) -> std::optional<HttpAnswer> {
    if (request.url.find("/status/") == std::string::npos) return answer;
    if (!first) first = answer;
    return answer;
  };
  world.show(world.code());
  EXPECT_EQ(world.result(), "valid");
  world.recorded = StatusSet::parse("B").value();
  world.pass(6 * 60'000);
  world.show(world.code());
  EXPECT_EQ(world.result(), "not-usable");
  world.on_the_wire = [&first](const FetchEffect& request, HttpAnswer answer) -> std::optional<HttpAnswer> {
    return request.url.find("/status/") == std::string::npos ? answer : *first;
  };
  world.pass(6 * 60'000);
  world.show(world.code());
  EXPECT_EQ(world.result(), "not-usable");
}

TEST(Lists, AreFetchedEveryFiveMinutesAndLessOftenFromASilentAuthority) {
  CheckWorld world;
  world.load();
  world.pass(60 * 60'000);
  EXPECT_EQ(world.authority.count("/trust-list"), 12);
  world.online = false;
  const std::size_t before = world.fetches.size();
  world.pass(60 * 60'000);
  EXPECT_LT(world.fetches.size() - before, 90U);
  EXPECT_GT(world.fetches.size() - before, 40U);
}

}  // namespace
}  // namespace elicense::test
