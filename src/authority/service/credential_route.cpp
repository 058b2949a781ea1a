// POST /nonce and POST /credential (OpenID4VCI 1.0): the licence for the phone's own key, leases for keys made for one
// lease each.
#include <algorithm>
#include <set>

#include "authority/service/access.h"
#include "authority/service/phone_routes.h"
#include "authority/service/request_body.h"
#include "base/base64url.h"
#include "licence/lease.h"
#include "licence/licence.h"
#include "licence/masking.h"
#include "token/jwk.h"

namespace elicense::authority {
namespace {

constexpr std::size_t kMostName = 64;
constexpr std::size_t kMostProof = 4096;

Refusal bad_request(std::string_view code) { return refuse_oauth(400, "invalid_credential_request", code); }
Refusal bad_proof(std::string_view code) { return refuse_oauth(400, "invalid_proof", code); }

// OpenID4VCI lets a client send what we do not know; it has to be ignored.
struct Asked {
  std::string configuration;
  std::vector<std::string> proofs;
};
Answered<Asked> asked_for(const HttpRequest& request) {
  Answered<RequestBody> body = RequestBody::read(request);
  if (!body.ok()) return body.error().response.status == 415 ? body.error() : bad_request("body-shape");
  Asked asked;
  Answered<std::string> name = body->text("credential_configuration_id", kMostName);
  if (!name.ok()) {
    const bool by_identifier = body->take("credential_identifier") != nullptr;
    return by_identifier ? refuse_oauth(400, "unknown_credential_identifier", "credential") : bad_request("body-shape");
  }
  asked.configuration = *name;
  const Json* const proofs = body->take("proofs");
  if (proofs == nullptr) return bad_proof("key-proof-missing");
  const Json* const list = proofs->find("jwt");
  if (list == nullptr || list->array() == nullptr || proofs->object()->size() != 1 || list->array()->empty() ||
      list->array()->size() > kMostProofs)
    return bad_proof("key-proof-shape");
  for (const Json& proof : *list->array()) {
    if (proof.string() == nullptr || proof.string()->size() > kMostProof) return bad_proof("key-proof-shape");
    asked.proofs.push_back(*proof.string());
  }
  return asked;
}

// Keys in the order of their proofs, and the nonces among them, each once.
struct Proven {
  std::vector<PublicKey> keys;
  std::vector<SecretDigest> nonces;
};
Answered<Proven> proven_by(const Service& service, const std::vector<std::string>& proofs) {
  std::vector<PublicKey> keys;
  std::set<std::string> nonces;
  const UnixTime now = service.clock();
  for (const std::string& text : proofs) {
    const Result<VerifiedKeyProof> proof = verify_key_proof(text, {.audience = service.settings.origin, .now = now});
    if (!proof.ok()) return bad_proof(error_name(proof.error()));
    if (std::find(keys.begin(), keys.end(), proof->key) != keys.end()) return bad_proof("key-proof-twice");
    keys.push_back(proof->key);
    nonces.insert(proof->nonce);
  }
  Proven proven = {.keys = std::move(keys), .nonces = {}};
  for (const std::string& nonce : nonces) proven.nonces.push_back(digest_of_secret(nonce));
  return proven;
}

// What is asked for, if it is one of ours.
enum class Configuration : std::uint8_t { licence, lease };
Answered<Configuration> configuration_of(const Asked& asked) {
  if (asked.configuration == "driving-licence") return Configuration::licence;
  if (asked.configuration == "live-code-lease") return Configuration::lease;
  return refuse_oauth(400, "unknown_credential_configuration", "credential");
}

Refusal denied(std::string_view code) { return refuse_oauth(400, "credential_request_denied", code); }

struct Subject {
  LicenceRecord record;
  std::shared_ptr<const Card> card;
  StatusSet status;
};
Answered<Subject> subject_of(Service& service, const std::string& document_number) {
  ELICENSE_TRY(std::optional<LicenceRecord> record, or_refuse(service.store.find_licence(document_number)));
  if (!record) return denied("licence-unknown");
  ELICENSE_TRY(std::shared_ptr<const Card> card, or_refuse(service.cards.card_of(service.store, *record)));
  if (!card) return refuse_for(ErrorCode::licence_incomplete);
  const StatusSet status = status_on(record->facts, civil_date_at(service.clock()));
  return Subject{.record = std::move(*record), .card = std::move(card), .status = status};
}

HttpResponse credentials_answer(const std::vector<std::string>& credentials) {
  Json::Array list;
  for (const std::string& credential : credentials) list.emplace_back(Json::Object{{"credential", credential}});
  return json_answer(Json::Object{{"credentials", std::move(list)}});
}

Answered<HttpResponse> issue_the_licence(Service& service, const Holder& holder, const std::vector<PublicKey>& keys) {
  // It is bound to the device key and to nothing else.
  if (keys.size() != 1 || keys.front() != holder.device_key) return bad_proof("key-proof-device");
  ELICENSE_TRY(const Subject subject, subject_of(service, holder.document_number));
  if (subject.status.usability() == Usability::not_shown) {
    const Json body = Json::Object{{"error", "credential_request_denied"},
                                   {"code", error_name(ErrorCode::status_refused)},
                                   {"status", subject.status.letters()}};
    return Refusal{json_response(400, body.dump())};
  }
  LicenceData data = subject.card->data;
  ELICENSE_TRY(const std::optional<Bytes> image, or_refuse(service.store.find_portrait(holder.document_number)));
  if (image) {
    ELICENSE_TRY(data.portrait, or_refuse(Portrait::from_image(*image)));
  }
  const UnixTime now = service.clock();
  const std::uint64_t shard = subject.record.status_index / kStatusesPerShard;
  const LicenceEnvelope envelope = {.issuer = service.settings.origin,
                                    .issued = now,
                                    .expires = now + service.settings.licence_seconds,
                                    .device_key = holder.device_key,
                                    .status = {.index = subject.record.status_index % kStatusesPerShard,
                                               .uri = status_list_uri(service.settings.origin, shard)}};
  ELICENSE_TRY(const SigningKey key, or_refuse(service.keys.signing(KeyUse::licence, now)));
  ELICENSE_TRY(const std::string token, or_refuse(issue_licence(envelope, data, *key.signer, service.random)));
  ELICENSE_CHECK(or_refuse(service.store.append_audit({.actor = "phone", .action = "licence.issue", .details = {}},
                                                      holder.document_number, now)));
  return credentials_answer({token});
}

LeaseClaims lease_claims_of(const Service& service, const Subject& subject, UnixTime now) {
  const LicenceData& data = subject.card->data;
  LeaseClaims claims;
  claims.issuer = service.settings.origin;
  claims.issued = now;
  claims.not_before = now;
  claims.expires = now + service.settings.lease_seconds;
  // Nothing offline outlives the day on which the calendar changes the status.
  if (const auto changes = status_changes_at(subject.record.facts, civil_date_at(now)))
    claims.expires = std::min(claims.expires, *changes);
  claims.document_number = subject.record.document_number;
  claims.name = *data.name;
  claims.nationality = *data.nationality;
  claims.masked_licence_number = mask_number(*data.licence_number);
  claims.privileges = *data.driving_privileges;
  claims.valid_until = *data.valid_until;
  claims.status = subject.status;
  claims.portrait_digest = subject.card->portrait_digest;
  claims.status_index = subject.record.status_index;
  return claims;
}

Answered<HttpResponse> issue_leases(Service& service, const Holder& holder, const std::vector<PublicKey>& keys) {
  // A lease key never doubles as the device key: a code must not be a signature by the key that fetches leases.
  if (std::find(keys.begin(), keys.end(), holder.device_key) != keys.end()) return bad_proof("key-proof-device");
  ELICENSE_TRY(const Subject subject, subject_of(service, holder.document_number));
  const UnixTime now = service.clock();
  ELICENSE_TRY(const SigningKey key, or_refuse(service.keys.signing(KeyUse::lease, now)));
  LeaseClaims claims = lease_claims_of(service, subject, now);
  std::vector<Lease> leases;
  std::vector<std::string> credentials;
  for (const PublicKey& holder_key : keys) {
    service.random.fill(claims.id);
    claims.holder_key = holder_key;
    ELICENSE_TRY(const Sign1 token, or_refuse(issue_lease(claims, key.kid, *key.signer)));
    credentials.push_back(base64url_encode(token.encode()));
    leases.push_back({.id = claims.id,
                      .document_number = holder.document_number,
                      .device = holder.device,
                      .issued = now,
                      .expires = claims.expires});
  }
  ELICENSE_TRY(const LeaseIssue issued, or_refuse(service.store.put_leases(leases, std::nullopt)));
  switch (issued) {
    case LeaseIssue::issued:
      return credentials_answer(credentials);
    case LeaseIssue::not_the_active_phone:  // another took its place while we were signing
      return refuse_phone("invalid_token", "phone-ended");
    case LeaseIssue::id_taken:
      break;
  }
  return refuse(503, "overloaded", {{"Retry-After", "1"}});  // one in 2^64: ask again
}

}  // namespace

Answered<HttpResponse> post_nonce(Service& service, const HttpRequest& request) {
  ELICENSE_CHECK(within_address_limit(service, request));
  const std::string nonce = new_secret(service.random);
  const UnixTime expires = service.clock() + service.settings.nonce_seconds;
  ELICENSE_CHECK(or_refuse(service.store.put_nonce(digest_of_secret(nonce), expires)));
  HttpResponse response = json_answer(Json::Object{{"c_nonce", nonce}});
  response.is_promise = false;  // a phone whose nonce was lost fetches another
  return response;
}

Answered<HttpResponse> post_credential(Service& service, const HttpRequest& request) {
  ELICENSE_TRY(const Presented presented, presented_by(service, request));
  struct Wanted {
    Configuration configuration;
    Proven proven;
  };
  const auto read = [&]() -> Answered<Wanted> {
    ELICENSE_TRY(const Asked asked, asked_for(request));
    ELICENSE_TRY(const Configuration configuration, configuration_of(asked));
    ELICENSE_TRY(Proven proven, proven_by(service, asked.proofs));
    return Wanted{.configuration = configuration, .proven = std::move(proven)};
  };
  const Answered<Wanted> wanted = read();
  // A request that is refused counts as well, and its proof is used.
  ELICENSE_TRY(const Holder holder,
               admit(service, presented, wanted.ok() ? wanted->proven.nonces : std::vector<SecretDigest>()));
  if (!wanted.ok()) return wanted.error();
  const std::vector<PublicKey>& keys = wanted->proven.keys;
  return wanted->configuration == Configuration::licence ? issue_the_licence(service, holder, keys)
                                                         : issue_leases(service, holder, keys);
}

}  // namespace elicense::authority
