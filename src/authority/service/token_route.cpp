// POST /token: a code that is good once, or a refresh token, against an access token bound to the phone's key.
#include <set>

#include "authority/http_target.h"
#include "authority/service/access.h"
#include "authority/service/phone_routes.h"
#include "token/jwk.h"

namespace elicense::authority {
namespace {

constexpr std::size_t kMostSecret = 128;

Refusal no_grant() { return refuse_oauth(400, "invalid_grant", "grant"); }

Refusal bad_proof(std::string_view code) { return refuse_oauth(400, "invalid_dpop_proof", code); }

Answered<Done> use_once(Service& service, const VerifiedDpop& proof) {
  ELICENSE_TRY(const Spend spend, use_proof(service, proof));
  if (spend == Spend::again) return bad_proof("dpop-used");
  return Done{};
}

Answered<Fields> form_of(const HttpRequest& request) {
  const Refusal bad = refuse_oauth(400, "invalid_request", "body-shape");
  if (request.header("content-type").substr(0, request.header("content-type").find(';')) !=
      "application/x-www-form-urlencoded")
    return refuse_oauth(400, "invalid_request", "content-type");
  std::optional<Fields> form = decode_query(request.body);
  if (!form) return bad;
  std::set<std::string_view> names;  // RFC 6749 3.2: none may be there twice
  for (const auto& [name, value] : *form) {
    if (!names.insert(name).second) return bad;
  }
  return std::move(*form);
}

HttpResponse token_answer(const Service& service, const std::string& access,
                          const std::optional<std::string>& refresh) {
  Json::Object answer = {{"access_token", access},
                         {"token_type", "DPoP"},
                         {"expires_in", service.settings.access_seconds},
                         {"scope", "driving-licence live-code-lease"}};
  if (refresh) answer.emplace_back("refresh_token", *refresh);
  return json_answer(answer);
}

NewAccessToken new_token(const Service& service, std::string_view secret, const std::string& thumbprint,
                         std::string_view scope, std::int64_t seconds) {
  return {.digest = digest_of_secret(secret),
          .key_thumbprint = thumbprint,
          .scope = std::string(scope),
          .expires = service.clock() + seconds};
}

Answered<HttpResponse> redeem(Service& service, const Fields& form, const VerifiedDpop& proof) {
  const std::string_view code = field(form, "pre-authorized_code");
  if (code.empty() || code.size() > kMostSecret) return no_grant();
  if (!field(form, "tx_code").empty()) return no_grant();  // none of ours has one
  const std::string device = jwk_thumbprint(proof.key);
  const std::string access = new_secret(service.random);
  const std::string refresh = new_secret(service.random);
  const ServiceSettings& settings = service.settings;
  const UnixTime now = service.clock();
  ELICENSE_CHECK(use_once(service, proof));
  ELICENSE_TRY(const std::optional<AccessToken> token,
               or_refuse(service.store.redeem_code(
                   digest_of_secret(code), new_token(service, access, device, kAccessScope, settings.access_seconds),
                   now, {.actor = "phone", .action = "code.redeem", .details = {}})));
  if (!token) return no_grant();
  // Whoever was handed the code went through the person check: theirs is the phone from now on.
  const NewEvent ended = {.kind = "ended",
                          .payload = Json::Object{{"reason", "another-phone"}, {"at", now.seconds}},
                          .device = std::nullopt};
  ELICENSE_CHECK(or_refuse(service.store.activate_phone(
      token->document_number, device, ended, now, {.actor = "phone", .action = "phone.activate", .details = {}})));
  ELICENSE_CHECK(or_refuse(service.store.put_access_token(
      token->document_number, new_token(service, refresh, device, kRefreshScope, settings.refresh_seconds))));
  return token_answer(service, access, refresh);
}

Answered<HttpResponse> renew(Service& service, const Fields& form, const VerifiedDpop& proof) {
  const std::string_view refresh = field(form, "refresh_token");
  if (refresh.empty() || refresh.size() > kMostSecret) return no_grant();
  const std::string device = jwk_thumbprint(proof.key);
  ELICENSE_TRY(const std::optional<AccessToken> token,
               or_refuse(service.store.find_access_token(digest_of_secret(refresh), service.clock())));
  if (!token || token->scope != kRefreshScope || token->key_thumbprint != device) return no_grant();
  if (token->active_device != device) return refuse_oauth(400, "invalid_grant", "phone-ended");
  ELICENSE_CHECK(use_once(service, proof));
  const std::string access = new_secret(service.random);
  ELICENSE_CHECK(or_refuse(service.store.put_access_token(
      token->document_number, new_token(service, access, device, kAccessScope, service.settings.access_seconds))));
  return token_answer(service, access, std::nullopt);
}

}  // namespace

Answered<HttpResponse> post_token(Service& service, const HttpRequest& request) {
  ELICENSE_CHECK(within_address_limit(service, request));
  ELICENSE_TRY(const Fields form, form_of(request));
  const std::string_view grant = field(form, "grant_type");
  if (grant.empty()) return refuse_oauth(400, "invalid_request", "body-shape");
  if (grant != kPreAuthorizedGrant && grant != "refresh_token")
    return refuse_oauth(400, "unsupported_grant_type", "grant-type");
  const auto proof = proof_of(service, request, std::nullopt);
  if (!proof.ok()) return bad_proof(proof.error());
  return grant == "refresh_token" ? renew(service, form, *proof) : redeem(service, form, *proof);
}

}  // namespace elicense::authority
