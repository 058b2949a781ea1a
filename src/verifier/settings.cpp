#include "verifier/settings.h"

#include <algorithm>
#include <array>

#include "licence/receipt.h"
#include "token/jws.h"

namespace elicense {
namespace {

constexpr ErrorCode kShape = ErrorCode::message_shape;
constexpr std::size_t kLongestPartnerKey = 128;
constexpr std::size_t kLongestOrigin = 256;
constexpr std::int64_t kMostConfirmationSeconds = 7 * 86400;

Result<std::optional<std::string>> text_or_null(const Json& event, std::string_view name) {
  const Json* const member = event.find(name);
  if (member == nullptr || (!member->is_null() && member->string() == nullptr)) return kShape;
  if (member->is_null()) return std::optional<std::string>();
  return std::optional(*member->string());
}

Result<CheckMode> mode_of(const Json& event) {
  constexpr std::array<std::string_view, 3> kModes = {"auto", "online", "offline"};
  ELICENSE_TRY(const std::string mode, string_member(event, "mode", kShape));
  const auto found = std::find(kModes.begin(), kModes.end(), mode);
  if (found == kModes.end()) return kShape;
  return static_cast<CheckMode>(found - kModes.begin());
}

bool looks_like_an_origin(std::string_view text) {
  const std::string_view host = text.substr(std::min(text.size(), text.find("://") + 3));
  const bool is_web = text.compare(0, 8, "https://") == 0 || text.compare(0, 7, "http://") == 0;
  return is_web && !host.empty() && text.size() <= kLongestOrigin &&
         host.find_first_of("/?#@\\ \t\r\n") == std::string_view::npos;
}

Result<PinnedAuthority> authority_of(const Json& event) {
  ELICENSE_TRY(const std::string origin, string_member(event, "authority", ErrorCode::authority_origin));
  if (!looks_like_an_origin(origin)) return ErrorCode::authority_origin;
  auto authority = authority_of_event(event);
  if (!authority) return ErrorCode::root_key;
  return authority;
}

}  // namespace

Result<CheckSettings> settings_of_event(const Json& event) {
  CheckSettings settings;
  ELICENSE_TRY(settings.authority, authority_of(event));
  ELICENSE_TRY(settings.mode, mode_of(event));
  ELICENSE_TRY(const auto asked, text_or_null(event, "requires"));
  if (asked) {
    ELICENSE_TRY(settings.required_class, parse_vehicle_class(*asked));
  }
  ELICENSE_TRY(settings.partner, text_or_null(event, "partner"));
  if (settings.partner && (settings.partner->empty() || settings.partner->size() > kLongestPartnerKey))
    return ErrorCode::partner_key;
  if (settings.mode == CheckMode::online && !settings.partner) return ErrorCode::partner_key;
  ELICENSE_TRY(settings.origin, string_member(event, "origin", kShape));
  ELICENSE_TRY(settings.nonce, text_or_null(event, "nonce"));
  if (settings.nonce && !is_receipt_nonce(*settings.nonce)) return ErrorCode::transaction_nonce;
  ELICENSE_TRY(settings.most_confirmation_seconds,
               integer_member(event, "maxConfirmationAge", ErrorCode::confirmation_age));
  if (settings.most_confirmation_seconds < 0 || settings.most_confirmation_seconds > kMostConfirmationSeconds)
    return ErrorCode::confirmation_age;
  return settings;
}

}  // namespace elicense
