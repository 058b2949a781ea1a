#include "authority/service/issuable.h"

#include <string>

#include "codec/code128.h"
#include "licence/lease.h"
#include "licence/masking.h"
#include "token/jwk.h"

namespace elicense::authority {
namespace {

// Any moment will do: nothing of this is kept.
constexpr UnixTime kMoment = {1'790'000'000};
constexpr std::int64_t kLifeSeconds = 60;
// The longest index there can be, so that the size does not grow with the number of licences.
constexpr std::uint64_t kStatusIndex = (std::uint64_t{1} << 32U) - 1;

Status prove_licence(const LicenceData& data, std::string_view origin, const SecretKey& key, const TrustList& trust,
                     RandomSource& random) {
  const LicenceEnvelope envelope = {
      .issuer = std::string(origin),
      .issued = kMoment,
      .expires = kMoment + kLifeSeconds,
      .device_key = key.public_key(),
      .status = {.index = kStatusesPerShard - 1, .uri = status_list_uri(origin, kStatusIndex / kStatusesPerShard)}};
  ELICENSE_TRY(const std::string token, issue_licence(envelope, data, key, random));
  Checklist steps;
  ELICENSE_TRY(
      const VerifiedLicence read,
      VerifiedLicence::verify(
          token, {.now = kMoment, .trust = trust, .status_lists = nullptr, .key_binding = std::nullopt}, steps));
  if (!read.data().complete()) return ErrorCode::licence_incomplete;
  return Done{};
}

Status prove_lease(const LicenceData& data, const PortraitDigest& portrait, StatusSet status, std::string_view origin,
                   const SecretKey& key, const TrustList& trust) {
  LeaseClaims claims;
  claims.issuer = origin;
  claims.issued = kMoment;
  claims.not_before = kMoment;
  claims.expires = kMoment + kLifeSeconds;
  claims.holder_key = key.public_key();
  claims.document_number = *data.document_number;
  claims.name = *data.name;
  claims.nationality = *data.nationality;
  claims.masked_licence_number = mask_number(*data.licence_number);
  claims.privileges = *data.driving_privileges;
  claims.valid_until = *data.valid_until;
  claims.status = status;
  claims.portrait_digest = portrait;
  claims.status_index = kStatusIndex;
  ELICENSE_TRY(const Sign1 token, issue_lease(claims, key_name(key.public_key()), key));
  Checklist steps;
  ELICENSE_CHECK(VerifiedLease::verify(token.encode(), trust, kMoment, steps));
  return Done{};
}

}  // namespace

Status prove_issuable(const LicenceData& data, const std::optional<Portrait>& portrait, StatusSet status,
                      std::string_view origin, RandomSource& random) {
  if (!data.complete()) return ErrorCode::licence_incomplete;
  ELICENSE_CHECK(code128_encode(*data.document_number));
  const SecretKey key = SecretKey::generate(random);
  const TrustList trust = TrustList::of_pinned_keys({{key_name(key.public_key()), key.public_key()}});
  LicenceData with_portrait = data;
  with_portrait.portrait = portrait;
  ELICENSE_CHECK(prove_licence(with_portrait, origin, key, trust, random));
  const PortraitDigest digest = portrait ? portrait_digest_of(portrait->image) : PortraitDigest{};
  ELICENSE_CHECK(prove_lease(data, digest, status, origin, key, trust));
  for (const auto& text : {data.document_number, data.licence_number, data.name, data.sex, data.nationality,
                           data.address, data.issuing_authority, data.file_number}) {
    if (text->empty()) return ErrorCode::licence_incomplete;
  }
  return Done{};
}

}  // namespace elicense::authority
