#include "authority/store_home.h"

namespace elicense::authority::test {
namespace {

PublishedShard published(const std::string& token) {
  return {.token = token, .etag = "\"" + token + "\"", .at = kNow, .expires = kNow + 3600};
}

TEST_P(StoreTest, AShardIsBuiltFromWhatIsNotNormal) {
  EXPECT_TRUE(store().shards_to_build(kNow).value().empty());
  add_licence("a");
  add_licence("b", "G");
  add_licence("c");
  add_licence("d", "L");
  EXPECT_EQ(store().shards_to_build(kNow).value(), std::vector<std::int64_t>{0});
  const auto content = store().read_shard(0).value();
  ASSERT_EQ(content.listed.size(), 2U);
  EXPECT_EQ(content.listed[0].first, 1U);
  EXPECT_EQ(content.listed[0].second, status_list_value(StatusSet::parse("G").value()));
  EXPECT_EQ(content.listed[1].first, 3U);
  EXPECT_TRUE(store().read_shard(1).value().listed.empty());
  EXPECT_FALSE(store().find_shard(0).value().has_value());
  ASSERT_TRUE(store().publish_shard(0, content.version, published("one")).value());
  EXPECT_TRUE(store().shards_to_build(kNow).value().empty());
  EXPECT_EQ(store().shards_to_build(kNow + 3601).value().size(), 1U);  // it is about to expire
  reopen();
  EXPECT_EQ(store().find_shard(0).value()->token, "one");
  EXPECT_EQ(store().find_shard(0).value()->etag, "\"one\"");
}

TEST_P(StoreTest, WhatChangesDuringABuildWaitsForTheNext) {
  add_licence("a");
  const auto content = store().read_shard(0).value();
  ASSERT_TRUE(
      store()
          .change_licence("a", 1, {.recorded_status = StatusSet::parse("D").value()}, std::nullopt, kNow, act("status"))
          .value()
          .listed_anew);
  ASSERT_TRUE(store().publish_shard(0, content.version, published("old")).value());
  EXPECT_EQ(store().shards_to_build(kNow).value().size(), 1U);
  const auto next = store().read_shard(0).value();
  EXPECT_EQ(next.listed.size(), 1U);
  ASSERT_TRUE(store().publish_shard(0, next.version, published("new")).value());
  EXPECT_FALSE(store().publish_shard(0, content.version, published("late")).value());
  EXPECT_EQ(store().find_shard(0).value()->token, "new");
  EXPECT_TRUE(store().shards_to_build(kNow).value().empty());
  EXPECT_TRUE(store().publish_shard(0, next.version, published("renewed")).value());
}

TEST_P(StoreTest, AChangeThatLeavesTheListAloneBuildsNothing) {
  add_licence("a");
  ASSERT_TRUE(store().publish_shard(0, store().read_shard(0).value().version, published("one")).value());
  EXPECT_FALSE(store().change_licence("a", 1, {.points = 4}, std::nullopt, kNow, act("x")).value().listed_anew);
  EXPECT_TRUE(store().shards_to_build(kNow).value().empty());
}

TEST_P(StoreTest, TrustListsAreNumberedAndOnlyGrowYounger) {
  EXPECT_FALSE(store().find_trust_list().value().has_value());
  EXPECT_EQ(store().next_trust_sequence(kNow, act("trust")).value(), 1);
  EXPECT_EQ(second_instance()->next_trust_sequence(kNow, act("trust")).value(), 2);
  EXPECT_TRUE(store().put_trust_list({2, "two"}).value());
  EXPECT_FALSE(store().put_trust_list({1, "one"}).value());
  reopen();
  EXPECT_EQ(store().find_trust_list().value()->token, "two");
  EXPECT_EQ(store().next_trust_sequence(kNow, act("trust")).value(), 3);
}

}  // namespace
}  // namespace elicense::authority::test
