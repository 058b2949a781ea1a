#include "codec/json.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "support/expect.h"

namespace elicense {
namespace {

using test::outcome;

constexpr JsonLimits kLimits = {.bytes = 1 << 16, .depth = 16, .values = 1 << 14};

std::string parsed(std::string_view text, const JsonLimits& limits = kLimits) {
  return outcome(Json::parse(text, limits));
}

TEST(Json, TakenAndWrittenAgain) {
  struct Row {
    std::string_view text;
    std::string_view compact;
  };
  constexpr Row kRows[] = {
      {"null", "null"},
      {"true", "true"},
      {" false\n", "false"},
      {"0", "0"},
      {"-0", "0"},
      {"-1", "-1"},
      {"9223372036854775807", "9223372036854775807"},
      {"-9223372036854775808", "-9223372036854775808"},
      {"9223372036854775808", "9223372036854776000.0"},
      {"-9223372036854775809", "-9223372036854776000.0"},
      {"18446744073709551615", "18446744073709552000.0"},
      {"18446744073709551616", "18446744073709552000.0"},
      {"1.0", "1.0"},
      {"1e2", "100.0"},
      {"-0.0", "-0.0"},
      {"1.5E-7", "1.5e-7"},
      {"1e300", "1.0e+300"},
      {"\"\"", "\"\""},
      {"\"水\"", "\"水\""},
      {"\"\\u6c34\\ud83d\\ude00\"", "\"水😀\""},
      {R"("\"\\\/\b\f\n\r\t")", R"("\"\\/\b\f\n\r\t")"},
      {R"("\u0000\u001f\u007f\u009f\u00a0")", "\"\\u0000\\u001f\\u007f\\u009f\u00a0\""},
      {"[]", "[]"},
      {"[ ]", "[]"},
      {"{}", "{}"},
      {"[1, 2 ,[3],{\"a\":null}]", "[1,2,[3],{\"a\":null}]"},
      {"{\"b\":1,\"a\":{\"c\":[]}}", "{\"b\":1,\"a\":{\"c\":[]}}"},
      {"{\"\":0}", "{\"\":0}"},
      {"\t\r\n[1]\t\r\n ", "[1]"},
  };
  for (const Row& row : kRows) {
    const auto json = Json::parse(row.text, kLimits);
    ASSERT_TRUE(json.ok()) << row.text << ' ' << outcome(json);
    EXPECT_EQ(json->dump(), row.compact) << row.text;
    const auto again = Json::parse(json->dump(), kLimits);
    ASSERT_TRUE(again.ok()) << json->dump();
    EXPECT_TRUE(*again == *json) << row.text;
    EXPECT_TRUE(*Json::parse(json->dump_pretty(), kLimits) == *json) << row.text;
  }
}

TEST(Json, Syntax) {
  constexpr std::string_view kRows[] = {
      "",
      " ",
      "\n",
      "nul",
      "nulll",
      "True",
      "01",
      "-",
      "+1",
      "1.",
      ".5",
      "1e",
      "1e+",
      "0x1",
      "NaN",
      "Infinity",
      "-Infinity",
      "1e400",
      "-1e400",
      "[",
      "]",
      "[1",
      "[1,",
      "[1,]",
      "[,1]",
      "[1 2]",
      "{",
      "}",
      "{\"a\"",
      "{\"a\":",
      "{\"a\":1",
      "{\"a\":1,}",
      "{,}",
      "{a:1}",
      "{'a':1}",
      "{1:1}",
      "{\"a\" 1}",
      "{\"a\":1 \"b\":2}",
      "[}",
      "{]",
      "[1]]",
      "1 2",
      "null null",
      "[1]x",
      "{}{}",
      "[1],",
      "\"",
      "\"abc",
      "\"\\\"",
      "\"\\x41\"",
      "\"\\u12\"",
      "\"\\u12g4\"",
      "\"\t\"",
      "\"\n\"",
      "\"\x01\"",
      "'a'",
      "/* c */1",
      "1 // c",
      "# c\n1",
      "\xef\xbb\xbf{}",
      "\xef\xbb\xbf",
      "\xfe\xff",
      "{\"a\":\xef\xbb\xbf 1}",
      // invalid UTF-8 and lone surrogates
      "\"\xff\"",
      "\"\x80\"",
      "\"\xc0\x80\"",
      "\"\xe4\xb8\"",
      "\"\xed\xa0\x80\"",
      "\"\xf4\x90\x80\x80\"",
      "\"\xc3\"",
      "\"\\ud800\"",
      "\"\\udc00\"",
      "\"\\ud800\\u0041\"",
      "\"\\ud800\\ud800\"",
      "\"\\ud800x\"",
      "{\"\xff\":1}",
      "{\"\\ud800\":1}",
  };
  for (const std::string_view text : kRows) EXPECT_EQ(parsed(text), "json-syntax") << text;
}

TEST(Json, NulIsNeverPartOfIt) {
  using namespace std::string_view_literals;
  constexpr std::string_view kRows[] = {"\0"sv,          "1\0"sv,       "\0001"sv,    "{}\0"sv,
                                        "{}\0garbage"sv, "[1,\0002]"sv, "\"a\0b\""sv, "{\"a\0\":1}"sv};
  for (const std::string_view text : kRows) EXPECT_EQ(parsed(text), "json-syntax");
  EXPECT_EQ(*Json::parse(R"("a\u0000b")", kLimits)->string(), std::string("a\0b", 3));
}

TEST(Json, DuplicateKeys) {
  struct Row {
    std::string_view text;
    std::string_view expected;
  };
  constexpr Row kRows[] = {
      {R"({"a":1,"a":1})", "json-duplicate-key"},
      {R"({"a":1,"b":2,"a":3})", "json-duplicate-key"},
      {R"({"a":1,"\u0061":2})", "json-duplicate-key"},
      {R"({"":1,"":2})", "json-duplicate-key"},
      {R"([{"a":{"b":1,"b":2}}])", "json-duplicate-key"},
      {R"({"a":{"a":{"a":1}}})", "ok"},
      {R"([{"a":1},{"a":1}])", "ok"},
      {R"({"a":1,"A":2})", "ok"},
      {R"({"a":1,"a ":2})", "ok"},
      {R"({"a":1,"a\u0000":2})", "ok"},
      // The first fault met is the one told.
      {R"({"a":1,"a":2)", "json-syntax"},
      {R"({"a":1,"a":2}x)", "json-duplicate-key"},
  };
  for (const Row& row : kRows) EXPECT_EQ(parsed(row.text), row.expected) << row.text;
}

TEST(Json, LimitsAreExact) {
  struct Row {
    std::string_view text;
    JsonLimits limits;
    std::string_view expected;
  };
  constexpr Row kRows[] = {
      {"1", {.bytes = 1, .depth = 0, .values = 1}, "ok"},
      {"1", {.bytes = 0, .depth = 0, .values = 1}, "json-size"},
      {"1", {.bytes = 1, .depth = 0, .values = 0}, "json-count"},
      {"[]", {.bytes = 9, .depth = 0, .values = 9}, "json-depth"},
      {"[]", {.bytes = 9, .depth = 1, .values = 1}, "ok"},
      {"[]", {.bytes = 9, .depth = 1, .values = 0}, "json-count"},
      {"{}", {.bytes = 9, .depth = 0, .values = 9}, "json-depth"},
      {"{}", {.bytes = 9, .depth = 1, .values = 1}, "ok"},
      {"[[]]", {.bytes = 9, .depth = 1, .values = 9}, "json-depth"},
      {"[[]]", {.bytes = 9, .depth = 2, .values = 2}, "ok"},
      {"[[],[]]", {.bytes = 9, .depth = 2, .values = 3}, "ok"},
      {"[1,2]", {.bytes = 9, .depth = 1, .values = 3}, "ok"},
      {"[1,2]", {.bytes = 9, .depth = 1, .values = 2}, "json-count"},
      {R"({"a":1})", {.bytes = 9, .depth = 1, .values = 2}, "ok"},
      {R"({"a":1})", {.bytes = 9, .depth = 1, .values = 1}, "json-count"},
      {R"({"a":{"b":1}})", {.bytes = 20, .depth = 1, .values = 9}, "json-depth"},
      {"[1]   ", {.bytes = 5, .depth = 1, .values = 9}, "json-size"},
  };
  for (const Row& row : kRows) EXPECT_EQ(parsed(row.text, row.limits), row.expected) << row.text;
}

TEST(Json, GettersAnswerForTheirKindOnly) {
  const Json values[] = {
      Json(), Json(true), Json(7), Json(1.5), Json("text"), Json(Json::Array{Json(1)}), Json(Json::Object{{"a", 1}})};
  for (std::size_t i = 0; i < std::size(values); ++i) {
    const Json& value = values[i];
    EXPECT_EQ(value.is_null(), i == 0);
    EXPECT_EQ(value.boolean().has_value(), i == 1);
    EXPECT_EQ(value.integer().has_value(), i == 2);
    EXPECT_EQ(value.number().has_value(), i == 2 || i == 3);
    EXPECT_EQ(value.string() != nullptr, i == 4);
    EXPECT_EQ(value.array() != nullptr, i == 5);
    EXPECT_EQ(value.object() != nullptr, i == 6);
    EXPECT_EQ(value.find("a") != nullptr, i == 6);
  }
  EXPECT_EQ(values[2].number(), 7.0);
  EXPECT_EQ(values[3].number(), 1.5);
}

TEST(Json, IntegersAreWrittenWithoutFraction) {
  EXPECT_EQ(Json::parse("5", kLimits)->integer(), 5);
  EXPECT_FALSE(Json::parse("5.0", kLimits)->integer());
  EXPECT_FALSE(Json::parse("5e0", kLimits)->integer());
  EXPECT_FALSE(Json::parse("9223372036854775808", kLimits)->integer());
  EXPECT_EQ(Json::parse("9223372036854775808", kLimits)->number(), 0x1p63);
}

TEST(Json, FindsMembersAndKeepsTheirOrder) {
  const Json json = Json::parse(R"({"z":1,"a":{"b":"c"},"":2})", kLimits).value();
  EXPECT_EQ(json.find("z")->integer(), 1);
  EXPECT_EQ(*json.find("a")->find("b")->string(), "c");
  EXPECT_EQ(json.find("")->integer(), 2);
  EXPECT_EQ(json.find("b"), nullptr);
  ASSERT_EQ(json.object()->size(), 3U);
  EXPECT_EQ((*json.object())[0].first, "z");
  EXPECT_EQ((*json.object())[2].first, "");
}

TEST(Json, EqualityTellsKindsAndOrderApart) {
  EXPECT_TRUE(Json(1) == Json(std::int64_t{1}));
  EXPECT_FALSE(Json(1) == Json(1.0));
  EXPECT_FALSE(Json() == Json(false));
  EXPECT_FALSE(Json("a") == Json("b"));
  EXPECT_TRUE(Json(Json::Array{1, 2}) == Json(Json::Array{1, 2}));
  EXPECT_FALSE(Json(Json::Object{{"a", 1}, {"b", 2}}) == Json(Json::Object{{"b", 2}, {"a", 1}}));
}

TEST(Json, ObjectsCanBeExtended) {
  Json json = Json::Object{{"a", 1}};
  json.object()->emplace_back("b", Json::Array{"x", nullptr, true});
  EXPECT_EQ(json.dump(), R"({"a":1,"b":["x",null,true]})");
}

TEST(Json, Pretty) {
  const Json json = Json::parse(R"({"a":[1,{"b":[]}],"c":{},"d":"e"})", kLimits).value();
  EXPECT_EQ(json.dump_pretty(), R"({
  "a": [
    1,
    {
      "b": []
    }
  ],
  "c": {},
  "d": "e"
})");
}

TEST(Json, NumbersJsonCannotSayAreNull) {
  EXPECT_EQ(Json(std::numeric_limits<double>::infinity()).dump(), "null");
  EXPECT_EQ(Json(-std::numeric_limits<double>::infinity()).dump(), "null");
  EXPECT_EQ(Json(std::nan("")).dump(), "null");
}

TEST(Json, EveryControlCharacterIsEscaped) {
  for (int c = 0; c < 0xa0; ++c) {
    if (c >= 0x20 && c < 0x7f) continue;
    const std::string raw = c < 0x80 ? std::string(1, static_cast<char>(c)) : std::string{'\xc2', static_cast<char>(c)};
    const std::string text = Json(raw).dump();
    for (const char byte : text) EXPECT_TRUE(byte >= 0x20 && byte < 0x7f) << c;
    EXPECT_EQ(*Json::parse(text, kLimits)->string(), raw) << c;
  }
}

}  // namespace
}  // namespace elicense
