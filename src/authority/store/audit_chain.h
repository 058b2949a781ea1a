// The hash chain of the audit record, the same for every database. Refuses, when verifying, an entry that was changed,
// left out, put in or moved, and an end that was cut off. Who can write the database can forge the whole chain anew:
// against that an operator notes the head's hash elsewhere.
//
// hash = SHA-256 of deterministic CBOR (RFC 8949 4.2.1):
//   [1, sequence, at, actor, action, subject / null, details, previous]      text as byte strings
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "authority/store/store.h"

namespace elicense::authority {

Sha256Digest audit_hash(const AuditEntry& entry);

// SHA-256 of the CBOR array [salt, document number]: the salt is the store's own.
Sha256Digest audit_subject_of(ByteView salt, std::string_view document_number);

struct AuditHead {
  std::int64_t sequence = 0;
  Sha256Digest hash{};
};

// The entry that follows the head.
AuditEntry next_audit_entry(const AuditHead& head, const Act& act, const std::optional<Sha256Digest>& subject,
                            UnixTime at);

class AuditWalk {
 public:
  // In order; false: the chain is broken and nothing more is looked at.
  bool take(const std::vector<AuditEntry>& entries);
  std::int64_t after() const { return after_; }  // entries behind this number come next
  void end(const AuditHead& head);               // what the store says is the last one
  const AuditVerdict& verdict() const { return verdict_; }

 private:
  bool take(const AuditEntry& entry);

  // From the least number there is: an entry 0 or below would be one put in before the first.
  std::int64_t after_ = INT64_MIN;
  AuditVerdict verdict_;
};

}  // namespace elicense::authority
