// What only the SQLite store has: its files, its migrations, its full disk, and a kill at any moment.
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <filesystem>

#include "authority/sqlite_home.h"
#include "authority/store/sqlite_migrations.h"

namespace elicense::authority::test {
namespace {

Stored<std::unique_ptr<Store>> open_in(const std::string& folder, std::optional<std::int64_t> most_pages = {}) {
  SystemRandom random;
  return open_sqlite_store({.folder = folder, .most_pages = most_pages}, random);
}

unsigned rights(const std::string& path) {
  struct stat status = {};
  return ::stat(path.c_str(), &status) == 0 ? status.st_mode & 0777U : 0U;
}

TEST(SqliteStore, FilesAreForTheirOwnerAlone) {
  const std::string folder = make_folder() + "/data";
  const auto opened = open_in(folder);
  ASSERT_TRUE(opened.ok());
  ASSERT_TRUE((*opened)->put_nonce(digest_number(1), kNow).ok());
  EXPECT_EQ(rights(folder), 0700U);
  for (const char* name : {"/authority.db", "/authority.db-wal", "/authority.db-shm"})
    EXPECT_EQ(rights(folder + name), 0600U) << name;
}

TEST(SqliteStore, AFolderThatCannotBeIsUnavailable) {
  EXPECT_EQ(open_in("/dev/null/data").error(), StoreError::unavailable);
  EXPECT_EQ(open_in(make_folder() + "/a/b").error(), StoreError::unavailable);
}

TEST(SqliteStore, AFileThatIsNoDatabaseIsCorrupt) {
  const std::string folder = make_folder();
  const int file = ::open((folder + "/authority.db").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  const std::string text(4096, 'x');
  ASSERT_EQ(::write(file, text.data(), text.size()), 4096);
  ::close(file);
  EXPECT_EQ(open_in(folder).error(), StoreError::corrupt);
}

TEST(SqliteStore, DemoDataAndProductionDataAreKeptApart) {
  for (const auto& [made, asked, error] :
       {std::tuple{StorePurpose::demo, StorePurpose::production, StoreError::made_for_demo},
        std::tuple{StorePurpose::production, StorePurpose::demo, StoreError::made_for_production}}) {
    SqliteHome home;
    ASSERT_TRUE(home.open(made).ok());
    EXPECT_EQ(home.open(asked).error(), error);
    EXPECT_TRUE(home.open(made).ok());
    EXPECT_FALSE(store_error_text(error).empty());
  }
}

TEST(SqliteStore, MigrationsStartFromAnEmptyFileAndRunOnce) {
  const std::string path = make_folder() + "/authority.db";
  auto connection = SqliteConnection::open(path, SqliteConnection::Mode::writer, 1000);
  ASSERT_TRUE(connection.ok());
  const std::vector<Migration> steps = {{1, "create table one (a integer)"}, {2, "create table two (b integer)"}};
  EXPECT_TRUE(migrate(**connection, {steps[0]}).ok());
  EXPECT_TRUE(migrate(**connection, steps).ok());
  EXPECT_TRUE(migrate(**connection, steps).ok());
  EXPECT_TRUE((*connection)->run_script("select a, b from one, two").ok());
  EXPECT_EQ(migrate(**connection, {steps[0]}).error(), StoreError::newer_schema);
  // A step that fails leaves what was there before it.
  const std::vector<Migration> broken = {steps[0], steps[1], {3, "create table three (c integer); no such words"}};
  EXPECT_FALSE(migrate(**connection, broken).ok());
  EXPECT_FALSE((*connection)->run_script("select c from three").ok());
  EXPECT_TRUE(migrate(**connection, steps).ok());
}

TEST(SqliteStore, ANewerSchemaIsRefused) {
  SqliteHome home;
  ASSERT_TRUE(home.open(StorePurpose::production).ok());
  ASSERT_TRUE(home.tamper("update meta set value = '99' where name = 'schema_version'"));
  EXPECT_EQ(home.open(StorePurpose::production).error(), StoreError::newer_schema);
  ASSERT_TRUE(home.tamper("update meta set value = 'x' where name = 'schema_version'"));
  EXPECT_EQ(home.open(StorePurpose::production).error(), StoreError::corrupt);
}

TEST(SqliteStore, FullItRefusesToWriteAndGoesOnReading) {
  const std::string folder = make_folder();
  {
    const auto opened = open_in(folder, 120);
    ASSERT_TRUE(opened.ok());
    Store& store = **opened;
    ASSERT_TRUE(store.put_licence(licence_named(kDocument), kNow, act("put")).ok());
    std::int64_t stored = 1;
    while (true) {
      const auto put = store.put_licence(licence_named("N" + std::to_string(stored)), kNow, act("put"));
      if (!put.ok()) {
        EXPECT_EQ(put.error(), StoreError::full);
        break;
      }
      ASSERT_LT(++stored, 10000);
    }
    EXPECT_EQ(
        store.change_licence(kDocument, 1, {.data = std::string(40960, 'x')}, std::nullopt, kNow, act("x")).error(),
        StoreError::full);
    EXPECT_TRUE(store.find_licence(kDocument).value().has_value());
    EXPECT_EQ(store.verify_audit().value().entries, stored);
    EXPECT_FALSE(store.verify_audit().value().broken_at.has_value());
  }
  const auto roomy = open_in(folder);
  ASSERT_TRUE(roomy.ok());
  EXPECT_TRUE((*roomy)->put_licence(licence_named("late"), kNow, act("put")).value().has_value());
}

TEST(SqliteStore, AnotherProgramsLockIsWaitedForAndThenSaid) {
  const std::string folder = make_folder();
  SystemRandom random;
  const auto opened = open_sqlite_store({.folder = folder, .busy_milliseconds = 20}, random);
  ASSERT_TRUE(opened.ok());
  auto other = SqliteConnection::open(folder + "/authority.db", SqliteConnection::Mode::writer, 20);
  ASSERT_TRUE(other.ok() && (*other)->run_script("begin immediate").ok());
  EXPECT_EQ((*opened)->spend_code({{1}, kNow}, kNow, kNow + 60).error(), StoreError::busy);
  EXPECT_TRUE((*opened)->find_licence(kDocument).ok());
  ASSERT_TRUE((*other)->run_script("rollback").ok());
  EXPECT_EQ((*opened)->spend_code({{1}, kNow}, kNow, kNow + 60).value(), Spend::first);
}

TEST(SqliteStore, EveryErrorHasANameAndASentence) {
  for (const auto error :
       {StoreError::unavailable, StoreError::busy, StoreError::full, StoreError::read_only, StoreError::constraint,
        StoreError::corrupt, StoreError::newer_schema, StoreError::made_for_demo, StoreError::made_for_production}) {
    EXPECT_EQ(store_error_name(error).substr(0, 6), "store-");
    EXPECT_FALSE(store_error_text(error).empty());
  }
}

// The child spends codes one after the other and says so after each; it never returns.
[[noreturn]] void spend_until_killed(const std::string& folder, int first, int pipe) {
  auto opened = open_in(folder);
  if (!opened.ok()) ::_exit(1);
  for (int number = first;; ++number) {
    const Store::CodeToSpend spends{.code = {{1}, kNow + number}, .until = kNow + 1'000'000};
    const Check check{.document_number = kDocument,
                      .partner_name = "p",
                      .partner_origin = "o",
                      .at = kNow + number,
                      .result = "valid",
                      .asked = std::nullopt,
                      .echo = std::nullopt};
    const auto recorded = (*opened)->record_check(check, spends, std::nullopt, act("check"));
    if (!recorded.ok()) ::_exit(2);
    if (::write(pipe, &number, sizeof number) != sizeof number) ::_exit(3);
  }
}

// The last number acknowledged by a child that was killed after `most` of them or a few more.
int run_and_kill(const std::string& folder, int first, int most) {
  std::array<int, 2> pipe{};
  if (::pipe2(pipe.data(), O_CLOEXEC) != 0) return -1;
  const pid_t child = ::fork();
  if (child == 0) spend_until_killed(folder, first, pipe[1]);
  ::close(pipe[1]);
  int last = first - 1;
  int number = 0;
  for (int heard = 1; ::read(pipe[0], &number, sizeof number) == sizeof number; ++heard) {
    last = number;
    if (heard == most) ::kill(child, SIGKILL);
  }
  ::close(pipe[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFSIGNALED(status) ? last : -1;
}

TEST(SqliteStore, WhatWasAcknowledgedOutlivesAKillAtAnyMoment) {
  const std::string folder = make_folder();
  {
    const auto opened = open_in(folder);
    ASSERT_TRUE(opened.ok());
    ASSERT_TRUE((*opened)->put_licence(licence_named(kDocument), kNow, act("put")).ok());
  }
  int first = 0;
  for (int round = 0; round < 20; ++round) {
    const int last = run_and_kill(folder, first, 1 + round * 3);
    ASSERT_GE(last, first);
    const auto opened = open_in(folder);
    ASSERT_TRUE(opened.ok());
    Store& store = **opened;
    const auto verdict = store.verify_audit().value();
    EXPECT_FALSE(verdict.broken_at.has_value());
    const auto checks = store.list_checks(kDocument, 1000000).value();
    // Each acknowledged one is there, and at most the one under way besides.
    const int stored = static_cast<int>(checks.size());
    EXPECT_EQ(verdict.entries, stored + 1);
    for (int number = first; number <= last; ++number)
      EXPECT_EQ(store.spend_code({{1}, kNow + number}, kNow, kNow + 60).value(), Spend::again);
    EXPECT_EQ(checks.front().at - kNow >= last && checks.front().at - kNow <= last + 1, true);
    first = static_cast<int>(checks.front().at - kNow) + 1;
    EXPECT_EQ(stored, first);
  }
}

}  // namespace
}  // namespace elicense::authority::test
