// A licence as operators ask for it and are shown it. Refuses document numbers that nobody has (404 licence-unknown).
#pragma once

#include <string>

#include "authority/service/admin_access.h"

namespace elicense::authority {

// The member document_number.
Answered<std::string> document_number_of(RequestBody& body);
Answered<LicenceRecord> known_licence(Service& service, const std::string& document_number);
Refusal licence_unknown();

// LICENCE of docs/http.md. Without claims (null) when the record is not one that could be issued.
Answered<Json> licence_shown(Service& service, const LicenceRecord& record);

}  // namespace elicense::authority
