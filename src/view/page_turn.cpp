#include "view/page_turn.h"

#include <algorithm>
#include <cmath>

namespace elicense {

namespace {

constexpr float kStiffness = 18;      // a second: settled within a third of one
constexpr float kFlick = 24;          // CSS pixels between two moves that mean "turn"
constexpr float kResistance = 0.25F;  // beyond the first and the last page

}  // namespace

void PageTurn::show(Page page) {
  if (page_ == page && !dragged_) return;
  page_ = page;
  moves_ = true;
}

void PageTurn::jump(Page page) {
  page_ = page;
  position_ = target();
  speed_ = 0;
  moves_ = dragged_ = false;
}

void PageTurn::drag(DragPhase phase, float x, float width) {
  if (phase == DragPhase::begin) {
    dragged_ = true;
    drag_from_x_ = last_x_ = x;
    drag_from_position_ = position_;
    return;
  }
  if (!dragged_) return;
  if (phase == DragPhase::move) {
    float wanted = drag_from_position_ - (x - drag_from_x_) / std::max(width, 1.0F);
    if (wanted < 0) wanted *= kResistance;
    if (wanted > 1) wanted = 1 + (wanted - 1) * kResistance;
    position_ = wanted;
    if (std::abs(x - drag_from_x_) > 1) speed_ = 0;
    last_x_ = x;
    return;
  }
  dragged_ = false;
  moves_ = true;
  const float moved = x - drag_from_x_;
  if (phase == DragPhase::end && std::abs(moved) > kFlick) page_ = moved < 0 ? Page::endorsement : Page::front;
}

void PageTurn::advance(std::int64_t now, bool at_once) {
  const float seconds = std::clamp(static_cast<float>(now - last_) / 1000.0F, 0.0F, 0.05F);
  last_ = now;
  if (dragged_ || !moves_) return;
  const float to_go = position_ - target();
  if (at_once || (std::abs(to_go) < 0.001F && std::abs(speed_) < 0.01F)) {
    position_ = target();
    speed_ = 0;
    moves_ = false;
    return;
  }
  // A critically damped spring, exactly: x(t) = (x0 + (v0 + k x0) t) e^(-k t).
  const float decay = std::exp(-kStiffness * seconds);
  const float push = speed_ + kStiffness * to_go;
  position_ = target() + (to_go + push * seconds) * decay;
  speed_ = (speed_ - push * kStiffness * seconds) * decay;
}

}  // namespace elicense
