#include "licence/lease.h"

#include <algorithm>

#include "crypto/digest.h"

namespace elicense {
namespace {

namespace claim {
constexpr std::int64_t kIssuer = 1;
constexpr std::int64_t kExpires = 4;
constexpr std::int64_t kNotBefore = 5;
constexpr std::int64_t kIssued = 6;
constexpr std::int64_t kId = 7;
constexpr std::int64_t kConfirmation = 8;
constexpr std::int64_t kIdentity = 169;
}  // namespace claim

namespace identity {  // keys within claim 169; from 75 on they are the profile's own
constexpr std::int64_t kDocumentNumber = 1;
constexpr std::int64_t kLanguage = 3;
constexpr std::int64_t kName = 4;
constexpr std::int64_t kNationality = 13;
constexpr std::int64_t kMaskedLicenceNumber = 75;
constexpr std::int64_t kPrivileges = 76;
constexpr std::int64_t kValidUntil = 77;
constexpr std::int64_t kStatus = 78;
constexpr std::int64_t kPortraitDigest = 79;
constexpr std::int64_t kStatusIndex = 80;
}  // namespace identity

namespace cose_key {  // RFC 9052 7, RFC 9053 7.2
constexpr std::int64_t kType = 1;
constexpr std::int64_t kCurve = -1;
constexpr std::int64_t kX = -2;
constexpr std::int64_t kTypeOkp = 1;
constexpr std::int64_t kCurveEd25519 = 6;
constexpr std::int64_t kConfirmationKey = 1;  // RFC 8747 3.1
}  // namespace cose_key

constexpr std::string_view kChinese = "zho";
constexpr std::size_t kLongestIssuer = 256;
constexpr std::size_t kLongestText = 256;
constexpr std::size_t kMostPrivileges = kVehicleClassCount;

using Pairs = std::vector<std::pair<cbor::Encoded, cbor::Encoded>>;
void put(Pairs& pairs, std::int64_t key, cbor::Encoded value) {
  pairs.emplace_back(cbor::integer(key), std::move(value));
}

cbor::Encoded encode_privileges(const std::vector<DrivingPrivilege>& privileges) {
  std::vector<cbor::Encoded> rows;
  for (const DrivingPrivilege& privilege : privileges) {
    std::vector<cbor::Encoded> row = {cbor::text_string(vehicle_class_info(privilege.vehicle_class).code),
                                      cbor::text_string(compact_date(privilege.issued))};
    if (privilege.expires) row.push_back(cbor::text_string(compact_date(*privilege.expires)));
    rows.push_back(cbor::array(row));
  }
  return cbor::array(rows);
}

cbor::Encoded encode_identity(const LeaseClaims& claims) {
  Pairs pairs;
  put(pairs, identity::kDocumentNumber, cbor::text_string(claims.document_number));
  put(pairs, identity::kLanguage, cbor::text_string(kChinese));
  put(pairs, identity::kName, cbor::text_string(claims.name));
  put(pairs, identity::kNationality, cbor::text_string(claims.nationality));
  put(pairs, identity::kMaskedLicenceNumber, cbor::text_string(claims.masked_licence_number));
  put(pairs, identity::kPrivileges, encode_privileges(claims.privileges));
  put(pairs, identity::kValidUntil, cbor::text_string(compact_date(claims.valid_until)));
  put(pairs, identity::kStatus, cbor::text_string(claims.status.letters()));
  put(pairs, identity::kPortraitDigest, cbor::byte_string(claims.portrait_digest));
  if (claims.status_index) put(pairs, identity::kStatusIndex, cbor::unsigned_integer(*claims.status_index));
  return cbor::map(std::move(pairs));
}

cbor::Encoded encode_confirmation(const PublicKey& key) {
  Pairs fields;
  put(fields, cose_key::kType, cbor::integer(cose_key::kTypeOkp));
  put(fields, cose_key::kCurve, cbor::integer(cose_key::kCurveEd25519));
  put(fields, cose_key::kX, cbor::byte_string(key.view()));
  Pairs confirmation;
  put(confirmation, cose_key::kConfirmationKey, cbor::map(std::move(fields)));
  return cbor::map(std::move(confirmation));
}

Result<std::string> read_text(const cbor::Item& map, std::int64_t key, std::size_t most) {
  const auto item = map.find(key);
  const auto text = item ? item->text() : std::nullopt;
  if (!text || text->empty() || text->size() > most) return ErrorCode::lease_shape;
  return std::string(*text);
}

Result<UnixTime> read_time(const cbor::Item& map, std::int64_t key) {
  const auto item = map.find(key);
  const auto seconds = item ? item->integer() : std::nullopt;
  if (!seconds || !is_wire_time(*seconds)) return ErrorCode::lease_shape;
  return UnixTime{*seconds};
}

template <std::size_t Size>
Result<std::array<std::uint8_t, Size>> read_bytes(const cbor::Item& map, std::int64_t key) {
  const auto item = map.find(key);
  const auto bytes = item ? item->bytes() : std::nullopt;
  if (!bytes || bytes->size() != Size) return ErrorCode::lease_shape;
  std::array<std::uint8_t, Size> array;
  std::copy(bytes->begin(), bytes->end(), array.begin());
  return array;
}

Result<CivilDate> read_date(const std::optional<cbor::Item>& item) {
  const auto text = item ? item->text() : std::nullopt;
  if (!text) return ErrorCode::lease_shape;
  const auto date = parse_compact_date(*text);
  if (!date) return ErrorCode::lease_shape;
  return *date;
}

Result<PublicKey> read_confirmation(const cbor::Item& confirmation) {
  const auto key = confirmation.find(cose_key::kConfirmationKey);
  if (!key || key->kind() != cbor::Kind::map) return ErrorCode::lease_shape;
  const auto type = key->find(cose_key::kType);
  const auto curve = key->find(cose_key::kCurve);
  if (!type || type->integer() != cose_key::kTypeOkp || !curve || curve->integer() != cose_key::kCurveEd25519) {
    return ErrorCode::lease_shape;
  }
  ELICENSE_TRY(const auto x, read_bytes<PublicKey::kSize>(*key, cose_key::kX));
  return PublicKey::from(x);
}

Result<std::vector<DrivingPrivilege>> read_privileges(const cbor::Item& identity_map) {
  const auto list = identity_map.find(identity::kPrivileges);
  if (!list || list->kind() != cbor::Kind::array || list->size() > kMostPrivileges) return ErrorCode::lease_shape;
  std::vector<DrivingPrivilege> privileges;
  for (const cbor::Item& row : list->elements()) {
    if (row.kind() != cbor::Kind::array || row.size() < 2 || row.size() > 3) return ErrorCode::lease_shape;
    const auto code = row.at(0)->text();
    const auto vehicle_class = parse_vehicle_class(code.value_or(""));
    if (!vehicle_class) return ErrorCode::lease_shape;
    DrivingPrivilege privilege{.vehicle_class = *vehicle_class, .issued = {}, .expires = std::nullopt};
    ELICENSE_TRY(privilege.issued, read_date(row.at(1)));
    if (row.size() == 3) {
      ELICENSE_TRY(privilege.expires, read_date(row.at(2)));
    }
    privileges.push_back(privilege);
  }
  return privileges;
}

Status read_identity(const cbor::Item& identity_map, LeaseClaims& claims) {
  if (identity_map.kind() != cbor::Kind::map) return ErrorCode::lease_shape;
  ELICENSE_TRY(claims.document_number, read_text(identity_map, identity::kDocumentNumber, kLongestText));
  ELICENSE_TRY(claims.name, read_text(identity_map, identity::kName, kLongestText));
  ELICENSE_TRY(claims.nationality, read_text(identity_map, identity::kNationality, kLongestText));
  ELICENSE_TRY(claims.masked_licence_number, read_text(identity_map, identity::kMaskedLicenceNumber, kLongestText));
  ELICENSE_TRY(claims.privileges, read_privileges(identity_map));
  ELICENSE_TRY(claims.valid_until, read_date(identity_map.find(identity::kValidUntil)));
  ELICENSE_TRY(const std::string letters, read_text(identity_map, identity::kStatus, kLongestText));
  ELICENSE_TRY(claims.status, StatusSet::parse(letters));
  ELICENSE_TRY(claims.portrait_digest, read_bytes<16>(identity_map, identity::kPortraitDigest));
  if (const auto index = identity_map.find(identity::kStatusIndex)) {
    if (index->kind() != cbor::Kind::unsigned_integer) return ErrorCode::lease_shape;
    claims.status_index = index->magnitude();
  }
  return Done{};
}

Status check_times(const LeaseClaims& claims) {
  const bool ordered = claims.issued <= claims.expires && claims.not_before < claims.expires;
  if (!ordered || claims.expires - claims.not_before > kMostLeaseSeconds) return ErrorCode::lease_shape;
  return Done{};
}

Status check_now(const LeaseClaims& claims, UnixTime now) {
  if (now - claims.not_before < kFreshestSeconds || now - claims.issued < kFreshestSeconds)
    return ErrorCode::lease_not_yet_valid;
  if (now >= claims.expires) return ErrorCode::lease_expired;
  return Done{};
}

}  // namespace

PortraitDigest portrait_digest_of(ByteView image) {
  const Sha256Digest digest = sha256(image);
  PortraitDigest half;
  std::copy_n(digest.begin(), half.size(), half.begin());
  return half;
}

std::string status_list_uri(std::string_view issuer, std::uint64_t shard) {
  return std::string(issuer) + "/status/" + std::to_string(shard);
}

std::optional<StatusReference> LeaseClaims::status_reference() const {
  if (!status_index) return std::nullopt;
  return StatusReference{.index = *status_index % kStatusesPerShard,
                         .uri = status_list_uri(issuer, *status_index / kStatusesPerShard)};
}

Bytes encode_lease_claims(const LeaseClaims& claims) {
  Pairs pairs;
  put(pairs, claim::kIssuer, cbor::text_string(claims.issuer));
  put(pairs, claim::kExpires, cbor::integer(claims.expires.seconds));
  put(pairs, claim::kNotBefore, cbor::integer(claims.not_before.seconds));
  put(pairs, claim::kIssued, cbor::integer(claims.issued.seconds));
  put(pairs, claim::kId, cbor::byte_string(claims.id));
  if (claims.holder_key) put(pairs, claim::kConfirmation, encode_confirmation(*claims.holder_key));
  put(pairs, claim::kIdentity, encode_identity(claims));
  return cbor::map(std::move(pairs)).bytes;
}

Result<LeaseClaims> decode_lease_claims(ByteView payload) {
  ELICENSE_TRY(const cbor::Document document, cbor::Document::parse(payload, kLiveCodeCbor));
  const cbor::Item root = document.root();
  if (root.kind() != cbor::Kind::map) return ErrorCode::lease_shape;
  LeaseClaims claims;
  ELICENSE_TRY(claims.issuer, read_text(root, claim::kIssuer, kLongestIssuer));
  ELICENSE_TRY(claims.expires, read_time(root, claim::kExpires));
  ELICENSE_TRY(claims.issued, read_time(root, claim::kIssued));
  claims.not_before = claims.issued;
  if (root.find(claim::kNotBefore)) {
    ELICENSE_TRY(claims.not_before, read_time(root, claim::kNotBefore));
  }
  ELICENSE_CHECK(check_times(claims));
  if (const auto confirmation = root.find(claim::kConfirmation)) {
    ELICENSE_TRY(claims.holder_key, read_confirmation(*confirmation));
  }
  ELICENSE_TRY(claims.id, read_bytes<8>(root, claim::kId));
  const auto identity_claim = root.find(claim::kIdentity);
  if (!identity_claim) return ErrorCode::lease_shape;
  const auto wrapped = identity_claim->bytes();
  if (!wrapped) {
    ELICENSE_CHECK(read_identity(*identity_claim, claims));
    return claims;
  }
  ELICENSE_TRY(const cbor::Document inner, cbor::Document::parse(*wrapped, kLiveCodeCbor));
  ELICENSE_CHECK(read_identity(inner.root(), claims));
  return claims;
}

Result<Sign1> issue_lease(const LeaseClaims& claims, std::string_view kid, const Signer& key) {
  Pairs kid_header;
  put(kid_header, cose_label::kKeyId, cbor::byte_string(view_of(kid)));
  Sign1 lease{.protected_header = ed25519_protected_header(std::move(kid_header)),
              .payload = encode_lease_claims(claims),
              .signature = {}};
  ELICENSE_TRY(lease.signature, key.signature_over(sign1_signing_input(lease.protected_header, lease.payload)));
  return lease;
}

Result<VerifiedLease> VerifiedLease::verify(ByteView encoded, const TrustList& trust, UnixTime now,
                                            Checklist& checklist) {
  ELICENSE_TRY(cbor::Document document, checklist.note("cbor", cbor::Document::parse(encoded, kLiveCodeCbor)));
  ELICENSE_TRY(const UnverifiedSign1 sign1, checklist.note("cose", UnverifiedSign1::parse(std::move(document))));
  return verify(sign1, trust, now, checklist);
}

Result<VerifiedLease> VerifiedLease::verify(const UnverifiedSign1& sign1, const TrustList& trust, UnixTime now,
                                            Checklist& checklist) {
  const auto issuer_key = [&]() -> Result<PublicKey> {
    const auto kid = sign1.kid();
    if (!kid) return ErrorCode::cose_header;
    return trust.find(text_of(*kid), KeyUse::lease, now);
  };
  const auto read_claims = [&]() -> Result<LeaseClaims> {
    ELICENSE_TRY(LeaseClaims claims, decode_lease_claims(sign1.payload()));
    ELICENSE_CHECK(trust.expect_issuer(claims.issuer));
    return claims;
  };
  ELICENSE_TRY(const PublicKey key, checklist.note("issuer-key", issuer_key()));
  ELICENSE_CHECK(checklist.note("issuer-signature", sign1.verify(key)));
  ELICENSE_TRY(LeaseClaims claims, checklist.note("lease", read_claims()));
  ELICENSE_CHECK(checklist.note("lease-time", check_now(claims, now)));
  return VerifiedLease(std::move(claims));
}

}  // namespace elicense
