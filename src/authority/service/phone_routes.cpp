#include "authority/service/phone_routes.h"

#include <charconv>

#include "authority/service/access.h"

namespace elicense::authority {
namespace {

constexpr std::size_t kMostChecks = 100;
// Seconds. A phone's first lease may have been signed before a change that came before its stream: it is told of the
// change again. One that shows a code is never without a renewal for as long as this.
constexpr std::int64_t kRecent = 120;

// Where the phone's reading stopped: the header that browsers send, or `after`.
Answered<std::optional<std::int64_t>> last_seen(const HttpRequest& request) {
  std::string_view text = request.header("last-event-id");
  if (text.empty()) text = field(request.query, "after");
  if (text.empty()) return std::optional<std::int64_t>();
  std::int64_t id = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (error != std::errc() || end != text.data() + text.size() || id < 0) return refuse(400, "last-event-id");
  return std::optional(id);
}

}  // namespace

Answered<HttpResponse> get_events(Service& service, const HttpRequest& request) {
  ELICENSE_TRY(std::optional<std::int64_t> after, last_seen(request));
  ELICENSE_TRY(const Holder holder, holder_of(service, request));
  if (service.hub.full()) return refuse(503, "overloaded", {{"Retry-After", "10"}});
  if (!after) {
    const UnixTime recent{service.clock().seconds - kRecent};
    ELICENSE_TRY(after, or_refuse(service.store.first_position(holder.document_number, recent)));
  }
  HttpResponse response;
  response.content_type = "text/event-stream";
  response.headers.emplace_back("X-Accel-Buffering", "no");  // a proxy in front must not hold events back
  response.stream = [&hub = service.hub, holder, after = *after](std::shared_ptr<EventStream> stream) {
    hub.open(holder.document_number, holder.device, after, holder.until, std::move(stream));
  };
  return response;
}

Answered<HttpResponse> get_checks(Service& service, const HttpRequest& request) {
  ELICENSE_TRY(const Holder holder, holder_of(service, request));
  ELICENSE_TRY(const std::vector<Check> checks,
               or_refuse(service.store.list_checks(holder.document_number, kMostChecks)));
  Json::Array list;
  for (const Check& check : checks) {
    Json::Object entry = {{"at", check.at.seconds},
                          {"partner", check.partner_name},
                          {"origin", check.partner_origin},
                          {"result", check.result}};
    if (check.asked) entry.emplace_back("asked", *check.asked);
    if (check.echo) entry.emplace_back("echo", *check.echo);
    list.emplace_back(std::move(entry));
  }
  return json_answer(Json::Object{{"checks", std::move(list)}});
}

void add_phone_routes(Routes& routes, Service& service) {
  const auto add = [&](HttpMethod method, std::string_view path, ServiceHandler<Service> handler) {
    routes.add(method, path, handler_of(service, handler));
  };
  add(HttpMethod::post, "/token", post_token);
  add(HttpMethod::post, "/nonce", post_nonce);
  add(HttpMethod::post, "/credential", post_credential);
  add(HttpMethod::get, "/events", get_events);
  add(HttpMethod::get, "/checks", get_checks);
}

}  // namespace elicense::authority
