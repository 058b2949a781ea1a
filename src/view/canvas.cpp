#include "view/canvas.h"

#include <imgui_internal.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "view/line_breaking.h"

namespace elicense {

namespace {

constexpr float kPi = 3.14159265F;
// What is out of date: words stay legible (4.5:1 on white and more), all else fades.
ImU32 greyed_ink(ImU32 color) {
  constexpr float kDark = 150;
  constexpr float kFaded = 0.42F;
  const auto red = static_cast<float>(color & 0xffU);
  const auto green = static_cast<float>(color >> 8 & 0xffU);
  const auto blue = static_cast<float>(color >> 16 & 0xffU);
  const float light = 0.3F * red + 0.59F * green + 0.11F * blue;
  const bool is_word = light < kDark && color >> 24 == 0xffU;
  const auto grey = static_cast<ImU32>(is_word ? 92 + light * 0.2F : light);
  const auto alpha = static_cast<ImU32>(static_cast<float>(color >> 24) * (is_word || light > 250 ? 1.0F : kFaded));
  return alpha << 24 | grey << 16 | grey << 8 | grey;
}

}  // namespace

ImU32 Canvas::ink(Color color) const { return greyed_ ? greyed_ink(color.value) : color.value; }

float Canvas::snapped(float length) const { return std::max(1.0F, std::round(length * ratio_)); }

Box Canvas::device(Box box) const {
  const ImVec2 from = at({box.x, box.y});
  const ImVec2 to = at({box.right(), box.bottom()});
  const float left = std::round(from.x);
  const float top = std::round(from.y);
  return {left, top, std::round(to.x) - left, std::round(to.y) - top};
}

void Canvas::fill(Box box, Color color, float radius) {
  const Box place = device(box);
  list_.AddRectFilled({place.x, place.y}, {place.right(), place.bottom()}, ink(color), radius * ratio_);
}

void Canvas::stroke(Box box, Color color, float width, float radius) {
  const Box place = device(box);
  const float thick = snapped(width);
  const float half = thick / 2;
  list_.PathRect({place.x + half, place.y + half}, {place.right() - half, place.bottom() - half},
                 radius * ratio_ - half);
  list_.PathStroke(ink(color), ImDrawFlags_Closed, thick);
}

void Canvas::line(Point from, Point to, Color color, float width) {
  list_.AddLine(at(from), at(to), ink(color), width * ratio_);
}

void Canvas::rule(float x, float y, float width, Color color) {
  const ImVec2 from = at({x, y});
  const float top = std::round(from.y);
  list_.AddRectFilled({std::round(from.x), top}, {std::round(from.x + width * ratio_), top + snapped(0.75F)},
                      ink(color));
}

void Canvas::upright(float x, float y, float height, Color color) {
  const ImVec2 from = at({x, y});
  const float left = std::round(from.x);
  list_.AddRectFilled({left, std::round(from.y)}, {left + snapped(0.75F), std::round(from.y + height * ratio_)},
                      ink(color));
}

void Canvas::disc(Point centre, float radius, Color color) {
  list_.AddCircleFilled(at(centre), radius * ratio_, ink(color));
}

void Canvas::circle(Point centre, float radius, Color color, float width) {
  list_.AddCircle(at(centre), radius * ratio_, ink(color), 0, width * ratio_);
}

void Canvas::arc(Point centre, float radius, float from, float to, Color color, float width) {
  list_.PathArcTo(at(centre), radius * ratio_, from, to);
  list_.PathStroke(ink(color), 0, width * ratio_);
}

void Canvas::image(Box box, ImTextureID texture, Point uv_from, Point uv_to, float radius) {
  const Box place = device(box);
  list_.AddImageRounded(texture, {place.x, place.y}, {place.right(), place.bottom()}, {uv_from.x, uv_from.y},
                        {uv_to.x, uv_to.y}, IM_COL32_WHITE, radius * ratio_);
}

void Canvas::run_around(Box box, float radius, float part, Color color, float width) {
  const Box place = device(box);
  const float thick = snapped(width);
  const Box path = place.inset(thick / 2);
  const float corner = radius * ratio_ - thick / 2;
  // The border as points, corners in short steps; then as many of them as `part` reaches.
  ImVector<ImVec2>& points = list_._Path;
  list_.PathClear();
  list_.PathLineTo({path.x + path.width / 2, path.y});
  const auto round_off = [&](float x, float y, float from) { list_.PathArcTo({x, y}, corner, from, from + kPi / 2); };
  round_off(path.right() - corner, path.y + corner, -kPi / 2);
  round_off(path.right() - corner, path.bottom() - corner, 0);
  round_off(path.x + corner, path.bottom() - corner, kPi / 2);
  round_off(path.x + corner, path.y + corner, kPi);
  list_.PathLineTo({path.x + path.width / 2, path.y});
  float whole = 0;
  for (int i = 1; i < points.Size; ++i)
    whole += std::hypot(points[i].x - points[i - 1].x, points[i].y - points[i - 1].y);
  float left = whole * std::clamp(part, 0.0F, 1.0F);
  int last = 0;
  for (int i = 1; i < points.Size && left > 0; ++i) {
    const float step = std::hypot(points[i].x - points[i - 1].x, points[i].y - points[i - 1].y);
    if (step > left) {
      const float share = left / step;
      points[i] = {points[i - 1].x + (points[i].x - points[i - 1].x) * share,
                   points[i - 1].y + (points[i].y - points[i - 1].y) * share};
    }
    left -= step;
    last = i;
  }
  points.resize(last + 1);
  if (last > 0) {
    list_.PathStroke(ink(color), 0, thick);
  } else {
    list_.PathClear();
  }
}

float Canvas::device_size(const TextStyle& style) const { return std::round(style.size * ratio_); }

float Canvas::line_size(const TextStyle& style) const { return std::round(style.size * ratio_ * Fonts::kLineHeight); }

TextPiece Canvas::built_in_piece(std::string_view text, const TextStyle& style) {
  TextPiece piece;
  piece.text = text;
  const float size = line_size(style);
  piece.width = fonts_.built_in(style.weight)
                    ->CalcTextSizeA(size, std::numeric_limits<float>::max(), 0, text.data(), text.data() + text.size())
                    .x /
                ratio_;
  if (style.spacing > 0) piece.width += style.spacing * static_cast<float>(count_characters(text));
  return piece;
}

TextPiece Canvas::drawn_piece(std::string_view text, const TextStyle& style) {
  TextPiece piece;
  piece.text = text;
  piece.drawn = fonts_.find(text, device_size(style), style.weight);
  if (piece.drawn == nullptr) {
    piece.awaited = true;
    awaits_text_ = true;
    piece.width = style.size * 0.9F * static_cast<float>(std::min<std::size_t>(count_characters(text), 24));
  } else if (piece.drawn->missing()) {
    piece.width = style.size;
  } else {
    piece.width = piece.drawn->drawing.advance / ratio_ + style.spacing;
  }
  return piece;
}

std::vector<TextLine> Canvas::lines(std::string_view text, const TextStyle& style, float most_width) {
  std::vector<TextLine> lines(1);
  if (text.empty()) return lines;
  const bool built_in = fonts_.has(style.weight, text);
  if (built_in) {
    const TextPiece whole = built_in_piece(text, style);
    if (whole.width <= most_width) {
      lines[0] = {{whole}, whole.width};
      return lines;
    }
  }
  const bool from_right = runs_from_right(text);
  const char* line_begin = text.data();
  for (const std::string_view unit : unbreakable_units(text)) {
    const char* end = unit.data() + unit.size();
    if (!built_in && !from_right) {
      // Figures and Latin letters of the built-in font suit the others; Chinese characters are of one face.
      const TextPiece piece = is_ascii(unit) ? built_in_piece(unit, style) : drawn_piece(unit, style);
      if (lines.back().width + piece.width > most_width && !lines.back().pieces.empty()) lines.emplace_back();
      lines.back().pieces.push_back(piece);
      lines.back().width += piece.width;
      continue;
    }
    // A line is one piece: the browser puts a right-to-left line in its order, and the built-in font needs no more.
    const auto piece_of = [&](const char* begin) {
      const std::string_view line(begin, static_cast<std::size_t>(end - begin));
      return built_in ? built_in_piece(without_trailing_spaces(line), style) : drawn_piece(line, style);
    };
    TextPiece piece = piece_of(line_begin);
    if (piece.width > most_width && !lines.back().pieces.empty()) {
      lines.emplace_back();
      line_begin = unit.data();
      piece = piece_of(line_begin);
    }
    lines.back() = {{piece}, piece.width};
  }
  return lines;
}

void Canvas::draw_piece(const TextPiece& piece, ImVec2 pen, const TextStyle& style) {
  const float size = device_size(style);
  if (piece.awaited) {
    list_.AddRectFilled({pen.x, pen.y - size * 0.7F}, {pen.x + piece.width * ratio_ * 0.9F, pen.y}, ink(theme::kTrack),
                        size * 0.2F);
    return;
  }
  if (piece.drawn == nullptr) {
    ImFont* font = fonts_.built_in(style.weight);
    const float line = line_size(style);
    const float top = pen.y - font->GetFontBaked(line)->Ascent;
    if (style.spacing <= 0) {
      list_.AddText(font, line, {pen.x, top}, ink(style.color), piece.text.data(),
                    piece.text.data() + piece.text.size());
      return;
    }
    for (const std::string_view character : characters(piece.text)) {
      const char* end = character.data() + character.size();
      list_.AddText(font, line, {pen.x, top}, ink(style.color), character.data(), end);
      pen.x += font->CalcTextSizeA(line, std::numeric_limits<float>::max(), 0, character.data(), end).x +
               style.spacing * ratio_;
    }
    return;
  }
  if (piece.drawn->missing()) {  // nobody here can draw it: a crossed box, not a blank
    const ImVec2 from = {pen.x + size * 0.1F, pen.y - size * 0.75F};
    const ImVec2 to = {pen.x + size * 0.9F, pen.y + size * 0.08F};
    list_.AddRect(from, to, ink(style.color), 0, 0, std::max(1.0F, ratio_ * 0.75F));
    list_.AddLine(from, to, ink(style.color), std::max(1.0F, ratio_ * 0.75F));
    return;
  }
  char encoded[5] = {};
  ImTextCharToUtf8(encoded, fonts_.character_of(*piece.drawn));
  list_.AddText(fonts_.drawn(), Fonts::kDrawnSize, pen, ink(style.color), encoded);
}

float Canvas::draw(const TextLine& line, Point baseline, const TextStyle& style) {
  ImVec2 pen = at(baseline);
  pen = {std::round(pen.x), std::round(pen.y)};
  for (const TextPiece& piece : line.pieces) {
    draw_piece(piece, pen, style);
    pen.x += piece.width * ratio_;
  }
  return line.width;
}

float Canvas::width(std::string_view text, const TextStyle& style) {
  return lines(text, style, std::numeric_limits<float>::max()).front().width;
}

float Canvas::text(Point baseline, std::string_view text, const TextStyle& style) {
  return draw(lines(text, style, std::numeric_limits<float>::max()).front(), baseline, style);
}

void Canvas::text_right(Point baseline, std::string_view text, const TextStyle& style) {
  const TextLine line = lines(text, style, std::numeric_limits<float>::max()).front();
  draw(line, {baseline.x - line.width, baseline.y}, style);
}

void Canvas::text_centred(Point baseline, std::string_view text, const TextStyle& style) {
  const TextLine line = lines(text, style, std::numeric_limits<float>::max()).front();
  draw(line, {baseline.x - (line.width - style.spacing) / 2, baseline.y}, style);
}

TextStyle Canvas::fitted(std::string_view text, TextStyle style, float most_width, float least) {
  const float taken = width(text, style);
  if (taken > most_width) {
    const float part = most_width / taken;
    style.spacing *= part;
    style.size = std::max(least, std::floor(style.size * part * ratio_) / ratio_);
  }
  return style;
}

float Canvas::paragraph(Point baseline, std::string_view text, const TextStyle& style, float most_width,
                        float leading) {
  const bool from_right = runs_from_right(text);
  const std::vector<TextLine> all = lines(text, style, most_width);
  for (const TextLine& line : all) {
    draw(line, {from_right && all.size() > 1 ? baseline.x + most_width - line.width : baseline.x, baseline.y}, style);
    baseline.y += leading;
  }
  return leading * static_cast<float>(all.size());
}

}  // namespace elicense
