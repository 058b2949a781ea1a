// What a state of the viewer is called and what it means, for people: title and explanation in both languages. Says
// nothing about a person. Refuses nothing.
#pragma once

#include <string>

#include "base/language.h"
#include "client/screen.h"

namespace elicense {

struct StateWords {
  std::string title;
  std::string explanation;
};

StateWords state_words(const ViewerScreen& screen, Language language);

// For an error's code: the group it belongs to ("a signature does not match", "the trust list is over" …).
Words error_words(ErrorCode error);
Words access_token_words();  // with the `error` effect 'access-token'

}  // namespace elicense
