// The statements that PostgreSQL has of its own: what is held for as long as a transaction lasts, and what goes to the
// server in one trip instead of two.
#include "authority/store/postgres_store_class.h"

namespace elicense::authority {

Stored<std::optional<LockedLicence>> PostgresStore::find_and_lock(SqlConnection& writer,
                                                                  std::string_view document_number) {
  SqlQuery query(writer, "select 1 from licences where document_number = $1 for no key update", document_number);
  ELICENSE_TRY(const bool found, query.next());
  if (!found) return std::optional<LockedLicence>();
  return std::optional(LockedLicence{document_number});
}

// Asked first, so that no server writes the number into its log together with the rule it breaks.
StoreStatus PostgresStore::require_licence(SqlConnection& writer, std::string_view document_number) {
  SqlQuery query(writer, "select 1 from licences where document_number = $1", document_number);
  ELICENSE_TRY(const bool found, query.next());
  if (!found) return StoreError::constraint;
  return Done{};
}

StoreStatus PostgresStore::insert_licence(SqlConnection& writer, const LicenceRow& row) {
  const StatusColumns facts = columns_of(row.licence.facts);
  SqlQuery query(writer,
                 "with given as (update counters set value = $7::bigint + 1 where name = 'status_index') "
                 "insert into licences (" ELICENSE_LICENCE_COLUMNS
                 ", due_at) values ($1, $2, $3, $4, $5, $6, $7, $8, 1, $9)",
                 row.licence.document_number, row.licence.data, PlainText{facts.recorded_status}, facts.points,
                 plain_text(facts.postponed_until), PlainText{facts.valid_until}, row.status_index, row.listed.value,
                 row.listed.due);
  return query.run();
}

Stored<std::int64_t> PostgresStore::insert_event(SqlConnection& writer, const LockedLicence& licence,
                                                 const NewEvent& event, UnixTime at) {
  return number_of(SqlQuery(writer,
                            "with event as (insert into events (document_number, device, kind, payload, at) "
                            "values ($1, $2, $3, $4, $5) returning id) "
                            "select id, pg_notify('elicense_event', $6 || ' ' || id) from event",
                            licence.document_number, event.device, event.kind, event.payload.dump(), at,
                            PlainText{instance_}));
}

StoreStatus PostgresStore::insert_audit_entry(SqlConnection& writer, const AuditEntry& entry) {
  SqlQuery query(writer,
                 "with entry as (insert into audit "
                 "(sequence, at, actor, action, subject, details, previous, hash) "
                 "values ($1, $2, $3, $4, $5, $6, $7, $8)) "
                 "update audit_head set sequence = $1, hash = $8 where id = 1",
                 entry.sequence, entry.at, entry.actor, entry.action, entry.subject, entry.details, entry.previous,
                 entry.hash);
  return query.run();
}

}  // namespace elicense::authority
