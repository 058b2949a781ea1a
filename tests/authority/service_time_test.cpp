// What a phone may do and for how long, with a clock that a test moves: codes, tokens, nonces, proofs, leases, the
// calendar, checks.
#include <gtest/gtest.h>

#include "authority/service/access.h"
#include "authority/service_home.h"
#include "base/base64url.h"
#include "licence/live_code.h"
#include "token/jwk.h"
#include "token/jws.h"

namespace elicense::authority::test {
namespace {

constexpr std::string_view kPartner = "publishable";

SecretKey new_key() {
  SystemRandom random;
  return SecretKey::generate(random);
}

// A JWS that names its own key.
std::string proof(std::string_view type, const SecretKey& key, Json::Object claims) {
  const Json header = Json::Object{{"typ", Json(type)}, {"alg", "EdDSA"}, {"jwk", jwk_of(key.public_key())}};
  const SigningInput input = jws_signing_input(header, std::move(claims));
  return jws_assemble(input, key.sign(input));
}

// A phone with its keys, and what it has been given.
class PhoneAtHand {
 public:
  explicit PhoneAtHand(ServiceHome& home) : home_(home), key_(new_key()) {}

  Answer token(const std::string& form) {
    return home_.post("/token", form,
                      {{"content-type", "application/x-www-form-urlencoded"}, {"dpop", dpop("POST", "/token")}});
  }
  Answer redeem(const std::string& code) {
    Answer answer =
        token("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Apre-authorized_code&pre-authorized_code=" + code);
    keep(answer);
    return answer;
  }
  Answer refresh() {
    Answer answer = token("grant_type=refresh_token&refresh_token=" + refresh_);
    keep(answer);
    return answer;
  }
  std::string nonce() { return home_.post("/nonce", "").text("c_nonce"); }
  Answer lease_with(const std::string& nonce, const SecretKey& lease_key) {
    const Json body = Json::Object{
        {"credential_configuration_id", "live-code-lease"},
        {"proofs",
         Json::Object{
             {"jwt", Json::Array{proof("openid4vci-proof+jwt", lease_key,
                                       {{"aud", Json(kOrigin)}, {"iat", home_.now().seconds}, {"nonce", nonce}})}}}}};
    return home_.post("/credential", body.dump(),
                      {{"content-type", "application/json"},
                       {"authorization", "DPoP " + access_},
                       {"dpop", dpop("POST", "/credential")}});
  }
  Answer lease() { return lease_with(nonce(), new_key()); }
  // A lease and the minter of its codes.
  Bytes lease_bytes(const SecretKey& lease_key) {
    const Answer answer = lease_with(nonce(), lease_key);
    EXPECT_EQ(answer.status(), 200) << answer.response.body;
    const Json* const list = answer.body.find("credentials");
    return base64url_decode(*(*list->array())[0].find("credential")->string()).value();
  }

 private:
  std::string dpop(std::string_view method, std::string_view path) {
    SystemRandom random;
    Json::Object claims = {{"jti", new_secret(random)},
                           {"htm", Json(method)},
                           {"htu", std::string(kOrigin) + std::string(path)},
                           {"iat", home_.now().seconds}};
    if (!access_.empty() && path != "/token") claims.emplace_back("ath", access_token_digest(access_));
    return proof("dpop+jwt", key_, std::move(claims));
  }
  void keep(const Answer& answer) {
    if (answer.status() != 200) return;
    access_ = answer.text("access_token");
    if (!answer.text("refresh_token").empty()) refresh_ = answer.text("refresh_token");
  }

  ServiceHome& home_;
  SecretKey key_;
  std::string access_, refresh_;
};

class ServiceTimeTest : public ::testing::Test {
 protected:
  ServiceHome home;

  std::string new_code(std::int64_t seconds = 300) {
    return home.admin("/admin/licence/code", Json::Object{{"document_number", kNumber}, {"seconds", seconds}})
        .text("pre_authorized_code");
  }
  PhoneAtHand active_phone() {
    home.create();
    PhoneAtHand phone(home);
    EXPECT_EQ(phone.redeem(new_code()).status(), 200);
    return phone;
  }
  void add_partner() {
    EXPECT_TRUE(
        home.store()
            .put_partner({.name = "rental", .origin = "https://rental.example", .key = digest_of_secret(kPartner)},
                         home.now(), {.actor = "system", .action = "partner.put", .details = {}})
            .ok());
  }
  Answer verify(const std::string& code) {
    return home.post("/verify", Json(Json::Object{{"code", code}, {"partner", Json(kPartner)}}).dump(),
                     {{"content-type", "application/json"}});
  }
  LeaseClaims claims_of(ByteView lease) {
    Checklist checklist;
    const auto trust = home.publisher().trust();
    return VerifiedLease::verify(lease, trust->list, home.now(), checklist).value().claims();
  }
};

TEST_F(ServiceTimeTest, ACodeIsGoodOnceAndForItsTime) {
  home.create();
  const std::string code = new_code(60);
  home.pass(60);
  PhoneAtHand phone(home);
  EXPECT_EQ(phone.redeem(code).text("error"), "invalid_grant");
  const std::string other = new_code(60);
  home.pass(59);
  EXPECT_EQ(phone.redeem(other).status(), 200);
  EXPECT_EQ(phone.redeem(other).text("error"), "invalid_grant");
}

TEST_F(ServiceTimeTest, AnAccessTokenEndsAndIsRenewed) {
  PhoneAtHand phone = active_phone();
  home.pass(home.settings.access_seconds - 1);
  EXPECT_EQ(phone.lease().status(), 200);
  home.pass(1);
  EXPECT_TRUE(phone.lease().is(401, "access-token"));
  EXPECT_EQ(phone.refresh().status(), 200);
  EXPECT_EQ(phone.lease().status(), 200);
  home.pass(home.settings.refresh_seconds);
  EXPECT_EQ(phone.refresh().text("error"), "invalid_grant");
}

TEST_F(ServiceTimeTest, ANonceIsGoodOnceAndForFiveMinutes) {
  PhoneAtHand phone = active_phone();
  const std::string nonce = phone.nonce();
  EXPECT_EQ(phone.lease_with(nonce, new_key()).status(), 200);
  EXPECT_EQ(phone.lease_with(nonce, new_key()).text("error"), "invalid_nonce");
  const std::string late = phone.nonce();
  home.pass(300);
  EXPECT_EQ(phone.lease_with(late, new_key()).text("error"), "invalid_nonce");
}

TEST_F(ServiceTimeTest, ALeaseEndsWithTheDayThatChangesItsStatus) {
  // 22:13 on the authority's clock: the day has 6,400 s left.
  home.create(kNumber);
  ASSERT_EQ(home.admin("/admin/licence/change", Json::Object{{"document_number", kNumber},
                                                             {"revision", 1},
                                                             {"status", "N"},
                                                             {"postponed_until", iso_date(civil_date_at(home.now()))}})
                .status(),
            200);
  PhoneAtHand phone(home);
  ASSERT_EQ(phone.redeem(new_code()).status(), 200);
  const LeaseClaims claims = claims_of(phone.lease_bytes(new_key()));
  EXPECT_EQ(claims.status.letters(), "N");
  EXPECT_EQ(claims.expires, start_of_day({2026, 9, 22}));
  home.pass(claims.expires - home.now());
  ASSERT_EQ(phone.refresh().status(), 200);
  EXPECT_EQ(claims_of(phone.lease_bytes(new_key())).status.letters(), "M");
}

TEST_F(ServiceTimeTest, ACodeIsValidOnceAndStaleLater) {
  add_partner();
  PhoneAtHand phone = active_phone();
  const SecretKey key = new_key();
  const LiveCodeMinter minter = LiveCodeMinter::from_lease(phone.lease_bytes(key)).value();
  const std::string code = minter.mint(home.now(), std::nullopt, key);
  const std::string unused = minter.mint(home.now() + 1, std::nullopt, key);
  const Answer first = verify(code);
  EXPECT_EQ(first.text("result"), "valid");
  EXPECT_GE(first.integer("echo"), 10);
  EXPECT_LE(first.integer("echo"), 99);
  EXPECT_EQ(verify(code).text("result"), "already-used");
  home.pass(12);
  const Answer late = verify(unused);
  EXPECT_EQ(late.text("result"), "stale");
  EXPECT_EQ(late.integer("age"), 11);
  EXPECT_TRUE(late.body.find("licence")->is_null());
  EXPECT_EQ(verify(code).text("result"), "stale");
  EXPECT_TRUE(home.audit_verifies());
}

TEST_F(ServiceTimeTest, AFailedCheckOfAForgedCodeSpendsNothing) {
  add_partner();
  PhoneAtHand phone = active_phone();
  const SecretKey key = new_key();
  const LiveCodeMinter minter = LiveCodeMinter::from_lease(phone.lease_bytes(key)).value();
  const std::string forged = minter.mint(home.now(), std::nullopt, new_key());
  EXPECT_EQ(verify(forged).text("result"), "forged");
  EXPECT_EQ(verify(minter.mint(home.now(), std::nullopt, key)).text("result"), "valid");
}

TEST_F(ServiceTimeTest, AnotherPhoneEndsThisOne) {
  add_partner();
  PhoneAtHand phone = active_phone();
  const SecretKey key = new_key();
  const LiveCodeMinter minter = LiveCodeMinter::from_lease(phone.lease_bytes(key)).value();
  PhoneAtHand other(home);
  ASSERT_EQ(other.redeem(new_code()).status(), 200);
  EXPECT_TRUE(phone.lease().is(401, "phone-ended"));
  EXPECT_EQ(phone.refresh().code(), "phone-ended");
  EXPECT_EQ(verify(minter.mint(home.now(), std::nullopt, key)).text("result"), "revoked");
  EXPECT_EQ(other.lease().status(), 200);
}

TEST_F(ServiceTimeTest, TwelvePointsRefuseAtOnceWhateverTheLeaseSays) {
  add_partner();
  PhoneAtHand phone = active_phone();
  const SecretKey key = new_key();
  const LiveCodeMinter minter = LiveCodeMinter::from_lease(phone.lease_bytes(key)).value();
  ASSERT_EQ(home.admin("/admin/licence/change", change_of("points", 12)).status(), 200);
  const Answer answer = verify(minter.mint(home.now(), std::nullopt, key));
  EXPECT_EQ(answer.text("result"), "not-usable");
  EXPECT_EQ(*answer.body.find("status")->find("letters")->string(), "B");
  EXPECT_TRUE(answer.body.find("licence")->is_null());
  EXPECT_EQ(claims_of(phone.lease_bytes(new_key())).status.letters(), "B");
}

TEST_F(ServiceTimeTest, ARevokedKeyRevokesItsLeasesAndTheNextOneSigns) {
  add_partner();
  PhoneAtHand phone = active_phone();
  const SecretKey key = new_key();
  const LiveCodeMinter minter = LiveCodeMinter::from_lease(phone.lease_bytes(key)).value();
  const std::string kid = home.keys().signing_kid(KeyUse::lease, home.now());
  ASSERT_EQ(home.admin("/admin/keys/revoke", Json::Object{{"kid", kid}}).status(), 200);
  EXPECT_EQ(verify(minter.mint(home.now(), std::nullopt, key)).text("result"), "revoked");
  const LiveCodeMinter next = LiveCodeMinter::from_lease(phone.lease_bytes(key)).value();
  EXPECT_EQ(verify(next.mint(home.now(), std::nullopt, key)).text("result"), "valid");
}

TEST_F(ServiceTimeTest, ARefusedRequestCountsAndUsesItsProofButNoNonceIsLostTwice) {
  PhoneAtHand phone = active_phone();
  home.settings.per_phone = {.requests = 2, .seconds = 60};
  EXPECT_EQ(phone.lease_with("no-such-nonce", new_key()).text("error"), "invalid_nonce");
  EXPECT_EQ(phone.lease().status(), 200);
  const Answer limited = phone.lease();
  EXPECT_TRUE(limited.is(429, "rate-limit"));
  EXPECT_EQ(field(limited.response.headers, "Retry-After"), "60");
  home.pass(60);
  EXPECT_EQ(phone.lease().status(), 200);
}

}  // namespace
}  // namespace elicense::authority::test
