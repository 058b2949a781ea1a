// Licences: what is recorded of them, and what the status list says.
#include "authority/store/sql_store.h"

namespace elicense::authority {
namespace {

Stored<LicenceRecord> record_of(const SqlQuery& row) {
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

Stored<std::optional<LicenceRecord>> one_of(SqlQuery query) {
  ELICENSE_TRY(const bool found, query.next());
  if (!found) return std::optional<LicenceRecord>();
  ELICENSE_TRY(LicenceRecord record, record_of(query));
  return std::optional(std::move(record));
}

Stored<std::vector<LicenceRecord>> all_of(SqlQuery query) {
  std::vector<LicenceRecord> records;
  while (true) {
    ELICENSE_TRY(const bool row, query.next());
    if (!row) return records;
    ELICENSE_TRY(LicenceRecord record, record_of(query));
    records.push_back(std::move(record));
  }
}

Stored<bool> is_there(SqlConnection& connection, std::string_view document_number) {
  SqlQuery query(connection, "select 1 from licences where document_number = $1", document_number);
  return query.next();
}

StoreStatus mark_shard(SqlConnection& writer, std::uint64_t status_index) {
  SqlQuery query(writer,
                 "insert into shards (shard, version, built_version) values ($1, 1, 0) "
                 "on conflict (shard) do update set version = shards.version + 1",
                 status_index / kStatusesPerShard);
  return query.run();
}

// A shard with nothing but normal licences in it says so in a list, too.
StoreStatus mark_new_shard(SqlConnection& writer, std::uint64_t status_index) {
  SqlQuery query(writer,
                 "insert into shards (shard, version, built_version) values ($1, 1, 0) on conflict (shard) do nothing",
                 status_index / kStatusesPerShard);
  return query.run();
}

// Held from here on: the next who puts a licence waits, and a number that is not used in the end is not gone.
Stored<std::uint64_t> lock_next_status_index(SqlConnection& writer) {
  ELICENSE_TRY(const std::int64_t index,
               number_of(SqlQuery(writer, "select value from counters where name = 'status_index' for update")));
  return static_cast<std::uint64_t>(index);
}

StoreStatus put_portrait(SqlConnection& writer, std::string_view document_number, const Bytes& image) {
  if (image.empty()) {
    SqlQuery query(writer, "delete from portraits where document_number = $1", document_number);
    return query.run();
  }
  SqlQuery query(writer,
                 "insert into portraits (document_number, image) values ($1, $2) "
                 "on conflict (document_number) do update set image = excluded.image",
                 document_number, image);
  return query.run();
}

StoreStatus update(SqlConnection& writer, const LicenceRecord& record, const std::optional<UnixTime>& due) {
  const StatusColumns facts = columns_of(record.facts);
  SqlQuery query(writer,
                 "update licences set data = $2, recorded_status = $3, points = $4, postponed_until = $5, "
                 "valid_until = $6, listed_value = $7, due_at = $8, revision = $9 "
                 "where document_number = $1",
                 record.document_number, record.data, PlainText{facts.recorded_status}, facts.points,
                 plain_text(facts.postponed_until), PlainText{facts.valid_until}, record.listed_value, due,
                 record.revision);
  return query.run();
}

}  // namespace

Stored<LockedLicence> SqlStore::lock_licence(SqlConnection& writer, std::string_view document_number) {
  ELICENSE_TRY(const auto found, find_and_lock(writer, document_number));
  if (!found) return StoreError::constraint;
  return *found;
}

Stored<std::optional<std::uint64_t>> SqlStore::put_licence(const NewLicence& licence, UnixTime now, const Act& act) {
  using Given = std::optional<std::uint64_t>;
  return write(Durability::durable, [&](SqlTransaction& writer) -> Stored<Given> {
    ELICENSE_TRY(const std::uint64_t index, lock_next_status_index(writer));
    ELICENSE_TRY(const bool there, is_there(writer, licence.document_number));
    if (there) return Given();
    const Listed listed = listed_on_day_of(licence.facts, now);
    ELICENSE_CHECK(insert_licence(writer, {.licence = licence, .status_index = index, .listed = listed}));
    if (!licence.portrait.empty()) ELICENSE_CHECK(put_portrait(writer, licence.document_number, licence.portrait));
    ELICENSE_CHECK(listed.value == 0 ? mark_new_shard(writer, index) : mark_shard(writer, index));
    ELICENSE_CHECK(audit(writer, act, licence.document_number, now));
    return Given(index);
  });
}

Stored<std::optional<LicenceRecord>> SqlStore::find_licence(std::string_view document_number) {
  return read_one([&](SqlConnection& reader) {
    return one_of(SqlQuery(reader, "select " ELICENSE_LICENCE_COLUMNS " from licences where document_number = $1",
                           document_number));
  });
}

Stored<std::optional<Bytes>> SqlStore::find_portrait(std::string_view document_number) {
  return read_one([&](SqlConnection& reader) -> Stored<std::optional<Bytes>> {
    SqlQuery query(reader, "select image from portraits where document_number = $1", document_number);
    ELICENSE_TRY(const bool found, query.next());
    if (!found) return std::optional<Bytes>();
    return std::optional(query.blob(0));
  });
}

Stored<std::vector<LicenceRecord>> SqlStore::list_licences(std::string_view after, std::size_t limit) {
  return read_one([&](SqlConnection& reader) {
    return all_of(SqlQuery(reader,
                           "select " ELICENSE_LICENCE_COLUMNS
                           " from licences where document_number > $1 order by document_number limit $2",
                           after, limit));
  });
}

Stored<Changed> SqlStore::change_licence(std::string_view document_number, std::int64_t expected_revision,
                                         const LicenceChange& change, const std::optional<NewEvent>& event,
                                         UnixTime now, const Act& act) {
  return write(Durability::durable, [&](SqlTransaction& writer) -> Stored<Changed> {
    ELICENSE_TRY(auto record, one_of(SqlQuery(writer,
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
    if (event) ELICENSE_CHECK(raise(writer, licence, *event, now));
    ELICENSE_CHECK(audit(writer, act, document_number, now));
    return Changed{.outcome = ChangeOutcome::changed, .revision = record->revision, .listed_anew = revised.listed_anew};
  });
}

Stored<std::vector<LicenceRecord>> SqlStore::licences_due(UnixTime now, std::size_t limit) {
  return read_one([&](SqlConnection& reader) {
    return all_of(SqlQuery(
        reader, "select " ELICENSE_LICENCE_COLUMNS " from licences where due_at <= $1 order by due_at limit $2", now,
        limit));
  });
}

}  // namespace elicense::authority
