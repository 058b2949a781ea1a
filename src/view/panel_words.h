// What the status panel says, in the page's language first and the other one smaller. The words are those of
// licence/status_words and client/state_words, the same for holder and inspector.
#pragma once

#include <string>

#include "client/screen.h"
#include "view/text.h"

namespace elicense {

struct PanelWords {
  std::string title;
  std::string small_title;
  std::string text;
  std::string small_text;
};
PanelWords panel_words(const ViewerScreen& screen, Language language);

}  // namespace elicense
