#include "authority/client_address.h"

#include <gtest/gtest.h>

namespace elicense::authority::test {
namespace {

TEST(ClientAddress, HasOneSpelling) {
  EXPECT_EQ(canonical_address("192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(canonical_address("2001:DB8:0:0:0:0:0:1"), "2001:db8::1");
  EXPECT_EQ(canonical_address("::ffff:192.0.2.1"), "192.0.2.1");
  for (const char* const text :
       {"", "unknown", "localhost", "192.0.2.1:80", "[2001:db8::1]", "192.0.2", "192.0.2.256", "fe80::1%eth0",
        "2001:db8::1/64", "192.0.2.1 ", "for=192.0.2.1", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"})
    EXPECT_EQ(canonical_address(text), std::nullopt) << text;
}

struct Case {
  const char* lines;
  const char* client;
};

TEST(ClientAddress, IsTheLastOneThatIsNoProxyOfOurs) {
  const TrustedProxies proxies({"127.0.0.1", "2001:DB8::F", "not an address"});
  EXPECT_TRUE(proxies.trusts("2001:db8::f"));
  EXPECT_FALSE(proxies.trusts(""));
  for (const auto& [lines, client] : {
           Case{"", "127.0.0.1"},
           Case{"X-Forwarded-For: 192.0.2.1\r\n", "192.0.2.1"},
           Case{"x-forwarded-for:192.0.2.1\r\n", "192.0.2.1"},
           Case{"X-Forwarded-For: 2001:DB8:0::1\r\n", "2001:db8::1"},
           Case{"X-Forwarded-For: 198.51.100.9, 192.0.2.1\r\n", "192.0.2.1"},
           Case{"X-Forwarded-For: 198.51.100.9,\t192.0.2.1 , 2001:db8::f\r\n", "192.0.2.1"},
           // A proxy's own line below the client's forged one.
           Case{"X-Forwarded-For: 198.51.100.9\r\nAccept: a\r\nX-Forwarded-For: 192.0.2.1\r\n", "192.0.2.1"},
           Case{"X-Forwarded-For: 192.0.2.1\r\nX-Forwarded-For: 2001:db8::f\r\n", "192.0.2.1"},
           Case{"X-Forwarded-For: 198.51.100.9, unknown\r\n", "127.0.0.1"},
           Case{"X-Forwarded-For: 198.51.100.9, <script>, 2001:db8::f\r\n", "2001:db8::f"},
           Case{"X-Forwarded-For: 192.0.2.1:8080\r\n", "127.0.0.1"},
           Case{"X-Forwarded-For:\r\n", "127.0.0.1"},
           Case{"X-Forwarded-For: 192.0.2.1,\r\n", "127.0.0.1"},
           Case{"X-Forwarded-For-Not: 192.0.2.1\r\n", "127.0.0.1"},
           Case{"Y: X-Forwarded-For: 192.0.2.1\r\n", "127.0.0.1"},
       }) {
    const std::string head = std::string("GET / HTTP/1.1\r\nHost: x\r\n") + lines + "\r\n";
    EXPECT_EQ(proxies.client_of(head, "127.0.0.1"), client) << lines;
  }
}

}  // namespace
}  // namespace elicense::authority::test
