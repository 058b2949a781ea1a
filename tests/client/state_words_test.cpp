#include "client/state_words.h"

#include <gtest/gtest.h>

#include "support/demo.h"

namespace elicense::test {
namespace {

ViewerScreen screen_of(ViewerState state, ViewerReason reason) {
  ViewerScreen screen;
  screen.state = state;
  screen.reason = reason;
  screen.confirmed = UnixTime{1'790'000'000};  // 2026-09-21 22:13:20 in the authority's time
  screen.status = StatusSet::normal().with('B');
  screen.error = ErrorCode::signature;
  return screen;
}

TEST(StateWords, StaleTellsSinceWhenAndWhy) {
  const ViewerScreen resumed = screen_of(ViewerState::stale, ViewerReason::resumed);
  EXPECT_EQ(state_words(resumed, Language::chinese).title, "内容已过时，不作凭证");
  EXPECT_EQ(state_words(resumed, Language::chinese).explanation,
            "上次与发证机关核对：22:13。手机从休眠中恢复，时间尚未重新核对。不显示动态码。");
  EXPECT_EQ(state_words(resumed, Language::english).title, "Out of date: not valid as proof");
  EXPECT_EQ(state_words(resumed, Language::english).explanation,
            "Last confirmed 22:13. The phone slept and the time is not yet confirmed again. No code is shown.");
  const ViewerScreen over = screen_of(ViewerState::stale, ViewerReason::lease_over);
  EXPECT_EQ(state_words(over, Language::english).explanation.substr(0, 28), "Last confirmed 09-21 22:13. ");
}

TEST(StateWords, UntrustedNamesItsCode) {
  const ViewerScreen untrusted = screen_of(ViewerState::untrusted, ViewerReason::check_failed);
  EXPECT_NE(state_words(untrusted, Language::chinese).explanation.find("错误代码：signature"), std::string::npos);
  EXPECT_NE(state_words(untrusted, Language::english).explanation.find("Error code: signature"), std::string::npos);
}

TEST(StateWords, ARefusalHasTheWordsOfItsStatus) {
  const ViewerScreen refused = screen_of(ViewerState::refused, ViewerReason::status);
  EXPECT_EQ(state_words(refused, Language::chinese).title, "超分 · 电子驾驶证已失效");
  EXPECT_EQ(state_words(refused, Language::english).title, "12 points reached: not usable");
}

TEST(StateWords, EveryStateAndReasonHasWordsInBothLanguages) {
  for (int reason = static_cast<int>(ViewerReason::resumed); reason <= static_cast<int>(ViewerReason::access_ended);
       ++reason) {
    const ViewerScreen screen = screen_of(ViewerState::stale, static_cast<ViewerReason>(reason));
    EXPECT_GT(state_words(screen, Language::english).explanation.size(), 60U);
    EXPECT_NE(state_words(screen, Language::english).explanation, state_words(screen, Language::chinese).explanation);
  }
  for (const ViewerReason reason : {ViewerReason::another_phone, ViewerReason::ended, ViewerReason::key_lost}) {
    const ViewerScreen screen = screen_of(ViewerState::refused, reason);
    EXPECT_FALSE(state_words(screen, Language::chinese).explanation.empty());
    EXPECT_FALSE(state_words(screen, Language::english).explanation.empty());
  }
}

}  // namespace
}  // namespace elicense::test
