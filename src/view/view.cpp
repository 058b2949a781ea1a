#include "view/view.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "view/pages.h"

namespace elicense {

namespace {

constexpr float kSideBySide = 760;  // from this width on both pages are seen at once
constexpr float kWidestCard = 430;
constexpr float kLeastWidth = 280;             // below it the pages are drawn smaller rather than cut
constexpr float kMarksHeight = 34;             // of the dots below the card
constexpr std::int64_t kDecorationFrame = 34;  // at most 30 a second
constexpr std::int64_t kRingFrame = 100;
constexpr std::int64_t kLightTime = 1300;  // the light crosses the card once after each new code
constexpr std::int64_t kCodeTime = kCodeSeconds * 1000;
constexpr std::int64_t kNever = INT64_MAX;

bool has_pages(const ViewerScreen& screen) { return screen.licence != nullptr && screen.licence->data().complete(); }

bool may_show_code(const ViewerScreen& screen) {
  return screen.state == ViewerState::live || screen.state == ViewerState::offline;
}
bool shows_code(const ViewerScreen& screen) { return screen.code != nullptr && may_show_code(screen); }

}  // namespace

void guilloche_marker(const ImDrawList*, const ImDrawCmd*) {}

// Where the cards lie: one, which the other slides over, or both.
struct View::Arrangement {
  bool both;
  float card_width;
  float first_x;
  float turn_distance;
  float scale;  // of a canvas that is narrower than the pages can be
};

View::Arrangement View::arrangement() const {
  Arrangement place{};
  const float width = std::max(layout_.width, kLeastWidth);
  place.scale = layout_.width / width;
  place.both = width >= kSideBySide;
  if (place.both) {
    place.card_width = std::min(kWidestCard, (width - 3 * theme::kMargin) / 2);
    place.first_x = (width - 2 * place.card_width - theme::kMargin) / 2;
    place.turn_distance = place.card_width + theme::kMargin;
  } else {
    place.card_width = std::min(kWidestCard, width - 2 * theme::kMargin);
    place.first_x = (width - place.card_width) / 2;
    place.turn_distance = width;
  }
  return place;
}

View::View() : still_(&shared_), moving_(&shared_) {
  shared_.InitialFlags =
      ImDrawListFlags_AntiAliasedLines | ImDrawListFlags_AntiAliasedLinesUseTex | ImDrawListFlags_AntiAliasedFill;
  shared_.CurveTessellationTol = 0.8F;
  shared_.SetCircleTessellationMaxError(0.2F);
  shared_.FontAtlas = &fonts_.atlas();
  ImFontAtlasAddDrawListSharedData(&fonts_.atlas(), &shared_);
  ImFontAtlasUpdateDrawListsSharedData(&fonts_.atlas());
}

View::~View() { ImFontAtlasRemoveDrawListSharedData(&fonts_.atlas(), &shared_); }

void View::set_layout(const Layout& layout) {
  if (layout.ratio != layout_.ratio) {
    fonts_.forget_drawn();
    ImFontAtlasBuildDiscardBakes(&fonts_.atlas(), 0);
  }
  layout_ = layout;
  measures_both_ = true;
  layout_.width = std::clamp(layout_.width, 40.0F, 4096.0F);
  layout_.height = std::clamp(layout_.height, 0.0F, 8192.0F);
  layout_.ratio = std::clamp(layout_.ratio, 0.5F, 8.0F);
  change();
}

void View::set_language(Language language) {
  language_ = language;
  measures_both_ = true;
  change();
}

void View::drag(DragPhase phase, float x) {
  const Arrangement place = arrangement();
  if (place.both || enlarged_ || lists_checks_) return;
  turn_.drag(phase, x / place.scale, place.turn_distance);
  change();
}

void View::take_portrait(std::uint32_t id, int width, int height) {
  if (id != portrait_id_) return;
  portrait_size_ = {static_cast<float>(std::clamp(width, 0, 4096)), static_cast<float>(std::clamp(height, 0, 4096))};
  change();
}

void View::forget_textures() {
  generation_.reset();
  portrait_size_ = {};
  for (ImTextureData* texture : fonts_.atlas().TexList) {
    if (texture->Status == ImTextureStatus_OK || texture->Status == ImTextureStatus_WantUpdates) {
      texture->SetTexID(ImTextureID_Invalid);
      texture->SetStatus(ImTextureStatus_WantCreate);
    }
  }
  picture_.code_number = 0;
  change();
}

// Another person, another text: nothing of the one before stays.
void View::notice_changes(const ViewerScreen& screen, const Moment& now) {
  const bool pages = has_pages(screen);
  if (!pages || generation_ != screen.generation) {
    if (generation_.has_value()) fonts_.forget_drawn();
    portrait_size_ = {};
    portrait_wish_.reset();
    generation_.reset();
    revealed_until_ = 0;
    measures_both_ = true;
    ++portrait_id_;
    if (pages) {
      generation_ = screen.generation;
      if (const auto& portrait = screen.licence->data().portrait) {
        portrait_wish_ = PortraitWish{portrait_id_, portrait->data_uri()};
      }
    }
  }
  if (!pages || screen.state == ViewerState::stale) revealed_until_ = 0;
  // One that is still being signed leaves its place open.
  if (!may_show_code(screen)) enlarged_ = keypad_ = false;
  lists_checks_ = screen.checks != nullptr;
  picture_.code_number = screen.code == nullptr ? 0 : screen.code->presented.seconds;
  revealed_ = is_revealed(now);
}

void View::draw_page(Canvas& canvas, const ViewerScreen& screen, Page which, Box card, float* natural_height) {
  using namespace theme;
  canvas.move_to({card.x, card.y});
  const bool stale = screen.state == ViewerState::stale;
  const float ratio = canvas.ratio();
  const Box whole = {0, 0, card.width, card.height};
  // The shadow: soft, from a few faint outlines.
  for (int i = 4; i >= 1; --i) {
    const auto spread = static_cast<float>(i) * 1.6F;
    canvas.fill({-spread, 2 - spread + 2, card.width + 2 * spread, card.height + 2 * spread}, kInk.faded(0.016F),
                kCardRadius + spread);
  }
  canvas.fill(whole, kCard, kCardRadius);
  GuillochePlace guilloche;
  guilloche.card = canvas.device(whole);
  guilloche.radius = kCardRadius * ratio;
  guilloche.strength = stale || !has_pages(screen) ? 0.6F : 1.0F;
  guilloche.seed = which == Page::front ? 0.0F : 1.0F;
  still_.AddCallback(guilloche_marker, &guilloche, sizeof guilloche);
  PageContext page{canvas, screen, language_, card, revealed_, portrait_size_, 0, controls_, running_};
  if (!layout_.reduced_motion) page.shimmer = static_cast<float>(now_ % 1600) / 1600.0F;
  float natural = 0;
  if (has_pages(screen)) {
    draw_specimen(page);
    canvas.grey(stale);
    natural = which == Page::front ? draw_front(page) : draw_endorsement(page);
    canvas.grey(false);
  } else {
    natural = draw_without_pages(page);
  }
  *natural_height = natural;
}

void View::draw_page_marks(Canvas& canvas, Point centre) {
  using namespace theme;
  canvas.move_to({0, 0});
  const bool front = turn_.page() == Page::front;
  const std::string_view hint = text(front ? Label::swipe_left : Label::swipe_right, language_);
  const TextStyle style = {12, Weight::regular, kSecondary};
  const float words = canvas.width(hint, style);
  const float left = centre.x - (30 + 18 + words) / 2;
  const float position = std::clamp(turn_.position(), 0.0F, 1.0F);
  const float wide = 18 - 12 * position;
  canvas.fill({left, centre.y - 3, wide, 6}, position < 0.5F ? kTeal : kSecondary.faded(0.5F), 3);
  canvas.fill({left + wide + 6, centre.y - 3, 24 - wide, 6}, position < 0.5F ? kSecondary.faded(0.5F) : kTeal, 3);
  canvas.text({left + 48, centre.y + 4.5F}, hint, style);
  const Control other = front ? Control::endorsement : Control::front;
  controls_.push_back({other,
                       text(front ? Label::endorsement_page : Label::front_page, language_),
                       {left - 12, centre.y - kMarksHeight / 2, words + 72, kMarksHeight},
                       std::nullopt});
}

// What hides the pages, and what is said over all of it.
void View::draw_over_all(Canvas& canvas, const ViewerScreen& screen, Box whole) {
  canvas.move_to({0, 0});
  const PageContext page{canvas, screen, language_, whole, false, {}, 0, controls_, running_};
  if (enlarged_ || lists_checks_) running_.reset();
  if (lists_checks_) {
    check_rows_ = draw_check_list(page, whole, first_check_);
  } else if (keypad_) {
    draw_keypad(page, whole, typed_);
  } else if (enlarged_) {
    draw_enlarged_code(page, whole);
  }
  if (screen.notice == nullptr) return;
  const float width = std::min(whole.width - 2 * theme::kMargin, 2 * kWidestCard);
  draw_notice(page, {(whole.width - width) / 2, theme::kMargin, width, kNoticeHeight});
}

// All but what runs.
void View::draw_still(const ViewerScreen& screen) {
  const Arrangement place = arrangement();
  still_._ResetForNewFrame();
  controls_.clear();
  running_.reset();
  const bool pages = has_pages(screen);
  const float marks = place.both || !pages ? theme::kMargin : kMarksHeight;
  const float least = layout_.height / place.scale - theme::kMargin - marks;
  const float card_height = std::max({std::ceil(front_height_), std::ceil(endorsement_height_), least, 120.0F});
  height_ = std::ceil((card_height + theme::kMargin + marks) * place.scale);
  picture_.width = static_cast<int>(std::round(layout_.width * layout_.ratio));
  picture_.height = static_cast<int>(std::round(height_ * layout_.ratio));
  picture_.ratio = layout_.ratio;
  still_.PushTexture(fonts_.atlas().TexRef);
  still_.PushClipRect({0, 0}, {static_cast<float>(picture_.width), static_cast<float>(picture_.height)});
  Canvas canvas(still_, fonts_, layout_.ratio * place.scale);
  const float whole_width = layout_.width / place.scale;
  const Box card = {place.first_x, theme::kMargin, place.card_width, card_height};
  const auto moved = [&card](float by) { return Box{card.x + by, card.y, card.width, card.height}; };
  float front = 0;
  float endorsement = 0;
  if (!pages) {
    draw_page(canvas, screen, Page::front, moved((whole_width - card.width) / 2 - card.x), &front);
  } else if (place.both) {
    draw_page(canvas, screen, Page::front, card, &front);
    draw_page(canvas, screen, Page::endorsement, moved(place.turn_distance), &endorsement);
  } else {
    draw_turning_pages(canvas, screen, card, place.turn_distance, &front, &endorsement);
    draw_page_marks(canvas, {whole_width / 2, card.bottom() + 15});
  }
  draw_over_all(canvas, screen, {0, 0, whole_width, height_ / place.scale});
  const auto scaled = [&place](Box box) {
    return Box{box.x * place.scale, box.y * place.scale, box.width * place.scale, box.height * place.scale};
  };
  for (ControlPlace& control : controls_) control.box = scaled(control.box);
  still_.PopClipRect();
  still_.PopTexture();
  still_._PopUnusedDrawCmd();
  front_height_ = front;
  endorsement_height_ = endorsement;
  ++picture_.still_number;
}

// Both lie beside one another and are moved together; what is out of sight is drawn only to learn its height.
void View::draw_turning_pages(Canvas& canvas, const ViewerScreen& screen, Box card, float distance, float* front,
                              float* endorsement) {
  const float position = turn_.position();
  const auto moved = [&card](float by) { return Box{card.x + by, card.y, card.width, card.height}; };
  *front = front_height_;
  *endorsement = endorsement_height_;
  if (position < 1 || measures_) draw_page(canvas, screen, Page::front, moved(-position * distance), front);
  if (position >= 1) {
    controls_.clear();
    running_.reset();
  }
  const std::size_t of_front = controls_.size();
  if (position > 0 || measures_) {
    draw_page(canvas, screen, Page::endorsement, moved((1 - position) * distance), endorsement);
  }
  if (position <= 0) controls_.erase(controls_.begin() + static_cast<std::ptrdiff_t>(of_front), controls_.end());
  if (position > 0 && position < 1) controls_.clear();  // nobody presses what moves
}

void View::draw_moving(const ViewerScreen& screen) {
  moving_._ResetForNewFrame();
  picture_.light = -1;
  if (!screen.now || !shows_code(screen)) return;
  const std::int64_t into_code = *screen.now % kCodeTime;
  if (!layout_.reduced_motion && into_code < kLightTime) {
    picture_.light = static_cast<float>(into_code) / static_cast<float>(kLightTime);
  }
  if (!running_) return;
  moving_.PushTexture(fonts_.atlas().TexRef);
  moving_.PushClipRect({0, 0}, {static_cast<float>(picture_.width), static_cast<float>(picture_.height)});
  Canvas canvas(moving_, fonts_, layout_.ratio * arrangement().scale);
  float progress = static_cast<float>(into_code) / static_cast<float>(kCodeTime);
  if (layout_.reduced_motion) progress = std::floor(progress * kCodeSeconds) / kCodeSeconds;
  draw_running_mark(canvas, *running_, progress);
  moving_.PopClipRect();
  moving_.PopTexture();
  moving_._PopUnusedDrawCmd();
}

void View::change() {
  changed_ = true;
  wanted_ = 0;
}

bool View::stays_as_it_is(const ViewerScreen& screen, const Moment& now) {
  const Seen seen = seen_of(screen);
  const std::int64_t second = screen.now ? *screen.now / 1000 : -1;
  const bool shimmers = screen.state == ViewerState::loading && !layout_.reduced_motion;
  const bool same =
      !changed_ && !shimmers && !turn_.moves() && seen == seen_ && second == second_ && revealed_ == is_revealed(now);
  if (!(seen == seen_)) measures_both_ = true;
  seen_ = seen;
  second_ = second;
  changed_ = false;
  return same;
}

const Picture& View::frame(const ViewerScreen& screen, const Moment& now) {
  now_ = now.monotonic;
  wanted_ = kNever;
  const bool was_turning = turn_.moves();
  turn_.advance(now_, layout_.reduced_motion || arrangement().both);
  if (!stays_as_it_is(screen, now) || was_turning) {
    notice_changes(screen, now);
    ImFontAtlasUpdateNewFrame(&fonts_.atlas(), ++frame_number_, true);
    // Once to learn how high both pages are, then for good: the card is as high as the higher one.
    if (std::exchange(measures_both_, false)) {
      measures_ = true;
      draw_still(screen);
      measures_ = false;
    }
    const float was_front = front_height_;
    const float was_endorsement = endorsement_height_;
    draw_still(screen);
    if (front_height_ != was_front || endorsement_height_ != was_endorsement) draw_still(screen);
  }
  draw_moving(screen);
  picture_.still = &still_;
  picture_.moving = &moving_;
  picture_.atlas = &fonts_.atlas();
  picture_.code = screen.code == nullptr ? nullptr : &screen.code->symbol;
  picture_.grey_portrait = screen.state == ViewerState::stale;
  want_moving_parts(screen, now);
  return picture_;
}

// Nothing is drawn again before something has changed.
void View::want_moving_parts(const ViewerScreen& screen, const Moment& now) {
  if (turn_.moves()) want(now_ + 16);
  if (is_revealed(now)) want(revealed_until_);
  if (screen.state == ViewerState::loading && screen.reason == ViewerReason::none && !layout_.reduced_motion) {
    want(now_ + kDecorationFrame);
  }
  if (!screen.now) return;
  want(now_ + 1000 - *screen.now % 1000);
  if (!shows_code(screen)) return;
  const std::int64_t into_code = *screen.now % kCodeTime;
  want(now_ + kCodeTime - into_code);
  if (layout_.reduced_motion || (turn_.page() == Page::endorsement && !arrangement().both && !enlarged_)) return;
  want(now_ + (into_code < kLightTime && !enlarged_ ? kDecorationFrame : kRingFrame));
}

}  // namespace elicense
