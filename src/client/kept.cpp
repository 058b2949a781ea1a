#include "client/kept.h"

#include "base/base64url.h"
#include "codec/json.h"
#include "token/jws.h"

namespace elicense {
namespace {

constexpr JsonLimits kLimits = {.bytes = 65536, .depth = 2, .values = 16};
constexpr std::int64_t kMostMilliseconds = kLastUnixSecond * 1000;

Result<std::int64_t> milliseconds(const Json& object, std::string_view name) {
  ELICENSE_TRY(const std::int64_t value, integer_member(object, name, ErrorCode::message_shape));
  if (value < 0 || value > kMostMilliseconds) return ErrorCode::message_shape;
  return value;
}

}  // namespace

std::string text_of_kept(const KeptAccount& account) {
  return Json(Json::Object{{"access", account.access_token}, {"refresh", account.refresh_token}}).dump();
}

Result<KeptAccount> kept_account(std::string_view text) {
  ELICENSE_TRY(const Json object, Json::parse(text, kLimits));
  KeptAccount account;
  ELICENSE_TRY(account.access_token, string_member(object, "access", ErrorCode::message_shape));
  ELICENSE_TRY(account.refresh_token, string_member(object, "refresh", ErrorCode::message_shape));
  return account;
}

std::string text_of_kept(const KeptLease& lease) {
  return Json(Json::Object{{"lease", base64url_encode(lease.encoded)}, {"slot", lease.slot}}).dump();
}

Result<KeptLease> kept_lease(std::string_view text) {
  ELICENSE_TRY(const Json object, Json::parse(text, kLimits));
  KeptLease lease;
  ELICENSE_TRY(const std::string encoded, string_member(object, "lease", ErrorCode::message_shape));
  ELICENSE_TRY(lease.encoded, base64url_decode(encoded));
  ELICENSE_TRY(lease.slot, string_member(object, "slot", ErrorCode::message_shape));
  return lease;
}

std::string text_of_kept(const KeptTime& time) {
  Json::Object object = {{"signed", time.newest_signed.seconds}};
  if (time.trust_list_sequence) object.emplace_back("sequence", *time.trust_list_sequence);
  if (time.anchor) {
    object.emplace_back("authority", time.anchor->authority);
    object.emplace_back("wall", time.anchor->wall);
  }
  return Json(std::move(object)).dump();
}

Result<KeptTime> kept_time(std::string_view text) {
  ELICENSE_TRY(const Json object, Json::parse(text, kLimits));
  KeptTime time;
  ELICENSE_TRY(time.newest_signed, time_member(object, "signed", ErrorCode::message_shape));
  if (object.find("sequence") != nullptr) {
    ELICENSE_TRY(time.trust_list_sequence, integer_member(object, "sequence", ErrorCode::message_shape));
  }
  if (object.find("authority") != nullptr) {
    KeptAnchor anchor;
    ELICENSE_TRY(anchor.authority, milliseconds(object, "authority"));
    ELICENSE_TRY(anchor.wall, milliseconds(object, "wall"));
    time.anchor = anchor;
  }
  return time;
}

}  // namespace elicense
