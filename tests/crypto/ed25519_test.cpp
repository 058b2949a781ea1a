#include "crypto/ed25519.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "crypto/digest.h"
#include "support/demo.h"

namespace elicense {
namespace {

using namespace test;

SigningInput input_of(std::string_view text) { return {copy_of(view_of(text))}; }

TEST(Ed25519, SignsAndVerifies) {
  const SecretKey key = key_from(7);
  const Signature signature = key.sign(input_of("message"));
  EXPECT_TRUE(verify_signature(key.public_key(), input_of("message"), signature));
  EXPECT_EQ(verify_signature(key.public_key(), input_of("massage"), signature).error(), ErrorCode::signature);
  EXPECT_EQ(verify_signature(key_from(8).public_key(), input_of("message"), signature).error(), ErrorCode::signature);
}

TEST(Ed25519, EveryBitOfASignatureCounts) {
  const SecretKey key = key_from(7);
  const Signature signature = key.sign(input_of("message"));
  for (std::size_t bit = 0; bit < Signature::kSize * 8; ++bit) {
    Signature changed = signature;
    changed.bytes[bit / 8] = static_cast<std::uint8_t>(changed.bytes[bit / 8] ^ (1U << (bit % 8)));
    EXPECT_FALSE(verify_signature(key.public_key(), input_of("message"), changed)) << bit;
  }
}

TEST(Ed25519, KeysAndSignaturesHaveOneLength) {
  EXPECT_EQ(PublicKey::from(Bytes(31)).error(), ErrorCode::key_encoding);
  EXPECT_EQ(PublicKey::from(Bytes(33)).error(), ErrorCode::key_encoding);
  EXPECT_EQ(SecretKey::from_seed(Bytes(64)).error(), ErrorCode::key_encoding);
  EXPECT_EQ(Signature::from(Bytes(63)).error(), ErrorCode::signature);
}

TEST(Ed25519, AKeyMovedFromIsWiped) {
  SecretKey key = key_from(7);
  const SecretKey taken = std::move(key);
  EXPECT_TRUE(equal(taken.seed(), Bytes(32, 7)));
  EXPECT_TRUE(equal(key.seed(), Bytes(32, 0)));  // NOLINT(bugprone-use-after-move): that is the question
}

TEST(SystemRandom, GivesOtherBytesEachTime) {
  SystemRandom random;
  std::set<std::string> seen;
  for (int i = 0; i < 64; ++i) {
    Bytes bytes(600);  // more than one request to the system
    random.fill(bytes);
    EXPECT_TRUE(seen.insert(to_hex(bytes)).second);
    EXPECT_FALSE(equal(ByteView(bytes).last(64), Bytes(64, 0)));
  }
}

TEST(Sha256, IsTheOneOfFips180) {
  EXPECT_EQ(to_hex(sha256(view_of("abc"))), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(to_hex(sha256({})), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

}  // namespace
}  // namespace elicense
