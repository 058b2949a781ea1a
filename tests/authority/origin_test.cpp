#include "authority/origin.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace elicense::authority::test {
namespace {

TEST(Origin, PlainHttpIsAnOriginAndSafeOnlyOnThisMachine) {
  for (const char* origin :
       {"http://a.example", "http://a.example:8080", "http://192.0.2.1", "http://[2001:db8::1]:8080"}) {
    EXPECT_TRUE(is_origin(origin)) << origin;
    EXPECT_FALSE(is_safe_origin(origin)) << origin;
  }
  for (const char* origin : {"https://a.example", "http://localhost", "http://app.localhost:3000", "http://127.0.0.1",
                             "http://127.255.255.254:1", "http://[::1]"}) {
    EXPECT_TRUE(is_origin(origin)) << origin;
    EXPECT_TRUE(is_safe_origin(origin)) << origin;
  }
}

TEST(Origin, WhatNoBrowserSendsIsNone) {
  for (const char* text : {"",
                           "null",
                           "*",
                           "https:",
                           "https://",
                           "https://:443",
                           "https://a.example/",
                           "https://A.example",
                           "https://a.example:443",
                           "http://a.example:80",
                           "https://a.example:+8",
                           "https://a.example:8 ",
                           "https://a b.example",
                           "https://[]",
                           "https://[::1",
                           "https://::1",
                           "https://[::1]:",
                           "https://[1.2.3.4]",
                           "http://127.0.0.1@a.example",
                           "wss://a.example"}) {
    EXPECT_FALSE(is_origin(text)) << text;
    EXPECT_FALSE(is_safe_origin(text)) << text;
  }
  EXPECT_FALSE(is_origin(std::string_view("https://a.example\0", 18)));
  EXPECT_FALSE(is_origin("https://" + std::string(64, 'a') + ".example"));
  EXPECT_FALSE(is_origin("https://" + std::string(300, 'a')));
}

}  // namespace
}  // namespace elicense::authority::test
