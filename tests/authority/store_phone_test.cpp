#include "authority/store_home.h"

namespace elicense::authority::test {
namespace {

Lease lease_number(std::uint8_t number, const std::string& device) {
  return {.id = {number}, .document_number = kDocument, .device = device, .issued = kNow, .expires = kNow + 3600};
}

TEST_P(StoreTest, ANewPhoneEndsTheOldOnesLeasesAndTellsIt) {
  add_licence(kDocument);
  const NewEvent ended{.kind = "ended", .payload = Json::Object{}, .device = std::nullopt};
  EXPECT_EQ(store().activate_phone(kDocument, "old", ended, kNow, act("phone")).value().has_value(), false);
  ASSERT_EQ(store().put_leases({lease_number(1, "old"), lease_number(2, "old")}, std::nullopt).value(),
            LeaseIssue::issued);
  EXPECT_EQ(store().find_lease({1}, kNow).value().standing, LeaseStanding::good);
  EXPECT_EQ(store().find_lease({1}, kNow).value().lease->document_number, kDocument);

  EXPECT_FALSE(store().activate_phone(kDocument, "old", ended, kNow + 5, act("phone")).value().has_value());
  EXPECT_EQ(store().find_lease({1}, kNow).value().standing, LeaseStanding::good);

  const auto before = store().activate_phone(kDocument, "new", ended, kNow + 9, act("phone")).value();
  ASSERT_TRUE(before.has_value());
  EXPECT_EQ(before->device, "old");
  EXPECT_EQ(before->activated, kNow);
  reopen();
  EXPECT_EQ(store().find_phone(kDocument).value()->device, "new");
  EXPECT_EQ(store().find_lease({1}, kNow).value().standing, LeaseStanding::ended);
  EXPECT_EQ(store().find_lease({2}, kNow).value().standing, LeaseStanding::ended);
  EXPECT_EQ(store().put_leases({lease_number(3, "old")}, std::nullopt).value(), LeaseIssue::not_the_active_phone);
  EXPECT_EQ(store().put_leases({lease_number(4, "new")}, act("lease")).value(), LeaseIssue::issued);
  EXPECT_EQ(store().events_after(kDocument, "old", 0, 9).value().size(), 1U);
  EXPECT_TRUE(store().events_after(kDocument, "new", 0, 9).value().empty());
}

TEST_P(StoreTest, LeasesAreStoredAllOrNone) {
  add_licence(kDocument);
  add_phone(kDocument, "phone");
  ASSERT_EQ(store().put_leases({lease_number(1, "phone")}, std::nullopt).value(), LeaseIssue::issued);
  EXPECT_EQ(store().put_leases({lease_number(2, "phone"), lease_number(1, "phone")}, std::nullopt).value(),
            LeaseIssue::id_taken);
  EXPECT_EQ(store().put_leases({lease_number(3, "phone"), lease_number(3, "phone")}, std::nullopt).error(),
            StoreError::constraint);
  EXPECT_EQ(store().find_lease({2}, kNow).value().standing, LeaseStanding::unknown);
  EXPECT_EQ(store().find_lease({3}, kNow).value().standing, LeaseStanding::unknown);
  EXPECT_EQ(store().find_lease({1}, kNow + 3600).value().standing, LeaseStanding::expired);
  EXPECT_EQ(store().end_leases(kDocument, kNow, act("lease.end")).value(), 1);
  EXPECT_EQ(store().find_lease({1}, kNow).value().standing, LeaseStanding::ended);
  // Kept for a day after its end, so that it is known by name.
  EXPECT_EQ(store().sweep(kNow + 3600, 10).value(), 0);
  EXPECT_EQ(store().sweep(kNow + 3600 + 86400, 10).value(), 1);
  EXPECT_EQ(store().find_lease({1}, kNow).value().standing, LeaseStanding::unknown);
}

NewAccessToken token_number(int number) {
  return {.digest = digest_number(number), .key_thumbprint = "jkt", .scope = "licence", .expires = kNow + 600};
}

TEST_P(StoreTest, ACodeIsRedeemedOnce) {
  add_licence(kDocument);
  const SecretDigest code = digest_of_secret("a code");
  ASSERT_TRUE(store().put_code({code, kDocument, kNow + 60, CodeUse::once}, kNow, act("code")).ok());
  const auto token = store().redeem_code(code, token_number(1), kNow, act("token")).value();
  ASSERT_TRUE(token.has_value());
  EXPECT_EQ(token->document_number, kDocument);
  EXPECT_FALSE(store().redeem_code(code, token_number(2), kNow, act("token")).value().has_value());
  EXPECT_FALSE(store().redeem_code(digest_number(9), token_number(2), kNow, act("token")).value().has_value());
  reopen();
  EXPECT_FALSE(store().redeem_code(code, token_number(2), kNow, act("token")).value().has_value());
  const auto found = store().find_access_token(digest_number(1), kNow + 599).value();
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->key_thumbprint, "jkt");
  EXPECT_FALSE(store().find_access_token(digest_number(1), kNow + 600).value().has_value());
  EXPECT_FALSE(store().find_access_token(digest_number(2), kNow).value().has_value());
}

TEST_P(StoreTest, AnExpiredCodeIsNotRedeemedAndADemoCodeIsAgainAndAgain) {
  add_licence(kDocument);
  ASSERT_TRUE(store().put_code({digest_number(1), kDocument, kNow + 60, CodeUse::once}, kNow, act("code")).ok());
  EXPECT_FALSE(store().redeem_code(digest_number(1), token_number(1), kNow + 60, act("token")).value().has_value());
  ASSERT_TRUE(store().put_code({digest_number(2), kDocument, kNow + 60, CodeUse::repeatedly}, kNow, act("code")).ok());
  for (int i = 1; i < 4; ++i)
    EXPECT_TRUE(store().redeem_code(digest_number(2), token_number(i), kNow, act("token")).value().has_value());
}

// A token that cannot be stored must not cost the code.
TEST_P(StoreTest, ARedemptionThatFailsLeavesTheCode) {
  add_licence(kDocument);
  ASSERT_TRUE(store().put_code({digest_number(1), kDocument, kNow + 60, CodeUse::once}, kNow, act("code")).ok());
  ASSERT_TRUE(store().put_access_token(kDocument, token_number(5)).ok());
  EXPECT_EQ(store().redeem_code(digest_number(1), token_number(5), kNow, act("token")).error(), StoreError::constraint);
  EXPECT_TRUE(store().redeem_code(digest_number(1), token_number(6), kNow, act("token")).value().has_value());
}

TEST_P(StoreTest, NothingIsStoredForALicenceThatIsNotThere) {
  EXPECT_EQ(store().activate_phone("nobody", "d", std::nullopt, kNow, act("x")).error(), StoreError::constraint);
  EXPECT_EQ(store().put_code({digest_number(1), "nobody", kNow + 60, CodeUse::once}, kNow, act("x")).error(),
            StoreError::constraint);
  EXPECT_EQ(store().put_access_token("nobody", token_number(1)).error(), StoreError::constraint);
  EXPECT_EQ(store().append_event("nobody", {.kind = "k", .payload = Json(), .device = std::nullopt}, kNow).error(),
            StoreError::constraint);
  EXPECT_EQ(audit_entries(), 0);
}

}  // namespace
}  // namespace elicense::authority::test
