#include "authority/keys/key_ring.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <thread>

#include "support/demo.h"

namespace elicense::authority {
namespace {

namespace fs = std::filesystem;
using test::kNow;

constexpr KeyTimes kTimes = {.overlap = 1000, .signing = 10'000, .aftermath = 500};

class KeyRingTest : public testing::Test {
 protected:
  KeyRingTest() {
    std::string name = (fs::temp_directory_path() / "elicense-keys-XXXXXX").string();
    home_ = mkdtemp(name.data());
  }
  ~KeyRingTest() override { fs::remove_all(home_); }

  fs::path folder() const { return home_ / "keys"; }
  Outcome<std::unique_ptr<KeyRing>> try_open(UnixTime now = kNow) {
    if (!fs::exists(folder())) fs::create_directory(folder());
    return KeyRing::open(folder(), open_file_vault(folder(), random_), kTimes, now);
  }
  std::unique_ptr<KeyRing> open(UnixTime now = kNow) {
    auto ring = try_open(now);
    EXPECT_TRUE(ring.ok()) << (ring.ok() ? "" : ring.error().reason);
    return std::move(ring).value();
  }

  fs::path home_;
  SystemRandom random_;
};

mode_t mode_of(const fs::path& path) {
  struct stat info {};
  EXPECT_EQ(stat(path.c_str(), &info), 0);
  return info.st_mode & 0777U;
}

TEST_F(KeyRingTest, MakesOneKeyForEachUseAndARoot) {
  const auto ring = open();
  EXPECT_EQ(ring->keys().size(), 4U);
  for (const KeyUse use : {KeyUse::licence, KeyUse::lease, KeyUse::status, KeyUse::receipt}) {
    const auto key = ring->signing(use, kNow);
    ASSERT_TRUE(key.ok());
    EXPECT_EQ(key->kid, ring->signing_kid(use, kNow));
    const SigningInput input = {.bytes = {1, 2, 3}};
    const auto signature = key->signer->signature_over(input);
    ASSERT_TRUE(signature.ok());
    EXPECT_TRUE(verify_signature(key->signer->public_key(), input, *signature).ok());
  }
  const auto root = ring->root_signer();
  ASSERT_TRUE(root.ok());
  EXPECT_EQ((*root)->public_key(), ring->root());
}

TEST_F(KeyRingTest, FilesAreForTheirOwnerAlone) {
  const auto ring = open();
  for (const auto& entry : fs::directory_iterator(folder())) EXPECT_EQ(mode_of(entry.path()), 0600U) << entry.path();
}

TEST_F(KeyRingTest, ASecretKeyIsInNoOtherFileThanItsOwn) {
  const auto ring = open();
  std::ifstream file(folder() / "ring.json");
  const std::string text((std::istreambuf_iterator<char>(file)), {});
  EXPECT_EQ(text.find("\"d\""), std::string::npos);
}

TEST_F(KeyRingTest, TheSameKeysAfterARestart) {
  const auto first = open();
  const PublicKey root = first->root();
  const std::string lease = first->signing_kid(KeyUse::lease, kNow);
  const auto second = open(kNow + 10);
  EXPECT_EQ(second->root(), root);
  EXPECT_EQ(second->signing_kid(KeyUse::lease, kNow + 10), lease);
  EXPECT_EQ(second->keys().size(), 4U);
}

TEST_F(KeyRingTest, ARotatedKeyIsKnownFirstAndSignsLater) {
  const auto ring = open();
  const std::string before = ring->signing_kid(KeyUse::lease, kNow);
  const auto made = ring->rotate(KeyUse::lease, SignsFrom::known_to_all, kNow);
  ASSERT_TRUE(made.ok());
  const auto trusted = ring->trusted(kNow);
  EXPECT_EQ(trusted.size(), 5U);
  EXPECT_EQ(ring->signing_kid(KeyUse::lease, kNow + 999), before);
  EXPECT_EQ(ring->signing_kid(KeyUse::lease, kNow + 1000), made->kid);
  // The one before stays known, for what it signed.
  EXPECT_EQ(ring->trusted(kNow + 1000).size(), 5U);
}

TEST_F(KeyRingTest, ARotationAtOnceSignsAtOnce) {
  const auto ring = open(kNow - 1);
  const auto made = ring->rotate(KeyUse::receipt, SignsFrom::at_once, kNow);
  ASSERT_TRUE(made.ok());
  EXPECT_EQ(ring->signing_kid(KeyUse::receipt, kNow), made->kid);
}

TEST_F(KeyRingTest, ARevokedKeySignsNoMoreAndIsListedAsRevoked) {
  const auto ring = open();
  const std::string before = ring->signing_kid(KeyUse::lease, kNow);
  const auto revoked = ring->revoke(before, kNow);
  ASSERT_TRUE(revoked.ok());
  EXPECT_TRUE(*revoked);
  const std::string after = ring->signing_kid(KeyUse::lease, kNow);
  EXPECT_FALSE(after.empty());
  EXPECT_NE(after, before);
  int listed = 0;
  for (const IssuerKey& key : ring->trusted(kNow)) {
    if (key.kid != before) continue;
    EXPECT_EQ(key.revoked, std::optional(kNow));
    ++listed;
  }
  EXPECT_EQ(listed, 1);
  const auto again = open();
  EXPECT_EQ(again->signing_kid(KeyUse::lease, kNow), after);
}

TEST_F(KeyRingTest, AnUnknownKeyCannotBeRevoked) {
  const auto ring = open();
  const auto revoked = ring->revoke("nobody", kNow);
  ASSERT_TRUE(revoked.ok());
  EXPECT_FALSE(*revoked);
}

TEST_F(KeyRingTest, KeysAreRenewedBeforeTheyStopAndGoWhenTheyAreOver) {
  const auto ring = open();
  const std::string first = ring->signing_kid(KeyUse::status, kNow);
  ASSERT_TRUE(ring->renew(kNow + 8'700).ok());
  EXPECT_EQ(ring->keys().size(), 4U) << "too early for successors";
  ASSERT_TRUE(ring->renew(kNow + 8'800).ok());
  ASSERT_TRUE(ring->renew(kNow + 8'900).ok());
  EXPECT_EQ(ring->keys().size(), 8U) << "one successor for each";
  EXPECT_EQ(ring->signing_kid(KeyUse::status, kNow + 9'799), first);
  EXPECT_NE(ring->signing_kid(KeyUse::status, kNow + 9'800), first);
  ASSERT_TRUE(ring->renew(kNow + 10'500).ok());
  EXPECT_FALSE(fs::exists(folder() / (first + ".jwk")));
  EXPECT_EQ(ring->keys().size(), 4U);
}

TEST_F(KeyRingTest, AnAuthorityThatWasDownForYearsSignsAgain) {
  open();
  const UnixTime later = kNow + 100'000;
  const auto ring = open(later);
  EXPECT_EQ(ring->keys().size(), 4U);
  EXPECT_FALSE(ring->signing_kid(KeyUse::lease, later).empty());
}

TEST_F(KeyRingTest, InstancesThatShareAFolderShareTheirKeys) {
  const auto one = open();
  const auto other = open();
  EXPECT_EQ(one->root(), other->root());
  const auto made = one->rotate(KeyUse::lease, SignsFrom::at_once, kNow + 1);
  ASSERT_TRUE(made.ok());
  ASSERT_TRUE(other->reload().ok());
  EXPECT_EQ(other->signing_kid(KeyUse::lease, kNow + 1), made->kid);
  // A change works on what is there, not on what was read before.
  const auto more = other->rotate(KeyUse::status, SignsFrom::at_once, kNow + 1);
  ASSERT_TRUE(more.ok() && one->reload().ok());
  EXPECT_EQ(one->keys().size(), 6U);
}

TEST_F(KeyRingTest, TwoInstancesThatStartTogetherMakeOneRoot) {
  fs::create_directory(folder());
  std::vector<std::optional<PublicKey>> roots(4);
  std::vector<std::thread> threads;
  threads.reserve(roots.size());
  for (auto& root : roots) threads.emplace_back([&] { root = open()->root(); });
  for (std::thread& thread : threads) thread.join();
  for (const auto& root : roots) EXPECT_EQ(root, roots.front());
  EXPECT_EQ(open()->keys().size(), 4U);
}

TEST_F(KeyRingTest, RefusesADamagedRingAndKeysThatOthersMayRead) {
  const std::string kid = open()->signing_kid(KeyUse::lease, kNow);
  fs::permissions(folder() / (kid + ".jwk"), fs::perms(0644));
  EXPECT_FALSE(try_open().ok());
  fs::permissions(folder() / (kid + ".jwk"), fs::perms(0600));
  EXPECT_TRUE(try_open().ok());
  std::ofstream(folder() / "ring.json") << R"({"root":"AAAA","keys":[]})";
  EXPECT_FALSE(try_open().ok());
}

TEST_F(KeyRingTest, RefusesAKeyFileThatHoldsAnotherKey) {
  const auto ring = open();
  const std::string lease = ring->signing_kid(KeyUse::lease, kNow);
  const std::string status = ring->signing_kid(KeyUse::status, kNow);
  fs::copy_file(folder() / (status + ".jwk"), folder() / (lease + ".jwk"), fs::copy_options::overwrite_existing);
  EXPECT_FALSE(try_open().ok());
}

}  // namespace
}  // namespace elicense::authority
