// The authority's keys and what is published with them.
#include <algorithm>

#include "authority/log.h"
#include "authority/service/admin_routes.h"
#include "base/base64url.h"

namespace elicense::authority {
namespace {

constexpr std::size_t kMostKid = 64;
constexpr std::size_t kMostUse = 16;

// The folder with the keys failed; its reason names files and is for the log alone.
template <class T>
Answered<T> or_no_signer(Outcome<T> outcome) {
  if (outcome.ok()) return std::move(outcome).value();
  log_line(LogLevel::error, outcome.error().reason);
  return refuse_for(ErrorCode::signer_unavailable);
}

Json key_shown(const Service& service, const RingKey& key, UnixTime now) {
  Json::Object shown = {{"kid", key.kid},
                        {"use", Json(key_use_name(key.use))},
                        {"from", key.signs_from.seconds},
                        {"until", key.signs_until.seconds},
                        {"signs", service.keys.signing_kid(key.use, now) == key.kid}};
  if (key.revoked) shown.emplace_back("revoked", key.revoked->seconds);
  return shown;
}

std::optional<KeyUse> use_of_key(const KeyRing& keys, std::string_view kid) {
  const std::vector<RingKey> all = keys.keys();
  const auto found = std::find_if(all.begin(), all.end(), [kid](const RingKey& key) { return key.kid == kid; });
  if (found == all.end()) return std::nullopt;
  return found->use;
}

}  // namespace

Answered<HttpResponse> admin_keys(Service& service, AdminRequest& request) {
  ELICENSE_CHECK(request.body.expect_nothing_else());
  const UnixTime now = service.clock();
  Json::Array keys;
  for (const RingKey& key : service.keys.keys()) keys.push_back(key_shown(service, key, now));
  return json_answer(Json::Object{{"root", base64url_encode(service.keys.root().view())}, {"keys", std::move(keys)}});
}

Answered<HttpResponse> admin_rotate_key(Service& service, AdminRequest& request) {
  ELICENSE_TRY(const std::string name, request.body.text("use", kMostUse));
  ELICENSE_TRY(const std::optional<bool> at_once, request.body.optional_boolean("at_once"));
  ELICENSE_CHECK(request.body.expect_nothing_else());
  const std::optional<KeyUse> use = key_use_from_name(name);
  if (!use) return refuse(400, error_name(ErrorCode::key_use));
  if (!service.keys.has_room_for_rotation()) return refuse(409, "too-many-keys");
  const SignsFrom from = at_once.value_or(false) ? SignsFrom::at_once : SignsFrom::known_to_all;
  ELICENSE_TRY(const RingKey key, or_no_signer(service.keys.rotate(*use, from, service.clock())));
  const Act act = request.act(
      "key.rotate", {{"use", Json(key_use_name(*use))}, {"kid", key.kid}, {"at_once", from == SignsFrom::at_once}});
  ELICENSE_CHECK(or_refuse(service.publisher.publish_trust(act)));
  return json_answer(Json::Object{{"kid", key.kid}, {"signs_from", key.signs_from.seconds}});
}

Answered<HttpResponse> admin_revoke_key(Service& service, AdminRequest& request) {
  ELICENSE_TRY(const std::string kid, request.body.text("kid", kMostKid));
  ELICENSE_CHECK(request.body.expect_nothing_else());
  const std::optional<KeyUse> use = use_of_key(service.keys, kid);
  ELICENSE_TRY(const bool known, or_no_signer(service.keys.revoke(kid, service.clock())));
  if (!known) return refuse(404, "key-unknown");
  const Act act = request.act("key.revoke", {{"kid", kid}});
  ELICENSE_TRY(const std::int64_t sequence, or_refuse(service.publisher.publish_trust(act)));
  // No reader takes a list of a revoked key. Another instance may have made the key since we last looked: all the same.
  if (use.value_or(KeyUse::status) == KeyUse::status)
    ELICENSE_CHECK(or_refuse(service.publisher.publish_status(Publisher::Shards::all)));
  return json_answer(Json::Object{{"trust_list_sequence", sequence}});
}

Answered<HttpResponse> admin_publish_status(Service& service, AdminRequest& request) {
  ELICENSE_CHECK(request.body.expect_nothing_else());
  ELICENSE_TRY(const std::int64_t shards, or_refuse(service.publisher.publish_status(Publisher::Shards::waiting)));
  const Act act = request.act("status.publish", {{"shards", shards}});
  ELICENSE_CHECK(or_refuse(service.store.append_audit(act, std::nullopt, service.clock())));
  return json_answer(Json::Object{{"shards", shards}});
}

}  // namespace elicense::authority
