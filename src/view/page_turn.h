// Turning between the two pages: follows the finger, then a short spring without overshoot brings the nearer page.
#pragma once

#include <cstdint>

#include "view/controls.h"

namespace elicense {

class PageTurn {
 public:
  Page page() const { return page_; }
  float position() const { return position_; }  // 0 front, 1 endorsement
  bool moves() const { return moves_; }

  void show(Page page);
  void jump(Page page);
  void drag(DragPhase phase, float x, float width);  // width: how far apart the pages lie
  // Moves on to this moment, monotonic milliseconds.
  void advance(std::int64_t now, bool at_once);

 private:
  float target() const { return page_ == Page::front ? 0.0F : 1.0F; }

  Page page_ = Page::front;
  float position_ = 0;
  float speed_ = 0;  // a second
  bool moves_ = false;
  bool dragged_ = false;
  float drag_from_x_ = 0;
  float drag_from_position_ = 0;
  float last_x_ = 0;
  std::int64_t last_ = 0;
};

}  // namespace elicense
