// Events for the phones: kept in the database, told to this process's listeners after they are.
#include "authority/store/sqlite_store_class.h"

namespace elicense::authority {

Stored<std::int64_t> SqliteStore::raise(Connection& writer, std::string_view document_number, const NewEvent& event,
                                        UnixTime at) {
  Query query(writer,
              "insert into events (document_number, device, kind, payload, at) values (?1, ?2, ?3, ?4, ?5) "
              "returning id",
              document_number, event.device, event.kind, event.payload.dump(), at);
  ELICENSE_TRY(const bool found, query.next());
  if (!found) return StoreError::corrupt;
  const std::int64_t id = query.integer(0);
  ELICENSE_CHECK(query.run());
  raised_.push_back({std::string(document_number), id});
  return id;
}

Stored<std::int64_t> SqliteStore::append_event(std::string_view document_number, const NewEvent& event, UnixTime now) {
  return write(Durability::durable, [&](Connection& writer) { return raise(writer, document_number, event, now); });
}

Stored<std::vector<Event>> SqliteStore::events_after(std::string_view document_number, std::string_view device,
                                                     std::int64_t after, std::size_t limit) {
  return read_one([&](Connection& reader) -> Stored<std::vector<Event>> {
    Query query(reader,
                "select id, kind, payload, at from events where document_number = ?1 and id > ?3 "
                "and (device is null or device = ?2) order by id limit ?4",
                document_number, device, after, limit);
    std::vector<Event> events;
    while (true) {
      ELICENSE_TRY(const bool row, query.next());
      if (!row) return events;
      events.push_back({.id = query.integer(0), .kind = query.text(1), .payload = query.text(2), .at = query.time(3)});
    }
  });
}

Stored<std::int64_t> SqliteStore::last_event_id(std::string_view document_number) {
  return read_one([&](Connection& reader) -> Stored<std::int64_t> {
    Query query(reader, "select coalesce(max(id), 0) from events where document_number = ?1", document_number);
    ELICENSE_TRY(const bool found, query.next());
    if (!found) return StoreError::corrupt;
    return query.integer(0);
  });
}

std::uint64_t SqliteStore::subscribe(EventListener listener) { return listeners_.add(std::move(listener)); }

void SqliteStore::unsubscribe(std::uint64_t subscription) { listeners_.remove(subscription); }

}  // namespace elicense::authority
