// Between the page and the verifier's session, as JSON (web/verifier-messages.ts): one event in, one effect out.
// Refuses events that it does not know and members that are missing, misshapen or too large.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "codec/json.h"
#include "verifier/session.h"

namespace elicense {

// Another name than the viewer's: with both in one program, Emscripten 3.1.6 mixes up the visitors of the two
// overloads.
std::string check_effect_message(const VerifierEffect& effect);

// A session that is spoken to in messages. It begins with the event `start`; any other before it is refused.
class CheckMessages {
 public:
  explicit CheckMessages(RandomSource& random) : random_(random) {}

  Status receive(std::string_view text);
  std::optional<std::string> next_effect();

 private:
  Status start(Moment at, const Json& event);

  RandomSource& random_;
  std::unique_ptr<CheckSession> session_;
  std::deque<VerifierEffect> effects_;
};

}  // namespace elicense
