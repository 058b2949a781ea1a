// The hash chain of the audit record, the same for every database. Refuses, when verifying, an entry that was changed,
// left out, put in or moved, and an end that was cut off. Who can write the database can forge the whole chain anew:
// against that an operator notes the head's hash elsewhere.
//
// hash = SHA-256 of deterministic CBOR (RFC 8949 4.2.1):
//   [1, sequence, at, actor, action, subject / null, details, previous]      text as byte strings
#pragma once

#include <cstdint>
#include <string_view>

#include "authority/store/store.h"

namespace elicense::authority {

Sha256Digest audit_hash(const AuditEntry& entry);

// SHA-256 of the CBOR array [salt, document number]: the salt is the store's own.
Sha256Digest audit_subject_of(ByteView salt, std::string_view document_number);

// The entry that follows the head.
AuditEntry next_audit_entry(std::int64_t head_sequence, const Sha256Digest& head_hash, const Act& act,
                            const std::optional<Sha256Digest>& subject, UnixTime at);

class AuditWalk {
 public:
  bool take(const AuditEntry& entry);  // in order; false: the chain is broken and nothing more is looked at
  void end(std::int64_t head_sequence, const Sha256Digest& head_hash);  // what the store says is the last one
  const AuditVerdict& verdict() const { return verdict_; }

 private:
  AuditVerdict verdict_;
};

}  // namespace elicense::authority
