#include <cmath>

#include "view/pages.h"

namespace elicense {

namespace {
constexpr float kPi = 3.14159265F;
}

void draw_wheel(Canvas& canvas, Point centre, float radius) {
  using namespace theme;
  canvas.disc(centre, radius, kTeal);
  const float rim = radius * 0.6F;
  const float thick = radius * 0.135F;
  canvas.circle(centre, rim, kWhite, thick);
  canvas.disc(centre, radius * 0.17F, kWhite);
  // The spokes: one shallow arch across, one down.
  canvas.arc({centre.x, centre.y + radius * 0.98F}, radius * 1.13F, -kPi * 0.5F - 0.545F, -kPi * 0.5F + 0.545F, kWhite,
             thick);
  canvas.line({centre.x, centre.y}, {centre.x, centre.y + rim}, kWhite, thick);
}

void draw_tick(Canvas& canvas, Point centre, float radius, Color ground, Color ink) {
  canvas.disc(centre, radius, ground);
  ImDrawList& list = canvas.list();
  const auto at = [&](float x, float y) {
    const Box place = canvas.device({centre.x, centre.y, 0, 0});
    return ImVec2(place.x + x * radius * canvas.ratio(), place.y + y * radius * canvas.ratio());
  };
  list.PathLineTo(at(-0.42F, 0.02F));
  list.PathLineTo(at(-0.1F, 0.34F));
  list.PathLineTo(at(0.46F, -0.32F));
  list.PathStroke(ink.value, 0, radius * 0.2F * canvas.ratio());
}

void draw_cross(Canvas& canvas, Point centre, float radius, Color ground, Color ink) {
  canvas.disc(centre, radius, ground);
  const float arm = radius * 0.34F;
  canvas.line({centre.x - arm, centre.y - arm}, {centre.x + arm, centre.y + arm}, ink, radius * 0.2F);
  canvas.line({centre.x - arm, centre.y + arm}, {centre.x + arm, centre.y - arm}, ink, radius * 0.2F);
}

void draw_clock_mark(Canvas& canvas, Point centre, float radius, Color ground, Color ink) {
  canvas.disc(centre, radius, ground);
  canvas.circle(centre, radius * 0.56F, ink, radius * 0.15F);
  canvas.line(centre, {centre.x, centre.y - radius * 0.36F}, ink, radius * 0.14F);
  canvas.line(centre, {centre.x + radius * 0.28F, centre.y}, ink, radius * 0.14F);
}

void draw_eye(Canvas& canvas, Point centre, float radius, Color ink, bool open) {
  const float thick = radius * 0.17F;
  const float reach = radius * 1.18F;
  const float half = std::asin(radius / reach);
  const float depth = std::cos(half) * reach;
  canvas.arc({centre.x, centre.y + depth}, reach, -kPi / 2 - half, -kPi / 2 + half, ink, thick);
  canvas.arc({centre.x, centre.y - depth}, reach, kPi / 2 - half, kPi / 2 + half, ink, thick);
  canvas.circle(centre, radius * 0.3F, ink, thick);
  if (open)
    canvas.line({centre.x - radius * 0.75F, centre.y + radius * 0.62F},
                {centre.x + radius * 0.75F, centre.y - radius * 0.62F}, ink, thick);
}

}  // namespace elicense
