#include "authority/store/audit_chain.h"

#include <algorithm>
#include <utility>

#include "codec/cbor.h"

namespace elicense::authority {
namespace {

constexpr std::int64_t kAuditFormat = 1;

}  // namespace

Sha256Digest audit_hash(const AuditEntry& entry) {
  const auto text = [](std::string_view value) { return cbor::byte_string(view_of(value)); };
  const auto encoded = cbor::array({cbor::integer(kAuditFormat), cbor::integer(entry.sequence),
                                    cbor::integer(entry.at.seconds), text(entry.actor), text(entry.action),
                                    entry.subject ? cbor::byte_string(*entry.subject) : cbor::null(),
                                    text(entry.details), cbor::byte_string(entry.previous)});
  return sha256(encoded.bytes);
}

Sha256Digest audit_subject_of(ByteView salt, std::string_view document_number) {
  return sha256(cbor::array({cbor::byte_string(salt), cbor::byte_string(view_of(document_number))}).bytes);
}

AuditEntry next_audit_entry(const AuditHead& head, const Act& act, const std::optional<Sha256Digest>& subject,
                            UnixTime at) {
  AuditEntry entry{.sequence = head.sequence + 1,
                   .at = at,
                   .actor = act.actor,
                   .action = act.action,
                   .subject = subject,
                   .details = act.details.dump(),
                   .previous = head.hash};
  entry.hash = audit_hash(entry);
  return entry;
}

bool AuditWalk::take(const std::vector<AuditEntry>& entries) {
  return std::all_of(entries.begin(), entries.end(), [this](const AuditEntry& entry) { return take(entry); });
}

bool AuditWalk::take(const AuditEntry& entry) {
  if (verdict_.broken_at) return false;
  if (entry.sequence != verdict_.entries + 1 || entry.previous != verdict_.head || audit_hash(entry) != entry.hash) {
    verdict_.broken_at = verdict_.entries + 1;
    return false;
  }
  ++verdict_.entries;
  verdict_.head = entry.hash;
  after_ = entry.sequence;
  return true;
}

void AuditWalk::end(const AuditHead& head) {
  if (verdict_.broken_at) return;
  if (head.sequence != verdict_.entries) {
    verdict_.broken_at = std::min(head.sequence, verdict_.entries) + 1;
  } else if (head.hash != verdict_.head) {
    verdict_.broken_at = std::max<std::int64_t>(verdict_.entries, 1);
  }
}

}  // namespace elicense::authority
