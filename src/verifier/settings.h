// How a verifier is set up by the page that embeds it. Refuses what could not lead to a check: each with its own error,
// so that whoever writes the page sees which.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "codec/json.h"
#include "licence/vehicle_class.h"
#include "session/messages.h"

namespace elicense {

enum class CheckMode : std::uint8_t { automatic, online, offline };

struct CheckSettings {
  PinnedAuthority authority;
  CheckMode mode = CheckMode::automatic;
  std::optional<VehicleClass> required_class;
  std::optional<std::string> partner;  // its publishable key
  std::string origin;                  // of the page: whom receipts are made out to
  std::optional<std::string> nonce;    // the partner's own transaction
  std::int64_t most_confirmation_seconds = 900;

  bool can_ask() const { return mode != CheckMode::offline && partner.has_value(); }
};

Result<CheckSettings> settings_of_event(const Json& event);

}  // namespace elicense
