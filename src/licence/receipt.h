// The receipt of an online check: the authority's word to a partner's backend, without personal data, checked offline.
// Refuses other issuers and audiences, receipts that are over, answers to another class question, and receipts that
// report a failed check. Single use is the backend's to remember: jti, until exp.
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
  std::optional<ReceiptAnswer> answer;  // present exactly when a class was asked for
};

Result<std::string> issue_receipt(const ReceiptContent& content, const Signer& key);

struct ReceiptPolicy {
  UnixTime now;
  const TrustList& trust;
  std::string_view audience;
  std::optional<VehicleClass> required_class;  // the question the backend relies on
};

class VerifiedReceipt {
 public:
  // The steps: jws, type, issuer-key, signature, receipt, audience, time, result.
  static Result<VerifiedReceipt> verify(std::string_view compact, const ReceiptPolicy& policy, Checklist& checklist);
  const ReceiptContent& content() const { return content_; }

 private:
  explicit VerifiedReceipt(ReceiptContent content) : content_(std::move(content)) {}
  ReceiptContent content_;
};

}  // namespace elicense
