#include "authority/dispatcher.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <utility>

#include "authority/http_target.h"
#include "authority/log.h"

namespace elicense::authority {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::string_view kServicePolicy =
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
constexpr std::string_view kSitePolicy =
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' blob: data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors ";
constexpr std::string_view kFramedPage = "/verifier.html";  // the widget's, which partners put into a frame
// Labels in metrics and log for what no pattern of ours names.
constexpr std::string_view kUnknownRoute = "(none)";
constexpr std::string_view kSiteRoute = "(site)";
constexpr std::string_view kRefusedRoute = "(refused)";

void log_answer(std::string_view method, std::string_view route, const HttpResponse& response,
                std::chrono::nanoseconds took) {
  if (!is_logged(LogLevel::info)) return;
  const auto microseconds = std::chrono::duration_cast<std::chrono::microseconds>(took).count();
  log_line(LogLevel::info, std::string(method) + " " + std::string(route) + " " + std::to_string(response.status) +
                               " " + std::to_string(response.body.size()) + " bytes " + std::to_string(microseconds) +
                               " us");
}

void add_if_missing(Fields& headers, std::string_view name, std::string_view value) {
  if (field(headers, name).empty()) headers.emplace_back(name, value);
}

}  // namespace

Dispatcher::Dispatcher(DispatchSettings settings, Routes routes, const StaticFiles* site)
    : settings_(std::move(settings)), routes_(std::move(routes)), site_(site) {
  routes_.add(HttpMethod::get, "/healthz", [this](const HttpRequest&) {
    if (draining_) return problem(503, "stopping");
    return !health_ || health_() ? json_response(200, R"({"status":"ok"})") : problem(503, "unhealthy");
  });
  routes_.add(HttpMethod::get, "/metrics", [this](const HttpRequest&) {
    HttpResponse response;
    response.content_type = "text/plain; version=0.0.4; charset=utf-8";
    response.body = metrics_.text();
    return response;
  });
}

std::vector<std::string> Dispatcher::partner_origins() const {
  try {
    return partner_origins_ ? partner_origins_() : std::vector<std::string>();
  } catch (const std::exception& error) {
    log_line(LogLevel::error, std::string("the list of origins threw ") + typeid(error).name());
    return {};
  }
}

bool Dispatcher::allows(std::string_view origin) const {
  const std::vector<std::string>& listed = settings_.allowed_origins;
  if (origin == settings_.origin || std::find(listed.begin(), listed.end(), origin) != listed.end()) return true;
  const std::vector<std::string> partners = partner_origins();
  return std::find(partners.begin(), partners.end(), origin) != partners.end();
}

Dispatcher::Sender Dispatcher::sender_of(const HttpRequest& request) const {
  const std::string_view origin = request.header("origin");
  return {origin, !origin.empty() && allows(origin)};
}

HttpResponse Dispatcher::call(const Handler& handler, const HttpRequest& request) {
  try {
    return handler(request);
  } catch (const std::exception& error) {
    // What it says may repeat the request, so only its kind is told.
    log_line(LogLevel::error, std::string("a handler threw ") + typeid(error).name());
  } catch (...) {
    log_line(LogLevel::error, "a handler threw");
  }
  return problem(500, "internal");
}

HttpResponse Dispatcher::preflight(const HttpRequest& request, const Sender& sender, const std::string& allow) {
  HttpResponse response;
  response.status = 204;
  response.headers.emplace_back("Allow", allow);
  if (sender.origin.empty() || request.header("access-control-request-method").empty()) return response;
  if (!sender.is_allowed) return problem(403, "origin-not-allowed");
  response.headers.emplace_back("Access-Control-Allow-Methods", allow);
  response.headers.emplace_back("Access-Control-Allow-Headers",
                                "authorization, content-type, dpop, if-none-match, last-event-id");
  response.headers.emplace_back("Access-Control-Max-Age", "7200");
  return response;
}

Dispatcher::Answered Dispatcher::find_route(const HttpRequest& request, const Sender& sender,
                                            Routes::Match& match) const {
  if (match.pattern != nullptr) {
    if (request.method == HttpMethod::options && match.handler == nullptr)
      return {preflight(request, sender, match.allow), *match.pattern};
    if (match.handler != nullptr) return {call(*match.handler, request), *match.pattern};
    Answered wrong{problem(405, "method-not-allowed"), *match.pattern};
    wrong.response.headers.emplace_back("Allow", match.allow);
    return wrong;
  }
  if (site_ == nullptr) return {problem(404, "not-found"), kUnknownRoute};
  Answered page{site_->answer(request), kSiteRoute};
  if (page.response.status == 404) return {std::move(page.response), kUnknownRoute};
  page.site_path = request.path;
  if (request.method == HttpMethod::options) return {preflight(request, sender, "GET, HEAD, OPTIONS"), kSiteRoute};
  if (request.method == HttpMethod::get) return page;
  Answered wrong{problem(405, "method-not-allowed"), kSiteRoute};
  wrong.response.headers.emplace_back("Allow", "GET, HEAD, OPTIONS");
  return wrong;
}

Dispatcher::Answered Dispatcher::route(HttpRequest& request, const Arrived& arrived, const Sender& sender) {
  const std::optional<HttpMethod> method = method_of(arrived.method);
  if (!method) return {problem(501, "method-unknown"), kRefusedRoute};
  request.method = *method;
  std::optional<std::string> path = decode_path(arrived.path);
  if (!path) return {problem(400, "path"), kRefusedRoute};
  std::optional<Fields> query = decode_query(arrived.query);
  if (!query) return {problem(400, "query"), kRefusedRoute};
  request.path = std::move(*path);
  request.query = std::move(*query);
  Routes::Match match = routes_.find(request.method, request.path);
  request.parameters = std::move(match.parameters);
  return find_route(request, sender, match);
}

// Whose pages may put a page of the site into a frame: nobody's, but for the widget's own page its partners'.
std::string Dispatcher::ancestors_of(std::string_view path) const {
  const bool is_framed =
      path.size() >= kFramedPage.size() && path.substr(path.size() - kFramedPage.size()) == kFramedPage;
  std::string ancestors;
  for (const std::string& origin : is_framed ? partner_origins() : std::vector<std::string>()) {
    ancestors += (ancestors.empty() ? "" : " ") + origin;
  }
  return ancestors.empty() ? "'none'" : ancestors;
}

void Dispatcher::finish(HttpResponse& response, const Sender& sender, std::string_view site_path) const {
  const bool is_page = !site_path.empty();
  Fields& headers = response.headers;
  if (sender.is_allowed && sender.origin != settings_.origin) {
    headers.emplace_back("Access-Control-Allow-Origin", sender.origin);
    headers.emplace_back("Access-Control-Expose-Headers", "Date, DPoP-Nonce, ETag, Retry-After, WWW-Authenticate");
  }
  // What a cache keeps for one origin is not for another. A handler's own Vary stays.
  if (!settings_.allowed_origins.empty() || partner_origins_) {
    const auto vary = std::find_if(headers.begin(), headers.end(), [](const auto& h) { return h.first == "Vary"; });
    if (vary == headers.end()) {
      headers.emplace_back("Vary", "Origin");
    } else {
      vary->second += ", Origin";
    }
  }
  add_if_missing(headers, "Content-Security-Policy",
                 is_page ? std::string(kSitePolicy) + ancestors_of(site_path) : std::string(kServicePolicy));
  add_if_missing(headers, "X-Content-Type-Options", "nosniff");
  add_if_missing(headers, "Referrer-Policy", "no-referrer");
  // The camera is for the verifier's own page.
  add_if_missing(headers, "Permissions-Policy",
                 is_page ? "camera=(self), geolocation=(), microphone=(), payment=(), usb=()"
                         : "camera=(), geolocation=(), microphone=(), payment=(), usb=()");
  add_if_missing(headers, "Cache-Control", "no-store");
  if (settings_.origin.substr(0, 8) == "https://")
    add_if_missing(headers, "Strict-Transport-Security", "max-age=31536000");
}

HttpResponse Dispatcher::answer(Arrived arrived) {
  const auto start = Clock::now();
  metrics_.request_started();
  HttpRequest request;
  request.headers = std::move(arrived.headers);
  request.body = arrived.body;
  request.remote = std::move(arrived.remote);
  const Sender sender = sender_of(request);
  Answered answered = route(request, arrived, sender);
  finish(answered.response, sender, answered.site_path);
  metrics_.request_ended();
  // The method is one of ours, or it is not named.
  const std::string_view method = answered.route == kRefusedRoute ? "-" : method_name(request.method);
  const auto took = Clock::now() - start;
  metrics_.answered(method, answered.route, answered.response.status, took);
  log_answer(method, answered.route, answered.response, took);
  const bool succeeds = answered.response.status >= 200 && answered.response.status < 300;
  if (succeeds && request.method == HttpMethod::post && answered.response.is_promise) answered.response.hold = hold_;
  return std::move(answered.response);
}

HttpResponse Dispatcher::refusal(int status, std::string_view code, Fields headers) {
  HttpResponse response = problem(status, code, std::move(headers));
  finish(response, {}, {});
  metrics_.answered("-", kRefusedRoute, status, {});
  log_answer("-", kRefusedRoute, response, {});
  return response;
}

}  // namespace elicense::authority
