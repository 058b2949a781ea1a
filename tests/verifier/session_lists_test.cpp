// The lists that checks lean on: what is kept of them, how old they may be, and that forged ones are as none.
#include <gtest/gtest.h>

#include "support/demo.h"
#include "verifier/support/world.h"

namespace elicense::test {
namespace {

TEST(Lists, NothingIsKnownWithoutThem) {
  CheckWorld world;
  world.online = false;
  world.load();
  EXPECT_FALSE(world.readiness.back().ready);
  EXPECT_EQ(world.readiness.back().error, ErrorCode::authority_unreachable);
  world.show(world.code());
  EXPECT_EQ(world.result(), "unchecked");
  EXPECT_EQ(world.error(), "authority-unreachable");
  world.show("HELLO");
  EXPECT_EQ(world.result(), "malformed");  // for that nobody is needed
}

TEST(Lists, AreKeptForTheNextPage) {
  CheckWorld world;
  world.load();
  world.show(world.code());
  EXPECT_EQ(world.kept.count("trust-list") + world.kept.count("status-list") + world.kept.count("time"), 3U);
  world.online = false;
  world.load();
  EXPECT_TRUE(world.readiness.back().ready);
  world.pass(3000);
  world.show(world.code());
  EXPECT_EQ(world.result(), "valid");
  EXPECT_FALSE(world.says_unchecked(Unchecked::status_list));
}

TEST(Lists, WhatWasKeptIsVerifiedAgain) {
  CheckWorld world;
  world.load();
  world.show(world.code());
  world.online = false;
  const auto kept = world.kept;
  world.kept["trust-list"][world.kept["trust-list"].size() / 2] ^= 1;
  world.load();
  EXPECT_FALSE(world.readiness.back().ready);
  world.kept = kept;
  world.kept["status-list"][world.kept["status-list"].size() / 2] ^= 1;
  world.load();
  world.show(world.code());
  EXPECT_EQ(world.result(), "valid");
  EXPECT_TRUE(world.says_unchecked(Unchecked::status_list));
  world.kept = {{"trust-list", "a.b.c"}, {"status-list", "nonsense"}, {"time", "[]"}};
  world.load();
  EXPECT_FALSE(world.readiness.back().ready);
}

TEST(Lists, AnExpiredTrustList) {
  CheckWorld world;
  world.authority.trust_list_seconds = 600;
  world.load();
  world.online = false;
  world.pass(601'000);
  world.show(world.code());
  EXPECT_EQ(world.result(), "unknown-issuer");
  EXPECT_EQ(world.error(), "trust-list-expired");
  EXPECT_EQ(world.readiness.back().error, ErrorCode::trust_list_expired);
  EXPECT_FALSE(world.readiness.back().ready);
  world.online = true;
  world.pass(120'000);  // fetched again by itself
  EXPECT_TRUE(world.readiness.back().ready);
  world.show(world.code());
  EXPECT_EQ(world.result(), "valid");
}

TEST(Lists, ALowerSequenceIsRefused) {
  CheckWorld world;
  world.load();
  const std::string newest = world.kept["trust-list"];
  world.authority.sequence = 6;
  world.pass(5 * 60'000);
  EXPECT_EQ(world.kept["trust-list"], newest);
  world.kept.erase("trust-list");
  world.load();  // the number is remembered apart from the list
  EXPECT_EQ(world.readiness.back().error, ErrorCode::trust_list_rollback);
  EXPECT_FALSE(world.readiness.back().ready);
  world.show(world.code());
  EXPECT_EQ(world.result(), "unknown-issuer");
  EXPECT_EQ(world.error(), "trust-list-rollback");
}

TEST(Lists, OfAnotherRootOrAuthorityAreRefused) {
  CheckWorld world;
  world.settings.authority.roots = {root_key().public_key()};
  world.load();
  EXPECT_EQ(world.readiness.back().error, ErrorCode::root_unknown);
  world.show(world.code());
  EXPECT_EQ(world.result(), "unknown-issuer");
  EXPECT_EQ(world.error(), "root-unknown");
  CheckWorld other;
  other.on_the_wire = [&other](const FetchEffect&, const HttpAnswer&) -> std::optional<HttpAnswer> {
    other.authority.origin = "https://else.example";  // whose list the same root has signed
    const std::string list = other.authority.trust_list_text(other.authority_now());
    other.authority.origin = kIssuer;
    return HttpAnswer{.status = 200, .date = {}, .body = list};
  };
  other.load();
  EXPECT_EQ(other.readiness.back().error, ErrorCode::issuer_mismatch);
  EXPECT_FALSE(other.readiness.back().ready);
}

TEST(Lists, StatusListsThatDoNotCheckAreNotUsed) {
  CheckWorld world;
  world.settings.mode = CheckMode::offline;
  world.status_list_subject = "https://dl.example.org/status/1";
  world.load();
  world.recorded = StatusSet::parse("B").value();
  world.show(world.code());
  EXPECT_EQ(world.result(), "valid");
  EXPECT_TRUE(world.says_unchecked(Unchecked::status_list));
  world.status_list_subject.clear();
  world.pass(3000);
  world.show(world.code());
  EXPECT_EQ(world.result(), "not-usable");
}

TEST(Lists, AStatusListThatIsOverIsNotUsed) {
  CheckWorld world;
  world.settings.mode = CheckMode::offline;
  world.status_list_seconds = 120;
  world.load();
  world.show(world.code());
  EXPECT_FALSE(world.says_unchecked(Unchecked::status_list));
  world.online = false;
  world.pass(130'000);
  world.show(world.code());
  EXPECT_EQ(world.result(), "valid");
  EXPECT_TRUE(world.says_unchecked(Unchecked::status_list));
}

TEST(Lists, AnOlderStatusListDoesNotComeBack) {
  CheckWorld world;
  world.settings.mode = CheckMode::offline;
  world.load();
  std::optional<HttpAnswer> first;
  world.on_the_wire = [&first](const FetchEffect& request, HttpAnswer answer) -> std::optional<HttpAnswer> {
    if (request.url.find("/status/") == std::string::npos) return answer;
    if (!first) first = answer;
    return answer;
  };
  world.show(world.code());
  EXPECT_EQ(world.result(), "valid");
  world.recorded = StatusSet::parse("B").value();
  world.pass(6 * 60'000);
  world.show(world.code());
  EXPECT_EQ(world.result(), "not-usable");
  world.on_the_wire = [&first](const FetchEffect& request, HttpAnswer answer) -> std::optional<HttpAnswer> {
    return request.url.find("/status/") == std::string::npos ? answer : *first;
  };
  world.pass(6 * 60'000);
  world.show(world.code());
  EXPECT_EQ(world.result(), "not-usable");
}

TEST(Lists, AreFetchedEveryFiveMinutesAndLessOftenFromASilentAuthority) {
  CheckWorld world;
  world.load();
  world.pass(60 * 60'000);
  EXPECT_EQ(world.authority.count("/trust-list"), 12);
  world.online = false;
  const std::size_t before = world.fetches.size();
  world.pass(60 * 60'000);
  EXPECT_LT(world.fetches.size() - before, 90U);
  EXPECT_GT(world.fetches.size() - before, 40U);
}

}  // namespace
}  // namespace elicense::test
