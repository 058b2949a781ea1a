#include "licence/receipt.h"

#include <gtest/gtest.h>

#include <functional>

#include "support/demo.h"
#include "token/jws.h"

namespace elicense {
namespace {

using namespace test;

ReceiptContent content() {
  return {.issuer = std::string(kIssuer),
          .audience = "https://rent.example",
          .issued = kNow,
          .expires = kNow + kReceiptSeconds,
          .id = "r-1",
          .result = CheckResult::valid,
          .answer = ReceiptAnswer{.asked = VehicleClass::C1, .may_drive = true, .because = "held"}};
}

std::string_view outcome(const std::function<void(ReceiptContent&)>& change,
                         const std::function<void(ReceiptPolicy&)>& policy_change) {
  ReceiptContent changed = content();
  change(changed);
  const TrustList keys = trust();
  ReceiptPolicy policy{
      .now = kNow, .trust = keys, .audience = "https://rent.example", .required_class = VehicleClass::C1};
  policy_change(policy);
  Checklist checklist;
  const auto receipt = VerifiedReceipt::verify(issue_receipt(changed, issuer_key()).value(), policy, checklist);
  return receipt.ok() ? "taken" : error_name(receipt.error());
}
const auto kAsItIs = [](auto&) {};

TEST(Receipt, Taken) {
  EXPECT_EQ(outcome(kAsItIs, kAsItIs), "taken");
  EXPECT_EQ(outcome([](ReceiptContent& c) { c.answer.reset(); }, [](ReceiptPolicy& p) { p.required_class.reset(); }),
            "taken");
  EXPECT_EQ(outcome(kAsItIs, [](ReceiptPolicy& p) { p.required_class.reset(); }), "taken");
}

TEST(Receipt, EachReasonToRefuse) {
  EXPECT_EQ(outcome([](ReceiptContent& c) { c.audience = "https://rent.example.org"; }, kAsItIs), "receipt-audience");
  EXPECT_EQ(outcome([](ReceiptContent& c) { c.issuer = "https://else.example"; }, kAsItIs), "receipt-issuer");
  EXPECT_EQ(outcome(kAsItIs, [](ReceiptPolicy& p) { p.now = kNow + 299; }), "taken");
  EXPECT_EQ(outcome(kAsItIs, [](ReceiptPolicy& p) { p.now = kNow + 300; }), "receipt-expired");
  EXPECT_EQ(outcome(kAsItIs, [](ReceiptPolicy& p) { p.now = kNow - 61; }), "receipt-not-yet-valid");
  EXPECT_EQ(outcome(kAsItIs, [](ReceiptPolicy& p) { p.required_class = VehicleClass::A1; }), "receipt-question");
  EXPECT_EQ(outcome([](ReceiptContent& c) { c.answer.reset(); }, kAsItIs), "receipt-question");
  EXPECT_EQ(outcome([](ReceiptContent& c) { c.answer->may_drive = false; }, kAsItIs), "receipt-result");
  EXPECT_EQ(outcome([](ReceiptContent& c) { c.result = CheckResult::stale; }, kAsItIs), "receipt-result");
  EXPECT_EQ(outcome([](ReceiptContent& c) { c.expires = c.issued + 301; }, kAsItIs), "receipt-shape");
  EXPECT_EQ(outcome([](ReceiptContent& c) { c.expires = c.issued; }, kAsItIs), "receipt-shape");
  EXPECT_EQ(outcome([](ReceiptContent& c) { c.id = ""; }, kAsItIs), "receipt-shape");
}

TEST(Receipt, OnlyAReceiptKeySigns) {
  TrustListContent content_without = trust_list_content();
  content_without.keys.front().uses = {KeyUse::lease, KeyUse::licence, KeyUse::status};
  const TrustList keys = trust_of(content_without);
  Checklist checklist;
  const ReceiptPolicy policy{
      .now = kNow, .trust = keys, .audience = "https://rent.example", .required_class = std::nullopt};
  EXPECT_EQ(VerifiedReceipt::verify(issue_receipt(content(), issuer_key()).value(), policy, checklist).error(),
            ErrorCode::key_use);
  Checklist stranger;
  EXPECT_EQ(VerifiedReceipt::verify(issue_receipt(content(), device_key()).value(), policy, stranger).error(),
            ErrorCode::issuer_unknown);
}

TEST(Receipt, HoldsNoPersonalData) {
  const std::string text = issue_receipt(content(), issuer_key()).value();
  const auto jws = UnverifiedJws::parse(text, 4096).value().verify(issuer_key().public_key());
  ASSERT_TRUE(jws);
  std::vector<std::string> names;
  for (const auto& [name, value] : *jws->payload.object()) names.push_back(name);
  EXPECT_EQ(names, (std::vector<std::string>{"iss", "aud", "iat", "exp", "jti", "result", "requires", "answer"}));
}

}  // namespace
}  // namespace elicense
