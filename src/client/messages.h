// Between the page and the session, as JSON (web/messages.ts): one event in, one effect out. Refuses events that it
// does not know and members that are missing, misshapen or too large.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "client/session.h"
#include "codec/json.h"
#include "session/messages.h"

namespace elicense {

// Whether the event of this name is for the session; the others are the view's. `language` is for both.
bool is_session_event(std::string_view name);

std::string effect_message(const SessionEffect& effect);

// A session that is spoken to in messages. It begins with the event `start`; any other before it is refused.
class SessionMessages {
 public:
  explicit SessionMessages(RandomSource& random) : random_(random) {}

  Status receive(const Json& event);
  std::optional<std::string> next_effect();
  const ViewerSession* session() const { return session_.get(); }  // nullptr before `start`
  ViewerSession* session() { return session_.get(); }

 private:
  Status start(Moment at, const Json& event);

  RandomSource& random_;
  std::unique_ptr<ViewerSession> session_;
  std::vector<SessionEffect> effects_;
  std::size_t next_ = 0;  // those before it have been handed out
};

}  // namespace elicense
