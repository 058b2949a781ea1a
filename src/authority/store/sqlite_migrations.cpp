#include "authority/store/sqlite_migrations.h"

namespace elicense::authority {
namespace {

constexpr const char* kFirst = R"sql(
create table licences (
  document_number text primary key,
  data text not null,
  recorded_status text not null,
  points integer not null,
  postponed_until text,
  valid_until text not null,
  status_index integer not null unique,
  listed_value integer not null,
  due_at integer,
  revision integer not null
) strict;
create index licences_listed on licences (status_index, listed_value) where listed_value <> 0;
create index licences_due on licences (due_at) where due_at is not null;

-- Apart, so that a licence's row stays small.
create table portraits (
  document_number text primary key references licences (document_number),
  image blob not null
) strict;

create table counters (name text primary key, value integer not null) strict;
insert into counters values ('status_index', 0), ('trust_sequence', 0);

create table phones (
  document_number text primary key references licences (document_number),
  device text not null,
  activated integer not null
) strict, without rowid;

-- Without rowid where the key is a digest or a random number: one page less to write for each row.
create table leases (
  id blob primary key,
  document_number text not null references licences (document_number),
  device text not null,
  issued integer not null,
  expires integer not null,
  ended integer
) strict, without rowid;
create index leases_of on leases (document_number);
create index leases_expire on leases (expires);

create table codes (
  digest blob primary key,
  document_number text not null references licences (document_number),
  expires integer not null,
  reusable integer not null,
  redeemed integer
) strict, without rowid;
create index codes_expire on codes (expires);

create table access_tokens (
  digest blob primary key,
  document_number text not null references licences (document_number),
  key_thumbprint text not null,
  scope text not null,
  expires integer not null
) strict, without rowid;
create index access_tokens_expire on access_tokens (expires);

create table nonces (digest blob primary key, expires integer not null) strict, without rowid;
create index nonces_expire on nonces (expires);
create table proof_ids (digest blob primary key, expires integer not null) strict, without rowid;
create index proof_ids_expire on proof_ids (expires);
create table spent_codes (
  lease blob not null,
  presented integer not null,
  expires integer not null,
  primary key (lease, presented)
) strict, without rowid;
create index spent_codes_expire on spent_codes (expires);

create table partners (name text primary key, origin text not null, key blob not null unique) strict;
create table operators (name text primary key, key blob not null unique) strict;

create table checks (
  id integer primary key,
  document_number text not null references licences (document_number),
  partner_name text not null,
  partner_origin text not null,
  at integer not null,
  result text not null,
  asked text,
  echo integer
) strict;
create index checks_of on checks (document_number, id);

-- autoincrement: a phone asks for what came after a number, so none may be given twice.
create table events (
  id integer primary key autoincrement,
  document_number text not null references licences (document_number),
  device text,
  kind text not null,
  payload text not null,
  at integer not null
) strict;
create index events_of on events (document_number, id);
create index events_at on events (at);

create table rate_counters (
  key blob primary key,
  started integer not null,
  requests integer not null,
  expires integer not null
) strict, without rowid;
create index rate_counters_expire on rate_counters (expires);

create table shards (
  shard integer primary key,
  version integer not null,
  built_version integer not null,
  token text,
  etag text,
  at integer,
  expires integer
) strict;

create table trust_list (id integer primary key check (id = 1), sequence integer not null, token text not null) strict;

create table audit (
  sequence integer primary key,
  at integer not null,
  actor text not null,
  action text not null,
  subject blob,
  details text not null,
  previous blob not null,
  hash blob not null
) strict;
create index audit_of on audit (subject, sequence) where subject is not null;
create trigger audit_is_never_changed before update on audit
  begin select raise(abort, 'the audit record is append-only'); end;
create trigger audit_is_never_deleted before delete on audit
  begin select raise(abort, 'the audit record is append-only'); end;
-- "insert or replace" deletes without asking the trigger above.
create trigger audit_is_never_replaced before insert on audit
  when new.sequence <= (select coalesce(max(sequence), 0) from audit)
  begin select raise(abort, 'the audit record is append-only'); end;
-- What the next entry follows, and what a cut-off end of the record is noticed by.
create table audit_head (id integer primary key check (id = 1), sequence integer not null, hash blob not null) strict;
insert into audit_head values (1, 0, zeroblob(32));
)sql";

constexpr const char* kMeta = "create table if not exists meta (name text primary key, value text not null) strict";

// Within a transaction.
Stored<bool> step(SqliteConnection& connection, const std::vector<Migration>& steps) {
  ELICENSE_CHECK(connection.run_script(kMeta));
  return make_step(connection, steps);
}

}  // namespace

const std::vector<Migration>& sqlite_migrations() {
  static const std::vector<Migration> steps = {{1, kFirst}};
  return steps;
}

StoreStatus migrate(SqliteConnection& connection, const std::vector<Migration>& steps) {
  for (bool more = true; more;) {
    ELICENSE_CHECK(connection.run_script("begin exclusive"));
    const auto made = step(connection, steps);
    if (!made) {
      if (connection.in_transaction()) static_cast<void>(connection.run_script("rollback"));
      return made.error();
    }
    ELICENSE_CHECK(connection.run_script("commit"));
    more = *made;
  }
  return Done{};
}

}  // namespace elicense::authority
