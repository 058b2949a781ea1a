#include "authority/service/admin_access.h"

#include <algorithm>

#include "authority/service/access.h"

namespace elicense::authority {
namespace {

constexpr std::string_view kScheme = "bearer ";
constexpr std::size_t kMostKey = 128;  // ours have 43 characters
constexpr int kWrongKeyCounts = 10;

std::string_view bearer_key(std::string_view authorization) {
  if (authorization.size() <= kScheme.size() || authorization.size() > kScheme.size() + kMostKey) return {};
  const auto same = [](char wanted, char given) {
    return wanted == (given >= 'A' && given <= 'Z' ? static_cast<char>(given + ('a' - 'A')) : given);
  };
  if (!std::equal(kScheme.begin(), kScheme.end(), authorization.begin(), same)) return {};
  return authorization.substr(kScheme.size());
}

Refusal unknown_operator() { return refuse(401, "operator-key", {{"WWW-Authenticate", "Bearer"}}); }

}  // namespace

Answered<AdminRequest> admin_request_of(Service& service, const HttpRequest& request) {
  ELICENSE_CHECK(within_address_limit(service, request));
  const std::string_view key = bearer_key(request.header("authorization"));
  if (key.empty()) return unknown_operator();
  ELICENSE_TRY(const std::optional<Operator> person, or_refuse(service.store.find_operator(digest_of_secret(key))));
  if (!person) {
    for (int i = 1; i < kWrongKeyCounts; ++i) ELICENSE_CHECK(within_address_limit(service, request));
    return unknown_operator();
  }
  ELICENSE_TRY(RequestBody body, RequestBody::read(request));
  return AdminRequest{.actor = "operator:" + person->name, .body = std::move(body)};
}

}  // namespace elicense::authority
