// The statements that SQLite has of its own: it takes no writing statement within another, and has one writer at a
// time, so nothing is held. Its foreign keys are looked at statement by statement: who names a licence that is not
// there hears `constraint` from them.
#include "authority/store/sqlite_store_class.h"

namespace elicense::authority {

Stored<std::optional<LockedLicence>> SqliteStore::find_and_lock(SqlConnection& /*writer*/,
                                                                std::string_view document_number) {
  return std::optional(LockedLicence{document_number});
}

StoreStatus SqliteStore::require_licence(SqlConnection& /*writer*/, std::string_view /*document_number*/) {
  return Done{};
}

StoreStatus SqliteStore::insert_licence(SqlConnection& writer, const LicenceRow& row) {
  {
    SqlQuery query(writer, "update counters set value = $1 + 1 where name = 'status_index'", row.status_index);
    ELICENSE_CHECK(query.run());
  }
  const StatusColumns facts = columns_of(row.licence.facts);
  SqlQuery query(writer,
                 "insert into licences (" ELICENSE_LICENCE_COLUMNS
                 ", due_at) values ($1, $2, $3, $4, $5, $6, $7, $8, 1, $9)",
                 row.licence.document_number, row.licence.data, facts.recorded_status, facts.points,
                 facts.postponed_until, facts.valid_until, row.status_index, row.listed.value, row.listed.due);
  return query.run();
}

Stored<std::int64_t> SqliteStore::insert_event(SqlConnection& writer, const LockedLicence& licence,
                                               const NewEvent& event, UnixTime at) {
  return number_of(SqlQuery(writer,
                            "insert into events (document_number, device, kind, payload, at) "
                            "values ($1, $2, $3, $4, $5) returning id",
                            licence.document_number, event.device, event.kind, event.payload.dump(), at));
}

StoreStatus SqliteStore::insert_audit_entry(SqlConnection& writer, const AuditEntry& entry) {
  {
    SqlQuery query(writer,
                   "insert into audit (sequence, at, actor, action, subject, details, previous, hash) "
                   "values ($1, $2, $3, $4, $5, $6, $7, $8)",
                   entry.sequence, entry.at, entry.actor, entry.action, entry.subject, entry.details, entry.previous,
                   entry.hash);
    ELICENSE_CHECK(query.run());
  }
  SqlQuery query(writer, "update audit_head set sequence = $1, hash = $2 where id = 1", entry.sequence, entry.hash);
  return query.run();
}

}  // namespace elicense::authority
