#include "authority/service/answer.h"

#include "authority/log.h"

namespace elicense::authority {

Refusal refuse(int status, std::string_view code, Fields headers) {
  return {problem(status, code, std::move(headers))};
}

Refusal refuse_oauth(int status, std::string_view error, std::string_view code) {
  return {json_response(status, Json(Json::Object{{"error", Json(error)}, {"code", Json(code)}}).dump())};
}

Refusal refuse_phone(std::string_view error, std::string_view code) {
  return refuse(401, code, {{"WWW-Authenticate", "DPoP error=\"" + std::string(error) + R"(", algs="EdDSA Ed25519")"}});
}

Refusal refuse_for(StoreError error) {
  const std::string_view name = store_error_name(error);
  switch (error) {
    case StoreError::unavailable:
    case StoreError::busy:
      return refuse(503, name, {{"Retry-After", "1"}});
    case StoreError::full:
    case StoreError::read_only:
      return refuse(503, name, {{"Retry-After", "60"}});
    default:
      log_line(LogLevel::error, std::string("the store: ") + std::string(store_error_text(error)));
      return refuse(500, name);
  }
}

Refusal refuse_for(ErrorCode error) {
  const std::string_view name = error_name(error);
  if (error == ErrorCode::signer_unavailable) return refuse(503, name, {{"Retry-After", "1"}});
  log_line(LogLevel::error, std::string("what was to be issued is refused by the core: ") + std::string(name));
  return refuse(500, name);
}

HttpResponse json_answer(const Json& json) { return json_response(200, json.dump()); }

}  // namespace elicense::authority
