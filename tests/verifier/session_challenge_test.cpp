// The tap challenge: two digits that only the phone opposite can put into its next code.
#include <gtest/gtest.h>

#include "support/demo.h"
#include "verifier/support/world.h"

namespace elicense::test {
namespace {

Challenge other_than(const Challenge& challenge) {
  return Challenge::parse(challenge.digits() == "00" ? "01" : "00").value();
}

class ChallengeTest : public ::testing::TestWithParam<CheckMode> {
 protected:
  ChallengeTest() {
    world_.settings.mode = GetParam();
    world_.load();
    world_.want_challenge(true);
  }
  CheckWorld world_;
};

TEST_P(ChallengeTest, OnlyACodeThatCarriesTheDigitsIsTaken) {
  ASSERT_TRUE(world_.asked_challenge());
  EXPECT_EQ(world_.challenges.back().digits->size(), 2U);
  EXPECT_FALSE(world_.challenges.back().words->first.empty());
  for (int turn = 0; turn < 4; ++turn) {  // while the holder looks for the place to tap
    world_.show(world_.code());
    world_.pass(3000);
    EXPECT_TRUE(world_.cards.empty());
  }
  world_.show(world_.code(world_.asked_challenge()));
  EXPECT_EQ(world_.result(), "valid");
  EXPECT_FALSE(world_.asked_challenge());  // over
  world_.pass(5000);
  world_.show(world_.code());
  EXPECT_EQ(world_.result(), "valid");
}

TEST_P(ChallengeTest, OtherDigitsAreSaidAtOnce) {
  world_.show(world_.code(other_than(*world_.asked_challenge())));
  EXPECT_EQ(world_.result(), "not-live");
  EXPECT_EQ(world_.error(), "challenge-wrong");
  EXPECT_TRUE(world_.asked_challenge());
  world_.show(world_.code(world_.asked_challenge()));
  EXPECT_EQ(world_.result(), "valid");
}

TEST_P(ChallengeTest, NoDigitsAreSaidAfterAMinute) {
  world_.pass(59'000);
  world_.show(world_.code());
  EXPECT_TRUE(world_.cards.empty());
  world_.show(world_.code());
  EXPECT_EQ(world_.result(), "not-live");
  EXPECT_EQ(world_.error(), "challenge-missing");
  EXPECT_NE(world_.card().meaning.second.find("two digits"), std::string::npos);
}

TEST_P(ChallengeTest, TakenBack) {
  world_.want_challenge(false);
  EXPECT_FALSE(world_.asked_challenge());
  world_.show(world_.code());
  EXPECT_EQ(world_.result(), "valid");
}

TEST_P(ChallengeTest, WhatIsNoCodeIsSaidMeanwhile) {
  world_.show("HELLO");
  EXPECT_EQ(world_.result(), "malformed");
  world_.show(world_.code_at(world_.authority_now() - 40));
  EXPECT_EQ(world_.result(), "stale");
  EXPECT_TRUE(world_.asked_challenge());
}

INSTANTIATE_TEST_SUITE_P(Modes, ChallengeTest,
                         ::testing::Values(CheckMode::automatic, CheckMode::online, CheckMode::offline));

TEST(Challenge, IsAskedInTheLanguageOfThePage) {
  CheckWorld world;
  world.load();
  world.want_challenge(true);
  const auto digits = world.challenges.back().digits;
  world.speak(Language::english);
  EXPECT_EQ(world.challenges.back().digits, digits);
  EXPECT_EQ(world.challenges.back().words->first, "Ask the holder to tap in these two digits, then scan");
}

TEST(Challenge, WorksWithAnInspectorsClockThatIsWrong) {
  CheckWorld world;
  world.wall += 3'600'000;
  world.load();
  world.want_challenge(true);
  world.show(world.code());
  EXPECT_TRUE(world.cards.empty());
  world.show(world.code(world.asked_challenge()));
  EXPECT_EQ(world.result(), "valid");
}

}  // namespace
}  // namespace elicense::test
