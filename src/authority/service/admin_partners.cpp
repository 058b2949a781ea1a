// Partners: who may ask what a code is worth, from which site.
#include "authority/origin.h"
#include "authority/service/access.h"
#include "authority/service/admin_routes.h"

namespace elicense::authority {
namespace {

constexpr std::size_t kMostName = 100;
constexpr std::size_t kMostOrigin = 255;

}  // namespace

Answered<HttpResponse> admin_partners(Service& service, AdminRequest& request) {
  ELICENSE_CHECK(request.body.expect_nothing_else());
  ELICENSE_TRY(const std::vector<Partner> partners, or_refuse(service.store.list_partners()));
  Json::Array list;
  for (const Partner& partner : partners)
    list.push_back(Json::Object{{"name", partner.name}, {"origin", partner.origin}});
  return json_answer(Json::Object{{"partners", std::move(list)}});
}

Answered<HttpResponse> admin_put_partner(Service& service, AdminRequest& request) {
  ELICENSE_TRY(const std::string name, request.body.text("name", kMostName));
  ELICENSE_TRY(const std::string origin, request.body.text("origin", kMostOrigin));
  ELICENSE_CHECK(request.body.expect_nothing_else());
  if (!is_safe_origin(origin)) return refuse(400, "origin");
  const std::string key = new_secret(service.random);
  ELICENSE_CHECK(or_refuse(
      service.store.put_partner({.name = name, .origin = origin, .key = digest_of_secret(key)}, service.clock(),
                                request.act("partner.put", {{"name", name}, {"origin", origin}}))));
  service.publisher.refresh_partners();
  return json_answer(Json::Object{{"key", key}});
}

Answered<HttpResponse> admin_remove_partner(Service& service, AdminRequest& request) {
  ELICENSE_TRY(const std::string name, request.body.text("name", kMostName));
  ELICENSE_CHECK(request.body.expect_nothing_else());
  ELICENSE_TRY(const bool removed, or_refuse(service.store.remove_partner(
                                       name, service.clock(), request.act("partner.remove", {{"name", name}}))));
  if (!removed) return refuse(404, "partner-unknown");
  service.publisher.refresh_partners();
  return json_answer(Json::Object{{"removed", true}});
}

}  // namespace elicense::authority
