// What is kept between sessions, as texts by name. Refuses misshapen texts: then nothing was kept.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "session/authority_clock.h"

namespace elicense {

namespace kept_name {
inline constexpr std::string_view kAccount = "account";
inline constexpr std::string_view kTrustList = "trust-list";  // as received
inline constexpr std::string_view kLease = "lease";
inline constexpr std::string_view kLicence = "licence";  // as received
inline constexpr std::string_view kTime = "time";
}  // namespace kept_name

struct KeptAccount {
  std::string access_token;
  std::string refresh_token;
};
struct KeptLease {
  Bytes encoded;
  std::string slot;
};
struct KeptTime {
  UnixTime newest_signed;  // no lease signed earlier is taken any more
  std::optional<std::int64_t> trust_list_sequence;
  std::optional<KeptAnchor> anchor;
};

std::string text_of_kept(const KeptAccount& account);
std::string text_of_kept(const KeptLease& lease);
std::string text_of_kept(const KeptTime& time);
Result<KeptAccount> kept_account(std::string_view text);
Result<KeptLease> kept_lease(std::string_view text);
Result<KeptTime> kept_time(std::string_view text);

}  // namespace elicense
