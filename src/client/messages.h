// Between the page and the session, as JSON (web/messages.ts): one event in, one effect out. Refuses events that it
// does not know and members that are missing, misshapen or too large.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "client/session.h"
#include "codec/json.h"

namespace elicense {

inline constexpr JsonLimits kEventMessageLimits = {.bytes = 2 * 1024 * 1024, .depth = 4, .values = 512};

// Whether the event of this name is for the session; the others are the view's. `language` is for both.
bool is_session_event(std::string_view name);

// The moment that every event carries. Refuses clocks below zero and beyond the year 9999.
Result<Moment> moment_of_event(const Json& event);
Result<Language> language_of_event(const Json& event);

std::string effect_message(const SessionEffect& effect);

// A session that is spoken to in messages. It begins with the event `start`; any other before it is refused.
class SessionMessages {
 public:
  explicit SessionMessages(RandomSource& random) : random_(random) {}

  Status receive(const Json& event);
  std::optional<std::string> next_effect();
  const ViewerSession* session() const { return session_.get(); }  // nullptr before `start`

 private:
  Status start(Moment at, const Json& event);

  RandomSource& random_;
  std::unique_ptr<ViewerSession> session_;
  std::deque<SessionEffect> effects_;
};

}  // namespace elicense
