// A page to draw on, in CSS pixels: edges and baselines are snapped to whole device pixels, and text that the built-in
// fonts do not have is drawn with the browser's. Draws nothing outside its draw list.
#pragma once

#include <imgui.h>

#include <string_view>
#include <vector>

#include "view/fonts.h"
#include "view/theme.h"

namespace elicense {

struct Point {
  float x = 0;
  float y = 0;
};
struct Box {
  float x = 0;
  float y = 0;
  float width = 0;
  float height = 0;
  float right() const { return x + width; }
  float bottom() const { return y + height; }
  Box inset(float by) const { return {x + by, y + by, width - 2 * by, height - 2 * by}; }
};

// One line of text that is ready to be drawn.
struct TextPiece {
  std::string_view text;  // of the built-in font, when `drawn` is nullptr
  const Fonts::Piece* drawn = nullptr;
  bool awaited = false;  // not here yet: a bar stands in for it
  float width = 0;       // CSS pixels
};
struct TextLine {
  std::vector<TextPiece> pieces;
  float width = 0;
};

class Canvas {
 public:
  Canvas(ImDrawList& list, Fonts& fonts, float ratio) : list_(list), fonts_(fonts), ratio_(ratio) {}

  void move_to(Point origin) { origin_ = origin; }
  void grey(bool greyed) { greyed_ = greyed; }  // everything from here on as out of date
  bool greyed() const { return greyed_; }
  float ratio() const { return ratio_; }
  ImDrawList& list() { return list_; }

  void fill(Box box, Color color, float radius = 0);
  void stroke(Box box, Color color, float width, float radius = 0);
  void line(Point from, Point to, Color color, float width);
  void rule(float x, float y, float width, Color color);  // a hairline of one device pixel or more
  void upright(float x, float y, float height, Color color);
  void disc(Point centre, float radius, Color color);
  void circle(Point centre, float radius, Color color, float width);
  void arc(Point centre, float radius, float from, float to, Color color, float width);
  void image(Box box, ImTextureID texture, Point uv_from, Point uv_to, float radius);
  // Along the border of a rounded box from the middle of its top edge, clockwise, a part of it from 0 to 1.
  void run_around(Box box, float radius, float part, Color color, float width);

  float width(std::string_view text, const TextStyle& style);
  float text(Point baseline, std::string_view text, const TextStyle& style);  // → its width
  void text_right(Point baseline, std::string_view text, const TextStyle& style);
  void text_centred(Point baseline, std::string_view text, const TextStyle& style);
  // The largest size up to the style's at which the text fits, down to `least`; beyond that it is broken into lines.
  TextStyle fitted(std::string_view text, TextStyle style, float most_width, float least);

  std::vector<TextLine> lines(std::string_view text, const TextStyle& style, float most_width);
  // → the height taken. The first baseline lies at baseline.y.
  float paragraph(Point baseline, std::string_view text, const TextStyle& style, float most_width, float leading);

  Box device(Box box) const;          // in device pixels, snapped
  float snapped(float length) const;  // to whole device pixels, at least one
  bool awaits_text() const { return awaits_text_; }

 private:
  ImU32 ink(Color color) const;
  ImVec2 at(Point point) const { return {(origin_.x + point.x) * ratio_, (origin_.y + point.y) * ratio_}; }
  float draw(const TextLine& line, Point baseline, const TextStyle& style);
  void draw_piece(const TextPiece& piece, ImVec2 pen, const TextStyle& style);
  TextPiece built_in_piece(std::string_view text, const TextStyle& style);
  TextPiece drawn_piece(std::string_view text, const TextStyle& style);
  float device_size(const TextStyle& style) const;  // of the em square
  float line_size(const TextStyle& style) const;    // the same as the built-in fonts count it

  ImDrawList& list_;
  Fonts& fonts_;
  float ratio_;
  Point origin_;
  bool greyed_ = false;
  bool awaits_text_ = false;
};

}  // namespace elicense
