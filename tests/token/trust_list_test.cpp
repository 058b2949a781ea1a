#include "token/trust_list.h"

#include <gtest/gtest.h>

#include <functional>

#include "support/demo.h"
#include "token/jwk.h"
#include "token/jws.h"

namespace elicense {
namespace {

using namespace test;

Result<TrustList> verify(std::string_view text, UnixTime now = kNow, std::optional<std::int64_t> seen = std::nullopt) {
  return TrustList::verify(text, {root_key().public_key()}, {.now = now, .newest_sequence_seen = seen});
}

std::string signed_with(const std::function<void(TrustListContent&)>& change) {
  TrustListContent content = trust_list_content();
  change(content);
  return sign_trust_list(content, root_key()).value();
}

TEST(TrustList, RoundTrip) {
  TrustListContent content = trust_list_content();
  content.production = Production::yes;
  content.keys.push_back(trusted(device_key(), {KeyUse::receipt}));
  content.keys.back().revoked = kNow - 5;
  const auto list = verify(sign_trust_list(content, root_key()).value());
  ASSERT_TRUE(list);
  EXPECT_EQ(list->content().issuer, kIssuer);
  EXPECT_EQ(list->content().sequence, 7);
  EXPECT_EQ(list->content().production, Production::yes);
  ASSERT_EQ(list->content().keys.size(), 2U);
  EXPECT_EQ(list->content().keys[1].revoked, kNow - 5);
  EXPECT_EQ(trust_list_claims(list->content()), trust_list_claims(content));
}

TEST(TrustList, EachReasonToRefuseAKeyHasItsName) {
  const std::string kid = key_name(issuer_key().public_key());
  const auto error_for = [&](const std::function<void(IssuerKey&)>& change, KeyUse use, std::string_view name) {
    TrustListContent content = trust_list_content();
    change(content.keys.front());
    const auto key = trust_of(content).find(name, use, kNow);
    return key.ok() ? std::string_view("found") : error_name(key.error());
  };
  const auto as_it_is = [](IssuerKey&) {};
  EXPECT_EQ(error_for(as_it_is, KeyUse::lease, kid), "found");
  EXPECT_EQ(error_for(as_it_is, KeyUse::lease, "other"), "issuer-unknown");
  EXPECT_EQ(error_for(as_it_is, KeyUse::lease, ""), "issuer-unknown");
  EXPECT_EQ(error_for([](IssuerKey& k) { k.uses = {KeyUse::status}; }, KeyUse::lease, kid), "key-use");
  EXPECT_EQ(error_for([](IssuerKey& k) { k.not_before = kNow + 1; }, KeyUse::lease, kid), "key-not-yet-valid");
  EXPECT_EQ(error_for([](IssuerKey& k) { k.not_before = kNow; }, KeyUse::lease, kid), "found");
  EXPECT_EQ(error_for([](IssuerKey& k) { k.expires = kNow; }, KeyUse::lease, kid), "key-expired");
  EXPECT_EQ(error_for([](IssuerKey& k) { k.expires = kNow + 1; }, KeyUse::lease, kid), "found");
  EXPECT_EQ(error_for([](IssuerKey& k) { k.revoked = kNow + 500; }, KeyUse::lease, kid), "key-revoked");
}

TEST(TrustList, OnlyAPinnedRootSigns) {
  const std::string text = sign_trust_list(trust_list_content(), device_key()).value();
  EXPECT_EQ(verify(text).error(), ErrorCode::root_unknown);
  // The pinned root's name over another key's signature.
  const std::string forged = sign_jws({.type = kTrustListType, .kid = key_name(root_key().public_key())},
                                      trust_list_claims(trust_list_content()), device_key())
                                 .value();
  EXPECT_EQ(verify(forged).error(), ErrorCode::signature);
  EXPECT_EQ(TrustList::verify(text, {}, {.now = kNow, .newest_sequence_seen = std::nullopt}).error(),
            ErrorCode::root_unknown);
}

TEST(TrustList, SeveralRootsWhileOneIsBeingReplaced) {
  const std::vector<PublicKey> roots = {root_key().public_key(), key_from(11).public_key()};
  EXPECT_TRUE(TrustList::verify(sign_trust_list(trust_list_content(), key_from(11)).value(), roots,
                                {.now = kNow, .newest_sequence_seen = std::nullopt}));
  EXPECT_TRUE(TrustList::verify(sign_trust_list(trust_list_content(), root_key()).value(), roots,
                                {.now = kNow, .newest_sequence_seen = std::nullopt}));
}

TEST(TrustList, AnOldListDoesNotComeBack) {
  const std::string text = sign_trust_list(trust_list_content(), root_key()).value();
  EXPECT_TRUE(verify(text, kNow, 6));
  EXPECT_TRUE(verify(text, kNow, 7)) << "the same one may be read again";
  EXPECT_EQ(verify(text, kNow, 8).error(), ErrorCode::trust_list_rollback);
}

TEST(TrustList, HasItsTime) {
  const std::string text = sign_trust_list(trust_list_content(), root_key()).value();
  EXPECT_TRUE(verify(text, kNow + 86399));
  EXPECT_EQ(verify(text, kNow + 86400).error(), ErrorCode::trust_list_expired);
  EXPECT_TRUE(verify(text, kNow - 3660));
  EXPECT_EQ(verify(text, kNow - 3661).error(), ErrorCode::trust_list_not_yet_valid);
}

TEST(TrustList, ShapesThatAreRefused) {
  EXPECT_EQ(verify(signed_with([](TrustListContent& c) { c.keys.push_back(c.keys.front()); })).error(),
            ErrorCode::trust_list_shape);
  EXPECT_EQ(verify(signed_with([](TrustListContent& c) { c.keys.front().uses = {}; })).error(),
            ErrorCode::trust_list_shape);
  EXPECT_EQ(verify(signed_with([](TrustListContent& c) { c.keys.front().kid = ""; })).error(),
            ErrorCode::trust_list_shape);
  EXPECT_EQ(verify(signed_with([](TrustListContent& c) { c.issuer = ""; })).error(), ErrorCode::trust_list_shape);
  EXPECT_EQ(verify(signed_with([](TrustListContent& c) { c.sequence = -1; })).error(), ErrorCode::trust_list_shape);
  EXPECT_EQ(verify(signed_with([](TrustListContent& c) { c.expires = c.issued; })).error(),
            ErrorCode::trust_list_shape);
  EXPECT_EQ(verify(signed_with([](TrustListContent& c) { c.expires = {kLastUnixSecond + 1}; })).error(),
            ErrorCode::trust_list_shape);
  const std::string other_type = sign_jws({.type = "jwt", .kid = key_name(root_key().public_key())},
                                          trust_list_claims(trust_list_content()), root_key())
                                     .value();
  EXPECT_EQ(verify(other_type).error(), ErrorCode::jws_type);
  for (const char* member : {"iss", "iat", "exp", "seq", "production", "keys"}) {
    Json claims = trust_list_claims(trust_list_content());
    std::erase_if(*claims.object(), [&](const Json::Member& m) { return m.first == member; });
    const std::string text =
        sign_jws({.type = kTrustListType, .kid = key_name(root_key().public_key())}, claims, root_key()).value();
    EXPECT_EQ(verify(text).error(), ErrorCode::trust_list_shape) << member;
  }
}

TEST(TrustList, PinnedKeysServeEveryUse) {
  const TrustList pinned = TrustList::of_pinned_keys({{"mine", issuer_key().public_key()}});
  EXPECT_TRUE(pinned.find("mine", KeyUse::receipt, kNow));
  EXPECT_EQ(pinned.find("other", KeyUse::receipt, kNow).error(), ErrorCode::issuer_unknown);
  EXPECT_TRUE(pinned.expect_issuer("https://anybody.example"));
  EXPECT_EQ(trust().expect_issuer("https://anybody.example").error(), ErrorCode::issuer_mismatch);
}

}  // namespace
}  // namespace elicense
