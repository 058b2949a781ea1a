#include "licence/licence.h"

#include "token/jwk.h"

namespace elicense {
namespace {

Result<StatusReference> read_status(const Json& payload) {
  const Json* status = payload.find("status");
  const Json* list = status == nullptr ? nullptr : status->find("status_list");
  if (list == nullptr) return ErrorCode::licence_shape;
  StatusReference reference;
  ELICENSE_TRY(const std::int64_t index, integer_member(*list, "idx", ErrorCode::licence_shape));
  if (index < 0) return ErrorCode::licence_shape;
  reference.index = static_cast<std::uint64_t>(index);
  ELICENSE_TRY(reference.uri, string_member(*list, "uri", ErrorCode::licence_shape));
  return reference;
}

// Read from the payload as signed: a disclosure can add none of these (SD-JWT VC 3.2.2.2).
Result<LicenceEnvelope> read_envelope(const Json& payload) {
  ELICENSE_TRY(const std::string credential_type, string_member(payload, "vct", ErrorCode::licence_type));
  if (credential_type != kLicenceCredentialType) return ErrorCode::licence_type;
  LicenceEnvelope envelope;
  ELICENSE_TRY(envelope.issuer, string_member(payload, "iss", ErrorCode::licence_shape));
  ELICENSE_TRY(envelope.issued, time_member(payload, "iat", ErrorCode::licence_shape));
  ELICENSE_TRY(envelope.expires, time_member(payload, "exp", ErrorCode::licence_shape));
  const Json* confirmation = payload.find("cnf");
  const Json* jwk = confirmation == nullptr ? nullptr : confirmation->find("jwk");
  if (jwk == nullptr) return ErrorCode::licence_shape;
  ELICENSE_TRY(envelope.device_key, public_key_of_jwk(*jwk));
  ELICENSE_TRY(envelope.status, read_status(payload));
  return envelope;
}

Status check_time(const LicenceEnvelope& envelope, UnixTime now) {
  if (envelope.issued > now + kClockAllowanceSeconds) return ErrorCode::licence_not_yet_valid;
  if (envelope.expires <= now) return ErrorCode::licence_expired;
  return Done{};
}

Result<StatusSet> look_up_status(const StatusReference& reference, const StatusLists& lists) {
  ELICENSE_TRY(const std::uint8_t value, lists.find(reference));
  return status_of_list_value(value);
}

}  // namespace

Result<std::string> issue_licence(const LicenceEnvelope& envelope, const LicenceData& data, const Signer& key,
                                  RandomSource& random) {
  const Json status =
      Json::Object{{"status_list", Json::Object{{"idx", static_cast<std::int64_t>(envelope.status.index)},
                                                {"uri", envelope.status.uri}}}};
  const SdJwtContent content = {.plain = {{"vct", kLicenceCredentialType},
                                          {"iss", envelope.issuer},
                                          {"iat", envelope.issued.seconds},
                                          {"exp", envelope.expires.seconds},
                                          {"cnf", Json::Object{{"jwk", jwk_of(envelope.device_key)}}},
                                          {"status", status}},
                                .disclosable = licence_data_claims(data)};
  return issue_sd_jwt({.type = kLicenceType, .kid = key_name(key.public_key())}, content, key, random);
}

Result<VerifiedLicence> VerifiedLicence::verify(std::string_view text, const LicencePolicy& policy,
                                                Checklist& checklist) {
  const auto issuer_key = [&](const UnverifiedJws& jws) -> Result<PublicKey> {
    if (!jws.kid()) return ErrorCode::issuer_unknown;
    return policy.trust.find(*jws.kid(), KeyUse::licence, policy.now);
  };
  const auto read_licence = [&](VerifiedSdJwt token) -> Result<VerifiedLicence> {
    ELICENSE_TRY(LicenceEnvelope envelope, read_envelope(token.payload));
    ELICENSE_CHECK(policy.trust.expect_issuer(envelope.issuer));
    ELICENSE_TRY(LicenceData data, licence_data_from_claims(token.claims));
    return VerifiedLicence(std::move(token), std::move(envelope), std::move(data));
  };
  ELICENSE_TRY(const UnverifiedSdJwt unverified,
               checklist.note("sd-jwt", UnverifiedSdJwt::parse(text, kMostLicenceBytes)));
  ELICENSE_CHECK(checklist.note("type", unverified.jws().expect_type(kLicenceType)));
  ELICENSE_TRY(const PublicKey key, checklist.note("issuer-key", issuer_key(unverified.jws())));
  ELICENSE_TRY(VerifiedSdJwt token, checklist.note("issuer-signature", unverified.verify(key)));
  ELICENSE_TRY(VerifiedLicence licence, checklist.note("licence", read_licence(std::move(token))));
  ELICENSE_CHECK(checklist.note("time", check_time(licence.envelope_, policy.now)));
  if (policy.key_binding) {
    const PublicKey& device_key = licence.envelope_.device_key;
    ELICENSE_CHECK(checklist.note("key-binding", unverified.verify_key_binding(device_key, *policy.key_binding)));
  }
  if (policy.status_lists != nullptr) {
    const auto looked_up = look_up_status(licence.envelope_.status, *policy.status_lists);
    ELICENSE_TRY(licence.status_, checklist.note("status", looked_up));
  }
  return licence;
}

}  // namespace elicense
