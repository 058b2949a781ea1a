// The tap challenge: the holder taps the two digits that the inspector's screen shows, and the codes carry them.
#include <array>

#include "view/pages.h"

namespace elicense {

namespace {

constexpr float kKey = 68;  // CSS pixels a side
constexpr float kGap = 14;
constexpr std::array<std::string_view, 10> kDigits = {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"};

void draw_typed(Canvas& canvas, float middle, float y, std::string_view typed) {
  using namespace theme;
  for (std::size_t i = 0; i < 2; ++i) {
    const Box box = {middle - 62 + static_cast<float>(i) * 66, y, 58, 70};
    canvas.fill(box, kWhite, 12);
    canvas.stroke(box, i == typed.size() ? kTeal : kLine, i == typed.size() ? 2 : 1, 12);
    if (i < typed.size())
      canvas.text_centred({box.x + box.width / 2, y + 49}, typed.substr(i, 1), {40, Weight::bold, kInk});
  }
}

}  // namespace

void draw_keypad(const PageContext& page, Box whole, std::string_view typed) {
  using namespace theme;
  Canvas& canvas = page.canvas;
  canvas.fill(whole, kGround);
  draw_specimen(page);
  page.controls.clear();  // nothing behind it can be pressed
  const float middle = whole.width / 2;
  constexpr float kHeight = 64 + 70 + 30 + 4 * kKey + 3 * kGap;
  float y = std::max(24.0F, (whole.height - kHeight) / 2 - 30);
  const std::string_view prompt = page.words(Label::keypad_prompt);
  canvas.text_centred({middle, y + 18}, prompt,
                      canvas.fitted(prompt, {17, Weight::regular, kInk}, whole.width - 32, 11));
  const std::string_view small = page.small_words(Label::keypad_prompt);
  canvas.text_centred({middle, y + 40}, small,
                      canvas.fitted(small, {12, Weight::regular, kSecondary}, whole.width - 32, 8));
  y += 64;
  draw_typed(canvas, middle, y, typed);
  y += 70 + 30;
  // 1 to 9, then clear, 0, close.
  for (int place = 0; place < 12; ++place) {
    const int row = place / 3;
    const float x = middle - 1.5F * kKey - kGap + static_cast<float>(place % 3) * (kKey + kGap);
    const Box key = {x, y + static_cast<float>(row) * (kKey + kGap), kKey, kKey};
    const Point centre = {key.x + kKey / 2, key.y + kKey / 2};
    if (place == 9 || place == 11) {
      const Label label = place == 9 ? Label::clear : Label::close;
      canvas.text_centred({centre.x, centre.y + 1}, page.words(label), {14, Weight::bold, kTeal});
      canvas.text_centred({centre.x, centre.y + 17}, page.small_words(label), {11, Weight::regular, kTeal});
      page.controls.push_back({place == 9 ? Control::clear : Control::close, page.words(label), key, std::nullopt});
      continue;
    }
    const auto digit = static_cast<std::size_t>(place == 10 ? 0 : place + 1);
    canvas.fill(key, kWhite, kKey / 2);
    canvas.stroke(key, kLine, 1, kKey / 2);
    canvas.text_centred({centre.x, centre.y + 9.5F}, kDigits[digit], {27, Weight::bold, kInk});
    page.controls.push_back({digit_control(digit), kDigits[digit], key, std::nullopt});
  }
}

}  // namespace elicense
