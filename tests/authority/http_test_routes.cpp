// The child's side of http_test_server.h.
#include <unistd.h>

#include <cstdio>
#include <mutex>

#include "authority/http_server.h"
#include "authority/http_test_server.h"
#include "authority/log.h"
#include "authority/store_home.h"

namespace elicense::authority::test {
namespace {

struct Streams {
  std::mutex mutex;
  std::vector<std::shared_ptr<EventStream>> all;
};

HttpResponse text_response(std::string text) {
  HttpResponse response;
  response.content_type = "text/plain";
  response.body = std::move(text);
  return response;
}

HttpResponse open_stream(Streams& streams) {
  HttpResponse response;
  response.content_type = "text/event-stream";
  response.stream = [&streams](std::shared_ptr<EventStream> stream) {
    stream->send("data: hello\n\n");
    const std::lock_guard lock(streams.mutex);
    streams.all.push_back(std::move(stream));
  };
  return response;
}

int send_to_all(Streams& streams, const std::string& text) {
  const std::lock_guard lock(streams.mutex);
  int taken = 0;
  for (const auto& stream : streams.all) taken += stream->send(text) ? 1 : 0;
  return taken;
}

// At most 64 MiB: more than the kernel takes for a client that does not read.
int flood(Streams& streams) {
  const std::string text(std::size_t{64} * 1024, 'x');
  int taken = 0;
  while (taken < 1024 && send_to_all(streams, text) > 0) ++taken;
  return taken * 64;
}

void close_all(Streams& streams) {
  const std::lock_guard lock(streams.mutex);
  for (const auto& stream : streams.all) {
    stream->close();
    stream->close();
  }
}

void add_test_routes(Routes& routes, Streams& streams) {
  routes.add(HttpMethod::get, "/echo", [](const HttpRequest& request) { return text_response(request.remote); });
  routes.add(HttpMethod::post, "/echo",
             [](const HttpRequest& request) { return text_response(std::string(request.body)); });
  routes.add(HttpMethod::get, "/stream", [&streams](const HttpRequest&) { return open_stream(streams); });
  routes.add(HttpMethod::post, "/send", [&streams](const HttpRequest& request) {
    return text_response(std::to_string(send_to_all(streams, std::string(request.body))));
  });
  routes.add(HttpMethod::post, "/flood",
             [&streams](const HttpRequest&) { return text_response(std::to_string(flood(streams))); });
  routes.add(HttpMethod::post, "/close", [&streams](const HttpRequest&) {
    close_all(streams);
    return text_response("closed");
  });
  routes.add(HttpMethod::post, "/forget", [&streams](const HttpRequest&) {
    const std::lock_guard lock(streams.mutex);
    streams.all.clear();
    return text_response("forgotten");
  });
  routes.add(HttpMethod::get, "/hold", [](const HttpRequest&) {
    char byte = 0;
    return text_response(read(STDIN_FILENO, &byte, 1) == 1 ? "released" : "lost");
  });
}

}  // namespace

int serve_test_routes(const std::vector<std::string>& words) {
  Streams streams;  // outlive the server, as the service's hub does
  ServerSettings settings;
  settings.workers = std::stoul(words.at(0));
  settings.most_waiting = std::stoul(words.at(1));
  settings.proxies.assign(words.begin() + 2, words.end());
  settings.idle_seconds = 1;
  settings.scratch_folder = make_folder();
  const ReservedPort reserved = reserve_port(settings.address, 0);
  if (!reserved.error.empty()) return 1;
  settings.port = reserved.port;
  set_log_level(LogLevel::warning);
  Routes routes;
  add_test_routes(routes, streams);
  Dispatcher dispatcher({"http://127.0.0.1", {"https://listed.example"}}, std::move(routes), nullptr);
  dispatcher.set_partner_origins([] { return std::vector<std::string>{"https://partner.example"}; });
  serve(settings, dispatcher, [&settings] {
    std::printf("%d\n", settings.port);
    std::fflush(stdout);
  });
  return send_to_all(streams, "late") == 0 ? 0 : 3;
}

}  // namespace elicense::authority::test
