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
          .nonce = {},
          .status = {},
          .echo = {},
          .answer = ReceiptAnswer{.asked = VehicleClass::C1, .may_drive = true, .because = "held"}};
}

std::string_view outcome(const std::function<void(ReceiptContent&)>& change,
                         const std::function<void(ReceiptPolicy&)>& policy_change) {
  ReceiptContent changed = content();
  change(changed);
  const TrustList keys = trust();
  ReceiptPolicy policy{
      .now = kNow, .trust = keys, .audience = "https://rent.example", .nonce = {}, .required_class = VehicleClass::C1};
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

TEST(Receipt, AnswersTheRequestThatItNames) {
  const auto named = [](ReceiptContent& c) { c.nonce = "booking-4711"; };
  EXPECT_EQ(outcome(named, kAsItIs), "taken");
  EXPECT_EQ(outcome(named, [](ReceiptPolicy& p) { p.nonce = "booking-4711"; }), "taken");
  EXPECT_EQ(outcome(named, [](ReceiptPolicy& p) { p.nonce = "booking-4712"; }), "receipt-nonce");
  EXPECT_EQ(outcome(kAsItIs, [](ReceiptPolicy& p) { p.nonce = "booking-4711"; }), "receipt-nonce");
  EXPECT_EQ(outcome([](ReceiptContent& c) { c.nonce = ""; }, kAsItIs), "receipt-shape");
  EXPECT_EQ(outcome([](ReceiptContent& c) { c.nonce = "a b"; }, kAsItIs), "receipt-shape");
  EXPECT_EQ(outcome([](ReceiptContent& c) { c.nonce = std::string(65, 'n'); }, kAsItIs), "receipt-shape");
  EXPECT_TRUE(is_receipt_nonce("AZaz09_-.~"));
  EXPECT_FALSE(is_receipt_nonce("/"));
}

TEST(Receipt, StatusAndEchoComeBack) {
  ReceiptContent marked = content();
  marked.status = StatusSet::parse("BD").value();
  marked.echo = 47;
  marked.result = CheckResult::not_usable;
  const TrustList keys = trust();
  const ReceiptPolicy policy{
      .now = kNow, .trust = keys, .audience = "https://rent.example", .nonce = {}, .required_class = {}};
  const std::string text = issue_receipt(marked, issuer_key()).value();
  Checklist checklist;
  const auto receipt = VerifiedReceipt::verify_whatever_it_says(text, policy, checklist);
  ASSERT_TRUE(receipt);
  EXPECT_EQ(receipt->content().result, CheckResult::not_usable);
  EXPECT_EQ(receipt->content().status, marked.status);
  EXPECT_EQ(receipt->content().echo, 47);
  Checklist whole;
  EXPECT_EQ(VerifiedReceipt::verify(text, policy, whole).error(), ErrorCode::receipt_result);
  for (const int echo : {9, 100, -1})
    EXPECT_EQ(outcome([echo](ReceiptContent& c) { c.echo = echo; }, kAsItIs), "receipt-shape");
}

TEST(Receipt, OnlyAReceiptKeySigns) {
  TrustListContent content_without = trust_list_content();
  content_without.keys.front().uses = {KeyUse::lease, KeyUse::licence, KeyUse::status};
  const TrustList keys = trust_of(content_without);
  Checklist checklist;
  const ReceiptPolicy policy{
      .now = kNow, .trust = keys, .audience = "https://rent.example", .nonce = {}, .required_class = {}};
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
