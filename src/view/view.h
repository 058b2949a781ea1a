// The licence on a canvas: both pages, the enlarged code, and what stands in their place when they may not be shown. It
// draws what a ViewerScreen holds and nothing else, and says when it wants to be drawn again. Knows no browser and no
// GL: the picture is a draw list, and what it needs from outside goes out as effects.
#pragma once

#include <imgui.h>
#include <imgui_internal.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "client/screen.h"
#include "view/canvas.h"
#include "view/controls.h"
#include "view/fonts.h"
#include "view/page_turn.h"
#include "view/running_mark.h"
#include "view/seen.h"
#include "view/text.h"

namespace elicense {

struct Layout {
  float width = 390;  // CSS pixels
  float height = 0;   // as high as needed when 0
  float ratio = 1;    // device pixels a CSS pixel
  bool reduced_motion = false;
};

// Textures of the draw list other than the fonts' atlas.
inline constexpr ImTextureID kPortraitTexture = 1;
inline constexpr ImTextureID kCodeTexture = 2;
inline constexpr ImTextureID kFirstAtlasTexture = 16;  // plus the name that GL gave it

// Where the renderer puts the guilloche: a command of the draw list with this callback and a GuillochePlace.
struct GuillochePlace {
  Box card;          // device pixels
  float radius = 0;  // of its corners
  float strength = 1;
  float seed = 0;  // another one for each page
};
void guilloche_marker(const ImDrawList*, const ImDrawCmd*);

struct Picture {
  int width = 0;  // device pixels
  int height = 0;
  float ratio = 1;
  const ImDrawList* still = nullptr;
  const ImDrawList* moving = nullptr;  // over it
  std::uint64_t still_number = 0;      // another number: drawn anew
  float light = -1;                    // where the light over the guilloche is, 0 to 1; below 0: nowhere
  ImFontAtlas* atlas = nullptr;
  const QrCode* code = nullptr;  // for kCodeTexture
  std::int64_t code_number = 0;  // another number: another code
  bool grey_portrait = false;
};

struct PortraitWish {
  std::uint32_t id;
  std::string uri;
};

// What the holder wants of the session.
struct HolderWish {
  enum class Kind : std::uint8_t { refresh, answer_challenge, list_checks, close_checks, dismiss_notice };
  Kind kind = Kind::refresh;
  std::string digits;  // of the challenge
};

class View {
 public:
  View();
  ~View();
  View(const View&) = delete;
  View& operator=(const View&) = delete;

  void set_layout(const Layout& layout);
  void set_language(Language language);
  void use(Control control);
  void show_page(Page page);
  void drag(DragPhase phase, float x);
  void take_drawn_text(std::uint32_t id, DrawnText drawing) {
    fonts_.take(id, std::move(drawing));
    change();
  }
  void take_portrait(std::uint32_t id, int width, int height);
  void forget_textures();  // the GL context is gone

  // Draws. The picture is good until the next call.
  const Picture& frame(const ViewerScreen& screen, const Moment& now);
  // When the next frame is wanted, monotonic milliseconds: 0 is at once.
  std::int64_t next_frame() const { return wanted_; }

  Page page() const { return turn_.page(); }
  Language language() const { return language_; }
  Box size() const { return {0, 0, layout_.width, height_}; }
  const std::vector<ControlPlace>& controls() const { return controls_; }
  std::optional<HolderWish> take_wish() { return std::exchange(wish_, std::nullopt); }
  std::vector<DrawnTextWish> take_text_wishes() { return fonts_.take_wishes(); }
  std::optional<PortraitWish> take_portrait_wish() { return std::exchange(portrait_wish_, std::nullopt); }
  std::string mirror(const ViewerScreen& screen) const;  // JSON, the Mirror of web/messages.ts

 private:
  struct Arrangement;
  Arrangement arrangement() const;
  void change();  // something was done to the view itself
  bool stays_as_it_is(const ViewerScreen& screen, const Moment& now);
  void draw_still(const ViewerScreen& screen);
  void draw_turning_pages(Canvas& canvas, const ViewerScreen& screen, Box card, float distance, float* front,
                          float* endorsement);
  void draw_over_all(Canvas& canvas, const ViewerScreen& screen, Box whole);
  void close();
  void type(char digit);
  void draw_moving(const ViewerScreen& screen);
  void draw_page(Canvas& canvas, const ViewerScreen& screen, Page page, Box card, float* natural_height);
  void draw_page_marks(Canvas& canvas, Point centre);
  void want(std::int64_t at) { wanted_ = std::min(wanted_, at); }
  void want_moving_parts(const ViewerScreen& screen, const Moment& now);
  void notice_changes(const ViewerScreen& screen, const Moment& now);
  bool is_revealed(const Moment& now) const { return now.monotonic < revealed_until_; }

  Fonts fonts_;
  ImDrawListSharedData shared_;
  ImDrawList still_;
  ImDrawList moving_;
  Picture picture_;
  std::vector<ControlPlace> controls_;
  std::optional<PortraitWish> portrait_wish_;
  std::optional<std::uint64_t> generation_;
  Seen seen_;
  std::int64_t second_ = -1;
  std::int64_t wanted_ = 0;
  std::int64_t now_ = 0;
  std::int64_t revealed_until_ = 0;
  PageTurn turn_;
  std::optional<RunningMark> running_;
  Layout layout_;
  Point portrait_size_;  // of the texture; 0: not there
  float height_ = 0;
  float front_height_ = 0;
  float endorsement_height_ = 0;
  int frame_number_ = 0;
  std::uint32_t portrait_id_ = 0;
  Language language_ = Language::chinese;
  bool changed_ = true;
  bool measures_both_ = true;  // the page out of sight may have another height now
  bool measures_ = false;      // it is being measured
  bool revealed_ = false;
  bool enlarged_ = false;
  bool keypad_ = false;        // over the enlarged code
  bool lists_checks_ = false;  // over everything
  std::string typed_;          // the keypad's digits
  std::size_t first_check_ = 0;
  std::size_t check_rows_ = 1;
  std::optional<HolderWish> wish_;
};

}  // namespace elicense
