#include "authority/service/access.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

#include "base/base64url.h"
#include "token/jwk.h"

namespace elicense::authority {
namespace {

// 256 bits of base64url; what is longer was not made here.
constexpr std::size_t kMostToken = 128;

std::optional<std::string_view> dpop_token(std::string_view authorization) {
  constexpr std::string_view kScheme = "dpop ";
  if (authorization.size() <= kScheme.size() || authorization.size() > kScheme.size() + kMostToken) return std::nullopt;
  const auto same = [](char given, char wanted) {
    return wanted == (given >= 'A' && given <= 'Z' ? static_cast<char>(given + 32) : given);
  };
  if (!std::equal(kScheme.begin(), kScheme.end(), authorization.begin(),
                  [same](char wanted, char given) { return same(given, wanted); }))
    return std::nullopt;
  return authorization.substr(kScheme.size());
}

// A proof is good for kProofSeconds around its iat; a second more, because this is the first moment it is forgotten.
UnixTime forgotten_from(const VerifiedDpop& proof) { return proof.issued + kProofSeconds + 1; }

Refusal too_many(std::int64_t retry_after) {
  return refuse(429, "rate-limit", {{"Retry-After", std::to_string(retry_after)}});
}

}  // namespace

std::string new_secret(RandomSource& random) {
  std::array<std::uint8_t, 32> bytes{};
  random.fill(bytes);
  return base64url_encode(bytes);
}

std::string address_key(std::string_view remote) {
  in6_addr address{};
  if (inet_pton(AF_INET6, std::string(remote).c_str(), &address) != 1) return "address:" + std::string(remote);
  return "address:" + to_hex(ByteView(static_cast<const std::uint8_t*>(address.s6_addr), 8));
}

Answered<Done> within_limit(Service& service, std::string_view key, const RateLimit& limit) {
  if (limit.requests == 0) return Done{};  // off
  ELICENSE_TRY(const RateAnswer answer, or_refuse(service.store.count_request(key, limit, service.clock())));
  if (!answer.allowed) return too_many(answer.retry_after);
  return Done{};
}

Answered<Done> within_address_limit(Service& service, const HttpRequest& request) {
  return within_limit(service, address_key(request.remote), service.settings.per_address);
}

Result<VerifiedDpop, std::string_view> proof_of(Service& service, const HttpRequest& request,
                                                const std::optional<std::string_view>& access_token) {
  const auto is_proof = [](const auto& header) { return header.first == "dpop"; };
  if (std::count_if(request.headers.begin(), request.headers.end(), is_proof) != 1)
    return error_name(ErrorCode::dpop_shape);
  const std::string url = service.settings.origin + request.path;
  Result<VerifiedDpop> proof = verify_dpop(
      request.header("dpop"),
      {.method = method_name(request.method), .url = url, .access_token = access_token, .now = service.clock()});
  if (!proof.ok()) return error_name(proof.error());
  return std::move(proof).value();
}

Answered<Spend> use_proof(Service& service, const VerifiedDpop& proof) {
  return or_refuse(
      service.store.use_proof_id(jwk_thumbprint(proof.key), proof.id, service.clock(), forgotten_from(proof)));
}

Answered<Presented> presented_by(Service& service, const HttpRequest& request) {
  const std::optional<std::string_view> token = dpop_token(request.header("authorization"));
  const auto look_up = [&]() -> Answered<Presented> {
    if (!token) return refuse_phone("invalid_token", "access-token");
    // The token first: a stranger costs a look into the store, not a signature's check.
    ELICENSE_TRY(std::optional<AccessToken> access,
                 or_refuse(service.store.find_access_token(digest_of_secret(*token), service.clock())));
    if (!access || access->scope != kAccessScope) return refuse_phone("invalid_token", "access-token");
    auto proof = proof_of(service, request, *token);
    if (!proof.ok()) return refuse_phone("invalid_dpop_proof", proof.error());
    if (jwk_thumbprint(proof->key) != access->key_thumbprint) return refuse_phone("invalid_dpop_proof", "dpop-key");
    return Presented{.access = std::move(*access), .proof = std::move(proof).value()};
  };
  Answered<Presented> presented = look_up();
  if (!presented.ok() && presented.error().response.status == 401)
    ELICENSE_CHECK(within_address_limit(service, request));
  return presented;
}

Answered<Holder> admit(Service& service, const Presented& presented, std::vector<SecretDigest> nonces) {
  const AccessToken& access = presented.access;
  const PhoneRequest request = {.key_thumbprint = access.key_thumbprint,
                                .proof_id = presented.proof.id,
                                .proof_until = forgotten_from(presented.proof),
                                .limit = service.settings.per_phone,
                                .nonces = std::move(nonces)};
  ELICENSE_TRY(const AdmissionAnswer answer, or_refuse(service.store.admit_request(request, service.clock())));
  switch (answer.admission) {
    case Admission::too_many:
      return too_many(answer.retry_after);
    case Admission::proof_used:
      return refuse_phone("invalid_dpop_proof", "dpop-used");
    case Admission::nonce_gone:
      return refuse_oauth(400, "invalid_nonce", "nonce");
    case Admission::admitted:
      break;
  }
  if (access.active_device != access.key_thumbprint) return refuse_phone("invalid_token", "phone-ended");
  return Holder{.document_number = access.document_number,
                .device = access.key_thumbprint,
                .device_key = presented.proof.key,
                .until = access.expires};
}

Answered<Holder> holder_of(Service& service, const HttpRequest& request) {
  ELICENSE_TRY(const Presented presented, presented_by(service, request));
  return admit(service, presented, {});
}

}  // namespace elicense::authority
