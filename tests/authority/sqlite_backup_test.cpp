// A copy of a SQLite store that is in use.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

#include "authority/sqlite_home.h"

namespace elicense::authority::test {
namespace {

namespace fs = std::filesystem;

class SqliteBackupTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto opened = home_.open(StorePurpose::production);
    ASSERT_TRUE(opened.ok());
    store_ = *std::move(opened);
  }
  Store& store() { return *store_; }
  const std::string& target() const { return target_; }
  std::string file() const { return target_ + "/authority.db"; }
  std::unique_ptr<Store> restored() {
    SystemRandom random;
    auto opened = open_sqlite_store({.folder = target_}, random);
    return opened.ok() ? *std::move(opened) : nullptr;
  }

 private:
  SqliteHome home_;
  std::string target_ = make_folder();
  std::unique_ptr<Store> store_;
};

TEST_F(SqliteBackupTest, ACopyIsAWholeStore) {
  ASSERT_TRUE(store().put_licence(licence_named(kDocument), kNow, act("put")).ok());
  EXPECT_EQ(store().back_up(file()).value(), Backup::written);
  ASSERT_TRUE(store().put_licence(licence_named("later"), kNow, act("put")).ok());
  struct stat status {};
  ASSERT_EQ(::stat(file().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
  const auto copy = restored();
  ASSERT_NE(copy, nullptr);
  EXPECT_EQ(copy->find_licence(kDocument).value()->data, licence_named(kDocument).data);
  EXPECT_EQ(copy->find_portrait(kDocument).value(), licence_named(kDocument).portrait);
  EXPECT_FALSE(copy->find_licence("later").value().has_value());
  EXPECT_EQ(copy->audit_subject(kDocument).value(), store().audit_subject(kDocument).value());
  EXPECT_EQ(copy->verify_audit().value().entries, 1);
  // And it goes on from there.
  EXPECT_EQ(copy->put_licence(licence_named("later"), kNow, act("put")).value(), std::uint64_t{1});
}

TEST_F(SqliteBackupTest, WritingGoesOnAndTheCopyIsOfOneMoment) {
  std::atomic<bool> is_over = false;
  std::atomic<int> written = 0;
  std::thread writing([&] {
    while (!is_over) {
      if (store().put_licence(licence_named(std::to_string(written)), kNow, act("put")).ok()) ++written;
    }
  });
  while (written < 50) std::this_thread::yield();
  EXPECT_EQ(store().back_up(file()).value(), Backup::written);
  const int after_the_copy = written;
  while (written < after_the_copy + 5) std::this_thread::yield();
  is_over = true;
  writing.join();
  const auto copy = restored();
  ASSERT_NE(copy, nullptr);
  const auto verdict = copy->verify_audit().value();
  EXPECT_FALSE(verdict.broken_at.has_value());
  EXPECT_GE(verdict.entries, 50);
  EXPECT_LE(verdict.entries, after_the_copy + 1);
  // A licence and its audit entry are in it together or not at all.
  EXPECT_EQ(copy->list_licences("", 100'000).value().size(), static_cast<std::size_t>(verdict.entries));
}

TEST_F(SqliteBackupTest, NothingIsWrittenOver) {
  std::ofstream(file()) << "mine";
  EXPECT_EQ(store().back_up(file()).value(), Backup::file_is_there);
  EXPECT_EQ(fs::file_size(file()), 4U);
  fs::create_symlink(target() + "/nowhere", target() + "/link");
  EXPECT_EQ(store().back_up(target() + "/link").value(), Backup::file_is_there);
  EXPECT_FALSE(fs::exists(target() + "/nowhere"));
  EXPECT_EQ(store().back_up(target()).value(), Backup::file_is_there);
}

TEST_F(SqliteBackupTest, WhatCannotBeWrittenIsAnErrorAndLeavesNothing) {
  EXPECT_EQ(store().back_up(target() + "/none/authority.db").error(), StoreError::unavailable);
  EXPECT_EQ(store().back_up("").error(), StoreError::unavailable);
  if (::geteuid() != 0) {
    fs::permissions(target(), fs::perms::owner_read | fs::perms::owner_exec);
    EXPECT_EQ(store().back_up(file()).error(), StoreError::read_only);
    fs::permissions(target(), fs::perms::owner_all);
  }
  EXPECT_TRUE(fs::is_empty(target()));
}

TEST_F(SqliteBackupTest, NoNameIsTakenForAUri) {
  const fs::path before = fs::current_path();
  fs::current_path(target());
  EXPECT_EQ(store().back_up("file:copy.db?mode=memory").value(), Backup::written);
  fs::current_path(before);
  EXPECT_GT(fs::file_size(target() + "/file:copy.db?mode=memory"), 0U);
}

}  // namespace
}  // namespace elicense::authority::test
