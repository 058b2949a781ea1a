// The faces that the pages are set in: two built-in subsets for labels and figures, and whatever else is needed drawn
// by the browser with its own fonts, one word or character at a time. A piece of text that the browser cannot draw
// either is told apart from one that is still on its way: neither is ever a silent blank.
#pragma once

#include <imgui.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"

namespace elicense {

enum class Weight : std::uint8_t { regular, bold };

// What the browser drew: coverage, one byte a pixel. Left and top are from the pen on the baseline (top is negative
// above it), in device pixels.
struct DrawnText {
  int width = 0;  // 0: the browser has no glyph for it
  int height = 0;
  float left = 0;
  float top = 0;
  float advance = 0;
  Bytes coverage;
};

struct DrawnTextWish {
  std::uint32_t id;
  std::string text;
  float size;  // device pixels
  Weight weight;
};

class Fonts {
 public:
  Fonts();
  ~Fonts();
  Fonts(const Fonts&) = delete;
  Fonts& operator=(const Fonts&) = delete;

  ImFontAtlas& atlas() { return atlas_; }
  ImFont* built_in(Weight weight) const { return weight == Weight::bold ? bold_ : regular_; }
  ImFont* drawn() const { return drawn_; }
  bool has(Weight weight, std::string_view text) const;

  struct Piece {
    std::string text;
    float size = 0;
    Weight weight = Weight::regular;
    bool arrived = false;
    DrawnText drawing;
    bool missing() const { return arrived && drawing.width == 0; }
  };
  // The browser's drawing of a piece of text. Nullptr: asked for, not here yet.
  const Piece* find(std::string_view text, float size, Weight weight);
  ImWchar character_of(const Piece& piece) const;  // in drawn(), at kDrawnSize
  void take(std::uint32_t id, DrawnText drawing);
  std::vector<DrawnTextWish> take_wishes() { return std::exchange(wishes_, {}); }
  void forget_drawn();  // after another pixel ratio, or another person

  // Dear ImGui's sizes are a line's height. Of Noto Sans CJK that is 1.448 times the em square, which CSS counts by.
  static constexpr float kLineHeight = 1.448F;
  static constexpr float kDrawnSize = 16;  // not the text's size: each piece has its own

 private:
  ImFontAtlas atlas_;
  ImFont* regular_ = nullptr;
  ImFont* bold_ = nullptr;
  ImFont* drawn_ = nullptr;
  std::vector<std::unique_ptr<Piece>> pieces_;
  std::uint32_t first_id_ = 1;  // of pieces_: an answer for a piece that was forgotten is not taken for another's
  std::vector<DrawnTextWish> wishes_;
};

}  // namespace elicense
