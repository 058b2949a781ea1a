// Who has checked the licence: over the pages in the moment of a check, and as a list when the holder asks.
#include <algorithm>

#include "view/pages.h"

namespace elicense {

namespace {

constexpr float kRow = 62;

Label word_of(std::string_view result) {
  const auto known = check_result_from_name(result);
  if (known == CheckResult::valid) return Label::valid_word;
  if (known == CheckResult::not_usable) return Label::not_usable;
  if (known == CheckResult::stale) return Label::stale;
  if (known == CheckResult::already_used) return Label::used_before;
  return Label::not_verified;
}

bool is_good(const LicenceCheck& check) { return check_result_from_name(check.result) == CheckResult::valid; }

std::string two_digits(std::int64_t number) {
  return {static_cast<char>('0' + number / 10 % 10), static_cast<char>('0' + number % 10)};
}

// "有效 · 询问 C1", in the language that is wanted.
std::string outcome(const LicenceCheck& check, Language language) {
  std::string words(text(word_of(check.result), language));
  if (check.asked) words += " · " + std::string(text(Label::asked, language)) + " " + *check.asked;
  return words;
}

void draw_row(const PageContext& page, const LicenceCheck& check, Box row) {
  using namespace theme;
  Canvas& canvas = page.canvas;
  const Point mark = {row.x + 14, row.y + 24};
  if (is_good(check)) {
    draw_tick(canvas, mark, 11, kUsable, kWhite);
  } else {
    draw_cross(canvas, mark, 11, kRefused, kWhite);
  }
  const float x = row.x + 36;
  const std::string when = shown_minute({check.at});
  const TextStyle time = {12, Weight::regular, kSecondary};
  canvas.text_right({row.right(), row.y + 22}, when, time);
  const float room = row.right() - x - canvas.width(when, time) - 10;
  canvas.text({x, row.y + 22}, check.partner, canvas.fitted(check.partner, {15, Weight::bold, kInk}, room, 8));
  const std::string words = outcome(check, page.language) + "  " + outcome(check, other(page.language));
  const float below = row.right() - x - (check.echo ? 34.0F : 0.0F);
  canvas.text({x, row.y + 40}, words,
              canvas.fitted(words, {12, Weight::regular, is_good(check) ? kInk : kRefused}, below, 7));
  canvas.text({x, row.y + 54}, check.origin,
              canvas.fitted(check.origin, {10.5F, Weight::regular, kSecondary}, below, 6));
  if (check.echo) canvas.text_right({row.right(), row.y + 46}, two_digits(*check.echo), {19, Weight::bold, kEcho});
  canvas.rule(row.x, row.bottom() - 0.5F, row.width, kLine);
}

}  // namespace

std::string shown_check(const LicenceCheck& check, Language language) {
  std::string words = shown_minute({check.at}) + " " + check.partner + " (" + check.origin + "): ";
  words += outcome(check, language);
  if (check.echo) words += " · " + two_digits(*check.echo);
  return words;
}

std::string shown_notice(const LicenceCheck& check, Language language) {
  std::string words = check.partner + " " + std::string(text(Label::has_checked, language));
  if (check.echo) words += ": " + two_digits(*check.echo);
  return words;
}

void draw_notice(const PageContext& page, Box place) {
  using namespace theme;
  Canvas& canvas = page.canvas;
  const LicenceCheck& check = *page.screen.notice;
  for (int i = 5; i >= 1; --i) {
    const auto spread = static_cast<float>(i) * 2;
    canvas.fill(place.inset(-spread), kInk.faded(0.03F), kCardRadius + spread);
  }
  canvas.fill(place, kEcho, kCardRadius);
  canvas.stroke(place.inset(1), kWhite.faded(0.25F), 1, kCardRadius - 1);
  const float x = place.x + 20;
  float right = place.right() - 20;
  if (check.echo) {
    const std::string digits = two_digits(*check.echo);
    const TextStyle large = {76, Weight::bold, kWhite, 4};
    canvas.text_right({right, place.y + 92}, digits, large);
    right -= canvas.width(digits, large) + 14;
  } else if (is_good(check)) {
    draw_tick(canvas, {right - 30, place.y + 65}, 30, kWhite, kEcho);
    right -= 74;
  } else {
    draw_cross(canvas, {right - 30, place.y + 65}, 30, kWhite, kEcho);
    right -= 74;
  }
  const float room = right - x;
  const auto line = [&](float y, std::string_view words, TextStyle style) {
    canvas.text({x, place.y + y}, words, canvas.fitted(words, style, room, 7));
  };
  line(36, check.partner, {20, Weight::bold, kWhite});
  line(57, page.words(Label::has_checked), {13, Weight::regular, kWhite});
  line(72, page.small_words(Label::has_checked), {11, Weight::regular, kOnEcho});
  line(94, outcome(check, page.language) + "  " + outcome(check, other(page.language)), {12, Weight::regular, kWhite});
  if (check.echo) {
    const std::string words =
        std::string(page.words(Label::compare_number)) + "  " + std::string(page.small_words(Label::compare_number));
    canvas.text({x, place.bottom() - 15}, words,
                canvas.fitted(words, {12, Weight::regular, kWhite}, place.width - 40, 7));
  }
  page.controls.push_back({Control::dismiss, page.words(Label::dismiss), place, std::nullopt});
}

std::size_t draw_check_list(const PageContext& page, Box whole, std::size_t first) {
  using namespace theme;
  Canvas& canvas = page.canvas;
  const CheckList& list = *page.screen.checks;
  canvas.fill(whole, kCard);
  draw_specimen(page);
  page.controls.clear();  // nothing behind it can be pressed
  const float width = std::min(whole.width - 40, 640.0F);
  const float x = (whole.width - width) / 2;
  canvas.text({x, 46}, page.words(Label::checks), kTitle);
  const float heading = canvas.width(page.words(Label::checks), kTitle);
  canvas.text({x + heading + 6, 46}, page.small_words(Label::checks), {12, Weight::regular, kSecondary});
  canvas.rule(x, 62, width, kLine);
  const float bottom = whole.height - 60;
  const auto rows = std::max<std::size_t>(1, static_cast<std::size_t>((bottom - 70) / kRow));
  const std::size_t count = list.progress == CheckList::Progress::known ? list.checks.size() : 0;
  if (count == 0) {
    const Label said = list.progress == CheckList::Progress::asking   ? Label::refreshing
                       : list.progress == CheckList::Progress::failed ? Label::checks_unknown
                                                                      : Label::no_checks;
    canvas.text_centred({whole.width / 2, 130}, page.words(said), {15, Weight::regular, kInk});
    canvas.text_centred({whole.width / 2, 150}, page.small_words(said), {12, Weight::regular, kSecondary});
    if (list.progress == CheckList::Progress::failed)
      draw_word_key(page, Control::checks, Label::refresh, {whole.width / 2 - 80, 168, 160, 44});
  }
  for (std::size_t i = 0; i < rows && first + i < count; ++i) {
    draw_row(page, list.checks[first + i], {x, 66 + static_cast<float>(i) * kRow, width, kRow});
  }
  const float third = width / 3;
  if (first > 0) draw_word_key(page, Control::newer, Label::newer, {x, bottom + 6, third, 44});
  draw_word_key(page, Control::close, Label::close, {x + third, bottom + 6, third, 44});
  if (first + rows < count) draw_word_key(page, Control::older, Label::older, {x + 2 * third, bottom + 6, third, 44});
  return rows;
}

}  // namespace elicense
