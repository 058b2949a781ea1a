#include "token/cose.h"

#include <gtest/gtest.h>

#include "support/demo.h"

namespace elicense {
namespace {

using namespace test;
using cbor::Encoded;

constexpr cbor::Limits kLimits = {.bytes = 65536, .depth = 16, .items = 1024};

Result<UnverifiedSign1> read(ByteView bytes) {
  ELICENSE_TRY(cbor::Document document, cbor::Document::parse(bytes, kLimits));
  return UnverifiedSign1::parse(std::move(document));
}

Sign1 signed_payload() {
  Sign1 sign1{.protected_header = ed25519_protected_header({{cbor::integer(4), cbor::byte_string(view_of("key-1"))}}),
              .payload = copy_of(view_of("payload")),
              .signature = {}};
  sign1.signature = issuer_key().sign(sign1_signing_input(sign1.protected_header, sign1.payload));
  return sign1;
}

TEST(Cose, RoundTrip) {
  const auto sign1 = read(signed_payload().encode());
  ASSERT_TRUE(sign1);
  EXPECT_EQ(text_of(*sign1->kid()), "key-1");
  EXPECT_EQ(text_of(sign1->payload()), "payload");
  EXPECT_TRUE(sign1->verify(issuer_key().public_key()));
  EXPECT_EQ(sign1->verify(device_key().public_key()).error(), ErrorCode::signature);
  EXPECT_FALSE(sign1->countersignature().value());
  EXPECT_EQ(sign1->parts().encode(), signed_payload().encode());
}

TEST(Cose, CountersignatureRoundTrip) {
  const Sign1 sign1 = signed_payload();
  const CountersignedTemplate lasting(sign1);
  const Bytes header = ed25519_protected_header({});
  EXPECT_EQ(
      lasting.signing_input(header).bytes,
      countersignature_signing_input({sign1.protected_header, sign1.payload, sign1.signature.view()}, header).bytes);
  Bytes encoded =
      lasting.head({.protected_header = header, .signature = lease_key().sign(lasting.signing_input(header))});
  append(encoded, lasting.tail());
  const auto parsed = read(encoded);
  ASSERT_TRUE(parsed);
  EXPECT_TRUE(parsed->verify(issuer_key().public_key()));
  const auto countersignature = parsed->countersignature();
  ASSERT_TRUE(countersignature.ok() && countersignature->has_value());
  EXPECT_TRUE(parsed->verify_countersignature(**countersignature, lease_key().public_key()));
  EXPECT_EQ(parsed->verify_countersignature(**countersignature, issuer_key().public_key()).error(),
            ErrorCode::countersignature);
}

// A UnverifiedSign1 may be moved about: what it answers must not hang on where it was made.
TEST(Cose, SurvivesBeingMoved) {
  auto first = read(signed_payload().encode());
  ASSERT_TRUE(first);
  std::vector<UnverifiedSign1> moved;
  moved.push_back(std::move(first).value());
  for (int i = 0; i < 8; ++i) moved.push_back(read(signed_payload().encode()).value());
  EXPECT_TRUE(moved.front().verify(issuer_key().public_key()));
}

TEST(Cose, ShapesThatAreRefused) {
  const Bytes header = ed25519_protected_header({});
  const Encoded protected_bytes = cbor::byte_string(header);
  const Encoded signature = cbor::byte_string(Bytes(64));
  const Encoded payload = cbor::byte_string(view_of("p"));
  const auto protected_map = [](std::vector<std::pair<Encoded, Encoded>> pairs) {
    return cbor::byte_string(cbor::map(std::move(pairs)).bytes);
  };
  const auto alg = [](std::int64_t value) { return std::pair(cbor::integer(1), cbor::integer(value)); };
  struct Row {
    const char* name;
    Encoded item;
    ErrorCode error;
  };
  const std::vector<Row> rows = {
      {"three elements", cbor::array({protected_bytes, cbor::map({}), payload}), ErrorCode::cose_shape},
      {"five elements", cbor::array({protected_bytes, cbor::map({}), payload, signature, signature}),
       ErrorCode::cose_shape},
      {"a map", cbor::map({}), ErrorCode::cose_shape},
      {"detached payload", cbor::array({protected_bytes, cbor::map({}), cbor::null(), signature}),
       ErrorCode::cose_shape},
      {"unprotected is bytes", cbor::array({protected_bytes, protected_bytes, payload, signature}),
       ErrorCode::cose_shape},
      {"signature of 63 bytes", cbor::array({protected_bytes, cbor::map({}), payload, cbor::byte_string(Bytes(63))}),
       ErrorCode::cose_shape},
      {"protected is no map",
       cbor::array({cbor::byte_string(cbor::integer(1).bytes), cbor::map({}), payload, signature}),
       ErrorCode::cose_shape},
      {"protected is not CBOR", cbor::array({cbor::byte_string(Bytes{0xff}), cbor::map({}), payload, signature}),
       ErrorCode::cbor_reserved},
      {"no algorithm", cbor::array({cbor::byte_string({}), cbor::map({}), payload, signature}), ErrorCode::cose_header},
      {"algorithm unprotected", cbor::array({cbor::byte_string({}), cbor::map({alg(-8)}), payload, signature}),
       ErrorCode::cose_header},
      {"algorithm in both", cbor::array({protected_bytes, cbor::map({alg(-8)}), payload, signature}),
       ErrorCode::cose_header},
      {"ES256", cbor::array({protected_map({alg(-7)}), cbor::map({}), payload, signature}), ErrorCode::algorithm},
      {"HMAC", cbor::array({protected_map({alg(5)}), cbor::map({}), payload, signature}), ErrorCode::algorithm},
      {"critical",
       cbor::array({protected_map({alg(-8), {cbor::integer(2), cbor::array({cbor::integer(4)})}}), cbor::map({}),
                    payload, signature}),
       ErrorCode::cose_header},
  };
  for (const Row& row : rows) {
    const auto result = read(cbor::tag(18, row.item).bytes);
    ASSERT_FALSE(result.ok()) << row.name;
    EXPECT_EQ(error_name(result.error()), error_name(row.error)) << row.name;
  }
}

}  // namespace
}  // namespace elicense
