// A handler answers a value or a refusal, which is a whole response: ELICENSE_TRY and ELICENSE_CHECK carry refusals
// out. Refusals name a stable code and never repeat what was sent.
#pragma once

#include <functional>
#include <string_view>

#include "authority/http_message.h"
#include "authority/routes.h"
#include "authority/store/store_error.h"
#include "base/result.h"
#include "codec/json.h"

namespace elicense::authority {

struct Refusal {
  HttpResponse response;
};
template <class T>
using Answered = Result<T, Refusal>;

Refusal refuse(int status, std::string_view code, Fields headers = {});
// As RFC 6749 5.2 and OpenID4VCI 8.3.1 have it: {"error":…,"code":…}.
Refusal refuse_oauth(int status, std::string_view error, std::string_view code);
// 401, with the reason in WWW-Authenticate as RFC 9449 7.1 has it.
Refusal refuse_phone(std::string_view error, std::string_view code);
Refusal refuse_for(StoreError error);
Refusal refuse_for(ErrorCode error);  // something of ours failed: 503 for a signer, else 500

// What the store or the core answered, or the refusal for its error.
template <class T, class Error>
Answered<T> or_refuse(Result<T, Error> result) {
  if (!result.ok()) return refuse_for(result.error());
  return std::move(result).value();
}

HttpResponse json_answer(const Json& json);  // 200

template <class Service>
using ServiceHandler = Answered<HttpResponse> (*)(Service&, const HttpRequest&);

template <class Service>
Handler handler_of(Service& service, ServiceHandler<Service> handler) {
  return [&service, handler](const HttpRequest& request) {
    Answered<HttpResponse> answered = handler(service, request);
    return answered.ok() ? std::move(answered).value() : answered.error().response;
  };
}

}  // namespace elicense::authority
