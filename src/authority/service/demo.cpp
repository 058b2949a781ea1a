#include "authority/service/demo.h"

#include <algorithm>

#include "authority/demo/demo_people.h"
#include "authority/origin.h"
#include "authority/service/access.h"
#include "authority/service/admin_licence.h"
#include "authority/service/admin_routes.h"
#include "files/files.h"

namespace elicense::authority {
namespace {

constexpr std::string_view kOperatorName = "demo";
constexpr std::size_t kMostKeyFile = 256;
constexpr std::size_t kMostWord = 32;
constexpr RateLimit kActs = {60, 60};  // of one address
// Codes of a demo are no secret: they last, and may be used again.
constexpr std::int64_t kCodeSeconds = std::int64_t{10} * 365 * 86400;

Act act(std::string action) { return {.actor = "system", .action = std::move(action), .details = {}}; }

Stored<Done> seed_people(Store& store, UnixTime now) {
  for (const DemoPerson& person : demo_people(civil_date_at(now))) {
    ELICENSE_CHECK(store.put_licence(person.licence, now, act("licence.create")));
    ELICENSE_CHECK(store.put_code({.digest = digest_of_secret(person.pre_authorized_code),
                                   .document_number = person.licence.document_number,
                                   .expires = now + kCodeSeconds,
                                   .use = CodeUse::repeatedly},
                                  now, act("licence.code")));
  }
  return Done{};
}

Outcome<std::string> operator_key(const std::filesystem::path& path, RandomSource& random) {
  if (std::filesystem::exists(path)) {
    InputFiles files;
    ELICENSE_TRY(std::string key, files.read_secret(path.string(), kMostKeyFile));
    while (!key.empty() && key.back() == '\n') key.pop_back();
    return key;
  }
  const std::string key = new_secret(random);
  ELICENSE_CHECK(create_secret_file(path.string(), key + "\n"));
  return key;
}

Outcome<Done> of_store(const Stored<Done>& stored) {
  if (!stored.ok()) return usage_problem("the demo cannot be set up: " + std::string(store_error_text(stored.error())));
  return Done{};
}

// nullopt: somebody whose data has been changed to what cannot be shown.
std::optional<Json::Object> person_shown(const DemoPerson& person, const LicenceRecord& record, CivilDate today) {
  const Result<LicenceData> data = licence_data_of(record);
  if (!data.ok()) return std::nullopt;
  const StatusSet status = status_on(record.facts, today);
  return Json::Object{{"key", person.key},
                      {"pre_authorized_code", person.pre_authorized_code},
                      {"name", *data->name},
                      {"document_number", record.document_number},
                      {"status", status.letters()},
                      {"status_zh", status.gravest().chinese},
                      {"status_en", status.gravest().english},
                      {"usable", status.allows_use()},
                      {"note", person.note_zh},
                      {"note_en", person.note_en}};
}

Answered<HttpResponse> people(Service& service, const HttpRequest&) {
  const CivilDate today = civil_date_at(service.clock());
  Json::Array list;
  for (const DemoPerson& person : demo_people(today)) {
    ELICENSE_TRY(const auto record, or_refuse(service.store.find_licence(person.licence.document_number)));
    if (!record) continue;
    std::optional<Json::Object> shown = person_shown(person, *record, today);
    if (shown) list.emplace_back(*std::move(shown));
  }
  return json_answer(Json::Object{{"people", std::move(list)}});
}

// As an operator would write it to /admin/licence/change.
Answered<Json::Object> change_for(std::string_view action, const NewLicence& original, const LicenceRecord& record) {
  Json::Object change = {{"document_number", record.document_number}, {"revision", record.revision}};
  const StatusFacts& facts = original.facts;
  if (action == "points") {
    change.emplace_back("points", kPointsLimit);
  } else if (action == "lock") {
    change.emplace_back("status", "L");
    change.emplace_back("postponed_until", Json());
  } else if (action == "restore") {
    change.emplace_back("status", facts.recorded.letters());
    change.emplace_back("points", facts.points);
    change.emplace_back("postponed_until", facts.postponed_until ? Json(iso_date(*facts.postponed_until)) : Json());
  } else {
    return misshapen();
  }
  return change;
}

// The portal's own page, or one on the developer's machine.
bool is_page_of_demo(const Service& service, std::string_view origin) {
  return origin == service.settings.origin || (origin.starts_with("http://") && is_safe_origin(origin));
}

Answered<HttpResponse> act_on_person(Service& service, const HttpRequest& request) {
  if (!is_page_of_demo(service, request.header("origin"))) return refuse(403, "origin-not-allowed");
  ELICENSE_CHECK(within_limit(service, "demo-" + address_key(request.remote), kActs));
  ELICENSE_TRY(RequestBody body, RequestBody::read(request));
  ELICENSE_TRY(const std::string key, body.text("person", kMostWord));
  ELICENSE_TRY(const std::string action, body.text("action", kMostWord));
  ELICENSE_CHECK(body.expect_nothing_else());
  const CivilDate today = civil_date_at(service.clock());
  const std::vector<DemoPerson> known = demo_people(today);
  const auto person = std::find_if(known.begin(), known.end(), [&](const DemoPerson& one) { return one.key == key; });
  if (person == known.end()) return licence_unknown();
  ELICENSE_TRY(const LicenceRecord before, known_licence(service, person->licence.document_number));
  ELICENSE_TRY(Json::Object change, change_for(action, person->licence, before));
  AdminRequest operators = {.actor = std::string(kOperatorName), .body = RequestBody(std::move(change))};
  ELICENSE_CHECK(admin_change_licence(service, operators));
  ELICENSE_TRY(const LicenceRecord after, known_licence(service, person->licence.document_number));
  std::optional<Json::Object> shown = person_shown(*person, after, today);
  return shown ? json_answer(*std::move(shown)) : HttpResponse(licence_unknown().response);
}

}  // namespace

Outcome<Done> seed_demo(Store& store, const DemoSettings& settings, RandomSource& random, UnixTime now) {
  ELICENSE_CHECK(of_store(seed_people(store, now)));
  ELICENSE_CHECK(of_store(store.put_partner({.name = std::string(kDemoPartnerName),
                                             .origin = settings.partner_origin,
                                             .key = digest_of_secret(kDemoPartnerKey)},
                                            now, act("partner.put"))));
  ELICENSE_TRY(const std::string key, operator_key(settings.operator_key_file, random));
  return of_store(
      store.put_operator({.name = std::string(kOperatorName), .key = digest_of_secret(key)}, now, act("operator.put")));
}

void add_demo_routes(Routes& routes, Service& service) {
  routes.add(HttpMethod::get, "/demo/people", handler_of<Service>(service, people));
  routes.add(HttpMethod::post, "/demo/act", handler_of<Service>(service, act_on_person));
}

}  // namespace elicense::authority
