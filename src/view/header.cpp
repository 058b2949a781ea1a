// What both pages have in common: title and state, the times, SPECIMEN, the skeleton.
#include <algorithm>
#include <cmath>

#include "view/pages.h"

namespace elicense {

namespace {

struct StateMark {
  Label label;
  Color dot;
  Color ink;
};

StateMark mark_of(const ViewerScreen& screen) {
  switch (screen.state) {
    case ViewerState::live:
      return {Label::live, theme::kLiveDot, theme::kTeal};
    case ViewerState::offline:
      return {Label::offline, theme::kStaleDot, theme::kStaleInk};
    case ViewerState::stale:
      return {Label::stale, theme::kStaleDot, theme::kStaleInk};
    case ViewerState::untrusted:
      return {Label::not_verified, theme::kRefusedBar, theme::kRefused};
    case ViewerState::refused:
      return {Label::not_usable, theme::kRefusedBar, theme::kRefused};
    case ViewerState::loading:
      break;
  }
  return {Label::checking, theme::kSecondary, theme::kSecondary};
}

// The state as word and colour, in a pill at the right. → its left edge
float draw_state(const PageContext& page, float middle) {
  Canvas& canvas = page.canvas;
  const StateMark mark = mark_of(page.screen);
  const TextStyle first = {12, Weight::bold, mark.ink};
  const TextStyle second = {11, Weight::regular, mark.ink};
  const bool both = page.card.width >= 350 && (mark.label == Label::live || mark.label == Label::offline);
  const float gap = both ? 4.0F : 0.0F;
  const float words = canvas.width(page.words(mark.label), first) + gap +
                      (both ? canvas.width(page.small_words(mark.label), second) : 0);
  const float width = 27 + words + 11;
  const Box pill = {page.right() - width, middle - 13.5F, width, 27};
  canvas.fill(pill, theme::kCard, 13.5F);
  canvas.stroke(pill, mark.dot.faded(0.4F), 1, 13.5F);
  const Point dot = {pill.x + 15, middle};
  canvas.disc(dot, 6.5F, mark.dot.faded(0.2F));
  canvas.disc(dot, 3.75F, mark.dot);
  const float x = canvas.text({pill.x + 27, middle + 4.3F}, page.words(mark.label), first) + pill.x + 27 + gap;
  if (both) canvas.text({x, middle + 4.3F}, page.small_words(mark.label), second);
  return pill.x;
}

}  // namespace

float PageContext::label(Point baseline, Label label) const {
  const float first = canvas.text(baseline, words(label), theme::kLabel);
  TextStyle second = theme::kLabel;
  second.size = 9.5F;
  return first + 4 + canvas.text({baseline.x + first + 4, baseline.y}, small_words(label), second);
}

void PageContext::control(Control name, Label label, Box box, std::optional<bool> pressed) const {
  controls.push_back({name, words(label), on_canvas(box), pressed});
}

float draw_header(const PageContext& page) {
  Canvas& canvas = page.canvas;
  const bool was_grey = canvas.greyed();
  canvas.grey(false);
  const float middle = 33;
  draw_wheel(canvas, {page.left() + 18, middle}, 18);
  const float pill = draw_state(page, middle);
  const float x = page.left() + 47;
  const float room = pill - x - 8;
  const TextStyle title = canvas.fitted(page.words(Label::title), theme::kTitle, room, 12);
  canvas.text({x, middle + 0.5F}, page.words(Label::title), title);
  const std::string subtitle = page.language == Language::chinese
                                   ? std::string(text(Label::subtitle, Language::chinese)) + " · " +
                                         std::string(text(Label::subtitle, Language::english))
                                   : std::string(text(Label::title, Language::chinese)) + " · " +
                                         std::string(text(Label::subtitle, Language::chinese));
  canvas.text({x, middle + 16}, subtitle, canvas.fitted(subtitle, theme::kSubtitle, room, 8));
  canvas.rule(page.left(), 64, page.inner(), theme::kLine);
  canvas.grey(was_grey);
  return 64;
}

float draw_times(const PageContext& page, Page which) {
  Canvas& canvas = page.canvas;
  const LicenceData& data = page.screen.licence->data();
  const std::string now = page.screen.now ? shown_time(*page.screen.now) : "— — : — — : — —";
  const TextStyle time = canvas.fitted("2026-11-21 00:00:00", theme::kTime, page.inner() * 0.52F, 13);
  const float time_width = canvas.width("2026-11-21 00:00:00", time);
  const float x = page.right() - std::max(time_width, page.inner() * 0.48F);
  page.label({page.left(), 82}, which == Page::front ? Label::generated : Label::name);
  const std::string value = which == Page::front ? shown_minute(page.screen.licence->envelope().issued) : *data.name;
  canvas.text({page.left(), 101}, value, canvas.fitted(value, theme::kValue, x - page.left() - 18, 9));
  canvas.upright(x - 12, 72, 35, theme::kLine);
  page.label({x, 82}, Label::now);
  canvas.text({x, 102.5F}, now, time);
  canvas.rule(page.left(), 116, page.inner(), theme::kLine);
  return 116;
}

void draw_specimen(const PageContext& page) {
  if (page.screen.production == Production::yes) return;
  Canvas& canvas = page.canvas;
  ImDrawList& list = canvas.list();
  const int from = list.VtxBuffer.Size;
  const std::string words = std::string(text(Label::specimen, Language::chinese)) + " " +
                            std::string(text(Label::specimen, Language::english));
  // Baked at a modest size and drawn larger: at this strength nobody sees its edges, and the atlas stays small.
  const TextStyle style = {34, Weight::bold, theme::kTeal.faded(0.17F), 2};
  const float width = canvas.width(words, style);
  canvas.text({0, 0}, words, style);
  const float scale = page.card.width * 0.92F / width;
  const float angle = -0.44F;
  const float ratio = canvas.ratio();
  const Box corner = canvas.device({0, 0, 0, 0});
  const ImVec2 centre = {corner.x + page.card.width / 2 * ratio, corner.y + 300 * ratio};
  for (int i = from; i < list.VtxBuffer.Size; ++i) {
    ImVec2& at = list.VtxBuffer[i].pos;
    const float x = (at.x - corner.x - width / 2 * ratio) * scale;
    const float y = (at.y - corner.y + 12 * ratio) * scale;
    at = {centre.x + x * std::cos(angle) - y * std::sin(angle), centre.y + x * std::sin(angle) + y * std::cos(angle)};
  }
}

void draw_skeleton(const PageContext& page) {
  using namespace theme;
  Canvas& canvas = page.canvas;
  draw_header(page);
  const auto bar = [&](float x, float y, float width, float height) {
    const float wave = 0.55F + 0.45F * std::sin((page.shimmer - (x + y) / 900) * 6.2831853F);
    canvas.fill({x, y, width, height}, kTrack.faded(0.55F + 0.45F * wave), std::min(height / 2, 8.0F));
  };
  const float left = page.left();
  const float half = page.inner() / 2;
  bar(left, 75, 52, 9);
  bar(left, 92, 112, 13);
  bar(left + half + 14, 75, 52, 9);
  bar(left + half + 14, 91, half - 14, 15);
  canvas.rule(left, 116, page.inner(), kLine);
  bar(left, 130, 96, 128);
  bar(left + 110, 132, 44, 9);
  bar(left + 110, 150, 128, 24);
  bar(left + 110, 186, 84, 9);
  bar(left + 110, 201, 104, 14);
  bar(left + 110, 227, 60, 9);
  bar(left + 110, 242, 170, 15);
  for (int row = 0; row < 2; ++row) {
    const float y = 274 + static_cast<float>(row) * 50;
    bar(left, y, 64, 9);
    bar(left, y + 17, 96, 15);
    bar(left + half + 7, y, 64, 9);
    bar(left + half + 7, y + 17, 96, 15);
  }
}

}  // namespace elicense
