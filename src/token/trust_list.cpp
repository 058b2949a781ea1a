#include "token/trust_list.h"

#include <algorithm>
#include <array>

#include "token/jwk.h"
#include "token/jws.h"

namespace elicense {
namespace {

constexpr std::size_t kMostBytes = 65536;
constexpr std::size_t kLongestKid = 64;
constexpr std::size_t kLongestIssuer = 256;
constexpr std::array<std::pair<KeyUse, std::string_view>, 4> kUses = {
    {{KeyUse::licence, "licence"}, {KeyUse::lease, "lease"}, {KeyUse::status, "status"}, {KeyUse::receipt, "receipt"}}};

Result<std::vector<KeyUse>> read_uses(const Json& jwk) {
  const Json* list = jwk.find("use");
  if (list == nullptr || list->array() == nullptr || list->array()->empty()) return ErrorCode::trust_list_shape;
  std::vector<KeyUse> uses;
  for (const Json& name : *list->array()) {
    const auto use = name.string() == nullptr ? std::nullopt : key_use_from_name(*name.string());
    if (!use || std::find(uses.begin(), uses.end(), *use) != uses.end()) return ErrorCode::trust_list_shape;
    uses.push_back(*use);
  }
  return uses;
}

Result<IssuerKey> read_key(const Json& jwk) {
  IssuerKey entry;
  ELICENSE_TRY(entry.kid, string_member(jwk, "kid", ErrorCode::trust_list_shape));
  if (entry.kid.empty() || entry.kid.size() > kLongestKid) return ErrorCode::trust_list_shape;
  ELICENSE_TRY(entry.key, public_key_of_jwk(jwk));
  ELICENSE_TRY(entry.uses, read_uses(jwk));
  ELICENSE_TRY(entry.not_before, time_member(jwk, "nbf", ErrorCode::trust_list_shape));
  ELICENSE_TRY(entry.expires, time_member(jwk, "exp", ErrorCode::trust_list_shape));
  if (entry.expires <= entry.not_before) return ErrorCode::trust_list_shape;
  if (jwk.find("revoked") != nullptr) {
    ELICENSE_TRY(entry.revoked, time_member(jwk, "revoked", ErrorCode::trust_list_shape));
  }
  return entry;
}

Json write_key(const IssuerKey& entry) {
  Json::Object members{{"kid", entry.kid}};
  Json jwk = jwk_of(entry.key);
  for (Json::Member& member : *jwk.object()) members.push_back(std::move(member));
  Json::Array uses;
  for (const KeyUse use : entry.uses) uses.emplace_back(key_use_name(use));
  members.emplace_back("use", std::move(uses));
  members.emplace_back("nbf", entry.not_before.seconds);
  members.emplace_back("exp", entry.expires.seconds);
  if (entry.revoked) members.emplace_back("revoked", entry.revoked->seconds);
  return members;
}

}  // namespace

std::string_view key_use_name(KeyUse use) { return kUses[static_cast<std::size_t>(use)].second; }

std::optional<KeyUse> key_use_from_name(std::string_view name) {
  for (const auto& [use, text] : kUses) {
    if (text == name) return use;
  }
  return std::nullopt;
}

Result<TrustListContent> trust_list_from_claims(const Json& claims) {
  TrustListContent content;
  ELICENSE_TRY(content.issuer, string_member(claims, "iss", ErrorCode::trust_list_shape));
  if (content.issuer.empty() || content.issuer.size() > kLongestIssuer) return ErrorCode::trust_list_shape;
  ELICENSE_TRY(content.issued, time_member(claims, "iat", ErrorCode::trust_list_shape));
  ELICENSE_TRY(content.expires, time_member(claims, "exp", ErrorCode::trust_list_shape));
  ELICENSE_TRY(content.sequence, integer_member(claims, "seq", ErrorCode::trust_list_shape));
  if (content.expires <= content.issued || content.sequence < 0) return ErrorCode::trust_list_shape;
  const Json* production = claims.find("production");
  if (production == nullptr || !production->boolean()) return ErrorCode::trust_list_shape;
  content.production = *production->boolean() ? Production::yes : Production::no;
  const Json* keys = claims.find("keys");
  if (keys == nullptr || keys->array() == nullptr || keys->array()->size() > kMostTrustedKeys)
    return ErrorCode::trust_list_shape;
  for (const Json& jwk : *keys->array()) {
    ELICENSE_TRY(IssuerKey entry, read_key(jwk));
    const auto same_name = [&entry](const IssuerKey& other) { return other.kid == entry.kid; };
    if (std::any_of(content.keys.begin(), content.keys.end(), same_name)) return ErrorCode::trust_list_shape;
    content.keys.push_back(std::move(entry));
  }
  return content;
}

Json trust_list_claims(const TrustListContent& content) {
  Json::Array keys;
  for (const IssuerKey& entry : content.keys) keys.push_back(write_key(entry));
  return Json::Object{{"iss", content.issuer},
                      {"iat", content.issued.seconds},
                      {"exp", content.expires.seconds},
                      {"seq", content.sequence},
                      {"production", content.production == Production::yes},
                      {"keys", std::move(keys)}};
}

Result<std::string> sign_trust_list(const TrustListContent& content, const Signer& root) {
  return sign_jws({.type = kTrustListType, .kid = key_name(root.public_key())}, trust_list_claims(content), root);
}

Result<TrustList> TrustList::verify(std::string_view compact, const std::vector<PublicKey>& roots,
                                    const TrustListPolicy& policy) {
  ELICENSE_TRY(const UnverifiedJws jws, UnverifiedJws::parse(compact, kMostBytes));
  ELICENSE_CHECK(jws.expect_type(kTrustListType));
  const auto is_named = [&jws](const PublicKey& root) { return jws.kid() == key_name(root); };
  const auto root = std::find_if(roots.begin(), roots.end(), is_named);
  if (root == roots.end()) return ErrorCode::root_unknown;
  ELICENSE_TRY(const VerifiedJws verified, jws.verify(*root));
  ELICENSE_TRY(TrustListContent content, trust_list_from_claims(verified.payload));
  if (content.issued > policy.now + kClockAllowanceSeconds) return ErrorCode::trust_list_not_yet_valid;
  if (content.expires <= policy.now) return ErrorCode::trust_list_expired;
  if (policy.newest_sequence_seen && content.sequence < *policy.newest_sequence_seen)
    return ErrorCode::trust_list_rollback;
  return TrustList(std::move(content));
}

TrustList TrustList::of_pinned_keys(const std::vector<std::pair<std::string, PublicKey>>& keys) {
  TrustListContent content;
  content.expires = UnixTime{kLastUnixSecond};
  for (const auto& [kid, key] : keys) {
    content.keys.push_back({.kid = kid,
                            .key = key,
                            .uses = {KeyUse::licence, KeyUse::lease, KeyUse::status, KeyUse::receipt},
                            .not_before = UnixTime{0},
                            .expires = UnixTime{kLastUnixSecond},
                            .revoked = std::nullopt});
  }
  return TrustList(std::move(content));
}

Result<PublicKey> TrustList::find(std::string_view kid, KeyUse use, UnixTime now) const {
  const auto is_named = [kid](const IssuerKey& entry) { return entry.kid == kid; };
  const auto entry = std::find_if(content_.keys.begin(), content_.keys.end(), is_named);
  if (entry == content_.keys.end()) return ErrorCode::issuer_unknown;
  if (entry->revoked) return ErrorCode::key_revoked;
  if (std::find(entry->uses.begin(), entry->uses.end(), use) == entry->uses.end()) return ErrorCode::key_use;
  if (now < entry->not_before) return ErrorCode::key_not_yet_valid;
  if (now >= entry->expires) return ErrorCode::key_expired;
  return entry->key;
}

Status TrustList::expect_issuer(std::string_view issuer) const {
  if (!content_.issuer.empty() && content_.issuer != issuer) return ErrorCode::issuer_mismatch;
  return Done{};
}

}  // namespace elicense
