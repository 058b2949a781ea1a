#include "authority/http_server.h"

#include <arpa/inet.h>
#include <drogon/HttpAppFramework.h>
#include <drogon/HttpRequest.h>
#include <drogon/HttpResponse.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <trantor/utils/Logger.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <memory>
#include <string_view>
#include <utility>

#include "authority/connection_guard.h"
#include "authority/log.h"

namespace elicense::authority {
namespace {

constexpr double kDrainStep = 0.05;
constexpr int kMostDrainSteps = 100;  // 5 s
constexpr std::size_t kMostConnections = 20'000;

class DrogonStream : public EventStream {
 public:
  DrogonStream(drogon::ResponseStreamPtr stream, Metrics& metrics) : stream_(std::move(stream)), metrics_(metrics) {
    metrics_.request_started();
  }
  ~DrogonStream() override { metrics_.request_ended(); }
  DrogonStream(const DrogonStream&) = delete;
  DrogonStream& operator=(const DrogonStream&) = delete;
  bool send(const std::string& text) override { return stream_->send(text); }
  void close() override { stream_->close(); }

 private:
  drogon::ResponseStreamPtr stream_;
  Metrics& metrics_;
};

std::string peer_of(const drogon::HttpRequestPtr& request, const std::vector<std::string>& proxies) {
  std::string peer = request->peerAddr().toIp();
  if (std::find(proxies.begin(), proxies.end(), peer) == proxies.end()) return peer;
  // The last entry is the one our own proxy wrote.
  std::string_view forwarded = request->getHeader("x-forwarded-for");
  forwarded.remove_prefix(std::min(forwarded.size(), forwarded.rfind(',') + 1));
  while (!forwarded.empty() && forwarded.front() == ' ') forwarded.remove_prefix(1);
  return forwarded.empty() ? peer : std::string(forwarded);
}

HttpResponse dispatch(const drogon::HttpRequestPtr& request, const ServerSettings& settings, Dispatcher& dispatcher) {
  Dispatcher::Arrived arrived;
  arrived.method = request->getMethodString();
  // Drogon's own decoding is lenient.
  arrived.path = request->getOriginalPath();
  arrived.query = request->query();
  arrived.body = request->body();
  arrived.remote = peer_of(request, settings.proxies);
  for (const auto& [name, value] : request->headers()) arrived.headers.emplace_back(name, value);
  return dispatcher.answer(std::move(arrived));
}

drogon::HttpResponsePtr to_drogon(HttpResponse&& response, Metrics& metrics) {
  drogon::HttpResponsePtr answer;
  if (response.stream) {
    answer = drogon::HttpResponse::newAsyncStreamResponse(
        [start = std::move(response.stream), &metrics](drogon::ResponseStreamPtr stream) {
          start(std::make_shared<DrogonStream>(std::move(stream), metrics));
        },
        true);
  } else {
    answer = drogon::HttpResponse::newHttpResponse();
    answer->setBody(std::move(response.body));
  }
  answer->setStatusCode(static_cast<drogon::HttpStatusCode>(response.status));
  if (response.content_type.empty()) {
    answer->setContentTypeCode(drogon::CT_NONE);
  } else {
    answer->setContentTypeString(response.content_type);
  }
  for (auto& [name, value] : response.headers) answer->addHeader(name, std::move(value));
  return answer;
}

// For what Drogon never sees.
std::string refusal_bytes(Dispatcher& dispatcher, int status, std::string_view code) {
  const HttpResponse response = dispatcher.refusal(status, code);
  std::string text = "HTTP/1.1 " + std::to_string(status) + " " + std::string(reason_phrase(status)) + "\r\n";
  for (const auto& [name, value] : response.headers) text += name + ": " + value + "\r\n";
  text += "Content-Type: " + response.content_type + "\r\nContent-Length: " + std::to_string(response.body.size()) +
          "\r\nConnection: close\r\n\r\n";
  return text + response.body;
}

void log_drogon(const char* text, std::uint64_t length) {
  std::string_view line(text, length);
  while (!line.empty() && line.back() == '\n') line.remove_suffix(1);
  log_line(LogLevel::warning, "drogon: " + std::string(line));
}

std::atomic<bool> stop_asked{false};
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler may touch nothing else");

// Drogon's own handlers take locks inside the signal handler; this one is looked at by the main loop.
void stop_on_signals() {
  struct sigaction action {};
  action.sa_handler = [](int) { stop_asked = true; };
  sigemptyset(&action.sa_mask);
  sigaction(SIGTERM, &action, nullptr);
  sigaction(SIGINT, &action, nullptr);
}

// Idle connections are simply closed at the end; what has begun to arrive gets its answer.
void watch_for_stop(Dispatcher& dispatcher, const ConnectionGuard& guard) {
  drogon::app().getLoop()->runEvery(kDrainStep, [&dispatcher, &guard, steps = 0]() mutable {
    if (!stop_asked) return;
    if (++steps == 1) {
      dispatcher.start_draining();
      log_line(LogLevel::info, "stopping");
    } else if (guard.unfinished() == 0 || steps > kMostDrainSteps) {
      drogon::app().quit();
    }
  });
}

// Drogon tells its IO threads to listen and does not wait for them: what is queued behind that runs when they do.
void after_listening(const std::function<void()>& call) {
  drogon::app().getLoop()->queueInLoop([&call] {
    auto left = std::make_shared<std::atomic<std::size_t>>(drogon::app().getThreadNum());
    for (std::size_t i = 0; i < drogon::app().getThreadNum(); ++i) {
      drogon::app().getIOLoop(i)->queueInLoop([&call, left] {
        if (--*left == 0) call();
      });
    }
  });
}

void set_up(drogon::HttpAppFramework& app, const ServerSettings& settings) {
  trantor::Logger::setOutputFunction(log_drogon, [] {});
  app.setLogLevel(trantor::Logger::kError)
      .setUploadPath((settings.scratch_folder / ".drogon").string())
      .addListener(settings.address, settings.port)
      .setThreadNum(0)
      .setClientMaxBodySize(settings.body_limit)
      .setClientMaxMemoryBodySize(settings.body_limit)
      .setIdleConnectionTimeout(settings.idle_seconds)
      .setMaxConnectionNum(kMostConnections)
      .enableServerHeader(false)
      // Compressed once, beforehand: answers with secrets are never compressed (BREACH).
      .enableGzip(false)
      .enableBrotli(false);
}

}  // namespace

ReservedPort reserve_port(const std::string& address, std::uint16_t port) {
  const bool is_v6 = address.find(':') != std::string::npos;
  sockaddr_storage storage{};
  socklen_t size = is_v6 ? sizeof(sockaddr_in6) : sizeof(sockaddr_in);
  auto* const v6 = reinterpret_cast<sockaddr_in6*>(&storage);
  auto* const v4 = reinterpret_cast<sockaddr_in*>(&storage);
  storage.ss_family = static_cast<sa_family_t>(is_v6 ? AF_INET6 : AF_INET);
  // The port lies at the same place in both.
  v4->sin_port = htons(port);
  void* const place = is_v6 ? static_cast<void*>(&v6->sin6_addr) : static_cast<void*>(&v4->sin_addr);
  if (inet_pton(storage.ss_family, address.c_str(), place) != 1) return {0, address + " is not an address"};
  const int probe = socket(storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (probe < 0) return {0, std::string("no socket: ") + std::strerror(errno)};
  // Drogon listens with SO_REUSEPORT, so a second one would quietly share the port; this one would not.
  const int on = 1;
  setsockopt(probe, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  auto* const generic = reinterpret_cast<sockaddr*>(&storage);
  ReservedPort result;
  if (bind(probe, generic, size) != 0) {
    result.error = errno == EADDRINUSE ? "port " + std::to_string(port) + " on " + address + " is taken"
                                       : "cannot listen on " + address + ": " + std::strerror(errno);
  } else if (getsockname(probe, generic, &size) == 0) {
    result.port = ntohs(v4->sin_port);
  }
  close(probe);
  return result;
}

void serve(const ServerSettings& settings, Dispatcher& dispatcher, const std::function<void()>& on_listening) {
  GuardSettings guarding;
  guarding.limits.body = settings.body_limit;
  guarding.request_seconds = settings.request_seconds;
  guarding.refusal = [&dispatcher](int status, std::string_view code) {
    return refusal_bytes(dispatcher, status, code);
  };
  ConnectionGuard guard(std::move(guarding));
  drogon::HttpAppFramework& app = drogon::app();
  set_up(app, settings);
  app.setConnectionCallback([&guard](const trantor::TcpConnectionPtr& connection) {
    if (connection->connected()) guard.put_on(connection);
  });
  // The first thing Drogon asks for every request. It always gets an answer, so its own routing is never reached.
  app.registerSyncAdvice([&settings, &dispatcher](const drogon::HttpRequestPtr& request) {
    return to_drogon(dispatch(request, settings, dispatcher), dispatcher.metrics());
  });
  app.registerBeginningAdvice([&settings, &on_listening] {
    std::error_code ignored;
    std::filesystem::remove_all(settings.scratch_folder / ".drogon", ignored);
    after_listening(on_listening);
  });
  app.disableSigtermHandling();
  stop_on_signals();
  watch_for_stop(dispatcher, guard);
  app.run();
}

}  // namespace elicense::authority
