// The parts of the two pages. Each draws itself into a canvas whose origin is the card's upper left corner and says how
// far down it reaches.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "client/screen.h"
#include "view/canvas.h"
#include "view/controls.h"
#include "view/running_mark.h"
#include "view/text.h"
#include "view/view.h"

namespace elicense {

struct PageContext {
  Canvas& canvas;
  const ViewerScreen& screen;
  Language language;
  Box card;               // on the whole canvas; the parts draw relative to its corner
  bool revealed = false;  // the licence number
  Point portrait_size;    // of the texture; 0: not there
  float shimmer = 0;      // of the skeleton, 0 to 1
  std::vector<ControlPlace>& controls;
  std::optional<RunningMark>& running;

  float left() const { return theme::kPadding; }
  float right() const { return card.width - theme::kPadding; }
  float inner() const { return right() - left(); }
  std::string_view words(Label label) const { return text(label, language); }
  std::string_view small_words(Label label) const { return text(label, other(language)); }
  // A label in both languages; → its width.
  float label(Point baseline, Label label) const;
  Box on_canvas(Box box) const { return {card.x + box.x, card.y + box.y, box.width, box.height}; }
  void control(Control name, Label label, Box box, std::optional<bool> pressed = std::nullopt) const;
};

// → where the content below may begin
float draw_header(const PageContext& page);
float draw_times(const PageContext& page, Page which);
float draw_front(const PageContext& page);        // → its natural height
float draw_endorsement(const PageContext& page);  // → its natural height
void draw_barcode(const PageContext& page, float top);
inline constexpr float kBarcodeHeight = 62;
// What is said about the status, with the code where it may be shown. → its height
float draw_panel(const PageContext& page, float top);
// In place of the pages: loading, refused without pages, untrusted. → its natural height
float draw_without_pages(const PageContext& page);
void draw_skeleton(const PageContext& page);
void draw_specimen(const PageContext& page);
// Words that can be pressed, in both languages.
void draw_word_key(const PageContext& page, Control control, Label label, Box box);
// Over everything.
void draw_enlarged_code(const PageContext& page, Box whole);
void draw_keypad(const PageContext& page, Box whole, std::string_view typed);
std::size_t draw_check_list(const PageContext& page, Box whole, std::size_t first);  // → how many rows there are
// Over that, too: somebody has just checked the licence.
void draw_notice(const PageContext& page, Box place);
inline constexpr float kNoticeHeight = 128;

// Licence number, name … as they are shown.
std::string shown_licence_number(const LicenceData& data, bool revealed);
std::string shown_sex(std::string_view sex, Language language);
std::string shown_nationality(std::string_view nationality, Language language);
std::string shown_time(std::int64_t milliseconds);   // 2026-11-21 09:05:33
std::string shown_minute(UnixTime time);             // 2026-11-21 09:05
std::string shown_clock(std::int64_t milliseconds);  // 09:05:33
std::string shown_check(const LicenceCheck& check, Language language);
std::string shown_notice(const LicenceCheck& check, Language language);
std::string shown_validity(const LicenceData& data, Language language);

// Marks that are drawn, not typed.
void draw_wheel(Canvas& canvas, Point centre, float radius);
void draw_tick(Canvas& canvas, Point centre, float radius, Color ground, Color ink);
void draw_cross(Canvas& canvas, Point centre, float radius, Color ground, Color ink);
void draw_clock_mark(Canvas& canvas, Point centre, float radius, Color ground, Color ink);
void draw_eye(Canvas& canvas, Point centre, float radius, Color ink, bool open);

}  // namespace elicense
