// What each status letter means and what the holder can do next, the same words for holder and inspector, in both
// languages. Refuses letters outside the table.
#pragma once

#include <string_view>

#include "base/language.h"
#include "licence/status.h"

namespace elicense {

struct StatusWords {
  char letter;
  Words title;
  Words meaning;
  Words next_step;  // both empty where there is nothing to do
};

const StatusWords* status_words(char letter);        // nullptr: no such status
const StatusWords& gravest_words(StatusSet status);  // of the letter that decides

}  // namespace elicense
