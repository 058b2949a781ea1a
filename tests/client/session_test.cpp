// The viewer's session on its way through every state.
#include "client/session.h"

#include <gtest/gtest.h>

#include "client/kept.h"
#include "client/support/world.h"
#include "support/demo.h"

namespace elicense::test {
namespace {

constexpr std::int64_t kMinute = 60'000;
constexpr std::int64_t kHour = 60 * kMinute;

std::optional<HttpAnswer> only_from(const FetchEffect& request, HttpAnswer answer, std::string_view path,
                                    HttpAnswer instead) {
  const bool is_it = request.url.size() >= path.size() && request.url.substr(request.url.size() - path.size()) == path;
  return is_it ? instead : answer;
}

TEST(ViewerSession, FirstVisitIsLiveWithinThreeRoundTrips) {
  World world;
  EXPECT_EQ(world.state(), ViewerState::loading);
  EXPECT_EQ(world.screen().reason, ViewerReason::no_account);
  world.give_code();
  world.show();
  EXPECT_TRUE(world.screen().renewing);
  world.pass(3 * (world.there + world.back) + 50);
  const ViewerScreen screen = world.screen();
  EXPECT_EQ(screen.state, ViewerState::live);
  EXPECT_EQ(screen.progress, kLoadingSteps);
  ASSERT_NE(screen.licence, nullptr);
  ASSERT_NE(screen.code, nullptr);
  EXPECT_EQ(screen.status, StatusSet::normal());
  EXPECT_EQ(world.authority.count("/credential"), 2);
  EXPECT_EQ(world.authority.count("/trust-list"), 1);
  EXPECT_TRUE(world.authority.refusals.empty());
  EXPECT_EQ(world.states.back().state, ViewerState::live);
  EXPECT_EQ(world.keys.size(), 2U);
}

TEST(ViewerSession, AsksForNothingBeforeItIsShown) {
  World world;
  world.give_code();
  world.pass(kMinute);
  EXPECT_TRUE(world.authority.requests.empty());
}

TEST(ViewerSession, CodesChangeEveryFiveSecondsAndAreNeverLate) {
  World world;
  world.open();
  world.pass(5000);
  const int before = world.codes_seen;
  for (int tick = 0; tick < 240; ++tick) {
    world.pass(250);
    EXPECT_NE(world.screen().code, nullptr);
  }
  EXPECT_EQ(world.codes_seen - before, 12);
}

TEST(ViewerSession, RenewsEveryMinuteWithANewKeyAndForgetsTheOldOne) {
  World world;
  world.open();
  const int before = world.authority.count("/credential");
  world.pass(9 * kMinute);
  EXPECT_EQ(world.authority.count("/credential") - before, 9);
  EXPECT_EQ(world.authority.count("/trust-list"), 1);
  EXPECT_EQ(world.keys.size(), 2U);
  EXPECT_EQ(world.state(), ViewerState::live);
  EXPECT_EQ(kept_lease(world.kept["lease"])->slot, world.keys.rbegin()->first);
  world.pass(2 * kMinute);
  EXPECT_EQ(world.authority.count("/trust-list"), 2);
}

TEST(ViewerSession, NothingHappensWhileHidden) {
  World world;
  world.open();
  world.hide();
  const auto requests = world.authority.requests;
  EXPECT_FALSE(world.listening);
  world.pass(10 * kMinute);
  EXPECT_EQ(world.authority.requests, requests);
  EXPECT_EQ(world.screen().code, nullptr);
  world.show();
  world.pass(1000);
  EXPECT_EQ(world.state(), ViewerState::live);
  EXPECT_NE(world.screen().code, nullptr);
  EXPECT_TRUE(world.listening);
}

TEST(ViewerSession, WhatHappenedWhileHiddenIsKnownTwoSecondsAfterItIsShown) {
  World world;
  world.open();
  world.hide();
  world.authority.status = *StatusSet::parse("L");
  world.pass(20 * 1000);
  world.show();
  EXPECT_EQ(world.state(), ViewerState::live) << "the time is good: no blank page for a glance aside";
  world.pass(2000);
  EXPECT_EQ(world.state(), ViewerState::refused);
}

TEST(ViewerSession, HiddenAndShownAgainAndAgainDoesNotRenewWithoutEnd) {
  World world;
  world.open();
  const int before = world.authority.count("/nonce");
  for (int i = 0; i < 100; ++i) {
    world.hide();
    world.pass(50);
    world.show();
    world.pass(50);
  }
  EXPECT_LE(world.authority.count("/nonce") - before, 8) << "every two seconds at the most";
}

TEST(ViewerSession, ACodeIsNotLostWhenThePageIsHiddenWhileItIsExchanged) {
  World world;
  world.give_code();
  world.show();
  world.pass(world.there + world.back + world.there + 20);
  ASSERT_EQ(world.authority.count("/token"), 1);
  world.hide();
  world.pass(10'000);
  world.show();
  world.pass(3000);
  EXPECT_EQ(world.state(), ViewerState::live);
  EXPECT_EQ(world.authority.count("/token"), 1);
}

TEST(ViewerSession, WithoutNetworkItIsOfflineThenOverThenLiveAgain) {
  World world;
  world.authority.lease_seconds = 3600;
  world.open();
  world.online = false;
  world.pass(90'000);
  EXPECT_EQ(world.state(), ViewerState::offline);
  EXPECT_NE(world.screen().code, nullptr);
  world.pass(50 * kMinute);
  EXPECT_EQ(world.state(), ViewerState::offline);
  EXPECT_NE(world.screen().code, nullptr);
  world.pass(20 * kMinute);
  EXPECT_EQ(world.state(), ViewerState::stale);
  EXPECT_EQ(world.screen().reason, ViewerReason::lease_over);
  EXPECT_FALSE(world.screen().now);
  EXPECT_NE(world.screen().licence, nullptr);
  world.online = true;
  world.network_is_back();
  world.pass(1000);
  EXPECT_EQ(world.state(), ViewerState::live);
}

TEST(ViewerSession, ALeaseEndsAtItsSecondWithoutAnEvent) {
  World world;
  world.authority.lease_seconds = 30;
  world.open();
  world.online = false;
  const Moment at = world.moment();
  EXPECT_NE(world.session->screen(at).state, ViewerState::stale);
  EXPECT_EQ(world.session->screen({.monotonic = at.monotonic + 30'000, .wall = at.wall + 30'000}).state,
            ViewerState::stale);
}

TEST(ViewerSession, BackOffGrowsToAMinute) {
  World world;
  world.open();
  world.online = false;
  int asked = 0;
  world.pass(kMinute);
  world.online = true;
  world.on_the_wire = [&](const FetchEffect& request, const HttpAnswer&) -> std::optional<HttpAnswer> {
    if (request.url.find("/nonce") != std::string::npos) ++asked;
    return HttpAnswer{.status = 503, .date = {}, .body = "<html>later</html>"};
  };
  world.pass(10 * kMinute);
  EXPECT_GE(asked, 9);
  EXPECT_LE(asked, 18);
  EXPECT_EQ(world.state(), ViewerState::offline);
}

TEST(ViewerSession, RefreshIsTakenEveryTwoSeconds) {
  World world;
  world.open();
  const int before = world.authority.count("/credential");
  for (int i = 0; i < 50; ++i) {
    world.refresh();
    world.pass(200);
  }
  EXPECT_GE(world.authority.count("/credential") - before, 4);
  EXPECT_LE(world.authority.count("/credential") - before, 6);
}

TEST(ViewerSession, TwelvePointsAndALockArriveWithinTwoSeconds) {
  World world;
  world.open();
  ASSERT_TRUE(world.listening);
  world.authority.status = StatusSet::parse("B").value();
  world.send_event("id: 5\nevent: status\ndata: {\"status\":\"B\",\"usable\":false,\"at\":1790000000}\n\n");
  world.pass(2000);
  EXPECT_EQ(world.state(), ViewerState::refused);
  EXPECT_EQ(world.screen().reason, ViewerReason::status);
  EXPECT_EQ(world.screen().status->letters(), "B");
  EXPECT_NE(world.screen().licence, nullptr);
  EXPECT_EQ(world.screen().code, nullptr);
  EXPECT_TRUE(world.screen().now);
  EXPECT_NE(world.states.back().words.find("超分 · 电子驾驶证已失效"), std::string::npos);

  world.authority.status = StatusSet::parse("L").value();
  world.send_event("event: status\r\ndata: {\"status\":\"L\",\"usable\":false,\"at\":1790000000}\r\n\r\n");
  world.pass(2000);
  EXPECT_EQ(world.state(), ViewerState::refused);
  EXPECT_EQ(world.screen().licence, nullptr);
  EXPECT_NE(world.states.back().words.find("驾驶证电子版无效"), std::string::npos);

  world.authority.status = StatusSet::normal();
  world.send_event("event: status\ndata: {\"status\":\"A\",\"usable\":true,\"at\":1790000000}\n\n");
  world.pass(2000);
  EXPECT_EQ(world.state(), ViewerState::live);
  EXPECT_NE(world.screen().licence, nullptr);
}

TEST(ViewerSession, AStatusEventDuringARenewalIsFollowedByAnother) {
  World world;
  world.open();
  world.refresh();
  world.pass(2 * (world.there + world.back) + 20);
  world.authority.status = StatusSet::parse("D").value();
  world.send_event("event: status\ndata: {}\n\n");
  world.pass(1500);
  EXPECT_EQ(world.state(), ViewerState::refused);
}

TEST(ViewerSession, ALockedLicenceOnTheFirstVisitShowsItsReasonAlone) {
  World world;
  world.authority.status = StatusSet::parse("J").value();
  world.open();
  EXPECT_EQ(world.state(), ViewerState::refused);
  EXPECT_EQ(world.screen().error, ErrorCode::status_refused);
  EXPECT_EQ(world.screen().status->letters(), "J");
  EXPECT_EQ(world.screen().licence, nullptr);
  world.pass(10 * kMinute);
  EXPECT_LT(world.authority.count("/credential"), 20);
}

TEST(ViewerSession, StatusInAProblemDocumentIsNeverBelieved) {
  World world;
  world.on_the_wire = [](const FetchEffect& request, HttpAnswer answer) -> std::optional<HttpAnswer> {
    const bool for_licence = request.body && request.body->find("driving-licence") != std::string::npos;
    if (!for_licence) return answer;
    return HttpAnswer{.status = 400,
                      .date = {},
                      .body = R"({"error":"credential_request_denied","code":"status-refused","status":"F"})"};
  };
  world.open();
  EXPECT_EQ(world.state(), ViewerState::loading);
  EXPECT_EQ(world.screen().licence, nullptr);
  world.on_the_wire = nullptr;
  world.pass(2 * kMinute);
  EXPECT_EQ(world.state(), ViewerState::live);
}

TEST(ViewerSession, ChangedDataComeWithTheNextLicence) {
  World world;
  world.open();
  const std::uint64_t generation = world.screen().generation;
  world.authority.data.valid_until = CivilDate{2036, 7, 20};
  world.send_event("event: status\ndata: {}\n\n");
  world.pass(2000);
  EXPECT_EQ(world.state(), ViewerState::live);
  EXPECT_GT(world.screen().generation, generation);
  EXPECT_EQ(world.screen().licence->data().valid_until, (CivilDate{2036, 7, 20}));

  world.authority.data.valid_until = CivilDate{2037, 7, 20};  // without an event: the lease tells
  world.pass(kMinute + 3000);
  EXPECT_EQ(world.state(), ViewerState::live);
  EXPECT_EQ(world.screen().licence->data().valid_until, (CivilDate{2037, 7, 20}));
}

TEST(ViewerSession, ALicenceTextADayOldIsFetchedAgain) {
  World world;
  world.open();
  const std::uint64_t generation = world.screen().generation;
  world.hide();
  world.pass(25 * kHour);
  world.show();
  world.pass(3000);
  EXPECT_EQ(world.state(), ViewerState::live);
  EXPECT_EQ(world.screen().generation, generation + 1);
}

TEST(ViewerSession, StaleAndUnknownNumbersAreIgnored) {
  World world;
  world.open();
  for (std::int64_t id = -1; id < 40; ++id) {
    world.session->key_made(world.moment(), id, key_from(9).public_key());
    world.session->signature_made(world.moment(), id, Signature{});
    world.session->failed(world.moment(), id + 1000, FailureCause::network);
  }
  world.pass(1000);
  EXPECT_EQ(world.state(), ViewerState::live);
}

TEST(ViewerSession, TwoPeopleShareNothing) {
  World first(1);
  World second(2);
  second.authority.data.name = "李小红";
  first.open();
  second.open();
  EXPECT_EQ(first.screen().licence->data().name, licence_data().name);
  EXPECT_EQ(second.screen().licence->data().name, "李小红");
  second.kept = first.kept;  // the papers of the one under the keys of the other
  second.load();
  second.show();
  EXPECT_EQ(second.screen().licence, nullptr);
  EXPECT_EQ(second.state(), ViewerState::untrusted);
}

TEST(ViewerSession, ATokenFromTheHostIsEnough) {
  World world;
  world.open();
  const std::string token = kept_account(world.kept["account"])->access_token;
  world.kept.clear();
  world.load();
  EXPECT_EQ(world.screen().reason, ViewerReason::no_account);
  world.session->token(world.moment(), token);
  world.show();
  world.pass(3000);
  EXPECT_EQ(world.state(), ViewerState::live);
}

TEST(ViewerSession, ACaptivePortalIsNoAnswerOfTheAuthority) {
  for (const std::string_view path : {"/trust-list", "/nonce", "/token", "/credential"}) {
    for (const int status : {200, 302, 401, 403, 404, 500, 511}) {
      SCOPED_TRACE(std::string(path) + " " + std::to_string(status));
      World world;
      world.on_the_wire = [&](const FetchEffect& request, HttpAnswer answer) {
        return only_from(request, std::move(answer), path,
                         {.status = status, .date = {}, .body = "<html>sign in</html>"});
      };
      world.open();
      EXPECT_NE(world.state(), ViewerState::untrusted);
      EXPECT_NE(world.state(), ViewerState::refused);
      EXPECT_EQ(world.screen().licence, nullptr);
      world.on_the_wire = nullptr;
      world.pass(kMinute);
      if (path == "/token") world.give_code();  // the first one was spent although its answer was lost
      world.pass(3000);
      EXPECT_EQ(world.state(), ViewerState::live);
    }
  }
}

TEST(ViewerSession, WordsFollowTheLanguage) {
  World world;
  world.open();
  EXPECT_EQ(world.states.back().words, "正常显示");
  world.speak(Language::english);
  EXPECT_EQ(world.states.back().words, "Live");
}

}  // namespace
}  // namespace elicense::test
