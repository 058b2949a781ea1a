// What the pages show, where, and how often they want to be drawn, without a browser.
#include "view/view.h"

#include <gtest/gtest.h>

#include <cmath>

#include "client/state_words.h"
#include "licence/status_words.h"
#include "support/demo.h"

namespace elicense {
namespace {

using namespace test;

class ViewTest : public testing::Test {
 protected:
  static VerifiedLicence licence_of(const LicenceData& data) {
    CountingRandom random;
    const auto text = issue_licence(licence_envelope(), data, issuer_key(), random);
    Checklist checklist;
    const TrustList list = trust();
    return *VerifiedLicence::verify(*text, {kNow, list, nullptr, std::nullopt}, checklist);
  }

  // One of the words that say what is to be seen: another one than "live" has neither code nor, mostly, time.
  void show(ViewerState state, std::string_view letters = "A") {
    screen.state = state;
    screen.licence = &licence;
    screen.generation = 1;
    screen.status = *StatusSet::parse(letters);
    screen.confirmed = kNow;
    const bool usable = state == ViewerState::live || state == ViewerState::offline;
    screen.code = usable ? &code : nullptr;
    if (state == ViewerState::stale) {
      screen.now.reset();
    } else {
      screen.now = kNow.seconds * 1000;
    }
  }

  const Picture& frame() { return view.frame(screen, at); }

  void lay_out(float width, float ratio, bool reduced_motion = false) {
    view.set_layout({width, 0, ratio, reduced_motion});
  }

  // Lets time pass as a page does: a frame whenever one is wanted. → how many
  int frames_within(std::int64_t milliseconds) {
    int count = 0;
    const std::int64_t end = at.monotonic + milliseconds;
    for (;;) {
      const std::int64_t next = std::max(view.next_frame(), at.monotonic + 1);
      if (next > end) return count;
      if (screen.now) *screen.now += next - at.monotonic;
      at.monotonic = next;
      frame();
      ++count;
    }
  }

  const ControlPlace* control(Control wanted) {
    for (const ControlPlace& place : view.controls()) {
      if (place.control == wanted) return &place;
    }
    return nullptr;
  }

  VerifiedLicence licence = licence_of(licence_data());
  LiveCode code{*qr_encode(std::string(600, 'A'), QrLevel::low), std::string(600, 'A'), kNow};
  ViewerScreen screen;
  View view;
  Moment at{1000, 1000};
};

TEST_F(ViewTest, SaysNothingOfAPersonWithoutAVerifiedLicence) {
  for (const ViewerState state : {ViewerState::loading, ViewerState::untrusted, ViewerState::refused}) {
    screen = {};
    screen.state = state;
    screen.reason = state == ViewerState::untrusted ? ViewerReason::check_failed : ViewerReason::none;
    screen.error = ErrorCode::signature;
    frame();
    const std::string mirror = view.mirror(screen);
    EXPECT_EQ(mirror.find(*licence.data().name), std::string::npos);
    EXPECT_FALSE(view.take_portrait_wish());
    EXPECT_EQ(control(Control::enlarge), nullptr);
    EXPECT_EQ(control(Control::reveal), nullptr);
  }
}

TEST_F(ViewTest, EveryControlLiesOnTheCanvasAndOverNoOther) {
  for (const Language language : {Language::chinese, Language::english}) {
    view.set_language(language);
    for (const float width : {280.0F, 320.0F, 360.0F, 390.0F, 430.0F, 600.0F, 760.0F, 1280.0F}) {
      for (const ViewerState state : {ViewerState::live, ViewerState::offline, ViewerState::stale}) {
        show(state, state == ViewerState::live ? "H" : "A");
        lay_out(width, 2);
        frame();
        const Box canvas = view.size();
        EXPECT_EQ(canvas.width, width);
        const auto& places = view.controls();
        ASSERT_FALSE(places.empty());
        for (std::size_t i = 0; i < places.size(); ++i) {
          const Box& box = places[i].box;
          EXPECT_GE(box.x, 0) << width;
          EXPECT_GE(box.y, 0) << width;
          EXPECT_LE(box.right(), canvas.width) << width << " " << control_name(places[i].control);
          EXPECT_LE(box.bottom(), canvas.height) << width << " " << control_name(places[i].control);
          EXPECT_GE(box.height, 24) << "a finger has to hit it";
          for (std::size_t j = i + 1; j < places.size(); ++j) {
            const Box& other = places[j].box;
            const bool apart =
                box.right() <= other.x || other.right() <= box.x || box.bottom() <= other.y || other.bottom() <= box.y;
            EXPECT_TRUE(apart) << width << " " << control_name(places[i].control) << " "
                               << control_name(places[j].control);
          }
        }
      }
    }
  }
}

TEST_F(ViewTest, ModulesOfTheCodeAreWholeDevicePixelsAndTheSymbolIsLargeEnough) {
  show(ViewerState::live);
  for (const float ratio : {1.0F, 1.5F, 2.0F, 2.625F, 3.0F, 3.5F}) {
    for (const float width : {320.0F, 360.0F, 390.0F, 430.0F, 1000.0F}) {
      lay_out(width, ratio);
      const Picture& picture = frame();
      int found = 0;
      for (const ImDrawCmd& command : picture.still->CmdBuffer) {
        if (command.UserCallback != nullptr || command.TexRef._TexData != nullptr ||
            command.TexRef._TexID != kCodeTexture) {
          continue;
        }
        ++found;
        const ImDrawIdx* indices = picture.still->IdxBuffer.Data + command.IdxOffset;
        const ImVec2 from = picture.still->VtxBuffer[indices[0]].pos;
        const ImVec2 to = picture.still->VtxBuffer[indices[2]].pos;
        const float module = (to.x - from.x) / static_cast<float>(code.symbol.size);
        EXPECT_EQ(module, std::round(module)) << width << " " << ratio;
        EXPECT_EQ(from.x, std::round(from.x));
        EXPECT_EQ(from.y, std::round(from.y));
        EXPECT_GE((to.x - from.x) / ratio, 190) << width << " " << ratio;
      }
      EXPECT_EQ(found, 1) << width << " " << ratio;
    }
  }
}

TEST_F(ViewTest, DrawsAtMostThirtyFramesASecondAndOneWhereMotionIsNotWanted) {
  show(ViewerState::live);
  lay_out(390, 1);
  frame();
  EXPECT_LE(frames_within(60000), 30 * 60);
  lay_out(390, 1, true);
  frame();
  EXPECT_LE(frames_within(60000), 61);
}

TEST_F(ViewTest, DrawsNothingAgainWhileNothingMoves) {
  show(ViewerState::stale);
  lay_out(390, 1);
  frame();
  EXPECT_EQ(frames_within(60000), 0);
}

TEST_F(ViewTest, TheNumberIsHiddenAgainAfterTenSeconds) {
  show(ViewerState::live);
  frame();
  const std::string& number = *licence.data().licence_number;
  EXPECT_EQ(view.mirror(screen).find(number), std::string::npos);
  view.use(Control::reveal);
  frame();
  EXPECT_NE(view.mirror(screen).find(number), std::string::npos);
  EXPECT_EQ(control(Control::reveal)->pressed, true);
  frames_within(9500);
  EXPECT_NE(view.mirror(screen).find(number), std::string::npos);
  frames_within(1000);
  EXPECT_EQ(view.mirror(screen).find(number), std::string::npos);
}

TEST_F(ViewTest, NothingOfOnePersonStaysForTheNext) {
  show(ViewerState::live);
  frame();
  view.use(Control::reveal);
  frame();
  const auto first = view.take_portrait_wish();
  LicenceData data = licence_data();
  data.name = "另一个人";
  const VerifiedLicence second = licence_of(data);
  screen.licence = &second;
  screen.generation = 2;
  frame();
  EXPECT_EQ(view.mirror(screen).find(*second.data().licence_number), std::string::npos) << "still revealed";
  const auto wish = view.take_portrait_wish();
  ASSERT_EQ(first.has_value(), wish.has_value());
  if (first) {
    EXPECT_NE(first->id, wish->id);
    // The decoded picture of the person before arrives late: it is not drawn.
    const int without = frame().still->CmdBuffer.Size;
    view.take_portrait(first->id, 352, 512);
    EXPECT_EQ(frame().still->CmdBuffer.Size, without);
    view.take_portrait(wish->id, 352, 512);
    EXPECT_GT(frame().still->CmdBuffer.Size, without);
  }
}

TEST_F(ViewTest, TheEnlargedCodeGoesWithTheCode) {
  show(ViewerState::live);
  frame();
  view.use(Control::enlarge);
  frame();
  ASSERT_EQ(view.controls().size(), 2U);
  EXPECT_EQ(view.controls()[0].control, Control::keypad);
  EXPECT_EQ(view.controls()[1].control, Control::close);
  screen.code = nullptr;  // is still being signed
  frame();
  EXPECT_NE(control(Control::close), nullptr);
  show(ViewerState::stale);
  frame();
  EXPECT_EQ(control(Control::close), nullptr);
  show(ViewerState::live);
  frame();
  EXPECT_EQ(control(Control::close), nullptr) << "it does not come back by itself";
}

TEST_F(ViewTest, TwoDigitsTappedAreTheAnswerToAChallenge) {
  show(ViewerState::live);
  frame();
  view.use(digit_control(4));
  EXPECT_FALSE(view.take_wish()) << "no keypad, no digits";
  view.use(Control::enlarge);
  view.use(Control::keypad);
  frame();
  EXPECT_EQ(view.controls().size(), 12U);
  view.use(digit_control(9));
  view.use(Control::clear);
  view.use(digit_control(4));
  EXPECT_FALSE(view.take_wish());
  view.use(digit_control(2));
  const auto wish = view.take_wish();
  ASSERT_TRUE(wish);
  EXPECT_EQ(wish->kind, HolderWish::Kind::answer_challenge);
  EXPECT_EQ(wish->digits, "42");
  frame();
  EXPECT_NE(control(Control::keypad), nullptr) << "back to the enlarged code";
}

TEST_F(ViewTest, AKeypadGoesWithTheCode) {
  show(ViewerState::live);
  frame();
  view.use(Control::enlarge);
  view.use(Control::keypad);
  show(ViewerState::stale);
  frame();
  EXPECT_EQ(control(digit_control(1)), nullptr);
}

TEST_F(ViewTest, ANoticeOfACheckLiesOverWhateverIsShown) {
  const LicenceCheck check = {"Demo Rental", "https://rental.example", "valid", "C1", 47, kNow.seconds};
  show(ViewerState::live);
  frame();
  EXPECT_EQ(control(Control::dismiss), nullptr);
  screen.notice = &check;
  frame();
  EXPECT_NE(control(Control::dismiss), nullptr);
  EXPECT_NE(view.mirror(screen).find("47"), std::string::npos);
  view.use(Control::enlarge);
  frame();
  EXPECT_NE(control(Control::dismiss), nullptr);
  view.use(Control::dismiss);
  EXPECT_EQ(view.take_wish()->kind, HolderWish::Kind::dismiss_notice);
  screen.notice = nullptr;
  frame();
  EXPECT_EQ(control(Control::dismiss), nullptr);
}

TEST_F(ViewTest, TheListOfChecksHasAsManyPagesAsItNeeds) {
  CheckList list;
  for (int i = 0; i < 30; ++i) {
    list.checks.push_back({"P" + std::to_string(i), "https://p.example", "valid", std::nullopt, i, kNow.seconds - i});
  }
  show(ViewerState::live);
  frame();
  view.show_page(Page::endorsement);
  frames_within(3000);
  ASSERT_NE(control(Control::checks), nullptr);
  view.use(Control::checks);
  EXPECT_EQ(view.take_wish()->kind, HolderWish::Kind::list_checks);
  screen.checks = &list;
  frame();
  EXPECT_EQ(control(Control::older), nullptr) << "it is still being asked for";
  list.progress = CheckList::Progress::known;
  frame();
  int pages = 1;
  for (; control(Control::older) != nullptr && pages < 30; ++pages) {
    view.use(Control::older);
    frame();
    EXPECT_NE(control(Control::newer), nullptr);
  }
  EXPECT_GE(pages, 3);
  EXPECT_LE(pages, 6);
  view.use(Control::close);
  EXPECT_EQ(view.take_wish()->kind, HolderWish::Kind::close_checks);
}

TEST_F(ViewTest, TextThatTheBuiltInFontLacksIsAskedForOnceAndNeverBlank) {
  LicenceData data = licence_data();
  data.name = "㛃";
  licence = licence_of(data);
  show(ViewerState::live);
  frame();
  const auto wishes = view.take_text_wishes();
  int wanted = 0;
  std::uint32_t id = 0;
  for (const DrawnTextWish& wish : wishes) {
    if (wish.text != "㛃" || wish.size < 27) continue;
    ++wanted;
    id = wish.id;
  }
  ASSERT_EQ(wanted, 1);
  frame();
  EXPECT_TRUE(view.take_text_wishes().empty());
  const int awaited = frame().still->VtxBuffer.Size;
  view.take_drawn_text(id, {});  // the browser has no such glyph
  EXPECT_NE(frame().still->VtxBuffer.Size, awaited) << "a box stands in for it, not the bar of what is on its way";
  EXPECT_GT(frame().still->VtxBuffer.Size, 0);
}

TEST_F(ViewTest, HostileDrawingsAreRefused) {
  LicenceData data = licence_data();
  data.name = "㛃";
  licence = licence_of(data);
  show(ViewerState::live);
  frame();
  for (const DrawnTextWish& wish : view.take_text_wishes()) {
    DrawnText drawing;
    drawing.width = 100;
    drawing.height = 100;
    drawing.coverage.assign(10, 255);  // not 100 × 100
    drawing.left = NAN;
    view.take_drawn_text(wish.id, std::move(drawing));
    view.take_drawn_text(wish.id + 1000, {});
  }
  EXPECT_GT(frame().still->VtxBuffer.Size, 0);
}

TEST(BuiltInFonts, HaveEveryLabelAndEveryStatus) {
  const Fonts fonts;
  for (const std::string_view words : {
#define X(name, chinese, english) std::string_view(chinese), std::string_view(english),
#include "view/text.inc"
#undef X
       }) {
    EXPECT_TRUE(fonts.has(Weight::regular, words)) << words;
  }
  for (char letter = 'A'; letter <= 'Z'; ++letter) {
    const StatusWords* words = status_words(letter);
    if (words == nullptr) continue;
    for (const Language language : {Language::chinese, Language::english}) {
      EXPECT_TRUE(fonts.has(Weight::bold, words->title.in(language))) << letter;
      EXPECT_TRUE(fonts.has(Weight::regular, words->meaning.in(language))) << letter;
      EXPECT_TRUE(fonts.has(Weight::regular, words->next_step.in(language))) << letter;
    }
  }
  for (std::size_t i = 0; i < kVehicleClassCount; ++i) {
    const VehicleClassInfo& info = vehicle_class_info(static_cast<VehicleClass>(i));
    EXPECT_TRUE(fonts.has(Weight::regular, info.chinese));
    EXPECT_TRUE(fonts.has(Weight::regular, info.english));
  }
}

TEST(BuiltInFonts, HaveTheWordsOfEveryState) {
  const Fonts fonts;
  for (const Language language : {Language::chinese, Language::english}) {
    for (int state = 0; state <= static_cast<int>(ViewerState::untrusted); ++state) {
      for (int reason = 0; reason <= static_cast<int>(ViewerReason::check_failed); ++reason) {
        ViewerScreen screen;
        screen.state = static_cast<ViewerState>(state);
        screen.reason = static_cast<ViewerReason>(reason);
        screen.status = *StatusSet::parse("B");
        screen.confirmed = kNow;
        screen.error = ErrorCode::signature;
        const StateWords words = state_words(screen, language);
        EXPECT_TRUE(fonts.has(Weight::bold, words.title)) << words.title;
        EXPECT_TRUE(fonts.has(Weight::regular, words.explanation)) << words.explanation;
      }
    }
  }
}

}  // namespace
}  // namespace elicense
