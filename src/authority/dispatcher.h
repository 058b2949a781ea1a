// From a checked head and body to the response with every header it has to carry: path, cross-origin rules, routes,
// static files, metrics, log. Refuses origins that are neither on the list nor known to the service, unknown paths
// (404) and wrong methods (405).
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
  HttpResponse refusal(int status, std::string_view code, Fields headers = {});

  // Those of our own paths that are answered on the IO threads even where handlers have threads of their own: when all
  // of those wait, it has to be seen from outside.
  static bool answers_at_once(std::string_view path) { return path == "/healthz" || path == "/metrics"; }

  // All set before the first request. Answers for /healthz; without it: healthy. Must not wait: called on the IO
  // threads.
  void set_health(std::function<bool()> health) { health_ = std::move(health); }
  // They may call us, and put the widget's page into a frame. Asked where handlers are called; may throw: then none.
  void set_partner_origins(std::function<std::vector<std::string>()> origins) { partner_origins_ = std::move(origins); }
  // What holds a promise back until it is kept; before the service sets it: nothing does.
  using Hold = std::function<void(std::function<void(bool)>)>;
  void set_hold(Hold hold) { hold_ = std::move(hold); }
  void start_draining() { draining_ = true; }
  bool draining() const { return draining_; }
  Metrics& metrics() { return metrics_; }

 private:
  struct Answered {
    HttpResponse response;
    std::string_view route;
    std::string site_path = {};  // of a page of the site, which gets the site's content security policy
  };
  // Whose page has sent the request.
  struct Sender {
    std::string_view origin;  // empty: not a page's, or it is not said
    bool is_allowed = false;
  };
  Sender sender_of(const HttpRequest& request) const;
  Answered route(HttpRequest& request, const Arrived& arrived, const Sender& sender);
  Answered find_route(const HttpRequest& request, const Sender& sender, Routes::Match& match) const;
  static HttpResponse call(const Handler& handler, const HttpRequest& request);
  static HttpResponse preflight(const HttpRequest& request, const Sender& sender, const std::string& allow);
  bool allows(std::string_view origin) const;
  std::vector<std::string> partner_origins() const;
  std::string ancestors_of(std::string_view path) const;
  void finish(HttpResponse& response, const Sender& sender, std::string_view site_path) const;

  DispatchSettings settings_;
  Routes routes_;
  const StaticFiles* site_;
  Metrics metrics_;
  std::function<bool()> health_;
  Hold hold_;
  std::function<std::vector<std::string>()> partner_origins_;
  std::atomic<bool> draining_{false};
};

}  // namespace elicense::authority
