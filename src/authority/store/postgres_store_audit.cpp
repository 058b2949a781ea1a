// The audit record: written with what it records, walked a batch at a time.
#include "authority/store/audit_chain.h"
#include "authority/store/postgres_store_class.h"

namespace elicense::authority {
namespace {

constexpr std::size_t kBatch = 256;

Stored<AuditHead> head_of(PostgresQuery query) {
  ELICENSE_TRY(const bool found, query.next());
  AuditHead head;
  if (!found) return StoreError::corrupt;
  head.sequence = query.integer(0);
  if (!query.fill(1, head.hash)) return StoreError::corrupt;
  return head;
}

// Digests of another size are left at zero: the walk finds that they are wrong, which is its answer and no error.
Stored<std::vector<AuditEntry>> entries_after(PostgresConnection& reader, std::int64_t sequence, std::size_t limit) {
  PostgresQuery query(reader,
                      "select sequence, at, actor, action, subject, details, previous, hash from audit "
                      "where sequence > $1 order by sequence limit $2",
                      sequence, limit);
  std::vector<AuditEntry> entries;
  while (true) {
    ELICENSE_TRY(const bool row, query.next());
    if (!row) return entries;
    AuditEntry entry{.sequence = query.integer(0),
                     .at = query.time(1),
                     .actor = query.text(2),
                     .action = query.text(3),
                     .details = query.text(5)};
    if (!query.is_null(4)) {
      entry.subject.emplace();
      query.fill(4, *entry.subject);
    }
    query.fill(6, entry.previous);
    query.fill(7, entry.hash);
    entries.push_back(std::move(entry));
  }
}

}  // namespace

// The last part of a transaction: from here to its commit nobody else can write an entry.
StoreStatus PostgresStore::audit(PostgresConnection& writer, const Act& act,
                                 std::optional<std::string_view> document_number, UnixTime at) const {
  ELICENSE_TRY(const AuditHead head,
               head_of(PostgresQuery(writer, "select sequence, hash from audit_head where id = 1 for update")));
  std::optional<Sha256Digest> subject;
  if (document_number) subject = audit_subject_of(salt_, *document_number);
  const AuditEntry entry = next_audit_entry(head, act, subject, at);
  const PostgresQuery query(writer,
                            "with entry as (insert into audit "
                            "(sequence, at, actor, action, subject, details, previous, hash) "
                            "values ($1, $2, $3, $4, $5, $6, $7, $8)) "
                            "update audit_head set sequence = $1, hash = $8 where id = 1",
                            entry.sequence, entry.at, entry.actor, entry.action, entry.subject, entry.details,
                            entry.previous, entry.hash);
  return query.run();
}

StoreStatus PostgresStore::append_audit(const Act& act, std::optional<std::string_view> document_number, UnixTime now) {
  return write(Durability::durable, [&](PostgresTransaction& transaction) {
    return audit(transaction.connection, act, document_number, now);
  });
}

Stored<std::vector<AuditEntry>> PostgresStore::audit_after(std::int64_t sequence, std::size_t limit) {
  return read_one([&](PostgresConnection& reader) { return entries_after(reader, sequence, limit); });
}

Stored<Sha256Digest> PostgresStore::audit_subject(std::string_view document_number) {
  return audit_subject_of(salt_, document_number);
}

Stored<AuditVerdict> PostgresStore::verify_audit() {
  AuditWalk walk;
  while (true) {
    // A batch that is read again after a lost session must not be walked twice.
    AuditWalk next;
    ELICENSE_TRY(const bool more, read([&](PostgresConnection& reader) -> Stored<bool> {
                   next = walk;
                   ELICENSE_TRY(const auto entries, entries_after(reader, walk.after(), kBatch));
                   if (!next.take(entries)) return false;
                   if (entries.size() == kBatch) return true;
                   ELICENSE_TRY(const AuditHead head,
                                head_of(PostgresQuery(reader, "select sequence, hash from audit_head where id = 1")));
                   next.end(head);
                   return false;
                 }));
    walk = next;
    if (!more) return walk.verdict();
  }
}

}  // namespace elicense::authority
