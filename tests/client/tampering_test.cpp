// What is changed on the wire or in the browser's store: nothing of it is drawn, and the reason has a name.
#include <gtest/gtest.h>

#include "base/base64url.h"
#include "client/kept.h"
#include "client/support/world.h"
#include "support/demo.h"

namespace elicense::test {
namespace {

constexpr std::size_t kRegions = 24;

// Another character of base64url in the middle of each region of a token's text.
std::string changed_in(std::string text, std::size_t region) {
  const std::size_t at = (text.size() - 1) * region / (kRegions - 1);
  text[at] = text[at] == 'A' ? 'B' : 'A';
  return text;
}

bool asks_for(const FetchEffect& request, std::string_view what) {
  if (what == "trust-list") return request.url.find("/trust-list") != std::string::npos;
  return request.body && request.body->find(what) != std::string::npos;
}

HttpAnswer with_token(HttpAnswer answer, const std::function<std::string(std::string)>& change) {
  constexpr std::string_view kBefore = "{\"credentials\":[{\"credential\":\"";
  if (answer.status != 200) return answer;
  if (answer.body.compare(0, kBefore.size(), kBefore) != 0) {
    answer.body = change(std::move(answer.body));
    return answer;
  }
  const std::string token = answer.body.substr(kBefore.size(), answer.body.size() - kBefore.size() - 4);
  answer.body = std::string(kBefore) + change(token) + "\"}]}";
  return answer;
}

void expect_untrusted(const World& world) {
  EXPECT_EQ(world.state(), ViewerState::untrusted);
  EXPECT_EQ(world.screen().reason, ViewerReason::check_failed);
  EXPECT_TRUE(world.screen().error);
  EXPECT_EQ(world.screen().licence, nullptr);
  EXPECT_EQ(world.screen().code, nullptr);
  EXPECT_FALSE(world.screen().status);
  ASSERT_FALSE(world.states.empty());
  EXPECT_EQ(world.states.back().error, world.screen().error);
}

class OnTheWire : public ::testing::TestWithParam<const char*> {};

TEST_P(OnTheWire, EachRegionChangedOnTheFirstVisitIsUntrusted) {
  for (std::size_t region = 0; region < kRegions; ++region) {
    SCOPED_TRACE(region);
    World world(region + 1);
    world.on_the_wire = [&](const FetchEffect& request, HttpAnswer answer) -> std::optional<HttpAnswer> {
      if (!asks_for(request, GetParam())) return answer;
      return with_token(std::move(answer), [&](std::string text) { return changed_in(std::move(text), region); });
    };
    world.open();
    expect_untrusted(world);
  }
}

TEST_P(OnTheWire, ChangedWhileLiveItIsUntrustedAtOnceAndLiveAgainWithAGoodOne) {
  World world;
  world.open();
  std::size_t region = 11;
  world.on_the_wire = [&](const FetchEffect& request, HttpAnswer answer) -> std::optional<HttpAnswer> {
    if (!asks_for(request, GetParam())) return answer;
    return with_token(std::move(answer), [&](std::string text) { return changed_in(std::move(text), region); });
  };
  world.hide();
  world.pass(25 * 3'600'000);  // everything is fetched again
  world.show();
  world.pass(1500);
  expect_untrusted(world);
  world.on_the_wire = nullptr;
  world.pass(70'000);
  EXPECT_EQ(world.state(), ViewerState::live);
  EXPECT_NE(world.screen().code, nullptr);
}

INSTANTIATE_TEST_SUITE_P(Tampering, OnTheWire, ::testing::Values("trust-list", "live-code-lease", "driving-licence"),
                         [](const auto& instance) {
                           std::string name = instance.param;
                           for (char& c : name) c = c == '-' ? '_' : c;
                           return name;
                         });

TEST(Tampering, EachRegionOfWhatIsKeptChangedInTheBrowserIsNotDrawn) {
  World original;
  original.open();
  for (const char* const name : {"trust-list", "lease", "licence"}) {
    for (std::size_t region = 0; region < kRegions; ++region) {
      SCOPED_TRACE(std::string(name) + " " + std::to_string(region));
      World world;
      world.open();
      world.online = false;
      std::string& text = world.kept[name];
      if (std::string_view(name) == "lease") {
        KeptLease lease = kept_lease(text).value();
        lease.encoded[(lease.encoded.size() - 1) * region / (kRegions - 1)] ^= 1;
        text = text_of_kept(lease);
      } else {
        text = changed_in(text, region);
      }
      world.load();
      world.show();
      world.pass(2000);
      EXPECT_EQ(world.screen().licence, nullptr);
      EXPECT_EQ(world.screen().code, nullptr);
      EXPECT_EQ(world.state(), ViewerState::untrusted);
      world.online = true;
      world.network_is_back();
      world.pass(70'000);
      EXPECT_EQ(world.state(), ViewerState::live);
    }
  }
}

TEST(Tampering, AnOldLeaseReplayedIsUntrusted) {
  World world;
  std::vector<HttpAnswer> leases;
  world.on_the_wire = [&](const FetchEffect& request, HttpAnswer answer) -> std::optional<HttpAnswer> {
    if (asks_for(request, "live-code-lease")) leases.push_back(answer);
    return answer;
  };
  world.open();
  world.on_the_wire = [&](const FetchEffect& request, HttpAnswer answer) -> std::optional<HttpAnswer> {
    return asks_for(request, "live-code-lease") ? leases.front() : answer;
  };
  world.refresh();
  world.pass(1500);
  expect_untrusted(world);
  EXPECT_EQ(world.screen().error, ErrorCode::holder_mismatch);
}

TEST(Tampering, AnotherPersonsLicenceIsUntrusted) {
  World other(99);
  other.open();
  World world;
  world.on_the_wire = [&](const FetchEffect& request, HttpAnswer answer) -> std::optional<HttpAnswer> {
    if (!asks_for(request, "driving-licence")) return answer;
    const PublicKey stranger = key_from(55).public_key();
    return with_token(
        answer, [&](const std::string&) { return world.authority.licence_text(world.authority_now(), stranger); });
  };
  world.open();
  expect_untrusted(world);
  EXPECT_EQ(world.screen().error, ErrorCode::holder_mismatch);
}

TEST(Tampering, ALicenceThatIsNotTheLeasesIsUntrusted) {
  const std::vector<std::function<void(LicenceData&)>> changes = {
      [](LicenceData& data) { data.document_number = "3790000000000"; },
      [](LicenceData& data) { data.name = "王伟"; },
      [](LicenceData& data) { data.licence_number = "110101199001011234"; },
      [](LicenceData& data) {
        data.valid_until = CivilDate{2040, 1, 1};
      },
      [](LicenceData& data) { data.driving_privileges->pop_back(); },
      [](LicenceData& data) { data.portrait->image.back() ^= 1; },
      [](LicenceData& data) { data.portrait = std::nullopt; },
  };
  for (std::size_t i = 0; i < changes.size(); ++i) {
    SCOPED_TRACE(i);
    World world;
    world.on_the_wire = [&](const FetchEffect& request, HttpAnswer answer) -> std::optional<HttpAnswer> {
      if (!asks_for(request, "driving-licence")) return answer;
      const LicenceData own = world.authority.data;
      changes[i](world.authority.data);
      const std::string text =
          world.authority.licence_text(world.authority_now(), world.keys.at("device").public_key());
      world.authority.data = own;
      return with_token(answer, [&text](const std::string&) { return std::string(text); });
    };
    world.open();
    expect_untrusted(world);
    EXPECT_EQ(world.screen().error, ErrorCode::lease_mismatch);
  }
}

TEST(Tampering, AnIncompleteLicenceIsUntrusted) {
  World world;
  world.authority.data.address = std::nullopt;
  world.open();
  expect_untrusted(world);
  EXPECT_EQ(world.screen().error, ErrorCode::licence_incomplete);
}

TEST(Tampering, AnOldTrustListIsARollback) {
  World world;
  const std::string old = world.authority.trust_list_text(world.authority_now());
  world.authority.sequence = 8;
  world.open();
  world.on_the_wire = [&](const FetchEffect& request, HttpAnswer answer) -> std::optional<HttpAnswer> {
    if (asks_for(request, "trust-list")) answer.body = old;
    return answer;
  };
  world.pass(12 * 60'000);
  expect_untrusted(world);
  EXPECT_EQ(world.screen().error, ErrorCode::trust_list_rollback);
  world.load();  // remembered over a reload
  world.show();
  world.pass(3000);
  EXPECT_EQ(world.screen().error, ErrorCode::trust_list_rollback);
}

TEST(Tampering, AForeignRootIsUntrusted) {
  World world;
  const MiniatureAuthority stranger(4711);
  world.on_the_wire = [&](const FetchEffect& request, HttpAnswer answer) -> std::optional<HttpAnswer> {
    if (asks_for(request, "trust-list")) answer.body = stranger.trust_list_text(world.authority_now());
    return answer;
  };
  world.open();
  expect_untrusted(world);
  EXPECT_EQ(world.screen().error, ErrorCode::root_unknown);
}

TEST(Tampering, AnotherAuthoritysListIsUntrusted) {
  World world;
  world.authority.origin = "https://other.example.org";
  const std::string other = world.authority.trust_list_text(world.authority_now());
  world.authority.origin = kIssuer;
  world.on_the_wire = [&](const FetchEffect& request, HttpAnswer answer) -> std::optional<HttpAnswer> {
    if (asks_for(request, "trust-list")) answer.body = other;
    return answer;
  };
  world.open();
  expect_untrusted(world);
  EXPECT_EQ(world.screen().error, ErrorCode::issuer_mismatch);
}

TEST(Tampering, ALeaseFromThePastIsUntrusted) {
  World world;
  world.open();
  const std::string held = kept_lease(world.kept["lease"]).value().slot;
  world.on_the_wire = [&](const FetchEffect& request, HttpAnswer answer) -> std::optional<HttpAnswer> {
    if (!asks_for(request, "live-code-lease")) return answer;
    for (const auto& [slot, key] : world.keys) {
      if (slot == "device" || slot == held) continue;
      const Bytes earlier = world.authority.lease_bytes(world.authority_now() - 60, key.public_key());
      return with_token(answer, [&](const std::string&) { return base64url_encode(earlier); });
    }
    return answer;
  };
  world.refresh();
  world.pass(1500);
  expect_untrusted(world);
  EXPECT_EQ(world.screen().error, ErrorCode::authority_time);
}

TEST(Tampering, ARotatedKeyIsLearntFromANewerList) {
  World world;
  world.open();
  world.authority.rotate_keys();
  world.refresh();
  world.pass(3000);
  EXPECT_EQ(world.state(), ViewerState::live);
  EXPECT_EQ(world.authority.count("/trust-list"), 2);
}

TEST(Tampering, ALicenceOfARevokedKeyIsFetchedAgain) {
  World world;
  world.open();
  const std::uint64_t generation = world.screen().generation;
  world.authority.rotate_keys();
  world.pass(12 * 60'000);
  EXPECT_EQ(world.state(), ViewerState::live);
  EXPECT_GT(world.screen().generation, generation);
}

}  // namespace
}  // namespace elicense::test
