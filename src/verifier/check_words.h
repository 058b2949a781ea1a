// What a check is called, what it means and what to do next, for people, in both languages. No personal data. Refuses
// nothing.
#pragma once

#include <string>

#include "base/language.h"
#include "verifier/check.h"

namespace elicense {

// A text in the page's language and in the other one.
struct TwoWords {
  std::string first;
  std::string second;
  bool operator==(const TwoWords&) const = default;
};
inline TwoWords two_words(const Words& words, Language first) {
  const bool is_chinese = first == Language::chinese;
  return {.first = std::string(is_chinese ? words.chinese : words.english),
          .second = std::string(is_chinese ? words.english : words.chinese)};
}

Words check_title(std::optional<CheckResult> result);
TwoWords check_meaning(const Check& check, Language language);
std::string check_line(const Check& check, Language language);  // below the title
Words unchecked_words(Unchecked what);
Words cannot_check_words(ErrorCode error);  // of a verifier that is not ready

TwoWords question_words(VehicleClass asked, Language language);
TwoWords answer_title(const ClassAnswer& answer, Language language);
TwoWords answer_reason(const ClassAnswer& answer, const std::optional<StatusSet>& status, Language language);

Words compare_number_words();
Words challenge_words();
Words specimen_words();

}  // namespace elicense
