// The endpoints for operators (docs/http.md), by what they are about; each group has a file.
#pragma once

#include "authority/service/admin_access.h"

namespace elicense::authority {

// admin_licences.cpp
Answered<HttpResponse> admin_licences(Service& service, AdminRequest& request);
Answered<HttpResponse> admin_licence(Service& service, AdminRequest& request);
Answered<HttpResponse> admin_create_licence(Service& service, AdminRequest& request);
Answered<HttpResponse> admin_change_licence(Service& service, AdminRequest& request);
// admin_phones.cpp
Answered<HttpResponse> admin_give_code(Service& service, AdminRequest& request);
Answered<HttpResponse> admin_end_phone(Service& service, AdminRequest& request);
// admin_record.cpp
Answered<HttpResponse> admin_checks(Service& service, AdminRequest& request);
Answered<HttpResponse> admin_audit(Service& service, AdminRequest& request);
// admin_partners.cpp
Answered<HttpResponse> admin_partners(Service& service, AdminRequest& request);
Answered<HttpResponse> admin_put_partner(Service& service, AdminRequest& request);
Answered<HttpResponse> admin_remove_partner(Service& service, AdminRequest& request);
// admin_keys.cpp
Answered<HttpResponse> admin_keys(Service& service, AdminRequest& request);
Answered<HttpResponse> admin_rotate_key(Service& service, AdminRequest& request);
Answered<HttpResponse> admin_revoke_key(Service& service, AdminRequest& request);
Answered<HttpResponse> admin_publish_status(Service& service, AdminRequest& request);

}  // namespace elicense::authority
