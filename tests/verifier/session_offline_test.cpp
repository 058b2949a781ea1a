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

}  // namespace
}  // namespace elicense::test
