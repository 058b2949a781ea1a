// The endpoints that a holder's phone calls; each file of them has one.
#pragma once

#include "authority/service/answer.h"
#include "authority/service/service.h"

namespace elicense::authority {

Answered<HttpResponse> post_token(Service& service, const HttpRequest& request);
Answered<HttpResponse> post_nonce(Service& service, const HttpRequest& request);
Answered<HttpResponse> post_credential(Service& service, const HttpRequest& request);
Answered<HttpResponse> get_events(Service& service, const HttpRequest& request);
Answered<HttpResponse> get_checks(Service& service, const HttpRequest& request);

}  // namespace elicense::authority
