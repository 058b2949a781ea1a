#include "authority/service/admin_licence.h"

#include "authority/service/ended_phone.h"

namespace elicense::authority {
namespace {

constexpr std::size_t kMostNumber = 64;  // a barcode has at most 48 characters

Json date_or_null(const std::optional<CivilDate>& date) { return date ? Json(iso_date(*date)) : Json(); }

}  // namespace

Refusal licence_unknown() { return refuse(404, "licence-unknown"); }

Answered<std::string> document_number_of(RequestBody& body) { return body.text("document_number", kMostNumber); }

Answered<LicenceRecord> known_licence(Service& service, const std::string& document_number) {
  ELICENSE_TRY(std::optional<LicenceRecord> record, or_refuse(service.store.find_licence(document_number)));
  if (!record) return licence_unknown();
  return *std::move(record);
}

Answered<Json> licence_shown(Service& service, const LicenceRecord& record) {
  ELICENSE_TRY(const std::optional<Phone> phone, or_refuse(service.store.find_phone(record.document_number)));
  const Result<LicenceData> data = licence_data_of(record);
  const StatusSet status = status_on(record.facts, civil_date_at(service.clock()));
  const bool has_phone = phone && phone->device != kEndedPhone;
  return Json(
      Json::Object{{"document_number", record.document_number},
                   {"revision", record.revision},
                   {"claims", data.ok() ? Json(licence_data_claims(*data)) : Json()},
                   {"recorded_status", record.facts.recorded.letters()},
                   {"status", status.letters()},
                   {"points", record.facts.points},
                   {"postponed_until", date_or_null(record.facts.postponed_until)},
                   {"valid_until", iso_date(record.facts.valid_until)},
                   {"status_index", static_cast<std::int64_t>(record.status_index)},
                   {"phone", has_phone ? Json(Json::Object{{"activated", phone->activated.seconds}}) : Json()}});
}

}  // namespace elicense::authority
