// Events for the phones: kept in the database, told to this instance's listeners by who raised them. How other
// instances hear of them is the database's business.
#include "authority/store/sql_store.h"

namespace elicense::authority {

Stored<std::int64_t> SqlStore::raise(SqlTransaction& writer, const LockedLicence& licence, const NewEvent& event,
                                     UnixTime at) {
  ELICENSE_TRY(const std::int64_t id, insert_event(writer, licence, event, at));
  writer.raised.push_back({std::string(licence.document_number), id});
  return id;
}

Stored<std::int64_t> SqlStore::append_event(std::string_view document_number, const NewEvent& event, UnixTime now) {
  return write(Durability::durable, [&](SqlTransaction& writer) -> Stored<std::int64_t> {
    ELICENSE_TRY(const LockedLicence licence, lock_licence(writer, document_number));
    return raise(writer, licence, event, now);
  });
}

Stored<std::vector<Event>> SqlStore::events_after(std::string_view document_number, std::string_view device,
                                                  std::int64_t after, std::size_t limit) {
  return read_one([&](SqlConnection& reader) -> Stored<std::vector<Event>> {
    SqlQuery query(reader,
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

Stored<std::int64_t> SqlStore::first_position(std::string_view document_number, UnixTime status_since) {
  return read_one([&](SqlConnection& reader) {
    return number_of(SqlQuery(
        reader,
        "select coalesce((select max(id) - 1 from events where document_number = $1 and kind = 'status' and at >= $2), "
        "(select max(id) from events where document_number = $1), 0)",
        document_number, status_since));
  });
}

std::uint64_t SqlStore::subscribe(EventListener listener) { return listeners_.add(std::move(listener)); }

void SqlStore::unsubscribe(std::uint64_t subscription) { listeners_.remove(subscription); }

}  // namespace elicense::authority
