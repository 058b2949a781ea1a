// What a session takes over from the one before, and what it does not.
#include "client/session.h"

#include <gtest/gtest.h>

#include "client/kept.h"
#include "client/support/world.h"
#include "support/demo.h"

namespace elicense::test {
namespace {

constexpr std::int64_t kMinute = 60'000;
constexpr std::int64_t kHour = 60 * kMinute;

TEST(ViewerSession, AReloadWithNetworkIsLiveAtOnceWithTheSameDeviceKey) {
  World world;
  world.open();
  const PublicKey device = world.keys.at("device").public_key();
  world.pass(5000);
  world.load();
  world.show();
  EXPECT_EQ(world.state(), ViewerState::loading);
  world.pass(500);
  EXPECT_EQ(world.state(), ViewerState::live);
  EXPECT_EQ(world.keys.at("device").public_key(), device);
  EXPECT_EQ(world.authority.count("/token"), 1);
  EXPECT_EQ(world.keys.size(), 2U);
}

TEST(ViewerSession, AReloadOfflineGoesOnForFifteenMinutes) {
  World world;
  world.open();
  world.pass(5000);
  world.online = false;
  world.load();
  world.show();
  world.pass(2000);
  EXPECT_EQ(world.state(), ViewerState::offline);
  EXPECT_NE(world.screen().licence, nullptr);
  EXPECT_NE(world.screen().code, nullptr);
  world.pass(14 * kMinute);
  EXPECT_EQ(world.state(), ViewerState::offline);
  world.load();  // once more: the same fifteen minutes
  world.show();
  world.pass(2000);
  EXPECT_EQ(world.state(), ViewerState::offline);
  world.pass(kMinute);
  EXPECT_EQ(world.state(), ViewerState::stale);
  EXPECT_EQ(world.screen().reason, ViewerReason::no_time);
  EXPECT_NE(world.screen().licence, nullptr);
  world.online = true;
  world.network_is_back();
  world.pass(2000);
  EXPECT_EQ(world.state(), ViewerState::live);
}

TEST(ViewerSession, AReloadOfflineWithAWallClockSetBackKnowsNoTime) {
  World world;
  world.open();
  world.online = false;
  world.move_wall_clock(-kHour);
  world.load();
  world.show();
  world.pass(2000);
  EXPECT_EQ(world.state(), ViewerState::stale);
  EXPECT_EQ(world.screen().code, nullptr);
}

TEST(ViewerSession, AWallClockSetAheadBeforeAReloadMintsNothingBeyondFifteenMinutes) {
  for (const std::int64_t ahead : {10 * kMinute, 16 * kMinute, 20 * kHour}) {
    World world;
    world.open();
    world.online = false;
    world.move_wall_clock(ahead);
    world.load();
    world.show();
    world.pass(2000);
    EXPECT_EQ(world.screen().code != nullptr, ahead < kMostResumed);
    world.online = true;
    world.network_is_back();
    world.pass(2000);
    EXPECT_EQ(world.state(), ViewerState::live);
    EXPECT_LE(*world.screen().now, world.authority_clock);
  }
}

TEST(ViewerSession, KeptThingsWithoutTheirKeysAreNotShown) {
  World world;
  world.open();
  world.keys.clear();
  world.load();
  world.show();
  world.pass(3000);
  EXPECT_EQ(world.state(), ViewerState::refused);
  EXPECT_EQ(world.screen().reason, ViewerReason::key_lost);
  EXPECT_TRUE(world.kept.empty());
  world.give_code();
  world.pass(3000);
  EXPECT_EQ(world.state(), ViewerState::live);
}

TEST(ViewerSession, ALeaseWithoutItsKeyIsReplaced) {
  World world;
  world.open();
  world.keys.erase(world.keys.rbegin()->first);
  world.load();
  world.show();
  EXPECT_EQ(world.screen().licence, nullptr);
  world.pass(2000);
  EXPECT_EQ(world.state(), ViewerState::live);
}

// A host's key may ask the person each time, and the person may say no.
TEST(ViewerSession, ASignatureRefusedOnceIsAskedForAgain) {
  for (const bool is_first_visit : {true, false}) {
    SCOPED_TRACE(is_first_visit);
    World world;
    if (!is_first_visit) world.open();
    world.states.clear();
    world.stops_signing = true;
    if (is_first_visit) {
      world.give_code();
      world.show();
    } else {
      world.refresh();
    }
    world.pass(150);  // the nonce is there by then, and a signature was asked for
    world.stops_signing = false;
    world.pass(5000);
    EXPECT_EQ(world.state(), ViewerState::live);
    for (const StateEffect& told : world.states) EXPECT_NE(told.state, ViewerState::refused);
  }
}

TEST(ViewerSession, AKeyThatDoesNotSignGivesNoCode) {
  World world;
  world.open();
  const std::string slot = world.keys.rbegin()->first;
  world.keys.erase(slot);
  world.keys.emplace(slot, key_from(77));  // signs, but is another key
  world.pass(5100);
  world.pass(5000);
  EXPECT_EQ(world.state(), ViewerState::live);  // with a new lease key
  EXPECT_NE(world.screen().code, nullptr);
  world.stops_signing = true;
  world.pass(kMinute);
  EXPECT_EQ(world.state(), ViewerState::refused);
  EXPECT_EQ(world.screen().reason, ViewerReason::key_lost);
  world.refresh();
  world.pass(1000);
  EXPECT_NE(world.state(), ViewerState::refused);  // all tries are there again
  world.stops_signing = false;
  world.refresh();
  world.pass(3000);
  EXPECT_EQ(world.state(), ViewerState::live);
}

}  // namespace
}  // namespace elicense::test
