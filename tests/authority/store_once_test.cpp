#include <algorithm>
#include <atomic>
#include <thread>

#include "authority/store_home.h"

namespace elicense::authority::test {
namespace {

TEST_P(StoreTest, ANonceIsTakenOnceAndInTime) {
  ASSERT_TRUE(store().put_nonce(digest_number(1), kNow + 60).ok());
  ASSERT_TRUE(store().put_nonce(digest_number(2), kNow + 60).ok());
  EXPECT_TRUE(store().take_nonce(digest_number(1), kNow).value());
  EXPECT_FALSE(store().take_nonce(digest_number(1), kNow).value());
  EXPECT_FALSE(store().take_nonce(digest_number(2), kNow + 60).value());
  EXPECT_FALSE(store().take_nonce(digest_number(3), kNow).value());
}

TEST_P(StoreTest, AProofIdIsUsedOnceByEachKey) {
  EXPECT_EQ(store().use_proof_id("key", "id", kNow, kNow + 60).value(), Spend::first);
  EXPECT_EQ(store().use_proof_id("key", "id", kNow + 59, kNow + 90).value(), Spend::again);
  EXPECT_EQ(store().use_proof_id("other", "id", kNow, kNow + 60).value(), Spend::first);
  EXPECT_EQ(store().use_proof_id("keyi", "d", kNow, kNow + 60).value(), Spend::first);
  EXPECT_EQ(store().use_proof_id("key", "id", kNow + 60, kNow + 120).value(), Spend::first);
}

TEST_P(StoreTest, ASpentCodeStaysSpent) {
  const SpentCode code{{1, 2, 3}, kNow};
  EXPECT_EQ(store().spend_code(code, kNow, kNow + 60).value(), Spend::first);
  EXPECT_EQ(store().spend_code(code, kNow, kNow + 60).value(), Spend::again);
  EXPECT_EQ(store().spend_code({{1, 2, 3}, kNow + 5}, kNow, kNow + 60).value(), Spend::first);
  EXPECT_EQ(store().spend_code({{9, 2, 3}, kNow}, kNow, kNow + 60).value(), Spend::first);
  reopen();
  EXPECT_EQ(store().spend_code(code, kNow, kNow + 60).value(), Spend::again);
  EXPECT_EQ(second_instance()->spend_code(code, kNow, kNow + 60).value(), Spend::again);
}

TEST_P(StoreTest, ARateIsCountedInWindows) {
  const RateLimit limit{.requests = 3, .seconds = 10};
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(store().count_request("k", limit, kNow + i).value().allowed);
  const auto refused = store().count_request("k", limit, kNow + 4).value();
  EXPECT_FALSE(refused.allowed);
  EXPECT_EQ(refused.retry_after, 6);
  EXPECT_FALSE(store().count_request("k", limit, kNow + 9).value().allowed);
  EXPECT_TRUE(store().count_request("other", limit, kNow + 4).value().allowed);
  EXPECT_TRUE(store().count_request("k", limit, kNow + 10).value().allowed);
  EXPECT_EQ(store().count_request("none", {.requests = 0, .seconds = 5}, kNow).value().retry_after, 5);
}

TEST_P(StoreTest, ExpiredRowsAreSweptInBatches) {
  add_licence(kDocument);
  for (int i = 0; i < 10; ++i) {
    ASSERT_TRUE(store().put_nonce(digest_number(i), kNow + i).ok());
    ASSERT_TRUE(store().spend_code({{1}, kNow + i}, kNow, kNow + i).ok());
  }
  ASSERT_TRUE(store().use_proof_id("k", "i", kNow, kNow + 1).ok());
  ASSERT_TRUE(store().count_request("k", {1, 1}, kNow).ok());
  ASSERT_TRUE(store().put_code({digest_number(1), kDocument, kNow + 1, CodeUse::once}, kNow, act("x")).ok());
  ASSERT_TRUE(store().put_access_token(kDocument, {digest_number(1), "j", "s", kNow + 1}).ok());
  ASSERT_TRUE(store().append_event(kDocument, {.kind = "k", .payload = Json(), .device = std::nullopt}, kNow).ok());
  EXPECT_EQ(store().sweep(kNow + 4, 3).value(), 3 + 3 + 4);
  EXPECT_EQ(store().sweep(kNow + 4, 3).value(), 2 + 2);
  EXPECT_EQ(store().sweep(kNow + 4, 3).value(), 0);
  EXPECT_TRUE(store().take_nonce(digest_number(9), kNow + 4).value());
  EXPECT_EQ(store().spend_code({{1}, kNow + 9}, kNow, kNow + 60).value(), Spend::again);
  EXPECT_EQ(store().sweep(kNow + 40 * 86400, 100).value(), 4 + 5 + 1);  // nonces, codes spent, the event
}

// Runs `once` in many threads over two instances that know nothing of each other; how many of them were first.
template <class Once>
int firsts(Store& one, Store& other, const Once& once) {
  constexpr int kThreads = 8;
  std::atomic<int> waiting = 0;
  std::atomic<int> first = 0;
  std::vector<std::thread> threads;
  threads.reserve(kThreads);
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&, i] {
      ++waiting;
      while (waiting < kThreads) std::this_thread::yield();
      if (once(i % 2 == 0 ? one : other, i)) ++first;
    });
  }
  for (auto& thread : threads) thread.join();
  return first;
}

TEST_P(StoreTest, OfManyWhoSpendTheSameCodeExactlyOneIsFirst) {
  const auto other = second_instance();
  for (int round = 0; round < 20; ++round) {
    const SpentCode code{{7}, kNow + round};
    EXPECT_EQ(firsts(store(), *other,
                     [&](Store& at, int) {
                       const auto spent = at.spend_code(code, kNow, kNow + 60);
                       EXPECT_TRUE(spent.ok());
                       return spent.ok() && *spent == Spend::first;
                     }),
              1);
  }
}

TEST_P(StoreTest, OfManyWhoRedeemTheSameCodeExactlyOneGetsAToken) {
  add_licence(kDocument);
  const auto other = second_instance();
  for (int round = 0; round < 10; ++round) {
    ASSERT_TRUE(store().put_code({digest_number(round), kDocument, kNow + 60, CodeUse::once}, kNow, act("x")).ok());
    EXPECT_EQ(firsts(store(), *other,
                     [&](Store& at, int thread) {
                       const NewAccessToken token{digest_number(1000 + round * 100 + thread), "j", "s", kNow + 60};
                       const auto redeemed = at.redeem_code(digest_number(round), token, kNow, act("token"));
                       EXPECT_TRUE(redeemed.ok());
                       return redeemed.ok() && redeemed->has_value();
                     }),
              1);
  }
  EXPECT_TRUE(audit_verifies());
}

TEST_P(StoreTest, OfManyWhoChangeTheSameRevisionExactlyOneDoes) {
  add_licence(kDocument);
  const auto other = second_instance();
  for (std::int64_t revision = 1; revision < 10; ++revision) {
    EXPECT_EQ(firsts(store(), *other,
                     [&](Store& at, int thread) {
                       static_cast<void>(at.find_licence(kDocument));
                       const auto changed =
                           at.change_licence(kDocument, revision, {.points = thread}, std::nullopt, kNow, act("x"));
                       EXPECT_TRUE(changed.ok());
                       return changed.ok() && changed->outcome == ChangeOutcome::changed;
                     }),
              1);
  }
  EXPECT_EQ(audit_entries(), 10);
}

TEST_P(StoreTest, LicencesPutAtOnceGetIndexesWithoutGaps) {
  const auto other = second_instance();
  EXPECT_EQ(firsts(store(), *other,
                   [&](Store& at, int thread) {
                     for (int i = 0; i < 10; ++i) {
                       const std::string number = std::to_string(thread) + "-" + std::to_string(i);
                       EXPECT_TRUE(at.put_licence(licence_named(number), kNow, act("x")).ok());
                     }
                     return true;
                   }),
            8);
  std::vector<bool> seen(80);
  const auto records = store().list_licences("", 100).value();
  for (const auto& record : records) seen.at(record.status_index) = true;
  EXPECT_EQ(std::count(seen.begin(), seen.end(), true), 80);
}

TEST_P(StoreTest, OfManyRequestsAsManyAsTheLimitAreAllowed) {
  const auto other = second_instance();
  EXPECT_EQ(firsts(store(), *other,
                   [&](Store& at, int) {
                     const auto answer = at.count_request("k", {.requests = 5, .seconds = 60}, kNow);
                     return answer.ok() && answer->allowed;
                   }),
            5);
}

}  // namespace
}  // namespace elicense::authority::test
