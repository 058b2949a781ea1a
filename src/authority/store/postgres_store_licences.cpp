// Licences: what is recorded of them, and what the status list says.
#include "authority/store/postgres_store_class.h"

namespace elicense::authority {
namespace {

// A macro, so that a statement is one literal.
#define ELICENSE_LICENCE_COLUMNS \
  "document_number, data, recorded_status, points, postponed_until, valid_until, status_index, listed_value, revision"

Stored<LicenceRecord> record_of(const PostgresQuery& row) {
  ELICENSE_TRY(const StatusFacts facts, facts_of({.recorded_status = row.text(2),
                                                  .points = row.integer(3),
                                                  .postponed_until = row.optional_text(4),
                                                  .valid_until = row.text(5)}));
  return LicenceRecord{.document_number = row.text(0),
                       .data = row.text(1),
                       .facts = facts,
                       .status_index = static_cast<std::uint64_t>(row.integer(6)),
                       .listed_value = static_cast<std::uint8_t>(row.integer(7)),
                       .revision = row.integer(8)};
}

Stored<std::optional<LicenceRecord>> one_of(PostgresQuery query) {
  ELICENSE_TRY(const bool found, query.next());
  if (!found) return std::optional<LicenceRecord>();
  ELICENSE_TRY(LicenceRecord record, record_of(query));
  return std::optional(std::move(record));
}

Stored<std::vector<LicenceRecord>> all_of(PostgresQuery query) {
  std::vector<LicenceRecord> records;
  while (true) {
    ELICENSE_TRY(const bool row, query.next());
    if (!row) return records;
    ELICENSE_TRY(LicenceRecord record, record_of(query));
    records.push_back(std::move(record));
  }
}

Stored<bool> is_there(PostgresConnection& connection, std::string_view document_number) {
  PostgresQuery query(connection, "select 1 from licences where document_number = $1", document_number);
  return query.next();
}

StoreStatus mark_shard(PostgresConnection& writer, std::uint64_t status_index) {
  const PostgresQuery query(writer,
                            "insert into shards (shard, version, built_version) values ($1, 1, 0) "
                            "on conflict (shard) do update set version = shards.version + 1",
                            status_index / kStatusesPerShard);
  return query.run();
}

// A shard with nothing but normal licences in it says so in a list, too.
StoreStatus mark_new_shard(PostgresConnection& writer, std::uint64_t status_index) {
  const PostgresQuery query(
      writer, "insert into shards (shard, version, built_version) values ($1, 1, 0) on conflict (shard) do nothing",
      status_index / kStatusesPerShard);
  return query.run();
}

// Held from here on: the next who puts a licence waits, and a number that is not used in the end is not gone.
Stored<std::uint64_t> lock_next_status_index(PostgresConnection& writer) {
  PostgresQuery query(writer, "select value from counters where name = 'status_index' for update");
  ELICENSE_TRY(const bool found, query.next());
  if (!found) return StoreError::corrupt;
  return static_cast<std::uint64_t>(query.integer(0));
}

StoreStatus put_portrait(PostgresConnection& writer, std::string_view document_number, const Bytes& image) {
  if (image.empty()) {
    const PostgresQuery query(writer, "delete from portraits where document_number = $1", document_number);
    return query.run();
  }
  const PostgresQuery query(writer,
                            "insert into portraits (document_number, image) values ($1, $2) "
                            "on conflict (document_number) do update set image = excluded.image",
                            document_number, image);
  return query.run();
}

StoreStatus insert(PostgresConnection& writer, const NewLicence& licence, std::uint64_t index, const Listed& listed) {
  const StatusColumns facts = columns_of(licence.facts);
  const std::optional<PlainText> postponed_until =
      facts.postponed_until ? std::optional(PlainText{*facts.postponed_until}) : std::nullopt;
  const PostgresQuery query(writer,
                            "with given as (update counters set value = $7::bigint + 1 where name = 'status_index') "
                            "insert into licences (" ELICENSE_LICENCE_COLUMNS
                            ", due_at) values ($1, $2, $3, $4, $5, $6, $7, $8, 1, $9)",
                            licence.document_number, licence.data, PlainText{facts.recorded_status}, facts.points,
                            postponed_until, PlainText{facts.valid_until}, index, listed.value, listed.due);
  return query.run();
}

StoreStatus update(PostgresConnection& writer, const LicenceRecord& record, const std::optional<UnixTime>& due) {
  const StatusColumns facts = columns_of(record.facts);
  const std::optional<PlainText> postponed_until =
      facts.postponed_until ? std::optional(PlainText{*facts.postponed_until}) : std::nullopt;
  const PostgresQuery query(writer,
                            "update licences set data = $2, recorded_status = $3, points = $4, postponed_until = $5, "
                            "valid_until = $6, listed_value = $7, due_at = $8, revision = $9 "
                            "where document_number = $1",
                            record.document_number, record.data, PlainText{facts.recorded_status}, facts.points,
                            postponed_until, PlainText{facts.valid_until}, record.listed_value, due, record.revision);
  return query.run();
}

}  // namespace

Stored<std::optional<LockedLicence>> find_and_lock(PostgresConnection& connection, std::string_view document_number) {
  PostgresQuery query(connection, "select 1 from licences where document_number = $1 for no key update",
                      document_number);
  ELICENSE_TRY(const bool found, query.next());
  if (!found) return std::optional<LockedLicence>();
  return std::optional(LockedLicence{document_number});
}

Stored<LockedLicence> lock_licence(PostgresConnection& connection, std::string_view document_number) {
  ELICENSE_TRY(const auto found, find_and_lock(connection, document_number));
  if (!found) return StoreError::constraint;
  return *found;
}

StoreStatus require_licence(PostgresConnection& connection, std::string_view document_number) {
  ELICENSE_TRY(const bool found, is_there(connection, document_number));
  if (!found) return StoreError::constraint;
  return Done{};
}

Stored<std::optional<std::uint64_t>> PostgresStore::put_licence(const NewLicence& licence, UnixTime now,
                                                                const Act& act) {
  using Given = std::optional<std::uint64_t>;
  return write(Durability::durable, [&](PostgresTransaction& transaction) -> Stored<Given> {
    PostgresConnection& writer = transaction.connection;
    ELICENSE_TRY(const std::uint64_t index, lock_next_status_index(writer));
    ELICENSE_TRY(const bool there, is_there(writer, licence.document_number));
    if (there) return Given();
    const Listed listed = listed_on_day_of(licence.facts, now);
    ELICENSE_CHECK(insert(writer, licence, index, listed));
    if (!licence.portrait.empty()) ELICENSE_CHECK(put_portrait(writer, licence.document_number, licence.portrait));
    ELICENSE_CHECK(listed.value == 0 ? mark_new_shard(writer, index) : mark_shard(writer, index));
    ELICENSE_CHECK(audit(writer, act, licence.document_number, now));
    return Given(index);
  });
}

Stored<std::optional<LicenceRecord>> PostgresStore::find_licence(std::string_view document_number) {
  return read_one([&](PostgresConnection& reader) {
    return one_of(PostgresQuery(reader, "select " ELICENSE_LICENCE_COLUMNS " from licences where document_number = $1",
                                document_number));
  });
}

Stored<std::optional<Bytes>> PostgresStore::find_portrait(std::string_view document_number) {
  return read_one([&](PostgresConnection& reader) -> Stored<std::optional<Bytes>> {
    PostgresQuery query(reader, "select image from portraits where document_number = $1", document_number);
    ELICENSE_TRY(const bool found, query.next());
    if (!found) return std::optional<Bytes>();
    return std::optional(query.blob(0));
  });
}

Stored<std::vector<LicenceRecord>> PostgresStore::list_licences(std::string_view after, std::size_t limit) {
  return read_one([&](PostgresConnection& reader) {
    return all_of(PostgresQuery(reader,
                                "select " ELICENSE_LICENCE_COLUMNS
                                " from licences where document_number > $1 order by document_number limit $2",
                                after, limit));
  });
}

Stored<Changed> PostgresStore::change_licence(std::string_view document_number, std::int64_t expected_revision,
                                              const LicenceChange& change, const std::optional<NewEvent>& event,
                                              UnixTime now, const Act& act) {
  return write(Durability::durable, [&](PostgresTransaction& transaction) -> Stored<Changed> {
    PostgresConnection& writer = transaction.connection;
    ELICENSE_TRY(auto record, one_of(PostgresQuery(writer,
                                                   "select " ELICENSE_LICENCE_COLUMNS
                                                   " from licences where document_number = $1 for no key update",
                                                   document_number)));
    if (!record) return Changed{.outcome = ChangeOutcome::unknown};
    if (record->revision != expected_revision)
      return Changed{.outcome = ChangeOutcome::other_revision, .revision = record->revision};
    const LockedLicence licence{document_number};
    const Revised revised = revise(*record, change, now);
    ELICENSE_CHECK(update(writer, *record, revised.due));
    if (change.portrait) ELICENSE_CHECK(put_portrait(writer, document_number, *change.portrait));
    if (revised.listed_anew) ELICENSE_CHECK(mark_shard(writer, record->status_index));
    if (event) ELICENSE_CHECK(raise(transaction, licence, *event, now));
    ELICENSE_CHECK(audit(writer, act, document_number, now));
    return Changed{.outcome = ChangeOutcome::changed, .revision = record->revision, .listed_anew = revised.listed_anew};
  });
}

Stored<std::vector<LicenceRecord>> PostgresStore::licences_due(UnixTime now, std::size_t limit) {
  return read_one([&](PostgresConnection& reader) {
    return all_of(PostgresQuery(
        reader, "select " ELICENSE_LICENCE_COLUMNS " from licences where due_at <= $1 order by due_at limit $2", now,
        limit));
  });
}

}  // namespace elicense::authority
