// The keys and status lists that a verification goes by, from the options that every verifying command shares.
// Refuses none at all, two kinds at once, and status lists that do not verify: a check that was asked for is never left
// out.
#pragma once

#include <optional>

#include "cli/session.h"
#include "token/status_list.h"
#include "token/trust_list.h"

namespace elicense::cli {

OptionTable root_options();   // --root, --seq-seen
OptionTable trust_options();  // the same, --trust-list, --issuer-key
OptionTable status_list_option();

inline constexpr std::size_t kMostTrustListFile = 65536;
inline constexpr std::size_t kMostStatusListFile = std::size_t{2} << 20;

Outcome<Result<TrustList>> verify_trust_list(std::string_view compact, const Arguments& arguments, Session& session,
                                             UnixTime now);

// A list that does not verify is a finding, not a mistake of the caller.
struct Trust {
  Result<TrustList> list;
  bool pinned = false;  // keys named one by one: there is no list

  Json production() const;  // null when no list says it
};
Outcome<Trust> read_trust(const Arguments& arguments, Session& session, UnixTime now);

Outcome<std::optional<StatusLists>> read_status_lists(const Arguments& arguments, Session& session,
                                                      const TrustList& trust, UnixTime now);

}  // namespace elicense::cli
