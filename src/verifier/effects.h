// What the verifier's session wants done outside, and what it has to say. web/verifier-messages.ts says the same in
// JSON. Refuses nothing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "session/requests.h"
#include "verifier/card.h"

namespace elicense {

struct ReadinessEffect {
  bool ready = false;
  bool online = false;
  std::optional<ErrorCode> error;
  TwoWords words;
  bool operator==(const ReadinessEffect&) const = default;
};
struct CheckingEffect {};
struct CardEffect {
  CheckCard card;
};
struct ChallengeEffect {
  std::optional<std::string> digits;  // nullopt: none is waited for
  std::optional<TwoWords> words;
};

using VerifierEffect = std::variant<FetchEffect, AbortEffect, KeepEffect, WakeEffect, ReadinessEffect, CheckingEffect,
                                    CardEffect, ChallengeEffect>;

}  // namespace elicense
