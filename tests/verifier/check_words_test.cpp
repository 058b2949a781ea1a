#include "verifier/check_words.h"

#include <gtest/gtest.h>

#include <set>

#include "verifier/card.h"

namespace elicense {
namespace {

std::string line(const Check& check, Language language) { return check_line(check, language); }

Check confirmed(std::int64_t seconds) {
  Check check;
  check.result = CheckResult::valid;
  check.confirmed = seconds;
  return check;
}

TEST(CheckWords, EachResultHasItsOwnInBothLanguages) {
  std::set<std::string> titles, meanings;
  for (int number = 0; number <= static_cast<int>(CheckResult::malformed); ++number) {
    Check check;
    check.result = static_cast<CheckResult>(number);
    const Words title = check_title(check.result);
    EXPECT_FALSE(title.chinese.empty() || title.english.empty());
    EXPECT_TRUE(titles.insert(std::string(title.english)).second) << title.english;
    const TwoWords meaning = check_meaning(check, Language::english);
    EXPECT_TRUE(meanings.insert(meaning.first).second) << meaning.first;
    EXPECT_EQ(check_meaning(check, Language::chinese), (TwoWords{meaning.second, meaning.first}));
  }
  EXPECT_EQ(check_title(std::nullopt).english, "Not checked");
}

TEST(CheckWords, HowLongAgo) {
  EXPECT_EQ(line(confirmed(0), Language::chinese), "刚刚由发证机关确认");
  EXPECT_EQ(line(confirmed(8), Language::chinese), "8 秒前由发证机关确认");
  EXPECT_EQ(line(confirmed(1), Language::english), "Confirmed by the authority 1 second ago");
  EXPECT_EQ(line(confirmed(119), Language::english), "Confirmed by the authority 119 seconds ago");
  EXPECT_EQ(line(confirmed(120), Language::english), "Confirmed by the authority 2 minutes ago");
  EXPECT_EQ(line(confirmed(7200), Language::english), "Confirmed by the authority 2 hours ago");
  EXPECT_EQ(line(confirmed(6 * 86400), Language::chinese), "6 天前由发证机关确认");
  Check old = confirmed(7200);
  old.confirmed_long_ago = true;
  old.now = UnixTime{1'790'000'000};
  EXPECT_EQ(line(old, Language::english), "Offline since 09-21 20:13");
  Check stale;
  stale.result = CheckResult::stale;
  stale.age = 34;
  EXPECT_EQ(line(stale, Language::chinese), "34 秒前的画面");
  stale.result = CheckResult::clock;
  stale.age = -20;
  EXPECT_EQ(line(stale, Language::english), "20 seconds ahead");
  EXPECT_EQ(line(stale, Language::chinese), "比核验时间早 20 秒");
}

TEST(CheckWords, AnErrorIsNamedWhereNothingElseIsToBeSaid) {
  Check check;
  check.result = CheckResult::forged;
  check.error = ErrorCode::countersignature;
  EXPECT_EQ(line(check, Language::english), "Error code: countersignature");
}

TEST(CheckWords, EveryReasonNotToCheckHasWords) {
  std::set<std::string> meanings;
  for (const ErrorCode error : {ErrorCode::authority_unreachable, ErrorCode::authority_busy, ErrorCode::partner_key,
                                ErrorCode::root_key, ErrorCode::receipt_answer, ErrorCode::receipt_audience}) {
    Check check;
    check.error = error;
    EXPECT_TRUE(meanings.insert(check_meaning(check, Language::english).first).second) << error_name(error);
    EXPECT_FALSE(cannot_check_words(error).chinese.empty());
  }
}

TEST(CheckWords, FarOffByAnUnprovenClockMayBeOurClock) {
  Check check;
  check.result = CheckResult::stale;
  check.age = 3600;
  EXPECT_EQ(check_meaning(check, Language::english).first.find("clock"), std::string::npos);
  check.unchecked = {Unchecked::clock};
  EXPECT_NE(check_meaning(check, Language::english).first.find("this device's clock"), std::string::npos);
  check.age = 60;
  EXPECT_EQ(check_meaning(check, Language::english).first.find("clock"), std::string::npos);
}

}  // namespace
}  // namespace elicense
