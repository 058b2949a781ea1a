#include "view/page_turn.h"

#include <gtest/gtest.h>

namespace elicense {
namespace {

constexpr float kWidth = 390;

// → how long it took, in milliseconds, in frames of 16.
std::int64_t settle(PageTurn& turn, std::int64_t from = 0) {
  std::int64_t now = from;
  turn.advance(now, false);
  while (turn.moves() && now < from + 5000) turn.advance(now += 16, false);
  return now - from;
}

TEST(PageTurn, SpringsToThePageWithoutOvershootWithinHalfASecond) {
  PageTurn turn;
  turn.show(Page::endorsement);
  float last = 0;
  turn.advance(0, false);
  for (std::int64_t now = 16; turn.moves() && now < 5000; now += 16) {
    turn.advance(now, false);
    EXPECT_GE(turn.position(), last);
    EXPECT_LE(turn.position(), 1.0F);
    last = turn.position();
  }
  EXPECT_EQ(turn.position(), 1.0F);
  PageTurn back;
  back.show(Page::endorsement);
  EXPECT_LT(settle(back), 700);
}

TEST(PageTurn, FollowsTheFingerAndTurnsOnceItHasMovedFarEnough) {
  PageTurn turn;
  turn.drag(DragPhase::begin, 300, kWidth);
  turn.drag(DragPhase::move, 300 - kWidth / 2, kWidth);
  EXPECT_FLOAT_EQ(turn.position(), 0.5F);
  turn.drag(DragPhase::end, 300 - kWidth / 2, kWidth);
  EXPECT_EQ(turn.page(), Page::endorsement);
  settle(turn);
  EXPECT_EQ(turn.position(), 1.0F);
}

TEST(PageTurn, ComesBackAfterASmallOrCancelledDrag) {
  for (const DragPhase phase : {DragPhase::end, DragPhase::cancel}) {
    PageTurn turn;
    const float far = phase == DragPhase::cancel ? 200.0F : 10.0F;
    turn.drag(DragPhase::begin, 300, kWidth);
    turn.drag(DragPhase::move, 300 - far, kWidth);
    turn.drag(phase, 300 - far, kWidth);
    EXPECT_EQ(turn.page(), Page::front);
    settle(turn);
    EXPECT_EQ(turn.position(), 0.0F);
  }
}

TEST(PageTurn, ResistsBeyondTheFirstAndTheLastPage) {
  PageTurn turn;
  turn.drag(DragPhase::begin, 100, kWidth);
  turn.drag(DragPhase::move, 100 + kWidth, kWidth);
  EXPECT_LT(turn.position(), 0.0F);
  EXPECT_GT(turn.position(), -0.5F);
  turn.drag(DragPhase::end, 100 + kWidth, kWidth);
  EXPECT_EQ(turn.page(), Page::front);
}

TEST(PageTurn, JumpsWhereMotionIsNotWanted) {
  PageTurn turn;
  turn.show(Page::endorsement);
  turn.advance(1000, true);
  EXPECT_EQ(turn.position(), 1.0F);
  EXPECT_FALSE(turn.moves());
}

TEST(PageTurn, IgnoresAMoveThatNobodyBegan) {
  PageTurn turn;
  turn.drag(DragPhase::move, 10, kWidth);
  turn.drag(DragPhase::end, 10, kWidth);
  EXPECT_EQ(turn.position(), 0.0F);
  EXPECT_FALSE(turn.moves());
}

}  // namespace
}  // namespace elicense
