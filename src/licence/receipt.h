// The receipt of an online check: the authority's word to a partner's backend, without personal data, checked offline.
// Refuses other issuers and audiences, receipts that are over, answers to another request or class question, and
// receipts that report a failed check. Single use is the backend's to remember: jti, until exp.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "licence/live_code.h"
#include "licence/vehicle_class.h"
#include "token/trust_list.h"

namespace elicense {

inline constexpr std::string_view kReceiptType = "verification-receipt+jwt";
inline constexpr std::int64_t kReceiptSeconds = 300;
inline constexpr std::size_t kMostReceiptBytes = 4096;

// Whoever asks may give the check a name of their own: 1 to 64 characters of A-Z a-z 0-9 _ - . ~
bool is_receipt_nonce(std::string_view text);

struct ReceiptAnswer {
  VehicleClass asked = VehicleClass::C1;
  bool may_drive = false;
  std::string because;
};

struct ReceiptContent {
  std::string issuer;
  std::string audience;  // the partner's origin
  UnixTime issued;
  UnixTime expires;
  std::string id;  // jti
  CheckResult result = CheckResult::malformed;
  std::optional<std::string> nonce;     // of the request, when it had one
  std::optional<StatusSet> status;      // of a genuine code, unless it is normal
  std::optional<int> echo;              // two digits, with valid: the holder's screen shows the same
  std::optional<ReceiptAnswer> answer;  // present exactly when a class was asked for
};

Result<std::string> issue_receipt(const ReceiptContent& content, const Signer& key);

struct ReceiptPolicy {
  UnixTime now;
  const TrustList& trust;
  std::string_view audience;
  std::optional<std::string_view> nonce;       // the request that it has to answer
  std::optional<VehicleClass> required_class;  // the question the backend relies on
};

class VerifiedReceipt {
 public:
  // What a backend relies on. The steps: jws, type, issuer-key, signature, receipt, audience, time, nonce, result.
  static Result<VerifiedReceipt> verify(std::string_view compact, const ReceiptPolicy& policy, Checklist& checklist);
  // The same without the last step, for whoever shows a failed check as well: the authority's word, good or bad.
  static Result<VerifiedReceipt> verify_whatever_it_says(std::string_view compact, const ReceiptPolicy& policy,
                                                         Checklist& checklist);
  const ReceiptContent& content() const { return content_; }

 private:
  explicit VerifiedReceipt(ReceiptContent content) : content_(std::move(content)) {}
  ReceiptContent content_;
};

}  // namespace elicense
