#include "licence/live_code.h"

#include <gtest/gtest.h>

#include "codec/base45.h"
#include "codec/qr_code.h"
#include "support/demo.h"

namespace elicense {
namespace {

using namespace test;

class OneCode final : public SpentCodes {
 public:
  Status spend(const SpentCode& code, UnixTime) override {
    if (spent_ == code) return ErrorCode::already_used;
    spent_ = code;
    return Done{};
  }

 private:
  std::optional<SpentCode> spent_;
};

TEST(LiveCode, FreshCodeIsValidAndTellsItsAge) {
  const LiveCodeCheck result = check(mint(lease_claims(), kNow - 4), kNow);
  EXPECT_EQ(result.result, CheckResult::valid);
  EXPECT_FALSE(result.error);
  EXPECT_EQ(result.age, 4);
  EXPECT_EQ(result.confirmed, 60);
  ASSERT_TRUE(result.code);
  EXPECT_EQ(result.code->lease().name, lease_claims().name);
  EXPECT_EQ(result.code->presented(), kNow - 4);
  EXPECT_EQ(result.unchecked, (std::vector<std::string_view>{"status-list", "replay"}));
}

TEST(LiveCode, StepsAreNamedInTheOrderOfTheProtocol) {
  std::vector<std::string_view> names;
  for (const CheckStep& step : check(mint(lease_claims(), kNow), kNow).steps) {
    EXPECT_FALSE(step.error) << step.name;
    names.push_back(step.name);
  }
  EXPECT_EQ(names, (std::vector<std::string_view>{"size", "base45", "inflate", "cbor", "cose", "issuer-key",
                                                  "issuer-signature", "lease", "lease-time", "live", "countersignature",
                                                  "freshness", "status"}));
}

// The limit of the design: 450 bytes and version 16, so that a phone two hands away reads it.
TEST(LiveCode, TenCharacterNameAndFourClassesFitTheSymbol) {
  const std::string text = mint(lease_claims(), kNow);
  const std::size_t bytes = base45_decode(text).value().size();
  const int version = qr_encode(text, QrLevel::low).value().version;
  RecordProperty("bytes", static_cast<int>(bytes));
  RecordProperty("version", version);
  EXPECT_LE(bytes, 450U);
  EXPECT_LE(version, 16);
  std::printf("           live code: %zu bytes, %zu characters, QR version %d-L\n", bytes, text.size(), version);
}

TEST(LiveCode, OldCodesAreStaleAndFutureOnesAClockFault) {
  const std::string text = mint(lease_claims(), kNow);
  struct Row {
    std::int64_t age;
    CheckResult expected;
  };
  for (const Row& row : {Row{0, CheckResult::valid}, Row{10, CheckResult::valid}, Row{11, CheckResult::stale},
                         Row{3600, CheckResult::stale}, Row{-3, CheckResult::valid}, Row{-4, CheckResult::clock},
                         Row{-60, CheckResult::clock}}) {
    const LiveCodeCheck result = check(text, kNow + row.age);
    EXPECT_EQ(result.result, row.expected) << row.age;
    EXPECT_EQ(result.age, row.age);
    EXPECT_EQ(result.code.has_value(), row.expected == CheckResult::valid) << "data without a valid result";
  }
}

TEST(LiveCode, ACodeIsGoodForOneCheck) {
  OneCode spent;
  const TrustList keys = trust();
  const LiveCodePolicy policy{
      .now = kNow, .trust = keys, .status_lists = nullptr, .spent_codes = &spent, .challenge = std::nullopt};
  EXPECT_EQ(verify_live_code(mint(lease_claims(), kNow), policy).result, CheckResult::valid);
  const LiveCodeCheck again = verify_live_code(mint(lease_claims(), kNow), policy);
  EXPECT_EQ(again.result, CheckResult::already_used);
  EXPECT_EQ(again.error, ErrorCode::already_used);
  EXPECT_FALSE(again.code);
  EXPECT_EQ(verify_live_code(mint(lease_claims(), kNow + 1), policy).result, CheckResult::valid);
}

// A code that fails must not be spent: whoever shows a forgery cannot use up the real one.
TEST(LiveCode, AFailedCheckSpendsNothing) {
  OneCode spent;
  const TrustList keys = trust();
  LiveCodePolicy policy{
      .now = kNow + 60, .trust = keys, .status_lists = nullptr, .spent_codes = &spent, .challenge = std::nullopt};
  EXPECT_EQ(verify_live_code(mint(lease_claims(), kNow), policy).result, CheckResult::stale);
  policy.now = kNow;
  EXPECT_EQ(verify_live_code(mint(lease_claims(), kNow), policy).result, CheckResult::valid);
}

TEST(LiveCode, TheChallengeMustBeAnsweredWhenOneWasAsked) {
  const Challenge asked = Challenge::parse("07").value();
  const Challenge other = Challenge::parse("70").value();
  const TrustList keys = trust();
  const LiveCodePolicy policy{
      .now = kNow, .trust = keys, .status_lists = nullptr, .spent_codes = nullptr, .challenge = asked};
  const LiveCodeMinter minter = LiveCodeMinter::from_lease(signed_lease(lease_claims())).value();
  const SecretKey key = lease_key();
  EXPECT_EQ(verify_live_code(minter.mint(kNow, asked, key), policy).result, CheckResult::valid);
  EXPECT_EQ(verify_live_code(minter.mint(kNow, other, key), policy).error, ErrorCode::challenge_wrong);
  EXPECT_EQ(verify_live_code(minter.mint(kNow, std::nullopt, key), policy).error, ErrorCode::challenge_missing);
  EXPECT_EQ(check(minter.mint(kNow, asked, key), kNow).result, CheckResult::valid) << "nobody asked";
}

TEST(LiveCode, ChallengesAreTwoDigits) {
  EXPECT_EQ(Challenge::parse("07")->digits(), "07");
  EXPECT_EQ(Challenge::parse("99")->digits(), "99");
  for (const std::string_view text : {"", "7", "007", "a7", "-7", "7 "}) EXPECT_FALSE(Challenge::parse(text)) << text;
}

TEST(LiveCode, StatusOfTheLeaseDecides) {
  for (const std::string_view letters : {"A", "H", "HI", "N", "P", "T"}) {
    LeaseClaims claims = lease_claims();
    claims.status = StatusSet::parse(letters).value();
    EXPECT_EQ(check(mint(claims, kNow), kNow).result, CheckResult::valid) << letters;
  }
  for (const std::string_view letters :
       {"B", "M", "R", "S", "U", "K", "D", "Z", "J", "L", "E", "F", "G", "C", "BDJ", "HB"}) {
    LeaseClaims claims = lease_claims();
    claims.status = StatusSet::parse(letters).value();
    const LiveCodeCheck result = check(mint(claims, kNow), kNow);
    EXPECT_EQ(result.result, CheckResult::not_usable) << letters;
    EXPECT_EQ(result.refused_status, claims.status);
    EXPECT_FALSE(result.code);
  }
}

TEST(LiveCode, PastItsLastDayOnlyAPostponedRenewalIsGood) {
  LeaseClaims claims = lease_claims();
  claims.valid_until = {2026, 9, 20};  // the day before
  EXPECT_EQ(check(mint(claims, kNow), kNow).error, ErrorCode::licence_expired);
  claims.status = StatusSet::parse("N").value();
  EXPECT_EQ(check(mint(claims, kNow), kNow).result, CheckResult::valid);
  claims.status = StatusSet::parse("P").value();
  EXPECT_EQ(check(mint(claims, kNow), kNow).error, ErrorCode::licence_expired);
}

TEST(LiveCode, TheStatusListKnowsMoreThanTheLease) {
  const TrustList keys = trust();
  struct Row {
    std::uint8_t value;
    CheckResult expected;
  };
  const auto letter = [](char c) { return static_cast<std::uint8_t>(16 + (c - 'A')); };
  for (const Row& row :
       {Row{0, CheckResult::valid}, Row{1, CheckResult::revoked}, Row{2, CheckResult::not_usable},
        Row{letter('B'), CheckResult::not_usable}, Row{letter('H'), CheckResult::valid},
        Row{letter('F'), CheckResult::not_usable}, Row{3, CheckResult::malformed}, Row{255, CheckResult::malformed}}) {
    const StatusLists lists = status_lists(row.value);
    const LiveCodeCheck result = verify_live_code(
        mint(lease_claims(), kNow),
        {.now = kNow, .trust = keys, .status_lists = &lists, .spent_codes = nullptr, .challenge = std::nullopt});
    EXPECT_EQ(result.result, row.expected) << int{row.value};
  }
}

TEST(LiveCode, AStatusListThatIsNotThereRefuses) {
  const TrustList keys = trust();
  const StatusLists none;
  const LiveCodePolicy policy{
      .now = kNow, .trust = keys, .status_lists = &none, .spent_codes = nullptr, .challenge = std::nullopt};
  const LiveCodeCheck result = verify_live_code(mint(lease_claims(), kNow), policy);
  EXPECT_EQ(result.error, ErrorCode::status_list_missing);
  EXPECT_FALSE(result.code);
}

TEST(LiveCode, EveryResultHasItsName) {
  for (int i = 0; i <= static_cast<int>(CheckResult::malformed); ++i) {
    const auto result = static_cast<CheckResult>(i);
    EXPECT_EQ(check_result_from_name(check_result_name(result)), result);
  }
  EXPECT_FALSE(check_result_from_name("fine"));
}

// No prefix of a code and no code with one character changed may be taken for valid, or crash.
TEST(LiveCode, NoDamagedTextIsValid) {
  const std::string text = mint(lease_claims(), kNow);
  for (std::size_t i = 0; i < text.size(); ++i) {
    EXPECT_NE(check(std::string_view(text).substr(0, i), kNow).result, CheckResult::valid) << "cut at " << i;
    std::string damaged = text;
    damaged[i] = damaged[i] == 'A' ? 'B' : 'A';
    const LiveCodeCheck result = check(damaged, kNow);
    EXPECT_NE(result.result, CheckResult::valid) << "changed at " << i;
    EXPECT_TRUE(result.error);
    EXPECT_FALSE(result.code);
  }
}

}  // namespace
}  // namespace elicense
