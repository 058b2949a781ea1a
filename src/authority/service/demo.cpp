#include "authority/service/demo.h"

#include "authority/demo/demo_people.h"
#include "authority/service/access.h"
#include "files/files.h"

namespace elicense::authority {
namespace {

constexpr std::string_view kOperatorName = "demo";
constexpr std::size_t kMostKeyFile = 256;
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

Answered<HttpResponse> people(Service& service, const HttpRequest&) {
  const CivilDate today = civil_date_at(service.clock());
  Json::Array list;
  for (const DemoPerson& person : demo_people(today)) {
    ELICENSE_TRY(const auto record, or_refuse(service.store.find_licence(person.licence.document_number)));
    if (!record) continue;
    const Result<LicenceData> data = licence_data_of(*record);
    if (!data.ok()) continue;
    const StatusSet status = status_on(record->facts, today);
    list.emplace_back(Json::Object{{"key", person.key},
                                   {"pre_authorized_code", person.pre_authorized_code},
                                   {"name", *data->name},
                                   {"document_number", record->document_number},
                                   {"status", status.letters()},
                                   {"status_zh", status.gravest().chinese},
                                   {"status_en", status.gravest().english},
                                   {"usable", status.allows_use()},
                                   {"note", person.note_zh},
                                   {"note_en", person.note_en}});
  }
  return json_answer(Json::Object{{"people", std::move(list)}});
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
}

}  // namespace elicense::authority
