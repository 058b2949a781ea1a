// From a checked head and body to the response with every header it has to carry: path, cross-origin rules, routes,
// static files, metrics, log. Refuses origins that are not on the list, unknown paths (404) and wrong methods (405).
#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "authority/http_message.h"
#include "authority/metrics.h"
#include "authority/routes.h"
#include "authority/static_files.h"

namespace elicense::authority {

struct DispatchSettings {
  std::string origin;                        // our own; https: HSTS is sent
  std::vector<std::string> allowed_origins;  // whose pages may call us (CORS)
};

class Dispatcher {
 public:
  // `site` may be nullptr; /healthz and /metrics are added to the routes here.
  Dispatcher(DispatchSettings settings, Routes routes, const StaticFiles* site);
  Dispatcher(const Dispatcher&) = delete;
  Dispatcher& operator=(const Dispatcher&) = delete;

  struct Arrived {
    std::string_view method;
    std::string_view path;   // as it came, not decoded
    std::string_view query;  // likewise
    std::string_view body;
    std::string remote;
    Fields headers;
  };
  HttpResponse answer(Arrived arrived);

  // For what is refused before it is a request: the headers that every response gets.
  HttpResponse refusal(int status, std::string_view code);

  // Answers for /healthz; before the service sets it: healthy. Called on the IO threads.
  void set_health(std::function<bool()> health) { health_ = std::move(health); }
  void start_draining() { draining_ = true; }
  bool draining() const { return draining_; }
  Metrics& metrics() { return metrics_; }

 private:
  struct Answered {
    HttpResponse response;
    std::string_view route;
    bool is_page = false;  // of the site: it gets the site's content security policy
  };
  Answered route(HttpRequest& request, const Arrived& arrived);
  Answered find_route(const HttpRequest& request, Routes::Match& match) const;
  static HttpResponse call(const Handler& handler, const HttpRequest& request);
  HttpResponse preflight(const HttpRequest& request, const std::string& allow) const;
  bool allows(std::string_view origin) const;
  void finish(HttpResponse& response, std::string_view origin, bool is_page) const;

  DispatchSettings settings_;
  Routes routes_;
  const StaticFiles* site_;
  Metrics metrics_;
  std::function<bool()> health_;
  std::atomic<bool> draining_{false};
};

}  // namespace elicense::authority
