// What the view may read of a session: its state, and content whose every signature has been checked. Refuses nothing;
// what failed a check never gets here.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "client/checks.h"
#include "codec/qr_code.h"
#include "licence/lease.h"
#include "licence/licence.h"
#include "licence/live_code.h"
#include "session/moment.h"

namespace elicense {

enum class ViewerState : std::uint8_t { loading, live, offline, stale, refused, untrusted };
std::string_view viewer_state_name(ViewerState state);

// Why a state is what it is, where the state alone does not say it.
enum class ViewerReason : std::uint8_t {
  none,
  no_account,     // loading: no code, no token, nothing kept: the host has to hand one in
  resumed,        // stale: the device slept or the page was frozen
  clock_changed,  // stale: wall clock and monotonic clock drifted apart
  no_time,        // stale: no answer of the authority bounds the time (slow network, long ago)
  lease_over,     // stale
  access_ended,   // stale: the access token is no longer taken; the host has to hand in a new one
  status,         // refused: `status` says why
  another_phone,  // refused: the licence is now on another phone
  ended,          // refused: ended by an operator
  key_lost,       // refused: the device key is gone or cannot sign
  check_failed    // untrusted: `error` says which check
};

struct LiveCode {
  QrCode symbol;
  std::string text;
  UnixTime presented;  // a multiple of kCodeSeconds
};
inline constexpr std::int64_t kCodeSeconds = 5;

struct ViewerScreen {
  ViewerState state = ViewerState::loading;
  ViewerReason reason = ViewerReason::none;
  std::optional<ErrorCode> error;            // with untrusted, and where a refusal has one
  int progress = 0;                          // loading: steps done of kLoadingSteps
  bool renewing = false;                     // a request to the authority is under way (the refresh button waits)
  Production production = Production::no;    // SPECIMEN unless it is yes
  const VerifiedLicence* licence = nullptr;  // the pages; nullptr: none may be drawn
  std::uint64_t generation = 0;              // another number: another licence text
  std::optional<StatusSet> status;           // as the authority last signed it
  std::optional<std::int64_t> now;           // the authority's time, milliseconds; nullopt: not known
  std::optional<UnixTime> confirmed;         // when the authority last signed a lease for this phone
  const LiveCode* code = nullptr;            // the code of this moment; nullptr: none may be shown
  std::optional<Challenge> challenge;        // the inspector's digits, which the codes carry
  const LicenceCheck* notice = nullptr;      // somebody has just checked the licence
  const CheckList* checks = nullptr;         // the holder wants to see who has
};
inline constexpr int kLoadingSteps = 4;

}  // namespace elicense
