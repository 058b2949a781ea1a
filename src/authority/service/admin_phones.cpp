// The way from a licence to a phone: the code that an operator gives after the person check, and the end of a phone.
#include "authority/service/access.h"
#include "authority/service/admin_licence.h"
#include "authority/service/admin_routes.h"
#include "authority/service/ended_phone.h"

namespace elicense::authority {
namespace {

constexpr std::int64_t kLeastCodeSeconds = 30;
constexpr std::int64_t kMostCodeSeconds = 86400;

Json credential_offer(const Service& service, const std::string& code) {
  return Json::Object{{"credential_issuer", service.settings.origin},
                      {"credential_configuration_ids", Json::Array{"driving-licence", "live-code-lease"}},
                      {"grants", Json::Object{{"urn:ietf:params:oauth:grant-type:pre-authorized_code",
                                               Json::Object{{"pre-authorized_code", code}}}}}};
}

}  // namespace

Answered<HttpResponse> admin_give_code(Service& service, AdminRequest& request) {
  ELICENSE_TRY(const std::string document_number, document_number_of(request.body));
  ELICENSE_TRY(const auto asked, request.body.optional_integer("seconds", kLeastCodeSeconds, kMostCodeSeconds));
  ELICENSE_CHECK(request.body.expect_nothing_else());
  ELICENSE_TRY(const LicenceRecord record, known_licence(service, document_number));
  const UnixTime now = service.clock();
  // May apply: in force, not detained, suspended, overdue or stopped. That is what the status table calls usable.
  if (!status_on(record.facts, civil_date_at(now)).allows_use()) return refuse(409, "not-eligible");
  const std::int64_t seconds = asked.value_or(service.settings.code_seconds);
  const std::string code = new_secret(service.random);
  ELICENSE_CHECK(or_refuse(service.store.put_code({.digest = digest_of_secret(code),
                                                   .document_number = document_number,
                                                   .expires = now + seconds,
                                                   .use = CodeUse::once},
                                                  now, request.act("licence.code", {{"seconds", seconds}}))));
  return json_answer(Json::Object{{"pre_authorized_code", code},
                                  {"expires_at", (now + seconds).seconds},
                                  {"credential_offer", credential_offer(service, code)}});
}

Answered<HttpResponse> admin_end_phone(Service& service, AdminRequest& request) {
  ELICENSE_TRY(const std::string document_number, document_number_of(request.body));
  ELICENSE_CHECK(request.body.expect_nothing_else());
  ELICENSE_CHECK(known_licence(service, document_number));
  const UnixTime now = service.clock();
  ELICENSE_TRY(const std::int64_t ended,
               or_refuse(service.store.end_leases(document_number, now, request.act("lease.end"))));
  ELICENSE_TRY(const std::optional<Phone> phone, or_refuse(service.store.find_phone(document_number)));
  // A lease that the phone gets in between is ended with the phone.
  if (phone && phone->device != kEndedPhone) {
    const NewEvent event = {
        .kind = "ended", .payload = Json::Object{{"reason", "operator"}, {"at", now.seconds}}, .device = std::nullopt};
    ELICENSE_CHECK(or_refuse(service.store.activate_phone(document_number, kEndedPhone, event, now,
                                                          request.act("phone.end", {{"leases_ended", ended}}))));
  }
  return json_answer(Json::Object{{"leases_ended", ended}});
}

}  // namespace elicense::authority
