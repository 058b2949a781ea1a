#include "authority/store_home.h"

namespace elicense::authority::test {
namespace {

constexpr int kEntries = 600;  // more than two batches of the walk

constexpr const char* kUnlock =
    "drop trigger if exists audit_is_never_changed; drop trigger if exists audit_is_never_deleted; ";

TEST_P(StoreTest, AuditEntriesFollowEachOtherAndNameNobody) {
  EXPECT_EQ(audit_entries(), 0);
  ASSERT_TRUE(store().append_audit(act("one"), kDocument, kNow).ok());
  ASSERT_TRUE(second_instance()->append_audit(act("two"), std::nullopt, kNow + 1).ok());
  const auto entries = store().audit_after(0, 10).value();
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_EQ(entries[0].sequence, 1);
  EXPECT_EQ(entries[0].details, R"({"why":"a test"})");
  EXPECT_EQ(entries[0].subject, store().audit_subject(kDocument).value());
  EXPECT_NE(entries[0].subject, sha256(view_of(kDocument)));
  EXPECT_EQ(entries[1].subject, std::nullopt);
  EXPECT_EQ(entries[1].previous, entries[0].hash);
  EXPECT_EQ(store().verify_audit().value().head, entries[1].hash);
}

TEST_P(StoreTest, TheDatabaseItselfRefusesToChangeTheAuditRecord) {
  ASSERT_TRUE(store().append_audit(act("one"), kDocument, kNow).ok());
  EXPECT_FALSE(home().tamper("update audit set actor = 'nobody'"));
  EXPECT_FALSE(home().tamper("delete from audit"));
  EXPECT_FALSE(home().tamper("insert or replace into audit select * from audit"));
  EXPECT_TRUE(audit_verifies());
}

TEST_P(StoreTest, AnEntryThatWasTamperedWithIsNamed) {
  for (int i = 0; i < kEntries; ++i)
    ASSERT_TRUE(store().append_audit(act("act " + std::to_string(i)), kDocument, kNow + i).ok());
  EXPECT_EQ(audit_entries(), kEntries);
  // Each mistake and its mending; the last ones are not mended.
  struct Case {
    const char* sql;
    std::int64_t broken_at;
    const char* mend;
  };
  const std::vector<Case> cases = {
      {"update audit set actor = 'x' where sequence = 300", 300,
       "update audit set actor = 'operator:test' where sequence = 300"},
      {"update audit set at = at + 1 where sequence = 1", 1, "update audit set at = at - 1 where sequence = 1"},
      {"update audit set details = '{}' where sequence = 256", 256,
       "update audit set details = '{\"why\":\"a test\"}' where sequence = 256"},
      {"update audit set subject = null where sequence = 257", 257,
       "update audit set subject = (select subject from audit where sequence = 1) where sequence = 257"},
      {"update audit set hash = x'00' where sequence = 512", 512,
       "update audit set hash = (select previous from audit where sequence = 513) where sequence = 512"},
      {"update audit set sequence = -1 where sequence = 600", 1, "update audit set sequence = 600 where sequence = -1"},
      {"update audit_head set sequence = 599", 600, "update audit_head set sequence = 600"},
      {"update audit_head set hash = zeroblob(32)", 600,
       "update audit_head set hash = (select hash from audit where sequence = 600)"},
      {"delete from audit where sequence = 600", 600, "select 1"},
      {"delete from audit where sequence = 400", 400, "select 1"}};
  for (const auto& broken : cases) {
    ASSERT_TRUE(home().tamper(std::string(kUnlock) + broken.sql)) << broken.sql;
    const auto verdict = store().verify_audit().value();
    EXPECT_EQ(verdict.broken_at, broken.broken_at) << broken.sql;
    EXPECT_EQ(verdict.entries, broken.broken_at == 600 && verdict.entries == 600 ? 600 : broken.broken_at - 1);
    ASSERT_TRUE(home().tamper(broken.mend)) << broken.mend;
    if (std::string_view(broken.mend) != "select 1") EXPECT_EQ(audit_entries(), kEntries) << broken.mend;
  }
}

}  // namespace
}  // namespace elicense::authority::test
