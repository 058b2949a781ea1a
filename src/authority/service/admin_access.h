// Who may administer: an operator with a secret of their own. An endpoint for operators is written as a function of an
// AdminRequest, and that exists only for somebody who showed their key. Refuses unknown keys, which count ten times
// against their address, and addresses that ask too often.
#pragma once

#include <string>
#include <string_view>

#include "authority/service/answer.h"
#include "authority/service/request_body.h"
#include "authority/service/service.h"

namespace elicense::authority {

struct AdminRequest {
  std::string actor;  // "operator:li", for the audit record
  RequestBody body;

  Act act(std::string_view action, Json::Object details = {}) const {
    return {.actor = actor, .action = std::string(action), .details = std::move(details)};
  }
};

Answered<AdminRequest> admin_request_of(Service& service, const HttpRequest& request);

// Registered as by_operator<change_licence>.
template <Answered<HttpResponse> (*handler)(Service&, AdminRequest&)>
Answered<HttpResponse> by_operator(Service& service, const HttpRequest& request) {
  ELICENSE_TRY(AdminRequest admitted, admin_request_of(service, request));
  return handler(service, admitted);
}

}  // namespace elicense::authority
