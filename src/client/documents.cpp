#include "client/documents.h"

#include <algorithm>

#include "licence/masking.h"

namespace elicense {

Result<TrustList> Documents::check_trust_list(std::string_view text, UnixTime now) const {
  ELICENSE_TRY(TrustList list, TrustList::verify(text, roots_, {.now = now, .newest_sequence_seen = newest_sequence_}));
  if (list.content().issuer != origin_) return ErrorCode::issuer_mismatch;
  return list;
}

Result<VerifiedLease> Documents::check_lease(ByteView encoded, const TrustList& trust, UnixTime now,
                                             const PublicKey& holder_key) const {
  Checklist steps;
  ELICENSE_TRY(VerifiedLease lease, VerifiedLease::verify(encoded, trust, now, steps));
  if (!lease.claims().holder_key) return ErrorCode::not_live;
  if (*lease.claims().holder_key != holder_key) return ErrorCode::holder_mismatch;
  return lease;
}

Result<VerifiedLicence> Documents::check_licence(std::string_view text, UnixTime now,
                                                 const PublicKey& device_key) const {
  ELICENSE_ASSERT(trust_);
  Checklist steps;
  ELICENSE_TRY(VerifiedLicence licence,
               VerifiedLicence::verify(
                   text, {.now = now, .trust = *trust_, .status_lists = nullptr, .key_binding = std::nullopt}, steps));
  if (licence.envelope().device_key != device_key) return ErrorCode::holder_mismatch;
  if (!licence.data().complete()) return ErrorCode::licence_incomplete;
  return licence;
}

Status Documents::agree(const LeaseClaims& lease, const LicenceData& licence) {
  const PortraitDigest portrait = licence.portrait ? portrait_digest_of(licence.portrait->image) : PortraitDigest{};
  const bool same = licence.document_number == lease.document_number && licence.name == lease.name &&
                    licence.nationality == lease.nationality && licence.valid_until == lease.valid_until &&
                    licence.driving_privileges == lease.privileges && licence.licence_number &&
                    mask_number(*licence.licence_number) == lease.masked_licence_number &&
                    portrait == lease.portrait_digest;
  if (!same) return ErrorCode::lease_mismatch;
  return Done{};
}

Result<UnixTime> Documents::claimed_time(ByteView encoded_lease) {
  ELICENSE_TRY(cbor::Document document, cbor::Document::parse(encoded_lease, kLiveCodeCbor));
  ELICENSE_TRY(const UnverifiedSign1 sign1, UnverifiedSign1::parse(std::move(document)));
  ELICENSE_TRY(const LeaseClaims claims, decode_lease_claims(sign1.payload()));
  return claims.issued;
}

void Documents::hold_trust_list(TrustList list, std::string text) {
  remember_sequence(list.content().sequence);
  trust_ = std::move(list);
  trust_text_ = std::move(text);
}

void Documents::remember_sequence(std::int64_t sequence) {
  newest_sequence_ = std::max(newest_sequence_.value_or(sequence), sequence);
}

void Documents::hold_licence(VerifiedLicence licence, std::string text) {
  licence_ = std::move(licence);
  licence_text_ = std::move(text);
}

void Documents::drop_licence() {
  licence_ = std::nullopt;
  licence_text_.clear();
}

void Documents::clear() {
  drop_lease();
  drop_licence();
  trust_ = std::nullopt;
  trust_text_.clear();
}

Status Documents::check_lease_again(UnixTime now) const {
  if (!trust_) return Done{};
  ELICENSE_CHECK(check_trust_list(trust_text_, now));
  if (lease_) ELICENSE_CHECK(check_lease(lease_->encoded, *trust_, now, *lease_->lease.claims().holder_key));
  return Done{};
}

Status Documents::check_licence_again(UnixTime now) const {
  if (trust_ && licence_) ELICENSE_CHECK(check_licence(licence_text_, now, licence_->envelope().device_key));
  return Done{};
}

bool is_expiry(ErrorCode error) {
  return error == ErrorCode::lease_expired || error == ErrorCode::licence_expired || error == ErrorCode::key_expired ||
         error == ErrorCode::trust_list_expired;
}

bool may_need_newer_trust_list(ErrorCode error) {
  return error == ErrorCode::issuer_unknown || error == ErrorCode::key_revoked || error == ErrorCode::key_expired ||
         error == ErrorCode::key_use || error == ErrorCode::trust_list_expired;
}

}  // namespace elicense
