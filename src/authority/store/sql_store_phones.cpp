// Phones, their leases, and what a phone gets them with: pre-authorized codes and access tokens. Who changes what a
// licence's phones may do holds the licence.
#include "authority/store/sql_store.h"

namespace elicense::authority {
namespace {

Stored<std::optional<Phone>> find(SqlConnection& connection, std::string_view document_number) {
  SqlQuery query(connection, "select device, activated from phones where document_number = $1", document_number);
  ELICENSE_TRY(const bool found, query.next());
  if (!found) return std::optional<Phone>();
  return std::optional(Phone{.device = query.text(0), .activated = query.time(1)});
}

Stored<std::int64_t> end_all(SqlConnection& writer, std::string_view document_number, UnixTime now) {
  return changes_of(
      SqlQuery(writer, "update leases set ended = $2 where document_number = $1 and ended is null and expires > $2",
               document_number, now));
}

// True when it is new.
Stored<bool> insert(SqlConnection& writer, const Lease& lease) {
  ELICENSE_TRY(const std::int64_t rows,
               changes_of(SqlQuery(writer,
                                   "insert into leases (id, document_number, device, issued, expires) "
                                   "values ($1, $2, $3, $4, $5) on conflict (id) do nothing",
                                   lease.id, lease.document_number, lease.device, lease.issued, lease.expires)));
  return rows == 1;
}

Stored<bool> id_is_taken(SqlConnection& writer, const LeaseId& id) {
  SqlQuery query(writer, "select 1 from leases where id = $1", id);
  return query.next();
}

StoreStatus insert_token(SqlConnection& writer, std::string_view document_number, const NewAccessToken& token) {
  SqlQuery query(writer,
                 "insert into access_tokens (digest, document_number, key_thumbprint, scope, expires) "
                 "values ($1, $2, $3, $4, $5)",
                 token.digest, document_number, token.key_thumbprint, token.scope, token.expires);
  return query.run();
}

}  // namespace

Stored<std::optional<Phone>> SqlStore::activate_phone(std::string_view document_number, std::string_view device,
                                                      const std::optional<NewEvent>& ended_event, UnixTime now,
                                                      const Act& act) {
  return write(Durability::durable, [&](SqlTransaction& writer) -> Stored<std::optional<Phone>> {
    ELICENSE_TRY(const LockedLicence licence, lock_licence(writer, document_number));
    ELICENSE_TRY(const auto before, find(writer, document_number));
    if (before && before->device == device) return std::optional<Phone>();
    SqlQuery query(
        writer,
        "insert into phones (document_number, device, activated) values ($1, $2, $3) "
        "on conflict (document_number) do update set device = excluded.device, activated = excluded.activated",
        document_number, device, now);
    ELICENSE_CHECK(query.run());
    if (before) {
      ELICENSE_CHECK(end_all(writer, document_number, now));
      if (ended_event) {
        NewEvent event = *ended_event;
        event.device = before->device;
        ELICENSE_CHECK(raise(writer, licence, event, now));
      }
    }
    ELICENSE_CHECK(audit(writer, act, document_number, now));
    return before;
  });
}

Stored<std::optional<Phone>> SqlStore::find_phone(std::string_view document_number) {
  return read_one([&](SqlConnection& reader) { return find(reader, document_number); });
}

Stored<LeaseIssue> SqlStore::put_leases(const std::vector<Lease>& leases, const std::optional<Act>& act) {
  if (leases.empty()) return LeaseIssue::issued;
  return write(Durability::durable, [&](SqlTransaction& writer) -> Stored<LeaseIssue> {
    const Lease& first = leases.front();
    for (const auto& lease : leases)
      ELICENSE_ASSERT(lease.document_number == first.document_number && lease.device == first.device);
    ELICENSE_TRY(const auto licence, find_and_lock(writer, first.document_number));
    if (!licence) return LeaseIssue::not_the_active_phone;
    ELICENSE_TRY(const auto phone, find(writer, first.document_number));
    if (!phone || phone->device != first.device) return LeaseIssue::not_the_active_phone;
    for (const auto& lease : leases) {
      ELICENSE_TRY(const bool taken, id_is_taken(writer, lease.id));
      if (taken) return LeaseIssue::id_taken;
    }
    for (const auto& lease : leases) {
      ELICENSE_TRY(const bool is_new, insert(writer, lease));
      if (!is_new) return StoreError::constraint;  // twice in one call, or another's at this moment: rolled back
    }
    if (act) ELICENSE_CHECK(audit(writer, *act, first.document_number, first.issued));
    return LeaseIssue::issued;
  });
}

Stored<LeaseState> SqlStore::find_lease(const LeaseId& id, UnixTime now) {
  return read_one([&](SqlConnection& reader) -> Stored<LeaseState> {
    SqlQuery query(reader, "select document_number, device, issued, expires, ended from leases where id = $1", id);
    ELICENSE_TRY(const bool found, query.next());
    if (!found) return LeaseState{};
    LeaseState state{.standing = LeaseStanding::good,
                     .lease = Lease{.id = id,
                                    .document_number = query.text(0),
                                    .device = query.text(1),
                                    .issued = query.time(2),
                                    .expires = query.time(3)}};
    state.standing = standing_of(*state.lease, !query.is_null(4), now);
    return state;
  });
}

Stored<std::int64_t> SqlStore::end_leases(std::string_view document_number, UnixTime now, const Act& act) {
  return write(Durability::durable, [&](SqlTransaction& writer) -> Stored<std::int64_t> {
    ELICENSE_CHECK(find_and_lock(writer, document_number));
    ELICENSE_TRY(const std::int64_t ended, end_all(writer, document_number, now));
    ELICENSE_CHECK(audit(writer, act, document_number, now));
    return ended;
  });
}

StoreStatus SqlStore::put_code(const PreAuthorizedCode& code, UnixTime now, const Act& act) {
  return write(Durability::durable, [&](SqlTransaction& writer) -> StoreStatus {
    ELICENSE_CHECK(require_licence(writer, code.document_number));
    SqlQuery query(writer,
                   "insert into codes (digest, document_number, expires, reusable) values ($1, $2, $3, $4) "
                   "on conflict (digest) do update set document_number = excluded.document_number, "
                   "expires = excluded.expires, reusable = excluded.reusable, redeemed = null",
                   code.digest, code.document_number, code.expires, code.use == CodeUse::repeatedly ? 1 : 0);
    ELICENSE_CHECK(query.run());
    return audit(writer, act, code.document_number, now);
  });
}

Stored<std::optional<AccessToken>> SqlStore::redeem_code(const SecretDigest& code, const NewAccessToken& token,
                                                         UnixTime now, const Act& act) {
  return write(Durability::durable, [&](SqlTransaction& writer) -> Stored<std::optional<AccessToken>> {
    SqlQuery query(writer,
                   "update codes set redeemed = $2 where digest = $1 and expires > $2 "
                   "and (reusable = 1 or redeemed is null) returning document_number",
                   code, now);
    ELICENSE_TRY(const bool found, query.next());
    if (!found) return std::optional<AccessToken>();
    const std::string document_number = query.text(0);
    ELICENSE_CHECK(query.run());
    ELICENSE_CHECK(insert_token(writer, document_number, token));
    ELICENSE_CHECK(audit(writer, act, document_number, now));
    return std::optional(AccessToken{.document_number = document_number,
                                     .key_thumbprint = token.key_thumbprint,
                                     .scope = token.scope,
                                     .expires = token.expires});
  });
}

StoreStatus SqlStore::put_access_token(std::string_view document_number, const NewAccessToken& token) {
  return write(Durability::durable, [&](SqlTransaction& writer) -> StoreStatus {
    ELICENSE_CHECK(require_licence(writer, document_number));
    return insert_token(writer, document_number, token);
  });
}

Stored<std::optional<AccessToken>> SqlStore::find_access_token(const SecretDigest& digest, UnixTime now) {
  return read_one([&](SqlConnection& reader) -> Stored<std::optional<AccessToken>> {
    SqlQuery query(reader,
                   "select t.document_number, t.key_thumbprint, t.scope, t.expires, p.device from access_tokens t "
                   "left join phones p on p.document_number = t.document_number "
                   "where t.digest = $1 and t.expires > $2",
                   digest, now);
    ELICENSE_TRY(const bool found, query.next());
    if (!found) return std::optional<AccessToken>();
    return std::optional(AccessToken{.document_number = query.text(0),
                                     .key_thumbprint = query.text(1),
                                     .scope = query.text(2),
                                     .expires = query.time(3),
                                     .active_device = query.optional_text(4)});
  });
}

}  // namespace elicense::authority
