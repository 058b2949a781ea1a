// The lease: a Claim 169 CWT in which the authority says, for a day at the most, who may show a live code with which
// key.
//
//     18([ <<{1: -8, 4: kid}>>, {},
//          <<{1: iss, 4: exp, 5: nbf, 6: iat, 7: cti(8), 8: {1: {1: 1, -1: 6, -2: x}},
//             169: {1: document number, 3: "zho", 4: name, 13: nationality, 75: masked licence number, 76: [[class,
//             issued, expires?] …],
//                   77: valid until, 78: status letters, 79: portrait digest(16), ? 80: status index}}>>,
//          signature ])
//
// Refuses missing, misshapen or oversized claims; skips keys that it does not know. Claim 169 may come as a byte string
// around its map.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "licence/checklist.h"
#include "licence/status.h"
#include "licence/vehicle_class.h"
#include "token/cose.h"
#include "token/status_list.h"
#include "token/trust_list.h"

namespace elicense {

using LeaseId = std::array<std::uint8_t, 8>;  // cti
using PortraitDigest = std::array<std::uint8_t, 16>;
PortraitDigest portrait_digest_of(ByteView image);  // the first half of its SHA-256

struct LeaseClaims {
  std::string issuer;
  UnixTime issued;
  UnixTime not_before;
  UnixTime expires;
  LeaseId id{};
  std::optional<PublicKey>
      holder_key;  // made for this lease alone; without it the token is a plain Claim 169, never live
  std::string document_number;
  std::string name;
  std::string nationality;
  std::string masked_licence_number;
  std::vector<DrivingPrivilege> privileges;
  CivilDate valid_until;
  StatusSet status = StatusSet::normal();
  PortraitDigest portrait_digest{};
  std::optional<std::uint64_t> status_index;  // over all shards: shard = index / 2^20

  // Where an offline verifier looks the status up: <issuer>/status/<shard>, index within the shard.
  std::optional<StatusReference> status_reference() const;
};

inline constexpr std::int64_t kMostLeaseSeconds = 7 * 86400;
inline constexpr std::int64_t kFreshestSeconds = -3;  // verifier's now - presented
inline constexpr std::int64_t kOldestSeconds = 10;
inline constexpr cbor::Limits kLiveCodeCbor = {.bytes = 65536, .depth = 16, .items = 1024};

std::string status_list_uri(std::string_view issuer, std::uint64_t shard);

Bytes encode_lease_claims(const LeaseClaims& claims);
Result<LeaseClaims> decode_lease_claims(ByteView payload);

Result<Sign1> issue_lease(const LeaseClaims& claims, std::string_view kid, const Signer& key);

// A lease whose signature, issuer and time have been checked.
class VerifiedLease {
 public:
  // The phone's check when a lease arrives. The steps: cbor, cose, issuer-key, issuer-signature, lease, lease-time.
  static Result<VerifiedLease> verify(ByteView encoded, const TrustList& trust, UnixTime now, Checklist& checklist);
  // The same from where a COSE_Sign1 has been read; a live code begins with the same steps.
  static Result<VerifiedLease> verify(const UnverifiedSign1& sign1, const TrustList& trust, UnixTime now,
                                      Checklist& checklist);

  const LeaseClaims& claims() const { return claims_; }

 private:
  explicit VerifiedLease(LeaseClaims claims) : claims_(std::move(claims)) {}
  LeaseClaims claims_;
};

}  // namespace elicense
