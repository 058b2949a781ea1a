// What the PostgreSQL store says when its server refuses, and what the server's log says of it.
#include <atomic>
#include <tuple>

#include "authority/postgres_store_fixture.h"
#include "authority/store/postgres_migrations.h"

namespace elicense::authority::test {
namespace {

using PostgresRefusalTest = PostgresStoreTest;

TEST_F(PostgresRefusalTest, DemoDataAndProductionDataAreKeptApart) {
  for (const auto& [made, asked, error] :
       {std::tuple{StorePurpose::demo, StorePurpose::production, StoreError::made_for_demo},
        std::tuple{StorePurpose::production, StorePurpose::demo, StoreError::made_for_production}}) {
    PostgresHome place;
    ASSERT_TRUE(place.open(made).ok());
    EXPECT_EQ(place.open(asked).error(), error);
    EXPECT_TRUE(place.open(made).ok());
  }
}

TEST_F(PostgresRefusalTest, MigrationsStartFromAnEmptyDatabaseAndRunOnce) {
  const auto connection = session();
  const std::vector<Migration> steps = {{1, "create table one (a bigint)"}, {2, "create table two (b bigint)"}};
  EXPECT_TRUE(migrate(*connection, {steps[0]}).ok());
  EXPECT_TRUE(migrate(*connection, steps).ok());
  EXPECT_TRUE(migrate(*connection, steps).ok());
  EXPECT_TRUE(connection->run_script("select a, b from one, two").ok());
  EXPECT_EQ(migrate(*connection, {steps[0]}).error(), StoreError::newer_schema);
  // A step that fails leaves what was there before it.
  const std::vector<Migration> broken = {steps[0], steps[1], {3, "create table three (c bigint); no such words"}};
  EXPECT_FALSE(migrate(*session(), broken).ok());
  EXPECT_FALSE(session()->run_script("select c from three").ok());
  EXPECT_TRUE(migrate(*connection, steps).ok());
}

TEST_F(PostgresRefusalTest, ANewerSchemaIsRefused) {
  ASSERT_TRUE(home().open(StorePurpose::production).ok());
  ASSERT_TRUE(home().tamper("update meta set value = '99' where name = 'schema_version'"));
  EXPECT_EQ(refusal(home().options()), StoreError::newer_schema);
  ASSERT_TRUE(home().tamper("update meta set value = 'x' where name = 'schema_version'"));
  EXPECT_EQ(refusal(home().options()), StoreError::corrupt);
}

TEST_F(PostgresRefusalTest, TheRoleItRunsAsNeedNotMakeTables) {
  static_cast<void>(open());
  ASSERT_TRUE(
      home().tamper("drop role if exists runs; create role runs login; do $$ begin "
                    "execute 'grant usage on schema ' || current_schema() || ' to runs'; "
                    "execute 'grant select, insert, update, delete on all tables in schema ' "
                    "|| current_schema() || ' to runs'; end $$"));
  PostgresStoreOptions options = home().options();
  options.url += " user=runs";
  const auto store = opened(options);
  put_licence(*store);
  EXPECT_TRUE(record(*store, 1).ok());
  EXPECT_TRUE(store->sweep(kNow, 10).ok());
  // What it may not write it only reads.
  ASSERT_TRUE(home().tamper("revoke insert on nonces from runs"));
  EXPECT_EQ(store->put_nonce(digest_number(1), kNow).error(), StoreError::read_only);
  EXPECT_TRUE(store->find_licence(kDocument).value().has_value());
  EXPECT_TRUE(home().tamper("drop owned by runs; drop role runs"));
}

TEST_F(PostgresRefusalTest, AReadOnlyDatabaseIsReadAndWrittenAgainLater) {
  const auto store = open();
  put_licence(*store);
  const auto set = [&](const char* value) {
    return home().tamper(std::string("do $$ begin execute 'alter database ' || current_database() || ' set "
                                     "default_transaction_read_only = ") +
                         value +
                         "'; end $$; select pg_terminate_backend(pid, 1000) from pg_stat_activity "
                         "where datname = current_database() and pid <> pg_backend_pid()");
  };
  ASSERT_TRUE(set("on"));
  EXPECT_EQ(store->spend_code({{1}, kNow}, kNow, kNow + 60).error(), StoreError::read_only);
  EXPECT_TRUE(store->find_licence(kDocument).value().has_value());
  const auto writer = session();
  ASSERT_TRUE(writer->run_script("set default_transaction_read_only = off").ok());
  ASSERT_TRUE(writer
                  ->run_script("do $$ begin execute 'alter database ' || current_database() || "
                               "' reset default_transaction_read_only'; end $$")
                  .ok());
  // By a new session, without being told.
  EXPECT_TRUE(comes_true(milliseconds(2000), [&] { return store->spend_code({{1}, kNow}, kNow, kNow + 60).ok(); }));
}

// A trigger says what a full disk would.
TEST_F(PostgresRefusalTest, WhatTheServerSaysIsSaidInOurWords) {
  const auto store = open();
  ASSERT_TRUE(
      home().tamper("create table says (code text); insert into says values ('53100'); "
                    "create function say() returns trigger language plpgsql as $$ declare word text; "
                    "begin select code into word from says; if word is null then return new; end if; "
                    "raise exception using errcode = word, message = 'no'; end $$; "
                    "create trigger say before insert on nonces for each row execute function say()"));
  int number = 0;
  const auto answers = [&](const std::string& code) {
    ELICENSE_ASSERT(home().tamper("update says set code = '" + code + "'"));
    return store->put_nonce(digest_number(++number), kNow).error();
  };
  EXPECT_EQ(answers("53100"), StoreError::full);
  EXPECT_EQ(answers("25006"), StoreError::read_only);
  EXPECT_EQ(answers("53300"), StoreError::busy);
  EXPECT_EQ(answers("57014"), StoreError::busy);
  EXPECT_EQ(answers("40001"), StoreError::busy);  // each time anew
  EXPECT_EQ(answers("23514"), StoreError::constraint);
  EXPECT_EQ(answers("54000"), StoreError::constraint);
  EXPECT_EQ(answers("P0001"), StoreError::constraint);
  EXPECT_EQ(answers("XX001"), StoreError::corrupt);
  EXPECT_EQ(answers("42P01"), StoreError::corrupt);
  EXPECT_EQ(answers("58030"), StoreError::unavailable);
  EXPECT_EQ(answers("99999"), StoreError::unavailable);
  ASSERT_TRUE(home().tamper("delete from says"));
  EXPECT_TRUE(store->put_nonce(digest_number(++number), kNow).ok());
}

TEST_F(PostgresRefusalTest, AConflictIsTriedAgain) {
  const auto store = open();
  // nextval is not taken back with its transaction: the first two attempts fail.
  ASSERT_TRUE(
      home().tamper("create sequence attempts; create function lose() returns trigger language plpgsql as "
                    "$$ begin if nextval('attempts') <= 2 then raise exception using errcode = '40P01', "
                    "message = 'no'; end if; return new; end $$; "
                    "create trigger lose before insert on spent_codes for each row execute function lose()"));
  EXPECT_EQ(store->spend_code({{1}, kNow}, kNow, kNow + 60).value(), Spend::first);
  EXPECT_EQ(store->spend_code({{1}, kNow}, kNow, kNow + 60).value(), Spend::again);
}

TEST_F(PostgresRefusalTest, AnothersLockIsWaitedForAndThenSaid) {
  PostgresStoreOptions options = home().options();
  options.busy_milliseconds = 100;
  options.most_connections = 1;
  const auto store = opened(options);
  const auto other = session();
  ASSERT_TRUE(other->run_script("begin; lock table spent_codes").ok());
  EXPECT_EQ(store->spend_code({{1}, kNow}, kNow, kNow + 60).error(), StoreError::busy);
  EXPECT_TRUE(store->find_licence(kDocument).ok());
  ASSERT_TRUE(other->run_script("rollback").ok());
  EXPECT_EQ(store->spend_code({{1}, kNow}, kNow, kNow + 60).value(), Spend::first);
}

TEST_F(PostgresRefusalTest, MoreCallsThanConnectionsWaitAndThenHearBusy) {
  PostgresStoreOptions options = home().options();
  options.busy_milliseconds = 300;
  options.most_connections = 2;
  const auto store = opened(options);
  in_threads(20, [&](int thread) { EXPECT_TRUE(store->put_nonce(digest_number(thread), kNow).ok()); });
  const auto other = session();
  ASSERT_TRUE(other->run_script("begin; lock table spent_codes").ok());
  std::atomic<int> busy = 0;
  in_threads(6, [&](int thread) {
    const auto spent = store->spend_code({{1}, kNow + thread}, kNow, kNow + 60);
    if (!spent.ok() && spent.error() == StoreError::busy) ++busy;
  });
  EXPECT_EQ(busy, 6);
}

TEST_F(PostgresRefusalTest, AServerWithoutASeatLeftIsBusy) {
  ASSERT_TRUE(home().tamper("drop role if exists few; create role few login connection limit 1"));
  const PostgresConnectionOptions options{.url = home().options().url + " user=few"};
  {
    const auto first = PostgresConnection::open(options);
    ASSERT_TRUE(first.ok());
    EXPECT_EQ(PostgresConnection::open(options).error(), StoreError::busy);
  }
  EXPECT_TRUE(home().tamper("drop role few"));
}

TEST_F(PostgresRefusalTest, AnInstanceThatHangsWithinATransactionLetsGo) {
  const auto store = open();
  const auto hanging = session();
  ASSERT_TRUE(hanging
                  ->run_script("set idle_in_transaction_session_timeout = 200; "
                               "begin; select * from audit_head for update")
                  .ok());
  EXPECT_TRUE(store->append_audit(act("x"), std::nullopt, kNow).ok());
  EXPECT_EQ(hanging->run_script("commit").error(), StoreError::unavailable);
}

TEST_F(PostgresRefusalTest, PromisesAreWaitedForAndTheRestIsNot) {
  const auto opened = PostgresConnection::open({.url = home().options().url + " options=-csynchronous_commit=off"});
  ASSERT_TRUE(opened.ok());
  const auto& connection = *opened;
  const auto setting = [&]() -> std::string {
    SqlQuery query(*connection, "select current_setting('synchronous_commit')");
    return query.next().value() ? query.text(0) : "";
  };
  ASSERT_TRUE(connection->begin(Durability::durable).ok());
  EXPECT_EQ(setting(), "on");
  ASSERT_TRUE(connection->commit().ok());
  ASSERT_TRUE(connection->begin(Durability::quick).ok());
  EXPECT_EQ(setting(), "off");
  ASSERT_TRUE(connection->commit().ok());
  EXPECT_EQ(setting(), "on");
}

TEST_F(PostgresRefusalTest, TheServersLogNamesNobody) {
  const std::string secret = "3701999988887";
  const auto store = open();
  put_licence(*store, secret);
  EXPECT_EQ(store->put_licence(licence_named(secret), kNow, act("put")).value(), std::nullopt);
  const std::string nobody = "nobody" + secret;
  EXPECT_FALSE(store->append_event(nobody, an_event(), kNow).ok());
  EXPECT_FALSE(store->put_code({digest_number(1), nobody, kNow + 60, CodeUse::once}, kNow, act("x")).ok());
  EXPECT_FALSE(store->put_access_token(nobody, {digest_number(1), secret, secret, kNow + 60}).ok());
  EXPECT_FALSE(store->activate_phone(nobody, secret, std::nullopt, kNow, act("x")).ok());
  Check check = check_number(1);
  check.document_number = nobody;
  EXPECT_FALSE(store->record_check(check, std::nullopt, an_event(), act("x")).ok());
  ASSERT_TRUE(store->put_access_token(secret, {digest_number(1), secret, secret, kNow + 60}).ok());
  EXPECT_FALSE(store->put_access_token(secret, {digest_number(1), secret, secret, kNow + 60}).ok());
  // Too long for an index, when it cannot be packed either.
  std::string too_long = secret;
  for (int i = 0; i < 200; ++i) too_long += text_of(digest_number(i));
  EXPECT_EQ(store->put_licence(licence_named(too_long), kNow, act("put")).error(), StoreError::constraint);
  const std::string log = server().log();
  EXPECT_NE(log.find("ERROR"), std::string::npos);  // it is the right log
  EXPECT_EQ(log.find(secret), std::string::npos);
  EXPECT_EQ(log.find(to_hex(view_of(secret))), std::string::npos);
}

}  // namespace
}  // namespace elicense::authority::test
