// Events for the phones: kept in the database, told to this instance's listeners by who raised them, to the other
// instances' by the database.
#include "authority/store/postgres_store_class.h"

namespace elicense::authority {

Stored<std::int64_t> PostgresStore::raise(PostgresTransaction& transaction, const LockedLicence& licence,
                                          const NewEvent& event, UnixTime at) const {
  PostgresQuery query(transaction.connection,
                      "with event as (insert into events (document_number, device, kind, payload, at) "
                      "values ($1, $2, $3, $4, $5) returning id) "
                      "select id, pg_notify('elicense_event', $6 || ' ' || id) from event",
                      licence.document_number, event.device, event.kind, event.payload.dump(), at,
                      PlainText{instance_});
  ELICENSE_TRY(const bool found, query.next());
  if (!found) return StoreError::corrupt;
  const std::int64_t id = query.integer(0);
  transaction.raised.push_back({std::string(licence.document_number), id});
  return id;
}

Stored<std::int64_t> PostgresStore::append_event(std::string_view document_number, const NewEvent& event,
                                                 UnixTime now) {
  return write(Durability::durable, [&](PostgresTransaction& transaction) -> Stored<std::int64_t> {
    ELICENSE_TRY(const LockedLicence licence, lock_licence(transaction.connection, document_number));
    return raise(transaction, licence, event, now);
  });
}

Stored<std::vector<Event>> PostgresStore::events_after(std::string_view document_number, std::string_view device,
                                                       std::int64_t after, std::size_t limit) {
  return read_one([&](PostgresConnection& reader) -> Stored<std::vector<Event>> {
    PostgresQuery query(reader,
                        "select id, kind, payload, at from events where document_number = $1 and id > $3 "
                        "and (device is null or device = $2) order by id limit $4",
                        document_number, device, after, limit);
    std::vector<Event> events;
    while (true) {
      ELICENSE_TRY(const bool row, query.next());
      if (!row) return events;
      events.push_back({.id = query.integer(0), .kind = query.text(1), .payload = query.text(2), .at = query.time(3)});
    }
  });
}

Stored<std::int64_t> PostgresStore::last_event_id(std::string_view document_number) {
  return read_one([&](PostgresConnection& reader) -> Stored<std::int64_t> {
    PostgresQuery query(reader, "select coalesce(max(id), 0) from events where document_number = $1", document_number);
    ELICENSE_TRY(const bool found, query.next());
    if (!found) return StoreError::corrupt;
    return query.integer(0);
  });
}

std::uint64_t PostgresStore::subscribe(EventListener listener) { return listeners_.add(std::move(listener)); }

void PostgresStore::unsubscribe(std::uint64_t subscription) { listeners_.remove(subscription); }

}  // namespace elicense::authority
