// What the session does when it no longer knows the time.
#include "client/session.h"

#include <gtest/gtest.h>

#include "client/kept.h"
#include "client/support/world.h"
#include "support/demo.h"

namespace elicense::test {
namespace {

constexpr std::int64_t kMinute = 60'000;
constexpr std::int64_t kHour = 60 * kMinute;

struct TimeFault {
  std::string_view name;
  std::function<void(World&)> happens;
  ViewerReason reason;
};

TEST(ViewerSession, LostTimeIsStaleUntilRenewed) {
  const std::vector<TimeFault> faults = {
      {"wall clock an hour ahead", [](World& world) { world.move_wall_clock(kHour); }, ViewerReason::clock_changed},
      {"wall clock an hour back", [](World& world) { world.move_wall_clock(-kHour); }, ViewerReason::clock_changed},
      {"wall clock 2.1 s ahead", [](World& world) { world.move_wall_clock(2100); }, ViewerReason::clock_changed},
      {"ten minutes frozen", [](World& world) { world.freeze(10 * kMinute); }, ViewerReason::clock_changed},
      {"resumed", [](World& world) { world.disturb(); }, ViewerReason::resumed},
  };
  for (const TimeFault& fault : faults) {
    SCOPED_TRACE(fault.name);
    World world;
    world.open();
    world.pass(7000);
    fault.happens(world);
    EXPECT_EQ(world.state(), ViewerState::stale);
    EXPECT_EQ(world.screen().reason, fault.reason);
    EXPECT_EQ(world.screen().code, nullptr);
    EXPECT_FALSE(world.screen().now);
    world.pass(5500);
    EXPECT_EQ(world.state(), ViewerState::live);
    EXPECT_NE(world.screen().code, nullptr);
  }
}

TEST(ViewerSession, LostTimeStaysStaleWithoutNetwork) {
  World world;
  world.open();
  world.online = false;
  world.disturb();
  world.pass(10 * kMinute);
  EXPECT_EQ(world.state(), ViewerState::stale);
  EXPECT_EQ(world.screen().reason, ViewerReason::resumed);
}

TEST(ViewerSession, AWallClockThatStandsStillDoesNotRenewWithoutEnd) {
  World world;
  world.open();
  const int before = world.authority.count("/nonce");
  for (int i = 0; i < 1200; ++i) {
    world.pass(500);
    world.move_wall_clock(-500);
  }
  // Ten minutes: later and later, then once a minute.
  EXPECT_LE(world.authority.count("/nonce") - before, 20);
  EXPECT_GE(world.authority.count("/nonce") - before, 8);
  world.pass(61 * 1000);
  EXPECT_EQ(world.state(), ViewerState::live) << "when the clock runs again";
}

TEST(ViewerSession, AnAnswerFromBeforeAFreezeDoesNotBoundTheTime) {
  World world;
  world.open();
  world.refresh();
  world.pass(world.there + world.back + world.there + 20);  // the lease is on its way back
  world.disturb();
  world.online = false;
  world.pass(5000);
  EXPECT_EQ(world.state(), ViewerState::stale);
}

TEST(ViewerSession, AnAnswerThatTookTooLongDoesNotBoundTheTime) {
  World world;
  world.there = world.back = 2500;
  world.give_code();
  world.show();
  world.pass(30'000);
  EXPECT_EQ(world.state(), ViewerState::stale);
  EXPECT_EQ(world.screen().reason, ViewerReason::no_time);
  EXPECT_EQ(world.screen().code, nullptr);
  world.there = world.back = 100;
  world.refresh();
  world.pass(kMinute);
  EXPECT_EQ(world.state(), ViewerState::live);
}

TEST(ViewerSession, TheDeviceClockIsNeverBelieved) {
  World world;
  world.wall += 5 * 365 * 24 * kHour;
  world.open();
  EXPECT_EQ(world.state(), ViewerState::live);
  EXPECT_LE(*world.screen().now, world.authority_clock);
  EXPECT_GE(*world.screen().now, world.authority_clock - 1300);
}

}  // namespace
}  // namespace elicense::test
