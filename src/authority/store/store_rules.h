// What every kind of store reckons the same way, whatever its database: what follows from the facts of a licence, what
// a count or a lease is worth, and how long rows are kept. Refuses stored facts that nobody of us can have written.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "authority/store/store.h"

namespace elicense::authority {

// durable: on the disk before the caller hears of it. quick: after a power cut the last of them may be forgotten, after
// a crash of the program none.
enum class Durability : std::uint8_t { durable, quick };

// Rows that are kept for a while after their end.
inline constexpr std::int64_t kLeasesKeptSeconds = 24 * 3600;       // so that "expired" can be said, not "unknown"
inline constexpr std::int64_t kEventsKeptSeconds = 30 * 24 * 3600;  // a phone away for longer reads the record instead

// --- the marks of a new store
inline constexpr std::size_t kSaltBytes = 32;
std::string_view purpose_mark(StorePurpose purpose);
StoreStatus accept_purpose(std::string_view mark, StorePurpose purpose);
Stored<Bytes> salt_of(std::string_view hex);
Stored<std::int64_t> schema_version_of(std::string_view text);

// --- licences
struct StatusColumns {
  std::string recorded_status;
  std::int64_t points = 0;
  std::optional<std::string> postponed_until;
  std::string valid_until;
};
StatusColumns columns_of(const StatusFacts& facts);
Stored<StatusFacts> facts_of(const StatusColumns& columns);

// What follows from the facts on the authority's day.
struct Listed {
  std::uint8_t value;
  std::optional<UnixTime> due;  // when the calendar alone may change it
};
Listed listed_on_day_of(const StatusFacts& facts, UnixTime now);

struct Revised {
  std::optional<UnixTime> due;
  bool listed_anew = false;
};
// The record after the change: facts, listed value and revision.
Revised revise(LicenceRecord& record, const LicenceChange& change, UnixTime now);

// --- leases, proof ids, rates
LeaseStanding standing_of(const Lease& lease, bool is_ended, UnixTime now);
// One short key whatever a client makes its ids of.
Sha256Digest proof_id_digest(std::string_view key_thumbprint, std::string_view jti);
std::string phone_rate_key(std::string_view key_thumbprint);
// The steps of Store::admit_request, each answered by a database in one and the same transaction.
template <class Count, class UseProof, class TakeNonce>
Stored<AdmissionAnswer> admit_by(const PhoneRequest& request, const Count& count, const UseProof& use_proof,
                                 const TakeNonce& take_nonce) {
  if (request.limit.requests > 0) {
    ELICENSE_TRY(const RateAnswer rate, count(phone_rate_key(request.key_thumbprint)));
    if (!rate.allowed) return AdmissionAnswer{Admission::too_many, rate.retry_after};
  }
  ELICENSE_TRY(const Spend spend, use_proof());
  if (spend == Spend::again) return AdmissionAnswer{Admission::proof_used};
  for (const SecretDigest& nonce : request.nonces) {
    ELICENSE_TRY(const bool taken, take_nonce(nonce));
    if (!taken) return AdmissionAnswer{Admission::nonce_gone};
  }
  return AdmissionAnswer{};
}
RateAnswer rate_answer(std::int64_t requests, UnixTime window_ends, const RateLimit& limit, UnixTime now);

}  // namespace elicense::authority
