#include "verifier/messages.h"

#include <gtest/gtest.h>

#include "base/base64url.h"
#include "support/demo.h"
#include "support/expect.h"

namespace elicense::test {
namespace {

const std::string kAt = R"(,"at":{"monotonic":10,"wall":20}})";
const std::string kKey = base64url_encode(key_from(7).public_key().view());

// With one member written otherwise, or left out.
std::string start_message(const std::string& name = {}, const std::string& value = {}) {
  const std::vector<std::pair<std::string, std::string>> members = {{"event", R"("start")"},
                                                                    {"authority", R"("https://dl.example.org")"},
                                                                    {"roots", "[\"" + kKey + "\"]"},
                                                                    {"mode", R"("auto")"},
                                                                    {"requires", "null"},
                                                                    {"partner", R"("pk")"},
                                                                    {"origin", R"("https://rent.example")"},
                                                                    {"nonce", "null"},
                                                                    {"maxConfirmationAge", "900"},
                                                                    {"language", R"("zh-CN")"},
                                                                    {"kept", "{}"}};
  std::string text = "{";
  for (const auto& [member, usual] : members) {
    const std::string& written = member == name ? value : usual;
    if (!written.empty()) text += "\"" + member + "\":" + written + ",";
  }
  text.pop_back();
  return text + kAt;
}

std::vector<std::string> effects_of(CheckMessages& messages) {
  std::vector<std::string> effects;
  while (auto text = messages.next_effect()) effects.push_back(std::move(*text));
  return effects;
}

TEST(CheckMessages, BeginWithStartAndSpeakInEffects) {
  CountingRandom random;
  CheckMessages messages(random);
  EXPECT_EQ(outcome(messages.receive(R"({"event":"wake")" + kAt)), "message-shape");
  ASSERT_EQ(outcome(messages.receive(start_message())), "ok");
  EXPECT_EQ(outcome(messages.receive(start_message())), "message-shape");
  const std::vector<std::string> begun = {
      R"({"effect":"fetch","id":1,"method":"GET","url":"https://dl.example.org/trust-list","headers":{},"body":null,"timeout":4000,"limit":65536})",
      R"({"effect":"readiness","ready":false,"online":false,"error":null,"words":{"first":"正在联系发证机关","second":"Contacting the authority"}})"};
  EXPECT_EQ(effects_of(messages), begun);
  EXPECT_EQ(outcome(messages.receive(R"({"event":"failed","id":1,"why":"network")" + kAt)), "ok");
  EXPECT_EQ(outcome(messages.receive(R"({"event":"challenge","wanted":true)" + kAt)), "ok");
  EXPECT_EQ(outcome(messages.receive(R"({"event":"code","text":"HELLO")" + kAt)), "ok");
  for (const std::string& text : effects_of(messages)) EXPECT_TRUE(Json::parse(text, kEventMessageLimits)) << text;
}

TEST(CheckMessages, ACardIsWrittenAsTheContractSays) {
  Check check;
  check.result = CheckResult::stale;
  check.error = ErrorCode::stale;
  check.age = 34;
  EXPECT_EQ(
      check_effect_message(CardEffect{.card = card_of(check, Language::english)}),
      R"({"effect":"card","card":{"result":"stale","error":"stale","online":false,"tone":"refused",)"
      R"("title":{"first":"Stale","second":"过时"},"line":"Shown 34 seconds ago",)"
      R"("meaning":{"first":"A screenshot, a recording or a copy. Ask the holder to open the licence on their own phone and scan again.",)"
      R"("second":"这是截屏、录像或复制的画面，不能作为凭证。"},"age":34,"confirmed":null,"status":null,"person":null,)"
      R"("answer":null,"echo":null,"unchecked":[],"receipt":null,"specimen":null},"sound":"refused"})");
}

TEST(CheckMessages, AValidCardHoldsThePersonAndTheAnswer) {
  Check check;
  check.result = CheckResult::valid;
  check.by = CheckedBy::authority;
  check.age = 0;
  check.confirmed = 8;
  check.lease = lease_claims();
  check.portrait = "data:image/jpeg;base64,AAAA";
  check.answer = answer_class_question(check.lease->privileges, VehicleClass::A3, {2026, 9, 21});
  check.status = StatusSet::parse("H").value();
  check.echo = 47;
  check.receipt = "a.b.c";
  const auto json = Json::parse(check_effect_message(CardEffect{.card = card_of(check, Language::chinese)}),
                                {.bytes = 65536, .depth = 8, .values = 512});
  ASSERT_TRUE(json);
  const Json& card = *json->find("card");
  const Json& person = *card.find("person");
  EXPECT_EQ(*person.find("licenceNumber"), Json("6501**********1234"));
  EXPECT_EQ(person.find("classes")->dump(), R"(["A2","C1","D","M"])");
  EXPECT_EQ(*person.find("validUntil"), Json("2031-07-20"));
  EXPECT_EQ(person.find("rows")->array()->at(3).dump(),
            R"({"label":{"first":"有效期至","second":"Valid until"},"value":"2031-07-20"})");
  EXPECT_EQ(card.find("echo")->find("digits")->dump(), R"("47")");
  EXPECT_EQ(card.find("status")->find("letters")->dump(), R"("H")");
  EXPECT_EQ(card.find("answer")->find("mayDrive")->dump(), "false");
  EXPECT_EQ(card.find("answer")->find("because")->dump(), R"({"first":"不持有 A3","second":"Does not hold A3"})");
  EXPECT_EQ(*json->find("sound"), Json("refused"));
}

TEST(CheckMessages, SettingsThatCannotLeadToACheckAreTold) {
  struct Wrong {
    std::string name, value, error;
  };
  const std::vector<Wrong> table = {
      {"authority", R"("")", "authority-origin"},
      {"authority", R"("dl.example.org")", "authority-origin"},
      {"authority", R"("https://dl.example.org/")", "authority-origin"},
      {"authority", R"("https://user@dl.example.org")", "authority-origin"},
      {"authority", R"("javascript://dl.example.org")", "authority-origin"},
      {"authority", "7", "authority-origin"},
      {"roots", "[]", "root-key"},
      {"roots", R"(["AAAA"])", "root-key"},
      {"roots", "[7]", "root-key"},
      {"roots", "", "root-key"},
      {"mode", R"("fast")", "message-shape"},
      {"requires", R"("Q9")", "vehicle-class"},
      {"partner", R"("")", "partner-key"},
      {"partner", "\"" + std::string(129, 'k') + "\"", "partner-key"},
      {"nonce", R"("")", "transaction-nonce"},
      {"nonce", R"("with space")", "transaction-nonce"},
      {"nonce", "\"" + std::string(65, 'n') + "\"", "transaction-nonce"},
      {"maxConfirmationAge", "-1", "confirmation-age"},
      {"maxConfirmationAge", "1e9", "confirmation-age"},
      {"maxConfirmationAge", "604801", "confirmation-age"},
  };
  for (const Wrong& one : table) {
    SCOPED_TRACE(one.name + " " + one.value);
    CountingRandom random;
    CheckMessages messages(random);
    ASSERT_EQ(outcome(messages.receive(start_message(one.name, one.value))), "ok");
    const auto effects = effects_of(messages);
    ASSERT_EQ(effects.size(), 1U);
    EXPECT_EQ(effects[0].find(R"({"effect":"readiness","ready":false,"online":false,"error":")" + one.error + "\""), 0U)
        << effects[0];
    // A code is answered all the same.
    EXPECT_EQ(outcome(messages.receive(R"({"event":"code","text":"X")" + kAt)), "ok");
    EXPECT_EQ(effects_of(messages).size(), 2U);
  }
}

TEST(CheckMessages, EventsThatAreNoneAreRefused) {
  CountingRandom random;
  CheckMessages messages(random);
  ASSERT_EQ(outcome(messages.receive(start_message())), "ok");
  for (const char* const text : {R"({"event":"shown")", R"({"event":"code")", R"({"event":"code","text":7)",
                                 R"({"event":"challenge","wanted":1)", R"({"event":"language","language":"de")",
                                 R"({"event":"answered","id":1,"status":99,"date":null,"body":"")",
                                 R"({"event":"failed","id":1,"why":"laziness")", R"({"evnt":"wake")"}) {
    EXPECT_EQ(outcome(messages.receive(text + kAt)), "message-shape") << text;
  }
  EXPECT_EQ(outcome(messages.receive(R"({"event":"wake"})")), "message-shape");
  EXPECT_EQ(outcome(messages.receive("")), "json-syntax");
  EXPECT_EQ(outcome(messages.receive(std::string(3 << 20, ' '))), "json-size");
  // Answers that nobody waits for.
  EXPECT_EQ(outcome(messages.receive(R"({"event":"answered","id":77,"status":200,"date":null,"body":"")" + kAt)), "ok");
}

}  // namespace
}  // namespace elicense::test
