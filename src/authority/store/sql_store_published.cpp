// What is published: status lists by shard, and the trust list.
#include "authority/store/sql_store.h"

namespace elicense::authority {

Stored<std::vector<std::int64_t>> SqlStore::shards_to_build(UnixTime expiring_before) {
  return read_one([&](SqlConnection& reader) -> Stored<std::vector<std::int64_t>> {
    SqlQuery query(reader, "select shard from shards where version > built_version or expires < $1 order by shard",
                   expiring_before);
    std::vector<std::int64_t> shards;
    while (true) {
      ELICENSE_TRY(const bool row, query.next());
      if (!row) return shards;
      shards.push_back(query.integer(0));
    }
  });
}

Stored<ShardContent> SqlStore::read_shard(std::int64_t shard) {
  const auto size = static_cast<std::int64_t>(kStatusesPerShard);
  const std::int64_t first = shard * size;
  return read([&](SqlConnection& reader) -> Stored<ShardContent> {
    ShardContent content;
    {
      SqlQuery query(reader, "select version from shards where shard = $1", shard);
      ELICENSE_TRY(const bool found, query.next());
      if (found) content.version = query.integer(0);
    }
    SqlQuery query(reader,
                   "select status_index, listed_value from licences "
                   "where listed_value <> 0 and status_index >= $1 and status_index < $2 order by status_index",
                   first, first + size);
    while (true) {
      ELICENSE_TRY(const bool row, query.next());
      if (!row) return content;
      content.listed.emplace_back(static_cast<std::uint32_t>(query.integer(0) - first),
                                  static_cast<std::uint8_t>(query.integer(1)));
    }
  });
}

Stored<bool> SqlStore::publish_shard(std::int64_t shard, std::int64_t version, const PublishedShard& published) {
  return write(Durability::durable, [&](SqlTransaction& writer) -> Stored<bool> {
    // The same version again is a renewal before it expires.
    SqlQuery query(writer,
                   "insert into shards (shard, version, built_version, token, etag, at, expires) "
                   "values ($1, $2, $2, $3, $4, $5, $6) on conflict (shard) do update set "
                   "built_version = excluded.built_version, token = excluded.token, etag = excluded.etag, "
                   "at = excluded.at, expires = excluded.expires "
                   "where shards.built_version <= excluded.built_version and shards.version >= excluded.built_version",
                   shard, version, published.token, published.etag, published.at, published.expires);
    ELICENSE_CHECK(query.run());
    return query.changes() == 1;
  });
}

Stored<std::optional<PublishedShard>> SqlStore::find_shard(std::int64_t shard) {
  return read_one([&](SqlConnection& reader) -> Stored<std::optional<PublishedShard>> {
    SqlQuery query(reader, "select token, etag, at, expires from shards where shard = $1 and token is not null", shard);
    ELICENSE_TRY(const bool found, query.next());
    if (!found) return std::optional<PublishedShard>();
    return std::optional(
        PublishedShard{.token = query.text(0), .etag = query.text(1), .at = query.time(2), .expires = query.time(3)});
  });
}

Stored<std::int64_t> SqlStore::next_trust_sequence(UnixTime now, const Act& act) {
  return write(Durability::durable, [&](SqlTransaction& writer) -> Stored<std::int64_t> {
    ELICENSE_TRY(const std::int64_t sequence,
                 number_of(SqlQuery(
                     writer, "update counters set value = value + 1 where name = 'trust_sequence' returning value")));
    ELICENSE_CHECK(audit(writer, act, std::nullopt, now));
    return sequence;
  });
}

Stored<bool> SqlStore::put_trust_list(const PublishedTrustList& list) {
  return write(Durability::durable, [&](SqlTransaction& writer) -> Stored<bool> {
    SqlQuery query(writer,
                   "insert into trust_list (id, sequence, token) values (1, $1, $2) on conflict (id) do update set "
                   "sequence = excluded.sequence, token = excluded.token where trust_list.sequence < excluded.sequence",
                   list.sequence, list.token);
    ELICENSE_CHECK(query.run());
    return query.changes() == 1;
  });
}

Stored<std::optional<PublishedTrustList>> SqlStore::find_trust_list() {
  return read_one([](SqlConnection& reader) -> Stored<std::optional<PublishedTrustList>> {
    SqlQuery query(reader, "select sequence, token from trust_list where id = 1");
    ELICENSE_TRY(const bool found, query.next());
    if (!found) return std::optional<PublishedTrustList>();
    return std::optional(PublishedTrustList{.sequence = query.integer(0), .token = query.text(1)});
  });
}

}  // namespace elicense::authority
