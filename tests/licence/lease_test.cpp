#include "licence/lease.h"

#include <gtest/gtest.h>

#include "support/demo.h"
#include "token/jwk.h"

namespace elicense {
namespace {

using namespace test;

Result<VerifiedLease> verify(ByteView lease, UnixTime now = kNow) {
  Checklist checklist;
  return VerifiedLease::verify(lease, trust(), now, checklist);
}

TEST(Lease, RoundTrip) {
  const auto lease = verify(signed_lease(lease_claims()));
  ASSERT_TRUE(lease);
  const LeaseClaims& claims = lease->claims();
  const LeaseClaims expected = lease_claims();
  EXPECT_EQ(encode_lease_claims(claims), encode_lease_claims(expected));
  EXPECT_EQ(claims.name, expected.name);
  EXPECT_EQ(claims.privileges, expected.privileges);
  EXPECT_EQ(claims.holder_key, expected.holder_key);
  EXPECT_EQ(claims.valid_until, expected.valid_until);
  EXPECT_EQ(claims.status_index, expected.status_index);
}

// The drawing in docs/protocol.md, byte for byte: what is written here is what other readers were told.
TEST(Lease, LayoutIsTheOneThatIsDocumented) {
  const Bytes encoded = signed_lease(lease_claims());
  const std::string hex = to_hex(encoded);
  EXPECT_TRUE(
      hex.starts_with("d284"
                      "4d"
                      "a20127"
                      "0448"))
      << hex;  // 18([<<{1: -8, 4: h'…8 bytes…'
  const auto document = cbor::Document::parse(encoded, kLiveCodeCbor).value();
  const auto sign1 = UnverifiedSign1::parse(cbor::Document::parse(encoded, kLiveCodeCbor).value()).value();
  const auto payload = cbor::Document::parse(sign1.payload(), kLiveCodeCbor).value();
  std::string keys;
  for (const auto& [key, value] : payload.root().pairs()) keys += std::to_string(*key.integer()) + " ";
  EXPECT_EQ(keys, "1 4 5 6 7 8 169 ");
  keys.clear();
  for (const auto& [key, value] : payload.root().find(169)->pairs()) keys += std::to_string(*key.integer()) + " ";
  EXPECT_EQ(keys, "1 3 4 13 75 76 77 78 79 80 ");
}

TEST(Lease, StatusReferenceNamesTheShard) {
  LeaseClaims claims = lease_claims();
  claims.status_index = (std::uint64_t{3} << 20) + 5;
  EXPECT_EQ(claims.status_reference()->uri, "https://dl.example.org/status/3");
  EXPECT_EQ(claims.status_reference()->index, 5U);
  claims.status_index.reset();
  EXPECT_FALSE(claims.status_reference());
}

TEST(Lease, EveryByteCounts) {
  const Bytes good = signed_lease(lease_claims());
  for (std::size_t i = 0; i < good.size(); ++i) {
    Bytes changed = good;
    changed[i] ^= 0x40;
    EXPECT_FALSE(verify(changed)) << i;
    EXPECT_FALSE(verify(ByteView(good).first(i))) << i;
  }
}

TEST(Lease, AMinterNeedsALeaseKey) {
  LeaseClaims claims = lease_claims();
  claims.holder_key.reset();
  EXPECT_TRUE(verify(signed_lease(claims))) << "a plain Claim 169 token is well-made";
  EXPECT_EQ(LiveCodeMinter::from_lease(signed_lease(claims)).error(), ErrorCode::not_live);
  EXPECT_FALSE(LiveCodeMinter::from_lease(Bytes{1, 2, 3}));
}

}  // namespace
}  // namespace elicense
