#include "licence/status_words.h"

#include <gtest/gtest.h>

namespace elicense::test {
namespace {

TEST(StatusWords, EveryLetterOfTheTableHasThemAndNoOther) {
  for (char letter = 'A'; letter <= 'Z'; ++letter) {
    const StatusWords* const words = status_words(letter);
    ASSERT_EQ(words != nullptr, status_info(letter) != nullptr) << letter;
    if (words == nullptr) continue;
    for (const Words& text : {words->title, words->meaning}) {
      EXPECT_FALSE(text.chinese.empty()) << letter;
      EXPECT_FALSE(text.english.empty()) << letter;
    }
    EXPECT_EQ(words->next_step.chinese.empty(), words->next_step.english.empty()) << letter;
    // The word of the status itself begins the title.
    EXPECT_EQ(words->title.chinese.substr(0, status_info(letter)->chinese.size()), status_info(letter)->chinese);
  }
}

TEST(StatusWords, SayWhatTheRegulationSays) {
  for (const char letter : {'J', 'L'}) {
    EXPECT_EQ(status_words(letter)->meaning.chinese,
              "您的驾驶证状态异常，驾驶证电子版无效，请联系驾驶证发证地公安交管部门");
  }
  EXPECT_EQ(gravest_words(StatusSet::parse("BH").value()).letter, 'B');
  EXPECT_EQ(status_words('b'), nullptr);
}

}  // namespace
}  // namespace elicense::test
