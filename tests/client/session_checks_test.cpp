// The holder's side of being checked: the inspector's digits in the codes, the notice of a check, the list of them.
#include "client/session.h"

#include <gtest/gtest.h>

#include "client/support/world.h"

namespace elicense::test {
namespace {

constexpr std::int64_t kMinute = 60'000;

CheckResult result_with(const World& world, const std::optional<Challenge>& challenge) {
  if (world.screen().code == nullptr) return CheckResult::malformed;
  const UnixTime now = world.authority_now();
  const LiveCodePolicy policy = {.now = now,
                                 .trust = world.authority.trust(now),
                                 .status_lists = nullptr,
                                 .spent_codes = nullptr,
                                 .challenge = challenge};
  return verify_live_code(world.screen().code->text, policy).result;
}

void send_check(World& world, std::int64_t at, std::string_view more = R"(,"echo":47)") {
  world.send_event(
      "event: checked\ndata: {\"id\":1,\"partner\":\"Demo Rental\",\"origin\":\"https://rental.example\","
      "\"result\":\"valid\",\"asked\":\"C1\",\"at\":" +
      std::to_string(at) + std::string(more) + "}\n\n");
}

TEST(ViewerSession, CodesCarryTheDigitsThatTheHolderTaps) {
  World world;
  world.open();
  const Challenge challenge = *Challenge::parse("07");
  EXPECT_NE(result_with(world, challenge), CheckResult::valid);
  world.tap(challenge);
  EXPECT_EQ(world.screen().code, nullptr) << "the code of before is not shown for one that answers";
  world.pass(50);
  EXPECT_EQ(world.screen().challenge, challenge);
  for (int i = 0; i < 11; ++i) {
    EXPECT_EQ(result_with(world, challenge), CheckResult::valid);
    EXPECT_NE(result_with(world, Challenge::parse("08").value()), CheckResult::valid);
    world.pass(5000);
  }
  world.pass(6000);
  EXPECT_FALSE(world.screen().challenge) << "after a minute";
  EXPECT_NE(result_with(world, challenge), CheckResult::valid);
  EXPECT_EQ(result_with(world, std::nullopt), CheckResult::valid);
}

TEST(ViewerSession, AnswersToAChallengeEndWithTheCheckAndWhenHidden) {
  World world;
  world.open();
  const Challenge challenge = *Challenge::parse("42");
  world.tap(challenge);
  world.pass(2000);
  send_check(world, world.authority_now().seconds);
  world.pass(50);
  EXPECT_FALSE(world.screen().challenge);
  world.tap(challenge);
  world.hide();
  world.show();
  world.pass(5000);
  EXPECT_FALSE(world.screen().challenge);
  EXPECT_EQ(result_with(world, std::nullopt), CheckResult::valid);
}

TEST(ViewerSession, ACheckIsToldOverThePagesForAWhile) {
  World world;
  world.open();
  EXPECT_EQ(world.screen().notice, nullptr);
  send_check(world, world.authority_now().seconds);
  ASSERT_NE(world.screen().notice, nullptr);
  EXPECT_EQ(world.screen().notice->partner, "Demo Rental");
  EXPECT_EQ(world.screen().notice->echo, 47);
  EXPECT_EQ(world.checks.size(), 1U);
  world.pass(kNoticeTime + 10);
  EXPECT_EQ(world.screen().notice, nullptr);
  send_check(world, world.authority_now().seconds, "");
  ASSERT_NE(world.screen().notice, nullptr);
  EXPECT_FALSE(world.screen().notice->echo);
  world.dismiss_notice();
  EXPECT_EQ(world.screen().notice, nullptr);
}

TEST(ViewerSession, ACheckFromBeforeAnInterruptionIsNoNewsOfThisMoment) {
  World world;
  world.open();
  send_check(world, world.authority_now().seconds - 60);
  EXPECT_EQ(world.screen().notice, nullptr);
  EXPECT_EQ(world.checks.size(), 1U) << "the host hears of it all the same";
}

TEST(ViewerSession, MisshapenChecksAreNotTold) {
  World world;
  world.open();
  const std::int64_t now = world.authority_now().seconds;
  for (const std::string_view more : {R"(,"echo":100)", R"(,"echo":-1)", R"(,"echo":"47")", R"(,"asked":"X9")"}) {
    send_check(world, now, more);
    EXPECT_EQ(world.screen().notice, nullptr) << more;
  }
  EXPECT_TRUE(world.checks.empty());
}

TEST(ViewerSession, TheHolderSeesWhoHasChecked) {
  World world;
  world.open();
  world.authority.checks =
      R"({"checks":[{"at":1790000000,"partner":"Demo Rental","origin":"https://rental.example","result":"valid","echo":3},)"
      R"({"at":1780000000,"partner":"Other","origin":"https://other.example","result":"not-usable","asked":"C1"}]})";
  EXPECT_EQ(world.screen().checks, nullptr);
  world.list_checks();
  ASSERT_NE(world.screen().checks, nullptr);
  EXPECT_EQ(world.screen().checks->progress, CheckList::Progress::asking);
  world.pass(2000);
  ASSERT_EQ(world.screen().checks->progress, CheckList::Progress::known);
  ASSERT_EQ(world.screen().checks->checks.size(), 2U);
  EXPECT_EQ(world.screen().checks->checks[1].partner, "Other");
  EXPECT_EQ(world.screen().checks->checks[1].asked, "C1");
  world.close_checks();
  EXPECT_EQ(world.screen().checks, nullptr);
}

TEST(ViewerSession, AListOfChecksThatCannotBeHadOrReadIsSaidToBeSo) {
  World world;
  world.open();
  const auto asked = [&] {
    world.list_checks();
    world.pass(20'000);
    return world.screen().checks->progress;
  };
  world.authority.checks = R"({"checks":[{"at":"yesterday"}]})";
  EXPECT_EQ(asked(), CheckList::Progress::failed);
  world.authority.checks = R"({"checks":{}})";
  EXPECT_EQ(asked(), CheckList::Progress::failed);
  world.authority.checks = R"({"checks":[]})";
  EXPECT_EQ(asked(), CheckList::Progress::known);
  world.online = false;
  EXPECT_EQ(asked(), CheckList::Progress::failed);
}

TEST(ViewerSession, NothingOfTheChecksStaysWhenThePhoneEnds) {
  World world;
  world.open();
  world.list_checks();
  send_check(world, world.authority_now().seconds);
  world.pass(1000);
  world.authority.move_to_another_phone();
  world.pass(2 * kMinute);
  EXPECT_EQ(world.state(), ViewerState::refused);
  EXPECT_EQ(world.screen().checks, nullptr);
  EXPECT_EQ(world.screen().notice, nullptr);
}

}  // namespace
}  // namespace elicense::test
