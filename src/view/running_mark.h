// What runs down to the next code: drawn anew with every frame, over a picture that stays.
#pragma once

#include <cstdint>

#include "view/canvas.h"

namespace elicense {

struct RunningMark {
  enum class Shape : std::uint8_t { ring, bar };
  Shape shape = Shape::ring;
  Box box;  // CSS pixels on the canvas
  float radius = 0;
};
void draw_running_mark(Canvas& canvas, const RunningMark& mark, float progress);  // 0: the code is new, 1: it is over

}  // namespace elicense
