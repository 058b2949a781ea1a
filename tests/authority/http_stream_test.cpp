#include "authority/http_stream.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <deque>

#include "authority/http_test_server.h"

namespace elicense::authority::test {
namespace {

// On the IO threads and on workers: streams begin differently.
class HttpStream : public ::testing::TestWithParam<std::size_t> {
 protected:
  TestServer server_{{.workers = GetParam(), .most_waiting = 1024, .proxies = {}}};
};
INSTANTIATE_TEST_SUITE_P(Workers, HttpStream, ::testing::Values(0, 2));

std::size_t count_of(std::string_view text, std::string_view part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

TEST_P(HttpStream, GoesOnUntilItIsClosed) {
  Client client = server_.open_stream();
  EXPECT_TRUE(server_.waits_for_metric("elicense_http_streams 1"));
  EXPECT_TRUE(server_.waits_for_metric("elicense_http_in_flight 1"));  // the question itself
  EXPECT_EQ(server_.body_of("POST", "/send", "", "data: one\n\n"), "1");
  EXPECT_NE(client.read_until("data: one\n\n"), "");
  EXPECT_EQ(server_.body_of("POST", "/send", "", "data: two\n\n"), "1");
  EXPECT_EQ(server_.body_of("POST", "/close"), "closed");
  const std::optional<std::string> all = client.read_to_end();
  ASSERT_TRUE(all);
  EXPECT_EQ(body_in(*all), "data: hello\n\ndata: one\n\ndata: two\n\n");
  EXPECT_EQ(all->substr(0, 17), "HTTP/1.1 200 OK\r\n");
  EXPECT_EQ(count_of(*all, "Content-Type: text/event-stream\r\n"), 1U);
  EXPECT_EQ(count_of(*all, "Connection: close\r\n"), 1U);
  EXPECT_EQ(count_of(*all, "Cache-Control: no-store\r\n"), 1U);
  EXPECT_EQ(count_of(*all, "\r\nDate: "), 1U);
  EXPECT_EQ(server_.body_of("POST", "/send", "", "late"), "0");
  EXPECT_TRUE(server_.stop());
}

TEST_P(HttpStream, BeginsForClientsThatSayCloseAndForOldOnes) {
  for (const char* const head :
       {"GET /stream HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "GET /stream HTTP/1.0\r\n\r\n"}) {
    Client client = server_.connect();
    client.send(head);
    EXPECT_NE(client.read_until("data: hello\n\n"), "") << head;
  }
}

TEST_P(HttpStream, IsNotOpenedByHead) {
  Client client = server_.connect();
  client.send("HEAD /stream HTTP/1.1\r\nHost: x\r\n\r\nGET /echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  const std::optional<std::string> all = client.read_to_end();
  ASSERT_TRUE(all);
  EXPECT_NE(all->find("content-type: text/event-stream"), std::string::npos) << *all;
  EXPECT_NE(all->find("127.0.0.1"), std::string::npos) << *all;
  EXPECT_EQ(all->find("hello"), std::string::npos);
  EXPECT_TRUE(server_.waits_for_metric("elicense_http_streams 0"));
}

TEST_P(HttpStream, OutlastsTheIdleTimeout) {
  Client idle = server_.connect();
  Client client = server_.open_stream();
  ASSERT_TRUE(idle.read_to_end());  // it is one second, and it has passed
  EXPECT_EQ(server_.body_of("POST", "/send", "", "data: still here\n\n"), "1");
  EXPECT_NE(client.read_until("still here"), "");
}

TEST_P(HttpStream, SaysWhenTheClientHasGone) {
  for (const bool resets : {false, true}) {
    {
      const Client client = server_.open_stream();
      if (resets) client.reset();
    }
    const Client other = server_.open_stream();
    while (server_.body_of("POST", "/send", "", "data: x\n\n") != "1") continue;
    server_.body_of("POST", "/close");
    while (server_.body_of("POST", "/send", "", "data: x\n\n") != "0") continue;
    server_.body_of("POST", "/forget");
    EXPECT_TRUE(server_.waits_for_metric("elicense_http_streams 0"));
  }
  EXPECT_TRUE(server_.stop());
}

TEST_P(HttpStream, EndsWhenNobodyHoldsIt) {
  Client client = server_.open_stream();
  EXPECT_EQ(server_.body_of("POST", "/forget"), "forgotten");
  EXPECT_TRUE(client.read_to_end());
  EXPECT_TRUE(server_.waits_for_metric("elicense_http_streams 0"));
}

TEST_P(HttpStream, AClientThatDoesNotReadIsDropped) {
  Client lazy(server_.port(), 4096);
  lazy.send("GET /stream HTTP/1.1\r\nHost: x\r\n\r\n");
  ASSERT_NE(lazy.read_until("data: hello\n\n"), "");
  // The kernel takes some megabytes; less than what was offered means that it was cut off.
  EXPECT_LT(std::stoi(server_.body_of("POST", "/flood")), 64 * 1024);
  while (server_.body_of("POST", "/send", "", "x") != "0") continue;
  EXPECT_TRUE(lazy.read_to_end());
  EXPECT_TRUE(server_.stop());
}

TEST_P(HttpStream, WhatTheClientSaysMeanwhileIsNotHeard) {
  Client client = server_.open_stream();
  client.send("GET /echo HTTP/1.1\r\nHost: x\r\n\r\n" + std::string(100'000, 'x'));
  EXPECT_EQ(server_.body_of("POST", "/send", "", "data: on\n\n"), "1");
  ASSERT_NE(client.read_until("data: on\n\n"), "");
  server_.body_of("POST", "/close");
  const std::optional<std::string> all = client.read_to_end();
  ASSERT_TRUE(all);
  EXPECT_EQ(count_of(*all, "HTTP/1.1 "), 1U);
}

// On workers it may be refused instead: http_worker_test.cpp.
TEST(HttpStreamOnIoThreads, KeepsItsPlaceBehindAnswers) {
  const TestServer server({.workers = 0, .most_waiting = 1, .proxies = {}});
  Client client = server.connect();
  client.send("GET /echo HTTP/1.1\r\nHost: x\r\n\r\nGET /stream HTTP/1.1\r\nHost: x\r\n\r\n");
  const std::string all = client.read_until("hello");
  EXPECT_EQ(all.find("HTTP/1.1 200 OK"), 0U);
  EXPECT_LT(all.find("127.0.0.1"), all.find("hello"));
}

TEST_P(HttpStream, AThousandAreServedAndClosedAtOnceWhenTheServerStops) {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  std::deque<Client> clients;
  for (int i = 0; i < 1000; ++i) clients.push_back(server_.open_stream());
  EXPECT_EQ(server_.body_of("POST", "/send", "", "data: all\n\n"), "1000");
  for (Client& client : clients) ASSERT_NE(client.read_until("data: all\n\n"), "");
  const std::optional<double> seconds = server_.stop();
  ASSERT_TRUE(seconds);
  EXPECT_LT(*seconds, 4);  // draining waits for 5 s, if it waits
  for (Client& client : clients) ASSERT_TRUE(client.read_to_end());
}

}  // namespace
}  // namespace elicense::authority::test
