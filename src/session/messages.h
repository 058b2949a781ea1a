// What every session's messages with its page have in common, as JSON: the moment of an event, its language, the
// authority that is pinned, answers to requests; the effects of requests.h. Refuses members that are missing, misshapen
// or out of range.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/language.h"
#include "codec/json.h"
#include "crypto/ed25519.h"
#include "session/moment.h"
#include "session/requests.h"

namespace elicense {

inline constexpr JsonLimits kEventMessageLimits = {.bytes = 2 * 1024 * 1024, .depth = 4, .values = 512};

// The moment that every event carries. Refuses clocks below zero and beyond the year 9999.
Result<Moment> moment_of_event(const Json& event);
Result<Language> language_of_event(const Json& event);

struct PinnedAuthority {
  std::string origin;            // https://dl.example.org
  std::vector<PublicKey> roots;  // pinned by the integrator
};
Result<PinnedAuthority> authority_of_event(const Json& event);

using NamedTexts = std::vector<std::pair<std::string, std::string>>;
Result<NamedTexts> texts_in(const Json& event, std::string_view name);

// Of the events 'answered' and 'failed'.
struct HttpReply {
  int status = 0;
  std::optional<std::string> date;
  std::string body;
};
Result<std::int64_t> id_of_event(const Json& event);
Result<HttpReply> reply_of_event(const Json& event);
Result<FailureCause> cause_of_event(const Json& event);

template <class T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json();
}
Json headers_json(const HttpHeaders& headers);
Json::Object members(const FetchEffect& effect);
Json::Object members(const AbortEffect& effect);
Json::Object members(const KeepEffect& effect);
Json::Object members(const WakeEffect& effect);

}  // namespace elicense
