// The live code: a lease countersigned by the holder's lease key with the moment of presentation, as the text of a QR
// code.
//
//     Base45( zlib( 18([ …lease…, {11: [ <<{1: -8, 15: {6: presented, ? 10: challenge}}>>, {}, signature(64) ]}, … ]) )
//     )
//
// A proof of possession every five seconds: a copy of it is stale ten seconds later. Refuses whatever fails a step of
// verify(), in the order of the steps.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "codec/deflate.h"
#include "licence/lease.h"

namespace elicense {

inline constexpr std::size_t kMostCodeCharacters = 4296;  // what a QR code of version 40-L holds
inline constexpr std::size_t kMostCodeBytes = 65536;      // inflated

// The inspector's two digits, which the holder types in.
class Challenge {
 public:
  static Result<Challenge> parse(std::string_view two_digits);
  std::string digits() const;
  bool operator==(const Challenge&) const = default;

 private:
  explicit Challenge(std::uint8_t number) : number_(number) {}
  std::uint8_t number_;
};

// Minting. The signature is made outside, because a browser keeps the lease key where wasm cannot read it.
struct PresentationDraft {
  Bytes protected_header;
  SigningInput signing_input;
};
class LiveCodeMinter {
 public:
  // Checks the shape of the lease only: its issuer's signature is the verifier's business.
  static Result<LiveCodeMinter> from_lease(ByteView encoded_lease);

  PresentationDraft draft(UnixTime presented, const std::optional<Challenge>& challenge) const;
  std::string finish(const PresentationDraft& draft, const Signature& signature) const;
  std::string mint(UnixTime presented, const std::optional<Challenge>& challenge, const SecretKey& lease_key) const;
  const PublicKey& holder_key() const { return holder_key_; }

 private:
  LiveCodeMinter(const Sign1& lease, const PublicKey& holder_key)
      : lease_(lease), packed_(lease_.tail()), holder_key_(holder_key) {}
  CountersignedTemplate lease_;
  ZlibTemplate packed_;  // up to 9 bytes more than deflating each code whole, in a third of the time
  PublicKey holder_key_;
};

// What the check is worth, in the words that every shell uses.
enum class CheckResult : std::uint8_t {
  valid,
  stale,
  clock,
  not_live,
  expired,
  not_usable,
  already_used,
  revoked,
  forged,
  unknown_issuer,
  malformed
};
std::string_view check_result_name(CheckResult result);
std::optional<CheckResult> check_result_from_name(std::string_view name);
CheckResult check_result_of(ErrorCode error);

// A code is good for one check. Its name is (cti, presented): the text could be packed in another way.
struct SpentCode {
  LeaseId lease{};
  UnixTime presented;
  bool operator==(const SpentCode&) const = default;
};
class SpentCodes {
 public:
  virtual ~SpentCodes() = default;
  virtual Status spend(const SpentCode& code, UnixTime now) = 0;  // already_used, or done and remembered, in one act
};

// Every question must be answered: nullptr and nullopt say that this verifier does not check it, and the result says so
// too.
struct LiveCodePolicy {
  UnixTime now;
  const TrustList& trust;
  const StatusLists* status_lists;
  SpentCodes* spent_codes;
  std::optional<Challenge> challenge;
};

class VerifiedLiveCode {
 public:
  const LeaseClaims& lease() const { return lease_.claims(); }
  UnixTime presented() const { return presented_; }
  StatusSet status() const { return status_; }  // from the list where one was at hand, else from the lease

 private:
  friend class LiveCodeVerification;
  VerifiedLiveCode(VerifiedLease lease, UnixTime presented, StatusSet status)
      : lease_(std::move(lease)), presented_(presented), status_(status) {}
  VerifiedLease lease_;
  UnixTime presented_;
  StatusSet status_;
};

struct LiveCodeCheck {
  CheckResult result = CheckResult::malformed;
  std::optional<ErrorCode> error;
  std::optional<std::int64_t> age;          // seconds since presented, once that is proved
  std::optional<std::int64_t> confirmed;    // seconds since the authority signed the lease, once that is proved
  std::optional<SpentCode> presented;       // the code's name, once issuer, holder and freshness are proved
  std::optional<StatusSet> refused_status;  // with not_usable: the letters, which are no personal data
  std::optional<VerifiedLiveCode> code;     // with valid only
  std::vector<CheckStep> steps;             // those taken; only the last can have failed
  std::vector<std::string_view> unchecked;  // of "status-list", "replay": what the policy left out
};

// The steps: size, base45, inflate, cbor, cose, issuer-key, issuer-signature, lease, lease-time, live,
// countersignature, freshness, challenge (when one was asked for), status, status-list and replay (when the policy has
// them).
LiveCodeCheck verify_live_code(std::string_view text, const LiveCodePolicy& policy);

// The COSE bytes of a code, from Base45 and zlib alone, for inspection: nothing in them is verified.
Result<Bytes> unpack_live_code(std::string_view text);

}  // namespace elicense
