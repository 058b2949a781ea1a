// The audit record: written with what it records, walked a batch at a time.
#include "authority/store/audit_chain.h"
#include "authority/store/sqlite_store_class.h"

namespace elicense::authority {
namespace {

constexpr std::size_t kBatch = 256;

Stored<AuditHead> head_of(Connection& connection) {
  Query query(connection, "select sequence, hash from audit_head where id = 1");
  ELICENSE_TRY(const bool found, query.next());
  AuditHead head;
  if (!found) return StoreError::corrupt;
  head.sequence = query.integer(0);
  if (!query.fill(1, head.hash)) return StoreError::corrupt;
  return head;
}

StoreStatus insert(Connection& writer, const AuditEntry& entry) {
  {
    Query query(writer,
                "insert into audit (sequence, at, actor, action, subject, details, previous, hash) "
                "values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                entry.sequence, entry.at, entry.actor, entry.action, entry.subject, entry.details, entry.previous,
                entry.hash);
    ELICENSE_CHECK(query.run());
  }
  Query query(writer, "update audit_head set sequence = ?1, hash = ?2 where id = 1", entry.sequence, entry.hash);
  return query.run();
}

// Digests of another size are left at zero: the walk finds that they are wrong, which is its answer and no error.
Stored<std::vector<AuditEntry>> entries_after(Connection& reader, std::int64_t sequence, std::size_t limit) {
  Query query(reader,
              "select sequence, at, actor, action, subject, details, previous, hash from audit "
              "where sequence > ?1 order by sequence limit ?2",
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

StoreStatus SqliteStore::audit(Connection& writer, const Act& act, std::optional<std::string_view> document_number,
                               UnixTime at) {
  ELICENSE_TRY(const AuditHead head, head_of(writer));
  std::optional<Sha256Digest> subject;
  if (document_number) subject = audit_subject_of(salt_, *document_number);
  return insert(writer, next_audit_entry(head, act, subject, at));
}

StoreStatus SqliteStore::append_audit(const Act& act, std::optional<std::string_view> document_number, UnixTime now) {
  return write(Durability::durable, [&](Connection& writer) { return audit(writer, act, document_number, now); });
}

Stored<std::vector<AuditEntry>> SqliteStore::audit_after(std::int64_t sequence, std::size_t limit) {
  return read_one([&](Connection& reader) { return entries_after(reader, sequence, limit); });
}

Stored<Sha256Digest> SqliteStore::audit_subject(std::string_view document_number) {
  return audit_subject_of(salt_, document_number);
}

Stored<AuditVerdict> SqliteStore::verify_audit() {
  AuditWalk walk;
  while (true) {
    ELICENSE_TRY(const bool more, read([&](Connection& reader) -> Stored<bool> {
                   ELICENSE_TRY(const auto entries, entries_after(reader, walk.after(), kBatch));
                   if (!walk.take(entries)) return false;
                   if (entries.size() == kBatch) return true;
                   ELICENSE_TRY(const AuditHead head, head_of(reader));
                   walk.end(head);
                   return false;
                 }));
    if (!more) return walk.verdict();
  }
}

}  // namespace elicense::authority
