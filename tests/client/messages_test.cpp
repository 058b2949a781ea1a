#include "client/messages.h"

#include <gtest/gtest.h>

#include "base/base64url.h"
#include "support/demo.h"
#include "support/expect.h"

namespace elicense::test {
namespace {

const std::string kAt = R"(,"at":{"monotonic":10,"wall":20}})";
const std::string kKey = base64url_encode(key_from(7).public_key().view());

std::string start_message() {
  return R"({"event":"start","authority":"https://dl.example.org","roots":[")" + kKey +
         R"("],"language":"zh-CN","kept":{},"keys":{})" + kAt;
}

Status receive(SessionMessages& messages, const std::string& text) {
  ELICENSE_TRY(const Json event, Json::parse(text, kEventMessageLimits));
  return messages.receive(event);
}

std::vector<Json> effects_of(SessionMessages& messages) {
  std::vector<Json> effects;
  while (const auto text = messages.next_effect()) effects.push_back(Json::parse(*text, kEventMessageLimits).value());
  return effects;
}

std::string kind_of(const Json& effect) { return *effect.find("effect")->string(); }

TEST(Messages, ASessionBeginsWithStartAndSpeaksInEffects) {
  CountingRandom random;
  SessionMessages messages(random);
  EXPECT_EQ(outcome(receive(messages, R"({"event":"shown")" + kAt)), "message-shape");
  ASSERT_EQ(outcome(receive(messages, start_message())), "ok");
  EXPECT_EQ(outcome(receive(messages, start_message())), "message-shape");
  const auto begun = effects_of(messages);
  ASSERT_EQ(begun.size(), 1U);
  EXPECT_EQ(
      begun[0].dump(),
      R"({"effect":"state","state":"loading","error":null,"words":"尚未登录\n请在应用中登录后打开电子驾驶证。"})");
  EXPECT_EQ(outcome(receive(messages, R"({"event":"code","code":"abc")" + kAt)), "ok");
  EXPECT_EQ(outcome(receive(messages, R"({"event":"shown")" + kAt)), "ok");
  std::vector<std::string> kinds;
  for (const Json& effect : effects_of(messages)) kinds.push_back(kind_of(effect));
  EXPECT_EQ(kinds, (std::vector<std::string>{"state", "fetch", "fetch", "fetch", "make-key", "make-key", "wake"}));
}

TEST(Messages, EveryEffectIsWrittenAsTheContractSays) {
  const std::vector<std::pair<SessionEffect, std::string>> table = {
      {MakeKeyEffect{.id = 1, .slot = "device"}, R"({"effect":"make-key","id":1,"slot":"device"})"},
      {SignEffect{.id = 2, .slot = "lease-x", .bytes = {0, 255}},
       R"({"effect":"sign","id":2,"slot":"lease-x","bytes":"AP8"})"},
      {ForgetKeyEffect{.slot = "lease-x"}, R"({"effect":"forget-key","slot":"lease-x"})"},
      {FetchEffect{.id = 3,
                   .method = "POST",
                   .url = "https://a/b",
                   .headers = {{"DPoP", "x"}},
                   .body = "c",
                   .timeout = 5,
                   .limit = 6},
       R"({"effect":"fetch","id":3,"method":"POST","url":"https://a/b","headers":{"DPoP":"x"},"body":"c","timeout":5,"limit":6})"},
      {FetchEffect{.id = 3, .method = "GET", .url = "u", .headers = {}, .body = {}, .timeout = 5, .limit = 6},
       R"({"effect":"fetch","id":3,"method":"GET","url":"u","headers":{},"body":null,"timeout":5,"limit":6})"},
      {ListenEffect{.id = 4, .url = "u", .headers = {{"A", "b"}}},
       R"({"effect":"listen","id":4,"url":"u","headers":{"A":"b"}})"},
      {AbortEffect{.id = 4}, R"({"effect":"abort","id":4})"},
      {KeepEffect{.name = "lease", .text = std::nullopt}, R"({"effect":"keep","name":"lease","text":null})"},
      {KeepEffect{.name = "lease", .text = "t"}, R"({"effect":"keep","name":"lease","text":"t"})"},
      {WakeEffect{.at = 12}, R"({"effect":"wake","at":12})"},
      {StateEffect{.state = ViewerState::untrusted, .error = ErrorCode::signature, .words = "w"},
       R"({"effect":"state","state":"untrusted","error":"signature","words":"w"})"},
      {CheckedEffect{.partner = "p", .origin = "o", .result = "valid", .asked = "C1", .echo = 7, .at = 9},
       R"({"effect":"checked","partner":"p","origin":"o","result":"valid","asked":"C1","echo":7,"at":9})"},
      {ErrorEffect{.code = "access-token", .words = "w"}, R"({"effect":"error","code":"access-token","words":"w"})"},
  };
  for (const auto& [effect, text] : table) EXPECT_EQ(effect_message(effect), text);
}

TEST(Messages, EventsOfTheSessionAreTold) {
  for (const char* const name : {"start", "code", "token", "key-made", "signed", "answered", "received", "failed",
                                 "shown", "hidden", "disturbed", "network", "refresh", "wake", "language"}) {
    EXPECT_TRUE(is_session_event(name)) << name;
  }
  for (const char* const name :
       {"layout", "control", "page", "drag", "portrait", "context-lost", "context-restored", "", "Start"}) {
    EXPECT_FALSE(is_session_event(name)) << name;
  }
}

TEST(Messages, MisshapenEventsAreRefused) {
  CountingRandom random;
  SessionMessages messages(random);
  ASSERT_EQ(outcome(receive(messages, start_message())), "ok");
  const std::vector<std::pair<std::string, std::string>> table = {
      {R"({"event":"wink")" + kAt, "message-shape"},
      {R"({"event":"layout")" + kAt, "message-shape"},
      {R"({"event":7)" + kAt, "message-shape"},
      {R"({"event":"wake"})", "message-shape"},
      {R"({"event":"wake","at":{"monotonic":-1,"wall":2}})", "message-shape"},
      {R"({"event":"wake","at":{"monotonic":1.5,"wall":2}})", "message-shape"},
      {R"({"event":"wake","at":{"monotonic":1,"wall":9223372036854775807}})", "message-shape"},
      {R"({"event":"code")" + kAt, "message-shape"},
      {R"({"event":"code","code":7)" + kAt, "message-shape"},
      {R"({"event":"key-made","id":1,"key":"AAAA")" + kAt, "key-encoding"},
      {R"({"event":"key-made","id":"1","key":")" + kKey + "\"" + kAt, "message-shape"},
      {R"({"event":"signed","id":1,"signature":"!!")" + kAt, "base64url-character"},
      {R"({"event":"answered","id":1,"status":99,"date":null,"body":"")" + kAt, "message-shape"},
      {R"({"event":"answered","id":1,"status":200,"body":"")" + kAt, "message-shape"},
      {R"({"event":"answered","id":1,"status":200,"date":5,"body":"")" + kAt, "message-shape"},
      {R"({"event":"answered","id":1,"status":200,"date":null,"body":"")" + kAt, "ok"},
      {R"({"event":"received","id":1)" + kAt, "message-shape"},
      {R"({"event":"failed","id":1,"why":"mood")" + kAt, "message-shape"},
      {R"({"event":"failed","id":1,"why":"too-large")" + kAt, "ok"},
      {R"({"event":"language","language":"fr")" + kAt, "message-shape"},
      {R"({"event":"language","language":"en")" + kAt, "ok"},
      {R"({"event":"wake","event":"wake")" + kAt, "json-duplicate-key"},
      {"wake", "json-syntax"},
  };
  for (const auto& [text, expected] : table) EXPECT_EQ(outcome(receive(messages, text)), expected) << text;
}

TEST(Messages, MisshapenStartsAreRefused) {
  const std::vector<std::pair<std::string, std::string>> changes = {
      {R"("https://dl.example.org")", R"("https://dl.example.org/")"},
      {R"("https://dl.example.org")", "\"\""},
      {"\"" + kKey + "\"", ""},
      {"\"" + kKey + "\"", "7"},
      {"zh-CN", "zh"},
      {R"("kept":{})", R"("kept":[])"},
      {R"("kept":{})", R"("kept":{"lease":1})"},
      {R"("keys":{})", R"("keys":{"device":"AA"})"}};
  for (const auto& [from, to] : changes) {
    std::string text = start_message();
    text.replace(text.find(from), from.size(), to);
    CountingRandom random;
    SessionMessages messages(random);
    EXPECT_NE(outcome(receive(messages, text)), "ok") << text;
    EXPECT_EQ(messages.session(), nullptr);
  }
}

}  // namespace
}  // namespace elicense::test
