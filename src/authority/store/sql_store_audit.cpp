// The audit record: written with what it records, walked a batch at a time.
#include "authority/store/audit_chain.h"
#include "authority/store/sql_store.h"

namespace elicense::authority {
namespace {

constexpr std::size_t kBatch = 256;

Stored<AuditHead> head_of(SqlQuery query) {
  ELICENSE_TRY(const bool found, query.next());
  AuditHead head;
  if (!found) return StoreError::corrupt;
  head.sequence = query.integer(0);
  if (!query.fill(1, head.hash)) return StoreError::corrupt;
  return head;
}

// Digests of another size are left at zero: the walk finds that they are wrong, which is its answer and no error.
Stored<std::vector<AuditEntry>> entries_after(SqlConnection& reader, std::int64_t sequence, std::size_t limit) {
  SqlQuery query(reader,
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
StoreStatus SqlStore::audit(SqlConnection& writer, const Act& act, std::optional<std::string_view> document_number,
                            UnixTime at) {
  ELICENSE_TRY(const AuditHead head,
               head_of(SqlQuery(writer, "select sequence, hash from audit_head where id = 1 for update")));
  std::optional<Sha256Digest> subject;
  if (document_number) subject = audit_subject_of(salt_, *document_number);
  return insert_audit_entry(writer, next_audit_entry(head, act, subject, at));
}

StoreStatus SqlStore::append_audit(const Act& act, std::optional<std::string_view> document_number, UnixTime now) {
  return write(Durability::durable, [&](SqlTransaction& writer) { return audit(writer, act, document_number, now); });
}

Stored<std::vector<AuditEntry>> SqlStore::audit_after(std::int64_t sequence, std::size_t limit) {
  return read_one([&](SqlConnection& reader) { return entries_after(reader, sequence, limit); });
}

Stored<Sha256Digest> SqlStore::audit_subject(std::string_view document_number) {
  return audit_subject_of(salt_, document_number);
}

Stored<AuditVerdict> SqlStore::verify_audit() {
  AuditWalk walk;
  while (true) {
    // A batch that is read again (after a lost session) must not be walked twice.
    AuditWalk next;
    ELICENSE_TRY(const bool more, read([&](SqlConnection& reader) -> Stored<bool> {
                   next = walk;
                   ELICENSE_TRY(const auto entries, entries_after(reader, walk.after(), kBatch));
                   if (!next.take(entries)) return false;
                   if (entries.size() == kBatch) return true;
                   ELICENSE_TRY(const AuditHead head,
                                head_of(SqlQuery(reader, "select sequence, hash from audit_head where id = 1")));
                   next.end(head);
                   return false;
                 }));
    walk = next;
    if (!more) return walk.verdict();
  }
}

}  // namespace elicense::authority
