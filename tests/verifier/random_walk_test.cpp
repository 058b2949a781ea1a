// Walks at random through everything that can happen to a verifier. The world checks after each card what must always
// hold; the walk, that each code ends in one card or is ignored as the same, and that all is well when all is healed.
#include <gtest/gtest.h>

#include "session/support/random_walk.h"
#include "support/demo.h"
#include "verifier/support/world.h"

namespace elicense::test {
namespace {

constexpr int kWalks = kSlowBuild ? 10 : 100;
constexpr int kEvents = 120;

class CheckWalk {
 public:
  explicit CheckWalk(std::uint64_t seed) : world_(seed), random_(seed + 77) {
    world_.settings.mode = random_.one_in(4) ? CheckMode::offline : CheckMode::automatic;
    if (random_.one_in(4)) world_.settings.mode = CheckMode::online;
    if (random_.one_in(2)) world_.settings.required_class = VehicleClass::C1;
    if (random_.one_in(3)) world_.settings.nonce = "transaction-" + std::to_string(seed);
    world_.on_the_wire = [this](const FetchEffect& request, HttpAnswer answer) {
      return meddle(request, std::move(answer));
    };
  }

  void run() {
    world_.load();
    for (int event = 0; event < kEvents; ++event) {
      happen(random_.below(22));
      world_.pass(random_.one_in(40) ? random_.below(400'000) : random_.below(3000));
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
        world_.there = random_.below(random_.one_in(4) ? 3000 : 200);
        break;
      case 2:
        world_.wall += random_.below(7'200'000) - 3'600'000;
        break;
      case 3:
        world_.load();
        break;
      case 4:
        world_.recorded = StatusSet::parse(std::string(1, "AAHBDJZN"[random_.below(8)])).value();
        break;
      case 5:
        world_.authority.rotate_keys();
        world_.renew_lease();
        break;
      case 6:
        world_.want_challenge(random_.one_in(2));
        break;
      case 7:
        meddling_ = random_.one_in(3) ? 3 : 0;
        break;
      case 8:
        world_.network_is_back();
        break;
      case 9:
        world_.lease_revoked = random_.one_in(4);
        break;
      case 10:
        world_.speak(random_.one_in(2) ? Language::english : Language::chinese);
        break;
      case 11:
        world_.renew_lease(world_.authority_now() - random_.below(20'000));
        break;
      default:
        show();
    }
  }

  void show() {
    std::string text = last_;
    switch (random_.below(8)) {
      case 0:
        break;
      case 1:
        text = world_.code_at(world_.authority_now() + random_.below(60) - 40);
        break;
      case 2:
        text = world_.code(Challenge::parse("42").value());
        break;
      case 3:
        if (!text.empty()) text[static_cast<std::size_t>(random_.below(static_cast<std::int64_t>(text.size())))] ^= 1;
        break;
      default:
        text = world_.code(world_.asked_challenge());
    }
    const bool is_same = text == last_;
    last_ = text;
    const std::size_t before = world_.cards.size();
    world_.show_now(text);
    world_.pass(20'000);  // longer than any answer is waited for
    const std::size_t more = world_.cards.size() - before;
    EXPECT_LE(more, 1U);
    if (more == 0) EXPECT_TRUE(is_same || world_.asked_challenge()) << "a code without a card";
  }

  std::optional<HttpAnswer> meddle(const FetchEffect&, HttpAnswer answer) {
    if (meddling_ == 0 || !random_.one_in(meddling_)) return answer;
    return spoilt(std::move(answer), random_.below(4), random_);
  }

  void heal() {
    world_.on_the_wire = nullptr;
    world_.online = true;
    world_.there = world_.back = 50;
    world_.lease_revoked = false;
    world_.recorded.reset();
    world_.wall = world_.authority_clock;
    world_.want_challenge(false);
    world_.network_is_back();
    world_.pass(400'000);
    world_.renew_lease();
    world_.show(world_.code());
    EXPECT_EQ(world_.result(), "valid") << world_.error();
    EXPECT_EQ(world_.card().online, world_.settings.mode != CheckMode::offline);
  }

  CheckWorld world_;
  SeededRandom random_;
  std::int64_t meddling_ = 0;
  std::string last_;
};

TEST(CheckRandomWalk, KeepsItsPromisesAndChecksAgainWhenAllIsHealed) {
  for (int seed = 1; seed <= kWalks; ++seed) {
    SCOPED_TRACE("walk " + std::to_string(seed));
    CheckWalk(static_cast<std::uint64_t>(seed)).run();
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace elicense::test
