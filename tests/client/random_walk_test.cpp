// Walks at random through everything that can happen to a viewer. After each event the world checks what must always
// hold; at the end of each walk everything is healed, and the licence has to be live again.
#include <gtest/gtest.h>

#include "client/support/world.h"
#include "session/support/random_walk.h"

namespace elicense::test {
namespace {

constexpr int kWalks = kSlowBuild ? 15 : 120;
constexpr int kEvents = 200;

class Walk {
 public:
  explicit Walk(std::uint64_t seed) : world_(seed), random_(seed + 77) {
    world_.on_the_wire = [this](const FetchEffect& request, HttpAnswer answer) {
      return meddle(request, std::move(answer));
    };
  }

  void run() {
    world_.open();
    for (int event = 0; event < kEvents; ++event) {
      happen(random_.below(20));
      world_.pass(random_.one_in(60) ? random_.below(300'000) : random_.below(3000));
      if (::testing::Test::HasFailure()) return;
    }
    heal();
  }

 private:
  void happen(std::int64_t event) {
    switch (event) {
      case 0:
        world_.online = !world_.online;
        break;
      case 1:
        world_.there = random_.below(random_.one_in(3) ? 6000 : 200);
        break;
      case 2:
        world_.back = random_.below(random_.one_in(3) ? 6000 : 200);
        break;
      case 3:
        world_.move_wall_clock(random_.below(7'200'000) - 3'600'000);
        break;
      case 4:
        world_.move_wall_clock(random_.below(8000) - 4000);
        break;
      case 5:
        world_.freeze(random_.below(600'000));
        break;
      case 6:
        world_.disturb();
        break;
      case 7:
        world_.hide();
        break;
      case 8:
      case 9:
        world_.show();
        break;
      case 10:
        world_.load();
        break;
      case 11:
        world_.refresh();
        break;
      case 12:
        world_.network_is_back();
        break;
      case 13:
        change_status();
        break;
      case 14:
        meddling_ = random_.one_in(3) ? 3 : 0;
        break;
      case 15:
        world_.authority.expire_access();
        break;
      case 16:
        world_.authority.data.points = random_.below(12);
        break;
      case 17:
        world_.authority.data.address = "解放路" + std::to_string(random_.below(100)) + "号";
        break;
      case 18:
        world_.send_event(random_.one_in(2) ? "event: checked\ndata: {}\n\n" : ": heartbeat\n");
        break;
      default:
        world_.authority.spend_nonces();
        break;
    }
  }

  void change_status() {
    const std::string letters(1, "AABHJLDNEZ"[static_cast<std::size_t>(random_.below(10))]);
    world_.authority.status = StatusSet::parse(letters).value();
    world_.send_event("event: status\ndata: {\"status\":\"" + letters + "\"}\n\n");
  }

  std::optional<HttpAnswer> meddle(const FetchEffect& request, HttpAnswer answer) {
    if (meddling_ == 0 || !random_.one_in(meddling_)) return answer;
    const bool is_token = request.url.find("/token") != std::string::npos;  // a code is good once: not lost here
    const std::int64_t how = is_token ? 3 : random_.below(5);
    if (how != 3) return spoilt(std::move(answer), how, random_);
    answer.date = "Thu, 01 Jan 1970 00:00:00 GMT";
    return answer;
  }

  void heal() {
    world_.on_the_wire = nullptr;
    world_.online = true;
    world_.there = world_.back = 50;
    world_.authority.status = StatusSet::normal();
    world_.show();
    world_.refresh();
    world_.pass(180'000);
    EXPECT_EQ(world_.state(), ViewerState::live)
        << viewer_state_name(world_.state()) << " " << static_cast<int>(world_.screen().reason);
    EXPECT_NE(world_.screen().code, nullptr);
  }

  World world_;
  SeededRandom random_;
  std::int64_t meddling_ = 0;
};

TEST(RandomWalk, KeepsItsPromisesAndIsLiveAgainWhenAllIsHealed) {
  for (int seed = 1; seed <= kWalks; ++seed) {
    SCOPED_TRACE("walk " + std::to_string(seed));
    Walk(static_cast<std::uint64_t>(seed)).run();
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace elicense::test
