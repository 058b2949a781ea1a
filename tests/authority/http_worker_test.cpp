#include <gtest/gtest.h>

#include <deque>

#include "authority/http_test_server.h"

namespace elicense::authority::test {
namespace {

std::string refused_once(int status) {
  return R"m(elicense_http_requests_total{method="-",route="(refused)",status=")m" + std::to_string(status) + "\"} 1";
}

constexpr const char* kHold = "GET /hold HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

TEST(HttpWorkers, WhatIsTooMuchIsRefusedAtOnceAndTheRestIsAnswered) {
  TestServer server({.workers = 2, .most_waiting = 3, .proxies = {}});
  std::deque<Client> held;
  for (int i = 0; i < 2; ++i) {
    held.push_back(server.connect());
    held.back().send(kHold);
    EXPECT_TRUE(server.waits_for_metric("elicense_http_in_flight " + std::to_string(i + 2)));
  }
  // Both workers wait now; three more may.
  std::string refused;
  for (int i = 0; i < 4; ++i) {
    held.push_back(server.connect());
    held.back().send(kHold);
  }
  // One of the four is refused, whichever comes last.
  EXPECT_TRUE(server.waits_for_metric(refused_once(503)));
  EXPECT_EQ(server.body_of("GET", "/healthz"), R"({"status":"ok"})");
  server.release(5);
  int released = 0;
  for (Client& client : held) {
    const std::string answer = client.read_to_end().value_or("");
    if (body_in(answer) == "released") {
      ++released;
    } else {
      refused = answer;
    }
  }
  EXPECT_EQ(released, 5);
  EXPECT_EQ(refused.find("HTTP/1.1 503 Service Unavailable\r\n"), 0U);
  EXPECT_NE(refused.find("retry-after: 1\r\n"), std::string::npos) << refused;
  EXPECT_NE(refused.find(R"("code":"overloaded")"), std::string::npos);
  EXPECT_TRUE(server.stop());
}

TEST(HttpWorkers, PipelinedAnswersKeepTheirOrder) {
  TestServer server({.workers = 4, .most_waiting = 1024, .proxies = {}});
  Client client = server.connect();
  std::string requests;
  std::string expected;
  for (int i = 100; i < 200; ++i) {
    requests += "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n";
    requests += (i == 199 ? "Connection: close\r\n\r\n<" : "\r\n<") + std::to_string(i);
    expected += "<" + std::to_string(i);
  }
  client.send(requests);
  const std::string all = client.read_to_end().value_or("");
  std::string found;
  for (std::size_t at = all.find('<'); at != std::string::npos; at = all.find('<', at + 1)) found += all.substr(at, 4);
  EXPECT_EQ(found, expected);
}

TEST(HttpWorkers, AStreamDoesNotOvertakeAnAnswer) {
  TestServer server({.workers = 2, .most_waiting = 1024, .proxies = {}});
  Client client = server.connect();
  client.send("GET /hold HTTP/1.1\r\nHost: x\r\n\r\nGET /stream HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_TRUE(server.waits_for_metric(refused_once(400)));
  server.release(1);
  const std::string all = client.read_until("pipelined-stream");
  EXPECT_LT(all.find("released"), all.find("pipelined-stream"));
}

TEST(HttpWorkers, WhatHasBegunIsAnsweredBeforeTheEnd) {
  TestServer server({.workers = 1, .most_waiting = 1024, .proxies = {}});
  Client first = server.connect();
  Client second = server.connect();
  first.send(kHold);
  EXPECT_TRUE(server.waits_for_metric("elicense_http_in_flight 2"));
  second.send(kHold);
  server.signal_stop();
  while (server.body_of("GET", "/healthz").find("stopping") == std::string::npos) continue;
  server.release(2);
  EXPECT_EQ(body_in(first.read_to_end().value_or("")), "released");
  EXPECT_EQ(body_in(second.read_to_end().value_or("")), "released");
  EXPECT_TRUE(server.stop());
}

TEST(HttpWorkers, AClientThatLeavesHarmsNothing) {
  TestServer server({.workers = 2, .most_waiting = 1024, .proxies = {}});
  for (int i = 0; i < 2; ++i) {
    const Client client = server.connect();
    client.send(kHold);
    EXPECT_TRUE(server.waits_for_metric("elicense_http_in_flight " + std::to_string(i + 2)));
  }
  server.release(2);
  EXPECT_EQ(server.body_of("GET", "/echo"), "127.0.0.1");
  EXPECT_TRUE(server.stop());
}

TEST(HttpServer, DoesNotSpeakWebSocket) {
  for (const std::size_t workers : {0U, 1U}) {
    const TestServer server({.workers = workers, .most_waiting = 1, .proxies = {}});
    const std::string answer = server.ask("GET", "/echo", "Upgrade: websocket\r\nConnection: Upgrade\r\n");
    EXPECT_NE(answer.find(R"("code":"upgrade")"), std::string::npos) << answer;
    EXPECT_EQ(server.body_of("GET", "/echo", "Upgrade: h2c\r\n"), "127.0.0.1");
    EXPECT_NE(server.ask("OPTIONS", "/*").find(R"("code":"not-found")"), std::string::npos);
  }
}

TEST(HttpServer, BelievesForwardedAddressesOfItsProxiesOnly) {
  const TestServer open({.workers = 0, .most_waiting = 1, .proxies = {}});
  EXPECT_EQ(open.body_of("GET", "/echo", "X-Forwarded-For: 192.0.2.1\r\n"), "127.0.0.1");
  for (const std::size_t workers : {0U, 1U}) {
    const TestServer server({.workers = workers, .most_waiting = 9, .proxies = {"127.0.0.1", "2001:db8::f"}});
    EXPECT_EQ(server.body_of("GET", "/echo"), "127.0.0.1");
    EXPECT_EQ(server.body_of("GET", "/echo", "X-Forwarded-For: 192.0.2.1\r\n"), "192.0.2.1");
    EXPECT_EQ(server.body_of("GET", "/echo", "X-Forwarded-For: 198.51.100.9, 2001:DB8::1, 2001:db8::f\r\n"),
              "2001:db8::1");
    EXPECT_EQ(server.body_of("GET", "/echo", "X-Forwarded-For: 198.51.100.9\r\nX-Forwarded-For: 192.0.2.1\r\n"),
              "192.0.2.1");
    EXPECT_EQ(server.body_of("GET", "/echo", "X-Forwarded-For: ' or 1=1\r\n"), "127.0.0.1");
    // Each request of a connection by its own head.
    Client client = server.connect();
    client.send(
        "GET /echo HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 192.0.2.1\r\n\r\n"
        "GET /echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    const std::string all = client.read_to_end().value_or("");
    EXPECT_LT(all.find("192.0.2.1"), all.rfind("127.0.0.1"));
  }
}

TEST(HttpServer, AsksTheServiceForOriginsThatAreNotListed) {
  const TestServer server({.workers = 1, .most_waiting = 9, .proxies = {}});
  for (const char* const origin : {"https://listed.example", "https://partner.example"}) {
    const std::string line = "Origin: " + std::string(origin) + "\r\n";
    EXPECT_NE(server.ask("GET", "/echo", line).find("access-control-allow-origin: " + std::string(origin) + "\r\n"),
              std::string::npos);
    const std::string preflight = server.ask("OPTIONS", "/echo", line + "Access-Control-Request-Method: GET\r\n");
    EXPECT_NE(preflight.find("access-control-allow-headers: authorization, content-type, dpop, if-none-match, "
                             "last-event-id\r\n"),
              std::string::npos);
  }
  const std::string refused = server.ask("GET", "/echo", "Origin: https://partner.example.evil\r\n");
  EXPECT_EQ(refused.find("access-control"), std::string::npos);
  EXPECT_NE(refused.find("vary: Origin\r\n"), std::string::npos);
}

}  // namespace
}  // namespace elicense::authority::test
