#include "authority/http_server.h"

#include <arpa/inet.h>
#include <drogon/HttpAppFramework.h>
#include <drogon/HttpRequest.h>
#include <drogon/HttpResponse.h>
#include <drogon/utils/Utilities.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <strings.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <trantor/net/TcpConnection.h>
#include <trantor/utils/Logger.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "authority/connection_guard.h"
#include "authority/http_stream.h"
#include "authority/log.h"
#include "authority/worker_pool.h"

namespace elicense::authority {
namespace {

constexpr double kDrainStep = 0.05;
constexpr int kMostDrainSteps = 100;  // 5 s
constexpr std::size_t kMostConnections = 20'000;
constexpr rlim_t kMostDescriptors = kMostConnections + 1'000;
constexpr unsigned kUnacknowledgedMilliseconds = 60'000;

// For what Drogon does not send: refusals of the guard, and the heads of streams.
std::string head_of(const HttpResponse& response) {
  const auto status = std::to_string(response.status);
  std::string text = "HTTP/1.1 " + status + " " + std::string(reason_phrase(response.status)) + "\r\n";
  for (const auto& [name, value] : response.headers) text += name + ": " + value + "\r\n";
  if (!response.content_type.empty()) text += "Content-Type: " + response.content_type + "\r\n";
  return text + "Date: " + drogon::utils::getHttpFullDateStr() + "\r\nConnection: close\r\n";
}

std::string refusal_bytes(Dispatcher& dispatcher, int status, std::string_view code) {
  const HttpResponse response = dispatcher.refusal(status, code);
  return head_of(response) + "Content-Length: " + std::to_string(response.body.size()) + "\r\n\r\n" + response.body;
}

drogon::HttpResponsePtr to_drogon(HttpResponse&& response) {
  drogon::HttpResponsePtr answer = drogon::HttpResponse::newHttpResponse();
  answer->setBody(std::move(response.body));
  answer->setStatusCode(static_cast<drogon::HttpStatusCode>(response.status));
  if (response.content_type.empty()) {
    answer->setContentTypeCode(drogon::CT_NONE);
  } else {
    answer->setContentTypeString(response.content_type);
  }
  for (auto& [name, value] : response.headers) answer->addHeader(name, std::move(value));
  return answer;
}

// We speak no WebSocket, and Drogon would leave our way for such a request.
bool asks_for_websocket(const drogon::HttpRequestPtr& request) {
  const std::string& upgrade = request->getHeader("upgrade");
  return upgrade.size() == 9 && strcasecmp(upgrade.c_str(), "websocket") == 0;
}

// Drogon keeps a request without an answer as long as the connection, so a stream would keep its head.
void strip(const drogon::HttpRequestPtr& request) {
  std::vector<std::string> names;
  for (const auto& [name, value] : request->headers()) names.push_back(name);
  for (std::string& name : names) request->removeHeader(std::move(name));
}

// From the first advice to the second, which Drogon asks right after it on the same thread.
thread_local std::optional<HttpResponse> held_response;

class Server {
 public:
  Server(const ServerSettings& settings, Dispatcher& dispatcher)
      : settings_(settings),
        dispatcher_(dispatcher),
        guard_(guarding()),
        streams_(std::make_shared<OpenStreams>(dispatcher.metrics())),
        workers_(settings.workers, settings.most_waiting) {}

  ConnectionGuard& guard() { return guard_; }
  // The two advices that Drogon asks for every request, on the IO thread. All are answered in one of them, so its own
  // routing is never reached. Null: in the second.
  // What waits for the disk is answered in the second as well.
  drogon::HttpResponsePtr answer_at_once(const drogon::HttpRequestPtr& request);
  void answer_later(const drogon::HttpRequestPtr& request, drogon::AdviceCallback&& callback);
  // Every kDrainStep. True: nothing of a request is left, the loops may end.
  bool drain();

 private:
  GuardSettings guarding() const;
  HttpResponse dispatch(const drogon::HttpRequestPtr& request, const std::string& client);
  void begin_stream(const drogon::HttpRequestPtr& request, const std::shared_ptr<GuardedConnection>& guarded,
                    HttpResponse&& response);
  // Now, or when what it promises is kept; on any thread.
  void send(HttpResponse&& response, const std::shared_ptr<GuardedConnection>& guarded,
            const std::shared_ptr<drogon::AdviceCallback>& answer);

  const ServerSettings& settings_;
  Dispatcher& dispatcher_;
  ConnectionGuard guard_;
  const std::shared_ptr<OpenStreams> streams_;
  WorkerPool workers_;
  std::atomic<int> held_{0};  // responses that wait for the disk
  int drain_steps_ = 0;
  bool is_drained_ = false;
};

GuardSettings Server::guarding() const {
  GuardSettings guarding;
  guarding.limits.body = settings_.body_limit;
  guarding.request_seconds = settings_.request_seconds;
  guarding.proxies = TrustedProxies(settings_.proxies);
  guarding.refusal = [&dispatcher = dispatcher_](int status, std::string_view code) {
    return refusal_bytes(dispatcher, status, code);
  };
  return guarding;
}

HttpResponse Server::dispatch(const drogon::HttpRequestPtr& request, const std::string& client) {
  Dispatcher::Arrived arrived;
  arrived.method = request->getMethodString();
  // Drogon's own decoding is lenient.
  arrived.path = request->getOriginalPath();
  arrived.query = request->query();
  arrived.body = request->body();
  arrived.remote = client;
  arrived.headers.reserve(request->headers().size());
  for (const auto& [name, value] : request->headers()) arrived.headers.emplace_back(name, value);
  HttpResponse response = dispatcher_.answer(std::move(arrived));
  if (request->isHead()) response.stream = nullptr;
  return response;
}

drogon::HttpResponsePtr Server::answer_at_once(const drogon::HttpRequestPtr& request) {
  if (asks_for_websocket(request)) return to_drogon(dispatcher_.refusal(400, "upgrade"));
  // Drogon has an answer of its own for OPTIONS of "/*".
  const std::string_view path = request->getOriginalPath();
  if (settings_.workers > 0 && !Dispatcher::answers_at_once(path) && path != "/*") return nullptr;
  const std::shared_ptr<GuardedConnection> guarded = ConnectionGuard::current();
  HttpResponse response = dispatch(request, guarded->client);
  if (response.hold) {
    held_response = std::move(response);
    return nullptr;
  }
  if (!response.stream) return to_drogon(std::move(response));
  // Behind a response that is held it would overtake it.
  if (guarded->unanswered > 0) return to_drogon(dispatcher_.refusal(400, "pipelined-stream"));
  begin_stream(request, guarded, std::move(response));
  return nullptr;
}

void Server::answer_later(const drogon::HttpRequestPtr& request, drogon::AdviceCallback&& callback) {
  std::shared_ptr<GuardedConnection> guarded = ConnectionGuard::current();
  if (held_response) {
    ++guarded->unanswered;
    HttpResponse response = *std::exchange(held_response, std::nullopt);
    return send(std::move(response), guarded, std::make_shared<drogon::AdviceCallback>(std::move(callback)));
  }
  if (settings_.workers == 0) return;  // a stream, which is under way
  const bool is_alone = guarded->unanswered++ == 0;
  // Shared, because a job that is refused is gone.
  const auto answer = std::make_shared<drogon::AdviceCallback>(std::move(callback));
  const bool is_taken = workers_.post([this, request, guarded, client = guarded->client, is_alone, answer] {
    HttpResponse response = dispatch(request, client);
    if (response.stream && is_alone) {
      begin_stream(request, guarded, std::move(response));
      return;
    }
    // Behind requests that are not answered yet it would overtake their answers.
    if (response.stream) response = dispatcher_.refusal(400, "pipelined-stream");
    send(std::move(response), guarded, answer);
  });
  if (is_taken) return;
  (*answer)(to_drogon(dispatcher_.refusal(503, "overloaded", {{"Retry-After", "1"}})));
  --guarded->unanswered;
}

void Server::send(HttpResponse&& response, const std::shared_ptr<GuardedConnection>& guarded,
                  const std::shared_ptr<drogon::AdviceCallback>& answer) {
  if (!response.hold) {
    (*answer)(to_drogon(std::move(response)));
    --guarded->unanswered;
    return;
  }
  ++held_;
  const auto hold = std::exchange(response.hold, nullptr);
  const auto kept = std::make_shared<HttpResponse>(std::move(response));
  hold([this, guarded, answer, kept](bool is_kept) {
    HttpResponse outcome =
        is_kept ? std::move(*kept) : dispatcher_.refusal(503, "store-unavailable", {{"Retry-After", "1"}});
    (*answer)(to_drogon(std::move(outcome)));
    --guarded->unanswered;
    --held_;
  });
}

// In the loop's next round, when the answers to earlier requests are out.
void Server::begin_stream(const drogon::HttpRequestPtr& request, const std::shared_ptr<GuardedConnection>& guarded,
                          HttpResponse&& response) {
  const std::shared_ptr<trantor::TcpConnection> connection = request->getConnectionPtr().lock();
  if (!connection) return;
  connection->getLoop()->queueInLoop(
      [this, request, guarded, connection, head = head_of(response) + "\r\n", start = std::move(response.stream)] {
        guarded->let_go();
        strip(request);
        if (!connection->connected() || OpenStreams::begin(streams_, connection, head, start)) return;
        connection->send(refusal_bytes(dispatcher_, 503, "stopping"));
        connection->shutdown();
      });
}

bool Server::drain() {
  if (is_drained_) return true;
  if (++drain_steps_ == 1) {
    dispatcher_.start_draining();
    streams_->close_all();
    log_line(LogLevel::info, "stopping");
  } else if ((guard_.unfinished() == 0 && workers_.unfinished() == 0 && held_ == 0) || drain_steps_ > kMostDrainSteps) {
    // A worker must not answer into a loop that is no more. One step is left for what the loops have to send.
    workers_.stop();
    is_drained_ = true;
  }
  return false;
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
void watch_for_stop(Server& server) {
  drogon::app().getLoop()->runEvery(kDrainStep, [&server] {
    if (stop_asked && server.drain()) drogon::app().quit();
  });
}

// The soft limit is often 1,024, whatever the machine may do.
void raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= kMostDescriptors) return;
  limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, kMostDescriptors);
  if (setrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur < kMostConnections) {
    log_line(LogLevel::warning, "at most " + std::to_string(limit.rlim_cur) + " files and connections may be open");
  }
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
  Server server(settings, dispatcher);
  drogon::HttpAppFramework& app = drogon::app();
  raise_descriptor_limit();
  set_up(app, settings);
  app.setAfterAcceptSockOptCallback([](int socket) {
    // A phone that has lost its network says nothing: what is sent to it must be acknowledged within this time.
    setsockopt(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, &kUnacknowledgedMilliseconds,
               sizeof(kUnacknowledgedMilliseconds));
  });
  app.setConnectionCallback([&server](const trantor::TcpConnectionPtr& connection) {
    if (connection->connected()) server.guard().put_on(connection);
  });
  app.registerSyncAdvice([&server](const drogon::HttpRequestPtr& request) { return server.answer_at_once(request); });
  app.registerPreRoutingAdvice(
      [&server](const drogon::HttpRequestPtr& request, drogon::AdviceCallback&& callback,
                drogon::AdviceChainCallback&&) { server.answer_later(request, std::move(callback)); });
  app.registerBeginningAdvice([&settings, &on_listening] {
    std::error_code ignored;
    std::filesystem::remove_all(settings.scratch_folder / ".drogon", ignored);
    after_listening(on_listening);
  });
  app.disableSigtermHandling();
  stop_on_signals();
  watch_for_stop(server);
  app.run();
}

}  // namespace elicense::authority
