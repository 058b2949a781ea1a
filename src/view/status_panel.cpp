// What the licence is worth at this moment, by word, icon and colour together, with the code where it may be shown.
#include <algorithm>
#include <cmath>

#include "view/pages.h"
#include "view/panel_words.h"

namespace elicense {

namespace {

constexpr float kLeastSymbol = 190;  // CSS pixels; below it readers begin to fail
constexpr float kQuietModules = 4;
constexpr int kUsualModules = 73;  // of the place that is kept open for a code
constexpr float kRing = 3;
constexpr float kRingGap = 2.5F;
constexpr float kLeastColumn = 60;  // for the words beside the code

// Whole device pixels a module, so that no edge is blurred.
struct CodeTile {
  float symbol;  // CSS pixels a side
  float tile;    // with its quiet zone
};
CodeTile tile_of(const QrCode& code, float ratio, float least) {
  const auto modules = static_cast<float>(code.size);
  const float module = std::ceil(least * ratio / modules);
  return {module * modules / ratio, module * (modules + 2 * kQuietModules) / ratio};
}

void draw_code(const PageContext& page, Box tile, float symbol, bool ring_on_white) {
  using namespace theme;
  Canvas& canvas = page.canvas;
  const float around = kRing + kRingGap;
  if (!ring_on_white) {
    const Box ring = tile.inset(-around);
    canvas.stroke(ring, kWhite.faded(0.22F), kRing, 13);
    page.running = RunningMark{RunningMark::Shape::ring, page.on_canvas(ring), 13};
  }
  canvas.fill(tile, kWhite, 9);
  // From the tile's own device pixel on, so that the symbol's edges lie on whole ones.
  const Box place = canvas.device(tile);
  const float side = std::round(symbol * canvas.ratio());
  const float x = place.x + std::round((place.width - side) / 2);
  const float y = place.y + std::round((place.height - side) / 2);
  canvas.list().AddImage(kCodeTexture, {x, y}, {x + side, y + side});
}

struct Column {
  float x;
  float y;
  float width;
};

// The words beside the code; → where they end.
float draw_usable_words(const PageContext& page, Column column) {
  using namespace theme;
  Canvas& canvas = page.canvas;
  const PanelWords words = panel_words(page.screen, page.language);
  draw_tick(canvas, {column.x + 15, column.y + 15}, 15, kWhite, kUsable);
  const TextStyle word = canvas.fitted(words.title, {24, Weight::bold, kWhite, 1.5F}, column.width, 15);
  float y = column.y + 57;
  canvas.text({column.x, y}, words.title, word);
  y += 19;
  const TextStyle small = {10.5F, Weight::regular, kOnUsable};
  canvas.text({column.x, y}, words.small_title, canvas.fitted(words.small_title, small, column.width, 7.5F));
  y += 23;
  const TextStyle body = {11.5F, Weight::regular, kWhite};
  y += canvas.paragraph({column.x, y}, page.words(Label::ask_to_scan), body, column.width, 16) + 1;
  y += canvas.paragraph({column.x, y}, page.words(Label::every_five), body, column.width, 16) + 8;
  return y + canvas.paragraph({column.x, y}, page.words(Label::tap_to_enlarge), small, column.width, 14) - 10;
}

// The same in one row, when there is no room beside the code. → its height
float draw_usable_row(const PageContext& page, float x, float y, float width) {
  using namespace theme;
  Canvas& canvas = page.canvas;
  const PanelWords words = panel_words(page.screen, page.language);
  draw_tick(canvas, {x + 13, y + 13}, 13, kWhite, kUsable);
  const float word = canvas.text({x + 35, y + 20.5F}, words.title, {21, Weight::bold, kWhite, 1.5F});
  const float left = x + 35 + word + 6;
  canvas.text({left, y + 11}, words.small_title,
              canvas.fitted(words.small_title, {10.5F, Weight::regular, kOnUsable}, x + width - left, 7));
  canvas.text({left, y + 24.5F}, page.words(Label::every_five), {10.5F, Weight::regular, kOnUsable});
  return 26;
}

// → its height
float draw_note(const PageContext& page, float top, std::string_view first, std::string_view second) {
  using namespace theme;
  Canvas& canvas = page.canvas;
  const float x = page.left() + 36;
  const float room = page.right() - x - 12;
  const TextStyle strong = {11.5F, Weight::regular, kStaleInk};
  const TextStyle small = {10, Weight::regular, kStaleInk};
  const auto count = [&](std::string_view words, const TextStyle& style) {
    return words.empty() ? 0.0F : static_cast<float>(canvas.lines(words, style, room).size());
  };
  const float height = 13 + count(first, strong) * 16 + count(second, small) * 13.5F;
  const Box box = {page.left(), top, page.inner(), height};
  canvas.fill(box, kStale, 10);
  canvas.stroke(box, kStaleBorder, 1, 10);
  draw_clock_mark(canvas, {page.left() + 19, top + 15}, 8.5F, kStaleDot, kWhite);
  float y = top + 19;
  y += canvas.paragraph({x, y}, first, strong, room, 16) - 1;
  if (!second.empty()) canvas.paragraph({x, y}, second, small, room, 13.5F);
  return height + 8;
}

float draw_usable(const PageContext& page, float top) {
  using namespace theme;
  Canvas& canvas = page.canvas;
  float taken = 0;
  if (page.screen.state == ViewerState::offline && page.screen.confirmed) {
    const std::string since = " " + shown_minute(*page.screen.confirmed);
    taken +=
        draw_note(page, top, std::string(page.words(Label::offline_since)) + since, page.words(Label::offline_code));
  }
  const PanelWords words = panel_words(page.screen, page.language);
  if (!words.text.empty()) taken += draw_note(page, top + taken, words.text, words.small_text);
  top += taken;
  const CodeTile code = tile_of(page.screen.code->symbol, canvas.ratio(), kLeastSymbol);
  const float around = kRing + kRingGap;
  const float edge = 7 + around;
  const float column = page.inner() - code.tile - edge - around - 8 - 8;
  const bool beside = column >= kLeastColumn;
  const float row = beside ? 0 : 38;
  const Box panel = {page.left(), top, page.inner(), code.tile + 2 * edge + row};
  canvas.fill(panel, kUsable, 16);
  Box tile = {panel.x + edge, panel.y + edge + row, code.tile, code.tile};
  if (beside) {
    const float x = tile.right() + around + 8;
    draw_usable_words(page, {x, panel.y + std::max(16.0F, (panel.height - 178) / 2), panel.right() - 8 - x});
  } else {
    draw_usable_row(page, panel.x + 12, panel.y + 11, panel.width - 24);
    tile.x = panel.x + (panel.width - tile.width) / 2;
  }
  draw_code(page, tile, code.symbol, false);
  page.control(Control::enlarge, Label::enlarge, tile);
  return taken + panel.height;
}

struct PanelLook {
  Color ground;
  Color border;
  Color title;
  Color text;
  Color small;
};

// Words over the panel's whole width: why there is no code, and what can be done. → its height
float draw_words(const PageContext& page, float top, const PanelLook& look, bool with_refresh) {
  using namespace theme;
  Canvas& canvas = page.canvas;
  const PanelWords words = panel_words(page.screen, page.language);
  const float x = page.left() + 18;
  const float room = page.inner() - 36;
  // Twice: once out of sight to learn how high it is.
  const auto write = [&](float y, bool really) {
    if (!really) canvas.list().PushClipRect({0, 0}, {0, 0});
    y += 74;
    const TextStyle title = {20, Weight::bold, look.title, 1};
    y += canvas.paragraph({x, y}, words.title, title, room, 27) + 2;
    const TextStyle small = {11, Weight::regular, look.small};
    y += canvas.paragraph({x, y - 4}, words.small_title, small, room, 15) + 9;
    if (!words.text.empty())
      y += canvas.paragraph({x, y}, words.text, {13.5F, Weight::regular, look.text}, room, 20) + 7;
    if (!words.small_text.empty()) {
      y += canvas.paragraph({x, y}, words.small_text, {11.5F, Weight::regular, look.small}, room, 16.5F) + 5;
    }
    if (!really) canvas.list().PopClipRect();
    return y;
  };
  const float refresh = with_refresh ? 46.0F : 0.0F;
  const float height = std::max(write(top, false) - top + refresh + 6, 190.0F);
  const Box panel = {page.left(), top, page.inner(), height};
  canvas.fill(panel, look.ground, 16);
  if (look.border.value != look.ground.value) canvas.stroke(panel, look.border, 1, 16);
  const Point icon = {x + 16, top + 34};
  if (page.screen.state == ViewerState::stale || page.screen.state == ViewerState::loading) {
    draw_clock_mark(canvas, icon, 16, kStaleDot, kWhite);
  } else {
    draw_cross(canvas, icon, 16, kWhite, look.ground);
  }
  const float y = write(top, true);
  if (with_refresh) {
    const Label label = page.screen.renewing ? Label::refreshing : Label::refresh;
    const Color words_ink = look.ground.value == kRefused.value ? kRefused : kWhite;
    const TextStyle style = {15, Weight::bold, words_ink};
    const TextStyle small = {12, Weight::regular, words_ink};
    const float width = canvas.width(page.words(label), style) + 5 + canvas.width(page.small_words(label), small) + 40;
    const Box button = {x, y - 6, width, 38};
    // On the red panel it is white: a green one could not be told from it by everybody.
    const bool on_red = look.ground.value == kRefused.value;
    canvas.fill(button, on_red ? kWhite : page.screen.renewing ? kSecondary : kTeal, 10);
    const float first = canvas.text({button.x + 20, button.y + 24.5F}, page.words(label), style);
    canvas.text({button.x + 25 + first, button.y + 24.5F}, page.small_words(label), small);
    page.control(Control::refresh, label, button);
  }
  return height;
}

constexpr PanelLook kRefusedLook = {theme::kRefused, theme::kRefused, theme::kWhite, theme::kWhite, theme::kOnRefused};
constexpr PanelLook kStaleLook = {theme::kStale, theme::kStaleBorder, theme::kStaleInk, theme::kStaleInk,
                                  theme::kStaleInk};

}  // namespace

float draw_panel(const PageContext& page, float top) {
  switch (page.screen.state) {
    case ViewerState::live:
    case ViewerState::offline:
      if (page.screen.code != nullptr) return draw_usable(page, top);
      return draw_words(page, top, kStaleLook, false);  // its code is still being signed
    case ViewerState::refused:
    case ViewerState::untrusted:
      return draw_words(page, top, kRefusedLook, page.screen.state == ViewerState::untrusted);
    case ViewerState::stale:
      return draw_words(page, top, kStaleLook, page.screen.reason != ViewerReason::access_ended);
    case ViewerState::loading:
      break;
  }
  return draw_words(page, top, kStaleLook, false);
}

float draw_without_pages(const PageContext& page) {
  using namespace theme;
  Canvas& canvas = page.canvas;
  if (page.screen.state != ViewerState::loading || page.screen.reason != ViewerReason::none) {
    draw_header(page);
    const bool needs_host = page.screen.reason == ViewerReason::no_account;
    return (needs_host ? draw_words(page, 84, kStaleLook, false) : draw_panel(page, 84)) + 84 + 16;
  }
  draw_skeleton(page);
  constexpr float kTop = 384;
  const Box panel = {page.left(), kTop, page.inner(), 150};
  canvas.fill(panel, kGround, 16);
  const float middle = page.card.width / 2;
  canvas.text_centred({middle, kTop + 64}, page.words(Label::loading), {15, Weight::bold, kInk});
  canvas.text_centred({middle, kTop + 84}, page.small_words(Label::loading), {11, Weight::regular, kSecondary});
  const Box track = {middle - 90, kTop + 104, 180, 5};
  canvas.fill(track, kTrack, 2.5F);
  const float part = (static_cast<float>(page.screen.progress) + 0.35F) / (kLoadingSteps + 0.35F);
  canvas.fill({track.x, track.y, std::max(5.0F, track.width * part), 5}, kTeal, 2.5F);
  return kTop + 150 + 16;
}

void draw_running_mark(Canvas& canvas, const RunningMark& mark, float progress) {
  const Box& box = mark.box;
  if (mark.shape == RunningMark::Shape::ring) {
    canvas.run_around(box, mark.radius, 1 - progress, rgb(0x9ff0cf), kRing);
  } else {
    canvas.fill({box.x, box.y, std::max(2 * mark.radius, box.width * (1 - progress)), box.height}, theme::kLiveDot,
                mark.radius);
  }
}

void draw_word_key(const PageContext& page, Control control, Label label, Box box) {
  using namespace theme;
  Canvas& canvas = page.canvas;
  const TextStyle strong = {14, Weight::bold, kTeal};
  const TextStyle small = {12, Weight::regular, kTeal};
  const float width = canvas.width(page.words(label), strong) + 5 + canvas.width(page.small_words(label), small);
  const Point pen = {box.x + (box.width - width) / 2, box.y + box.height / 2 + 5};
  const float first = canvas.text(pen, page.words(label), strong);
  canvas.text({pen.x + first + 5, pen.y}, page.small_words(label), small);
  page.controls.push_back({control, page.words(label), box, std::nullopt});
}

namespace {

// Where the holder answers the inspector's digits, and sees that the code does.
void draw_challenge(const PageContext& page, Box box) {
  using namespace theme;
  Canvas& canvas = page.canvas;
  if (!page.screen.challenge) {
    canvas.stroke(box, kTeal, 1, 12);
    return draw_word_key(page, Control::keypad, Label::keypad, box);
  }
  canvas.fill(box, kHeld, 12);
  const std::string words = std::string(page.words(Label::code_carries)) + "  " + page.screen.challenge->digits();
  canvas.text_centred({box.x + box.width / 2, box.y + 27}, words, {15, Weight::bold, kHeldInk});
  page.controls.push_back({Control::keypad, page.words(Label::keypad), box, std::nullopt});
}

}  // namespace

void draw_enlarged_code(const PageContext& page, Box whole) {
  using namespace theme;
  Canvas& canvas = page.canvas;
  canvas.fill(whole, kWhite);
  if (page.screen.licence == nullptr || !page.screen.now) return;
  const LicenceData& data = page.screen.licence->data();
  const float middle = whole.width / 2;
  // As large as the element allows; the words above and below take 310.
  const float most = std::min({whole.width - 44, whole.height - 318, 460.0F});
  const QrCode* const code = page.screen.code == nullptr ? nullptr : &page.screen.code->symbol;
  const auto modules = static_cast<float>(code == nullptr ? kUsualModules : code->size);
  const float module = std::max(1.0F, std::floor(most * canvas.ratio() / (modules + 2 * kQuietModules)));
  const float symbol = module * modules / canvas.ratio();
  const float side = module * (modules + 2 * kQuietModules) / canvas.ratio();
  const float top = std::max(104.0F, (whole.height - side) / 2 - 46);
  if (page.screen.production != Production::yes) {
    const std::string specimen =
        std::string(page.words(Label::specimen)) + " " + std::string(page.small_words(Label::specimen));
    canvas.text_centred({middle, top - 86}, specimen, {15, Weight::bold, kTeal.faded(0.6F), 3});
  }
  canvas.text_centred({middle, top - 56}, *data.name,
                      canvas.fitted(*data.name, {23, Weight::bold, kInk, 1.5F}, whole.width - 40, 11));
  std::string below = shown_licence_number(data, false) + " · ";
  for (const DrivingPrivilege& privilege : *data.driving_privileges) {
    below += std::string(vehicle_class_info(privilege.vehicle_class).code) + " ";
  }
  below.pop_back();
  canvas.text_centred({middle, top - 34}, below,
                      canvas.fitted(below, {13, Weight::regular, kSecondary}, whole.width - 40, 9));
  const Box tile = {middle - side / 2, top, side, side};
  canvas.fill(tile.inset(-10), kUsable, 20);
  canvas.fill(tile, kWhite, 10);
  if (code != nullptr) draw_code(page, tile, symbol, true);
  float y = tile.bottom() + 58;
  canvas.text_centred({middle, y}, shown_clock(*page.screen.now), {36, Weight::bold, kInk, 0.5F});
  y += 16;
  const Box track = {middle - 120, y, 240, 6};
  canvas.fill(track, kTrack, 3);
  page.running = RunningMark{RunningMark::Shape::bar, track, 3};
  const std::string hint =
      std::string(page.words(Label::every_five)) + " · " + std::string(page.words(Label::picture_is_void));
  canvas.text_centred({middle, y + 28}, hint, {12.5F, Weight::regular, kSecondary});
  page.controls.clear();  // nothing behind it can be pressed
  const float room = std::min(28.0F, std::max(0.0F, (whole.height - y - 128) / 2));
  draw_challenge(page, {middle - 130, y + 44 + room / 2, 260, 42});
  draw_word_key(page, Control::close, Label::close, {middle - 80, y + 86 + room, 160, 44});
}

}  // namespace elicense
