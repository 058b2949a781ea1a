// What the authority has signed for this phone: trust list, lease and licence, each verified, all of them agreeing.
// Refuses tokens whose signature, issuer, key, time or sequence does not check, a lease for another key than ours, a
// licence for another device, and a licence that is not the one the lease speaks of.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "licence/lease.h"
#include "licence/licence.h"
#include "token/trust_list.h"

namespace elicense {

struct HeldLease {
  VerifiedLease lease;
  Bytes encoded;
  std::string slot;  // of its key
};

class Documents {
 public:
  Documents(std::string origin, std::vector<PublicKey> roots) : origin_(std::move(origin)), roots_(std::move(roots)) {}

  // Checks; nothing is held before hold_… is called.
  Result<TrustList> check_trust_list(std::string_view text, UnixTime now) const;
  Result<VerifiedLease> check_lease(ByteView encoded, const TrustList& trust, UnixTime now,
                                    const PublicKey& holder_key) const;
  // By the trust list that is held.
  Result<VerifiedLicence> check_licence(std::string_view text, UnixTime now, const PublicKey& device_key) const;
  // lease-mismatch: both are genuine, but the licence is not the one that the lease speaks of.
  static Status agree(const LeaseClaims& lease, const LicenceData& licence);
  // The time that a lease claims, before anything in it has been checked.
  static Result<UnixTime> claimed_time(ByteView encoded_lease);

  void hold_trust_list(TrustList list, std::string text);
  void hold_lease(HeldLease lease) { lease_ = std::move(lease); }
  void hold_licence(VerifiedLicence licence, std::string text);
  void drop_lease() { lease_ = std::nullopt; }
  void drop_licence();
  void clear();  // all but the memory of the newest trust list

  // The same checks again, of what is held: a key may have been revoked, a time may be over.
  Status check_lease_again(UnixTime now) const;  // and its trust list
  Status check_licence_again(UnixTime now) const;

  const std::optional<TrustList>& trust() const { return trust_; }
  const std::optional<HeldLease>& lease() const { return lease_; }
  const std::optional<VerifiedLicence>& licence() const { return licence_; }
  const std::string& trust_text() const { return trust_text_; }
  const std::string& licence_text() const { return licence_text_; }
  std::optional<std::int64_t> newest_sequence() const { return newest_sequence_; }
  void remember_sequence(std::int64_t sequence);

 private:
  std::string origin_;
  std::vector<PublicKey> roots_;
  std::optional<std::int64_t> newest_sequence_;
  std::optional<TrustList> trust_;
  std::string trust_text_;
  std::optional<HeldLease> lease_;
  std::optional<VerifiedLicence> licence_;
  std::string licence_text_;
};

// Whether an error says that something is past its time, not that it was tampered with.
bool is_expiry(ErrorCode error);
// Whether a newer trust list could make it good.
bool may_need_newer_trust_list(ErrorCode error);

}  // namespace elicense
