// Receipts that are not ours, and answers that do not hang together with what this device has verified itself.
#include <gtest/gtest.h>

#include "support/demo.h"
#include "verifier/support/world.h"

namespace elicense::test {
namespace {

TEST(Receipts, ReceiptsThatDoNotCheck) {
  struct Forgery {
    const char* what;
    std::function<void(ReceiptContent&)> change;
    const char* error;
  };
  const std::vector<Forgery> table = {
      {"another origin", [](ReceiptContent& receipt) { receipt.audience = "https://rent.example.org"; },
       "receipt-audience"},
      {"another nonce", [](ReceiptContent& receipt) { receipt.nonce = "other"; }, "receipt-nonce"},
      {"no nonce", [](ReceiptContent& receipt) { receipt.nonce.reset(); }, "receipt-nonce"},
      {"another class", [](ReceiptContent& receipt) { receipt.answer->asked = VehicleClass::A1; }, "receipt-question"},
      {"no class", [](ReceiptContent& receipt) { receipt.answer.reset(); }, "receipt-question"},
      {"another answer",
       [](ReceiptContent& receipt) {
         receipt.answer->may_drive = false;
         receipt.answer->because = "not-held";
       },
       "receipt-answer"},
      {"another issuer", [](ReceiptContent& receipt) { receipt.issuer = "https://else.example"; }, "receipt-issuer"},
      {"of yesterday",
       [](ReceiptContent& receipt) {
         receipt.issued = receipt.issued - 86400;
         receipt.expires = receipt.expires - 86400;
       },
       "authority-time"},
  };
  for (const Forgery& one : table) {
    SCOPED_TRACE(one.what);
    CheckWorld world;
    world.settings.required_class = VehicleClass::C1;
    world.load();
    world.on_receipt = one.change;
    world.show(world.code());
    EXPECT_EQ(world.result(), "unchecked");
    EXPECT_EQ(world.error(), one.error);
    EXPECT_FALSE(world.card().receipt);
  }
}

TEST(Receipts, AnswersOfStrangersAndBrokenOnes) {
  const auto body_of = [](const std::string& receipt) { return Json(Json::Object{{"receipt", receipt}}).dump(); };
  CheckWorld world;
  world.load();
  const ReceiptContent content = {.issuer = world.authority.origin,
                                  .audience = std::string(kPartnerOrigin),
                                  .issued = world.authority_now(),
                                  .expires = world.authority_now() + 300,
                                  .id = "x",
                                  .result = CheckResult::valid,
                                  .nonce = {},
                                  .status = {},
                                  .echo = {},
                                  .answer = {}};
  const std::vector<std::pair<std::string, std::string>> table = {
      {body_of(issue_receipt(content, issuer_key()).value()), "issuer-unknown"},
      {body_of("a.b.c"), "receipt-shape"},
      {body_of(""), "receipt-shape"},
      {"{}", "answer-shape"},
      {"<html>", "answer-shape"},
      {"", "answer-shape"},
      {R"({"receipt":7})", "answer-shape"},
      {std::string(200'000, '['), "answer-shape"},
  };
  for (const auto& [body, error] : table) {
    world.on_the_wire = [&body = body](const FetchEffect& request, HttpAnswer answer) -> std::optional<HttpAnswer> {
      if (request.method == "POST") answer.body = body;
      return answer;
    };
    world.pass(1000);
    world.show(world.code());
    EXPECT_EQ(world.result(), "unchecked");
    EXPECT_EQ(world.error(), error);
  }
}

TEST(Receipts, AReceiptDoesNotMakeACodeGenuine) {
  CheckWorld world;
  world.load();
  world.on_receipt = [](ReceiptContent& receipt) { receipt.result = CheckResult::valid; };
  // Whatever a compromised authority's service says: the code is stale by its own receipt's time.
  world.show(world.code_at(world.authority_now() - 100));
  EXPECT_EQ(world.result(), "unchecked");
  EXPECT_EQ(world.error(), "stale");
}

TEST(Receipts, ThePhotoIsTheOneThatTheCodeSpeaksOf) {
  CheckWorld world;
  world.load();
  world.authority.data.portrait->image.push_back(9);  // after the lease was signed
  world.show(world.code());
  EXPECT_EQ(world.result(), "valid");
  EXPECT_FALSE(world.card().person->portrait);
  EXPECT_EQ(world.card().tone, CardTone::noted);
  EXPECT_TRUE(world.says_unchecked(Unchecked::portrait));
}

}  // namespace
}  // namespace elicense::test
