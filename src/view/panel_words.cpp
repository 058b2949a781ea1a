#include "view/panel_words.h"

#include "client/state_words.h"
#include "licence/status_words.h"

namespace elicense {

namespace {

std::string joined(std::string_view first, std::string_view second, Language language) {
  std::string all(first);
  if (!first.empty() && !second.empty() && language == Language::english) all += " ";
  return all + std::string(second);
}

// What is open or postponed, beside a code that can be used: whole in the page's language, in short in the other.
std::string note(const StatusWords& words, Language language) {
  const std::string_view colon = language == Language::chinese ? "：" : ": ";
  return std::string(words.title.in(language)) + std::string(colon) +
         joined(words.meaning.in(language), words.next_step.in(language), language);
}
std::string short_note(const StatusWords& words, Language language) {
  const std::string_view stop = language == Language::chinese ? "。" : ".";
  return joined(std::string(words.title.in(language)) + std::string(stop), words.next_step.in(language), language);
}

}  // namespace

PanelWords panel_words(const ViewerScreen& screen, Language language) {
  PanelWords words;
  const Language second = other(language);
  if (screen.state != ViewerState::live && screen.state != ViewerState::offline) {
    const StateWords first = state_words(screen, language);
    const StateWords small = state_words(screen, second);
    return {first.title, small.title, first.explanation, small.explanation};
  }
  const StatusSet status = screen.status.value_or(StatusSet::normal());
  words.title = text(Label::usable, language);
  words.small_title =
      std::string(text(Label::usable, second)) + " · " + std::string(gravest_words(status).title.in(language));
  if (status.usability() == Usability::usable_with_note) {
    words.text = note(gravest_words(status), language);
    words.small_text = short_note(gravest_words(status), second);
  }
  return words;
}

}  // namespace elicense
