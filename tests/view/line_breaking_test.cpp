#include "view/line_breaking.h"

#include <gtest/gtest.h>

namespace elicense {
namespace {

using Units = std::vector<std::string_view>;

TEST(LineBreaking, KeepsTogetherWhatBelongsTogether) {
  const struct {
    std::string_view text;
    Units units;
  } table[] = {
      {"", {}},
      {"山东省", {"山", "东", "省"}},
      {"有效期 10 年", {"有", "效", "期 ", "10 ", "年"}},
      {"期满，换证。", {"期", "满，", "换", "证。"}},
      {"（C1 含 C2）", {"（C1 ", "含 ", "C2）"}},
      {"AMINA WANJIRU", {"AMINA ", "WANJIRU"}},
      {"买买提·吐尔逊江", {"买", "买", "提·", "吐", "尔", "逊", "江"}},
      {"陈㛃䶮𬭎", {"陈", "㛃", "䶮", "𬭎"}},
      {"ئالىم تۇرسۇن", {"ئالىم ", "تۇرسۇن"}},
      {"e\u0301a", {"e\u0301a"}},  // a combining accent stays with its letter
  };
  for (const auto& row : table) EXPECT_EQ(unbreakable_units(row.text), row.units) << row.text;
}

TEST(LineBreaking, KnowsWhatRunsFromTheRight) {
  EXPECT_TRUE(runs_from_right("ئالىم تۇرسۇن"));
  EXPECT_TRUE(runs_from_right("Alim ئالىم"));
  EXPECT_FALSE(runs_from_right("陈㛃䶮𬭎"));
  EXPECT_FALSE(runs_from_right("AMINA"));
}

TEST(LineBreaking, CountsCharactersNotBytes) {
  EXPECT_EQ(count_characters("陈a𬭎"), 3U);
  EXPECT_EQ(characters("陈a𬭎"), (Units{"陈", "a", "𬭎"}));
  EXPECT_EQ(without_trailing_spaces("10  "), "10");
  EXPECT_TRUE(is_ascii("10 "));
  EXPECT_FALSE(is_ascii("号"));
}

}  // namespace
}  // namespace elicense
