#include <mutex>

#include "authority/store_home.h"

namespace elicense::authority::test {
namespace {

Check check_at(UnixTime at, const std::string& result) {
  return {.document_number = kDocument,
          .partner_name = "rental",
          .partner_origin = "https://rental.example",
          .at = at,
          .result = result,
          .asked = "C1",
          .echo = 42};
}

NewEvent checked_event() {
  return {.kind = "checked", .payload = Json::Object{{"by", "rental"}, {"echo", 42}}, .device = std::nullopt};
}

TEST_P(StoreTest, ACheckSpendsItsCodeInTheSameAct) {
  add_licence(kDocument);
  const Store::CodeToSpend spends{.code = {{1}, kNow}, .until = kNow + 60};
  const auto first = store().record_check(check_at(kNow, "valid"), spends, checked_event(), act("check")).value();
  EXPECT_EQ(first.spend, Spend::first);
  const auto again = store().record_check(check_at(kNow + 1, "valid"), spends, checked_event(), act("check")).value();
  EXPECT_EQ(again.spend, Spend::again);
  EXPECT_EQ(store().list_checks(kDocument, 10).value().size(), 1U);
  EXPECT_EQ(store().events_after(kDocument, "d", 0, 10).value().size(), 1U);
  EXPECT_EQ(audit_entries(), 2);
  EXPECT_EQ(store().spend_code(spends.code, kNow, kNow + 60).value(), Spend::again);
}

TEST_P(StoreTest, ACheckThatCannotBeRecordedSpendsNothing) {
  const Store::CodeToSpend spends{.code = {{1}, kNow}, .until = kNow + 60};
  EXPECT_EQ(store().record_check(check_at(kNow, "valid"), spends, std::nullopt, act("check")).error(),
            StoreError::constraint);
  EXPECT_EQ(store().spend_code(spends.code, kNow, kNow + 60).value(), Spend::first);
}

TEST_P(StoreTest, ChecksAreListedNewestFirst) {
  add_licence(kDocument);
  for (int i = 0; i < 5; ++i)
    ASSERT_TRUE(store().record_check(check_at(kNow + i, "valid"), std::nullopt, std::nullopt, act("check")).ok());
  reopen();
  const auto checks = store().list_checks(kDocument, 3).value();
  ASSERT_EQ(checks.size(), 3U);
  EXPECT_EQ(checks[0].at, kNow + 4);
  EXPECT_EQ(checks[2].at, kNow + 2);
  EXPECT_EQ(checks[0].asked, "C1");
  EXPECT_EQ(checks[0].echo, 42);
  EXPECT_TRUE(store().list_checks("other", 3).value().empty());
}

TEST_P(StoreTest, EventsAreReadAfterTheLastOneSeen) {
  add_licence(kDocument);
  add_licence("other");
  EXPECT_EQ(store().first_position(kDocument, kNow).value(), 0);
  const auto first = store().append_event(kDocument, checked_event(), kNow).value();
  ASSERT_TRUE(store().append_event("other", checked_event(), kNow).ok());
  const auto second = store().append_event(kDocument, checked_event(), kNow + 1).value();
  EXPECT_LT(first, second);
  EXPECT_EQ(store().first_position(kDocument, kNow).value(), second);
  const auto events = store().events_after(kDocument, "d", first, 10).value();
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].id, second);
  EXPECT_EQ(events[0].payload, R"({"by":"rental","echo":42})");
  EXPECT_EQ(events[0].at, kNow + 1);
  EXPECT_EQ(store().events_after(kDocument, "d", 0, 1).value().at(0).id, first);
}

TEST_P(StoreTest, APhoneThatHasHeardNothingBeginsBeforeTheNewestRecentStatus) {
  add_licence(kDocument);
  add_licence("other");
  const auto raise = [this](const char* document_number, const char* kind, UnixTime at) {
    return store().append_event(document_number, {.kind = kind, .payload = Json::Object{}}, at).value();
  };
  raise(kDocument, "status", kNow);
  const auto status = raise(kDocument, "status", kNow + 10);
  const auto checked = raise(kDocument, "checked", kNow + 20);
  raise("other", "status", kNow + 30);
  EXPECT_EQ(store().first_position(kDocument, kNow).value(), status - 1);
  EXPECT_EQ(store().first_position(kDocument, kNow + 10).value(), status - 1);
  EXPECT_EQ(store().first_position(kDocument, kNow + 11).value(), checked);
}

TEST_P(StoreTest, AListenerHearsOfWhatIsStoredAndOfNothingElse) {
  add_licence(kDocument);
  std::mutex mutex;
  std::vector<EventNotice> heard;
  const auto subscription = store().subscribe([&](const EventNotice& notice) {
    const std::lock_guard lock(mutex);
    heard.push_back(notice);
    // It may read at once.
    EXPECT_EQ(store().first_position(notice.document_number, kNow).value(), notice.id);
  });
  const auto id = store().append_event(kDocument, checked_event(), kNow).value();
  EXPECT_FALSE(store().append_event("nobody", checked_event(), kNow).ok());
  ASSERT_TRUE(store().record_check(check_at(kNow, "valid"), std::nullopt, checked_event(), act("check")).ok());
  ASSERT_EQ(heard.size(), 2U);
  EXPECT_EQ(heard[0].id, id);
  EXPECT_EQ(heard[0].document_number, kDocument);
  store().unsubscribe(subscription);
  ASSERT_TRUE(store().append_event(kDocument, checked_event(), kNow).ok());
  EXPECT_EQ(heard.size(), 2U);
}

TEST_P(StoreTest, PartnersAreFoundByTheDigestOfTheirKey) {
  ASSERT_TRUE(store().put_partner({"rental", "https://a.example", digest_number(1)}, kNow, act("partner")).ok());
  ASSERT_TRUE(store().put_partner({"insurer", "https://b.example", digest_number(2)}, kNow, act("partner")).ok());
  EXPECT_EQ(store().find_partner(digest_number(1)).value()->origin, "https://a.example");
  EXPECT_EQ(store().list_partners().value().at(0).name, "insurer");
  // Another's key cannot be taken; one's own is replaced.
  EXPECT_EQ(store().put_partner({"insurer", "x", digest_number(1)}, kNow, act("partner")).error(),
            StoreError::constraint);
  ASSERT_TRUE(store().put_partner({"rental", "https://c.example", digest_number(3)}, kNow, act("partner")).ok());
  EXPECT_FALSE(store().find_partner(digest_number(1)).value().has_value());
  EXPECT_EQ(store().find_partner(digest_number(3)).value()->origin, "https://c.example");
  EXPECT_TRUE(store().remove_partner("rental", kNow, act("partner")).value());
  EXPECT_FALSE(store().remove_partner("rental", kNow, act("partner")).value());
  EXPECT_FALSE(store().find_partner(digest_number(3)).value().has_value());
}

TEST_P(StoreTest, OperatorsAreFoundByTheDigestOfTheirKey) {
  ASSERT_TRUE(store().put_operator({"li", digest_number(1)}, kNow, act("operator")).ok());
  EXPECT_EQ(store().find_operator(digest_number(1)).value()->name, "li");
  EXPECT_FALSE(store().find_operator(digest_number(2)).value().has_value());
  EXPECT_EQ(store().list_operators().value().size(), 1U);
  EXPECT_TRUE(store().remove_operator("li", kNow, act("operator")).value());
  EXPECT_FALSE(store().find_operator(digest_number(1)).value().has_value());
}

}  // namespace
}  // namespace elicense::authority::test
