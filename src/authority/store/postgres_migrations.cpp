#include "authority/store/postgres_migrations.h"

namespace elicense::authority {
namespace {

// Whatever comes from outside is bytea, kept byte for byte and ordered as SQLite orders it; text is what we write.
// To read it in psql: convert_from(column, 'UTF8').
constexpr const char* kFirst = R"sql(
create table licences (
  document_number bytea primary key,
  data bytea not null,
  recorded_status text not null,
  points bigint not null,
  postponed_until text,
  valid_until text not null,
  status_index bigint not null unique,
  listed_value bigint not null,
  due_at bigint,
  revision bigint not null
);
create index licences_listed on licences (status_index, listed_value) where listed_value <> 0;
create index licences_due on licences (due_at) where due_at is not null;

-- Apart, so that a licence's row stays small.
create table portraits (
  document_number bytea primary key references licences (document_number),
  image bytea not null
);

create table counters (name text primary key, value bigint not null);
insert into counters values ('status_index', 0), ('trust_sequence', 0);

create table phones (
  document_number bytea primary key references licences (document_number),
  device bytea not null,
  activated bigint not null
);

create table leases (
  id bytea primary key,
  document_number bytea not null references licences (document_number),
  device bytea not null,
  issued bigint not null,
  expires bigint not null,
  ended bigint
);
create index leases_of on leases (document_number);
create index leases_expire on leases (expires);

create table codes (
  digest bytea primary key,
  document_number bytea not null references licences (document_number),
  expires bigint not null,
  reusable bigint not null,
  redeemed bigint
);
create index codes_expire on codes (expires);

create table access_tokens (
  digest bytea primary key,
  document_number bytea not null references licences (document_number),
  key_thumbprint bytea not null,
  scope bytea not null,
  expires bigint not null
);
create index access_tokens_expire on access_tokens (expires);

create table nonces (digest bytea primary key, expires bigint not null);
create index nonces_expire on nonces (expires);
create table proof_ids (digest bytea primary key, expires bigint not null);
create index proof_ids_expire on proof_ids (expires);
create table spent_codes (
  lease bytea not null,
  presented bigint not null,
  expires bigint not null,
  primary key (lease, presented)
);
create index spent_codes_expire on spent_codes (expires);

create table partners (name bytea primary key, origin bytea not null, key bytea not null unique);
create table operators (name bytea primary key, key bytea not null unique);

create table checks (
  id bigint generated always as identity primary key,
  document_number bytea not null references licences (document_number),
  partner_name bytea not null,
  partner_origin bytea not null,
  at bigint not null,
  result bytea not null,
  asked bytea,
  echo bigint
);
create index checks_of on checks (document_number, id);

-- written_by: the transaction, by which events are found that were committed while nobody was listening. An id does not
-- tell that: one drawn earlier may be committed later.
create table events (
  id bigint generated always as identity primary key,
  document_number bytea not null references licences (document_number),
  device bytea,
  kind bytea not null,
  payload bytea not null,
  at bigint not null,
  written_by bigint not null default (pg_current_xact_id()::text::bigint)
);
create index events_of on events (document_number, id);
create index events_at on events (at);
create index events_written on events (written_by);

create table rate_counters (
  key bytea primary key,
  started bigint not null,
  requests bigint not null,
  expires bigint not null
);
create index rate_counters_expire on rate_counters (expires);

create table shards (
  shard bigint primary key,
  version bigint not null,
  built_version bigint not null,
  token bytea,
  etag bytea,
  at bigint,
  expires bigint
);

create table trust_list (id bigint primary key check (id = 1), sequence bigint not null, token bytea not null);

create table audit (
  sequence bigint primary key,
  at bigint not null,
  actor bytea not null,
  action bytea not null,
  subject bytea,
  details bytea not null,
  previous bytea not null,
  hash bytea not null
);
create index audit_of on audit (subject, sequence) where subject is not null;
create function refuse_to_change_the_audit_record() returns trigger language plpgsql as
  $$ begin raise exception 'the audit record is append-only'; end $$;
create trigger audit_is_never_changed before update on audit
  for each row execute function refuse_to_change_the_audit_record();
create trigger audit_is_never_deleted before delete on audit
  for each row execute function refuse_to_change_the_audit_record();
create trigger audit_is_never_emptied before truncate on audit
  for each statement execute function refuse_to_change_the_audit_record();
-- What the next entry follows, and what a cut-off end of the record is noticed by. Whoever writes an entry holds its row:
-- instances take turns.
create table audit_head (id bigint primary key check (id = 1), sequence bigint not null, hash bytea not null);
insert into audit_head values (1, 0, decode(repeat('00', 32), 'hex'));
)sql";

constexpr const char* kMeta = "create table meta (name text primary key, value text not null)";

// The number of the lock is "elicense" read as an integer. It is waited for as long as another instance's migration
// takes; a table that others use, not.
constexpr const char* kBegin = R"sql(
begin isolation level read committed;
set local statement_timeout = 0;
set local lock_timeout = 0;
select pg_advisory_xact_lock(7308332170939888485);
set local lock_timeout = '10s';
)sql";

// Within a transaction.
Stored<bool> step(PostgresConnection& connection, const std::vector<Migration>& steps) {
  bool has_meta = false;
  {
    SqlQuery query(connection, "select 1 where to_regclass('meta') is not null");
    ELICENSE_TRY(has_meta, query.next());
  }
  if (!has_meta) ELICENSE_CHECK(connection.run_script(kMeta));
  return make_step(connection, steps);
}

}  // namespace

const std::vector<Migration>& postgres_migrations() {
  static const std::vector<Migration> steps = {{1, kFirst}};
  return steps;
}

StoreStatus migrate(PostgresConnection& connection, const std::vector<Migration>& steps) {
  connection.be_patient();
  for (bool more = true; more;) {
    ELICENSE_CHECK(connection.run_script(kBegin));
    const auto made = step(connection, steps);
    if (!made) {
      static_cast<void>(connection.run_script("rollback"));
      return made.error();
    }
    ELICENSE_CHECK(connection.run_script("commit"));
    more = *made;
  }
  return Done{};
}

}  // namespace elicense::authority
