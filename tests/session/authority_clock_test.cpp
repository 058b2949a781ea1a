#include "session/authority_clock.h"

#include <gtest/gtest.h>

namespace elicense::test {
namespace {

constexpr Moment at(std::int64_t monotonic, std::int64_t wall_shift = 0) {
  return {.monotonic = monotonic, .wall = 1'000'000'000 + monotonic + wall_shift};
}
constexpr std::int64_t kSigned = 1'790'000'000;

TEST(AuthorityClock, KnowsNothingAtFirst) {
  const AuthorityClock clock;
  EXPECT_EQ(clock.loss(at(0)), TimeLoss::never_known);
  EXPECT_FALSE(clock.now(at(0)));
}

TEST(AuthorityClock, ShowsTheLowerBoundAndGoesOn) {
  AuthorityClock clock;
  ASSERT_TRUE(clock.anchor(at(1000), at(1400), {kSigned}));
  EXPECT_EQ(*clock.now(at(1400)), kSigned * 1000 - 1);
  EXPECT_NEAR(static_cast<double>(*clock.now(at(61'400))), kSigned * 1000.0 + 60'000, 3);
  EXPECT_LE(*clock.now(at(61'400)), kSigned * 1000 + 60'000);
}

TEST(AuthorityClock, EachAnchorMakesTheBoundsNarrower) {
  AuthorityClock clock;
  ASSERT_TRUE(clock.anchor(at(0), at(3000), {kSigned}));  // in truth signed at 10 ms, at kSigned.0
  const std::int64_t before = *clock.now(at(60'000)) - (kSigned * 1000 + 59'990);
  ASSERT_TRUE(clock.anchor(at(60'000), at(60'100), {kSigned + 60}));
  const std::int64_t after = *clock.now(at(60'100)) - (kSigned * 1000 + 60'090);
  EXPECT_LT(before, -2900);
  EXPECT_GT(after, -100);
  EXPECT_LE(after, 0);
}

TEST(AuthorityClock, NeverRunsBack) {
  AuthorityClock clock;
  ASSERT_TRUE(clock.anchor(at(0), at(10), {kSigned}));
  const std::int64_t shown = *clock.now(at(60'000));
  ASSERT_TRUE(clock.anchor(at(60'000), at(60'010), {kSigned + 57}));  // set back by the authority
  EXPECT_GE(*clock.now(at(60'010)), shown);
}

TEST(AuthorityClock, RefusesWhatTookTooLong) {
  AuthorityClock clock;
  EXPECT_FALSE(clock.anchor(at(0), at(kSlowestAnchor + 1), {kSigned}));
  EXPECT_FALSE(clock.anchor(at(0), at(100, 2001), {kSigned}));
  EXPECT_FALSE(clock.anchor(at(100), at(0), {kSigned}));
  EXPECT_FALSE(clock.now(at(100)));
  EXPECT_TRUE(clock.anchor(at(0), at(kSlowestAnchor), {kSigned}));
}

TEST(AuthorityClock, LosesTheTimeWhenTheClocksDriftApart) {
  for (const std::int64_t shift : {2001, -2001, 3'600'000, -3'600'000}) {
    AuthorityClock clock;
    ASSERT_TRUE(clock.anchor(at(0), at(10), {kSigned}));
    EXPECT_EQ(clock.loss(at(1000, shift > 0 ? 2000 : -2000)), TimeLoss::none);
    EXPECT_EQ(clock.loss(at(1000, shift)), TimeLoss::clock_changed);
    clock.check(at(1000, shift));
    EXPECT_EQ(clock.loss(at(2000)), TimeLoss::clock_changed);  // remembered
    const Moment later = at(3000, shift);
    ASSERT_TRUE(clock.anchor(later, at(3010, shift), {kSigned + 3}));
    EXPECT_TRUE(clock.now(at(3010, shift)));
  }
}

TEST(AuthorityClock, HoldsAfterADisturbance) {
  AuthorityClock clock;
  ASSERT_TRUE(clock.anchor(at(0), at(10), {kSigned}));
  const std::int64_t shown = *clock.now(at(5000));
  clock.disturb(at(5000));
  EXPECT_EQ(clock.loss(at(5000)), TimeLoss::disturbed);
  ASSERT_TRUE(clock.anchor(at(5000), at(7000), {kSigned + 5}));
  EXPECT_GE(*clock.now(at(7000)), shown);
}

TEST(AuthorityClock, AKeptAnchorGoesOnForFifteenMinutes) {
  const KeptAnchor kept = {.authority = kSigned * 1000, .wall = 1'000'000'000};
  AuthorityClock clock;
  clock.resume(kept, {.monotonic = 50, .wall = kept.wall + 60'000});
  EXPECT_TRUE(clock.is_resumed());
  EXPECT_NEAR(static_cast<double>(*clock.now({.monotonic = 50, .wall = kept.wall + 60'000})),
              static_cast<double>(kept.authority + 60'000), 5);
  const KeptAnchor again = clock.to_keep({.monotonic = 1050, .wall = kept.wall + 61'000}).value();
  EXPECT_EQ(again.wall, kept.wall);  // its fifteen minutes do not begin again
  EXPECT_EQ(again.authority, kept.authority);
  const std::int64_t left = kMostResumed - 60'000;
  EXPECT_TRUE(clock.now({.monotonic = 50 + left - 1, .wall = kept.wall + kMostResumed - 1}));
  EXPECT_EQ(clock.loss({.monotonic = 50 + left, .wall = kept.wall + kMostResumed}), TimeLoss::too_long);

  AuthorityClock late;
  late.resume(kept, {.monotonic = 50, .wall = kept.wall + kMostResumed + 1});
  EXPECT_EQ(late.loss(at(50)), TimeLoss::too_long);
  AuthorityClock set_back;
  set_back.resume(kept, {.monotonic = 50, .wall = kept.wall - 1});
  EXPECT_FALSE(set_back.now({.monotonic = 50, .wall = kept.wall - 1}));
}

TEST(AuthorityClock, TheAuthoritysWordReplacesAKeptAnchorThatWasAhead) {
  const KeptAnchor kept = {.authority = kSigned * 1000, .wall = 1'000'000'000};
  AuthorityClock clock;
  const auto ahead = [&](std::int64_t monotonic) {
    return Moment{.monotonic = monotonic, .wall = kept.wall + 600'000 + monotonic};
  };
  clock.resume(kept, ahead(0));
  ASSERT_TRUE(clock.anchor(ahead(100), ahead(200), {kSigned + 1}));
  EXPECT_FALSE(clock.is_resumed());
  EXPECT_LE(*clock.now(ahead(200)), kSigned * 1000 + 1000);
}

}  // namespace
}  // namespace elicense::test
