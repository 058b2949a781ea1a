#include "token/status_list.h"

#include <gtest/gtest.h>

#include "base/base64url.h"
#include "codec/deflate.h"
#include "support/demo.h"
#include "token/jwk.h"
#include "token/jws.h"

namespace elicense {
namespace {

using namespace test;

StatusListHead head() {
  return {.uri = std::string(kStatusUri),
          .issuer = std::string(kIssuer),
          .issued = kNow,
          .expires = kNow + 600,
          .time_to_live = 60};
}

StatusArray some() { return StatusArray::pack({0, 1, 2, 17}, 8).value(); }

Result<VerifiedStatusList> verify(std::string_view text, UnixTime now = kNow) {
  return VerifiedStatusList::verify(text, kStatusUri, trust(), now);
}

TEST(StatusArray, PacksTheFirstStatusIntoTheLowestBits) {
  // Token Status List 4.1: the statuses of its first example are the bytes b9 a3.
  const std::vector<std::uint8_t> statuses = {1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1};
  const StatusArray array = StatusArray::pack(statuses, 1).value();
  EXPECT_EQ(to_hex(zlib_inflate(base64url_decode(array.encode()).value(), 16).value()), "b9a3");
  for (std::size_t i = 0; i < statuses.size(); ++i) EXPECT_EQ(array.at(i).value(), statuses[i]) << i;
}

TEST(StatusArray, EveryWidthReadsBack) {
  for (const int bits : {1, 2, 4, 8}) {
    std::vector<std::uint8_t> statuses(1000);
    for (std::size_t i = 0; i < statuses.size(); ++i)
      statuses[i] = static_cast<std::uint8_t>(i * 7 % (std::size_t{1} << bits));
    const StatusArray array = StatusArray::decode(bits, StatusArray::pack(statuses, bits)->encode()).value();
    for (std::size_t i = 0; i < statuses.size(); ++i) ASSERT_EQ(array.at(i).value(), statuses[i]) << bits << " " << i;
  }
}

TEST(StatusArray, Refuses) {
  EXPECT_EQ(some().at(4).error(), ErrorCode::status_list_index);
  EXPECT_EQ(some().at(~std::uint64_t{0}).error(), ErrorCode::status_list_index);
  EXPECT_EQ(StatusArray::pack({2}, 1).error(), ErrorCode::status_list_shape);
  EXPECT_EQ(StatusArray::pack({0}, 3).error(), ErrorCode::status_list_shape);
  EXPECT_EQ(StatusArray::decode(16, some().encode()).error(), ErrorCode::status_list_shape);
  EXPECT_EQ(StatusArray::decode(8, "!").error(), ErrorCode::base64url_length);
  const Bytes bomb = ZlibDeflater(ZlibDeflater::Effort::balanced).deflate(Bytes(kStatusesPerShard + 1));
  EXPECT_EQ(StatusArray::decode(8, base64url_encode(bomb)).error(), ErrorCode::inflate_size);
}

TEST(StatusList, RoundTrip) {
  const auto list = verify(sign_status_list(head(), some(), issuer_key()).value());
  ASSERT_TRUE(list);
  EXPECT_EQ(list->head().uri, kStatusUri);
  EXPECT_EQ(list->head().time_to_live, 60);
  EXPECT_EQ(list->statuses().at(3).value(), 17);
}

TEST(StatusList, Refuses) {
  const std::string text = sign_status_list(head(), some(), issuer_key()).value();
  EXPECT_EQ(VerifiedStatusList::verify(text, "https://dl.example.org/status/1", trust(), kNow).error(),
            ErrorCode::status_list_subject);
  EXPECT_TRUE(verify(text, kNow + 599));
  EXPECT_EQ(verify(text, kNow + 600).error(), ErrorCode::status_list_expired);
  EXPECT_EQ(verify(text, kNow - 61).error(), ErrorCode::status_list_not_yet_valid);
  EXPECT_EQ(verify(sign_status_list(head(), some(), device_key()).value()).error(), ErrorCode::issuer_unknown);
  StatusListHead foreign = head();
  foreign.issuer = "https://dl.example.net";
  EXPECT_EQ(verify(sign_status_list(foreign, some(), issuer_key()).value()).error(), ErrorCode::issuer_mismatch);
  TrustListContent content = trust_list_content();
  content.keys.front().uses = {KeyUse::lease};
  EXPECT_EQ(VerifiedStatusList::verify(text, kStatusUri, trust_of(content), kNow).error(), ErrorCode::key_use);
  const std::string other_type = sign_jws({.type = "jwt", .kid = key_name(issuer_key().public_key())},
                                          Json::Object{{"sub", kStatusUri}}, issuer_key())
                                     .value();
  EXPECT_EQ(verify(other_type).error(), ErrorCode::jws_type);
  const std::string no_list = sign_jws({.type = kStatusListType, .kid = key_name(issuer_key().public_key())},
                                       Json::Object{{"sub", kStatusUri}, {"iat", kNow.seconds}}, issuer_key())
                                  .value();
  EXPECT_EQ(verify(no_list).error(), ErrorCode::status_list_shape);
}

TEST(StatusLists, AnswerByUriAndIndex) {
  const StatusLists lists = status_lists(18);
  EXPECT_EQ(lists.find({.index = 4711, .uri = std::string(kStatusUri)}).value(), 18);
  EXPECT_EQ(lists.find({.index = 4712, .uri = std::string(kStatusUri)}).value(), 0);
  EXPECT_EQ(lists.find({.index = 8192, .uri = std::string(kStatusUri)}).error(), ErrorCode::status_list_index);
  EXPECT_EQ(lists.find({.index = 0, .uri = "https://dl.example.org/status/9"}).error(), ErrorCode::status_list_missing);
}

}  // namespace
}  // namespace elicense
