#include "session/messages.h"

#include <algorithm>
#include <array>

#include "base/base64url.h"
#include "base/time.h"
#include "token/jws.h"

namespace elicense {
namespace {

constexpr std::int64_t kMostMilliseconds = kLastUnixSecond * 1000;
constexpr std::size_t kLongestOrigin = 256;
constexpr std::size_t kMostRoots = 8;
constexpr ErrorCode kShape = ErrorCode::message_shape;

}  // namespace

Result<Moment> moment_of_event(const Json& event) {
  const Json* const at = event.find("at");
  if (at == nullptr) return kShape;
  Moment moment;
  ELICENSE_TRY(moment.monotonic, integer_member(*at, "monotonic", kShape));
  ELICENSE_TRY(moment.wall, integer_member(*at, "wall", kShape));
  const auto is_possible = [](std::int64_t value) { return value >= 0 && value <= kMostMilliseconds; };
  if (!is_possible(moment.monotonic) || !is_possible(moment.wall)) return kShape;
  return moment;
}

Result<Language> language_of_event(const Json& event) {
  ELICENSE_TRY(const std::string language, string_member(event, "language", kShape));
  if (language == "zh-CN") return Language::chinese;
  if (language == "en") return Language::english;
  return kShape;
}

Result<PinnedAuthority> authority_of_event(const Json& event) {
  PinnedAuthority authority;
  ELICENSE_TRY(authority.origin, string_member(event, "authority", kShape));
  if (authority.origin.empty() || authority.origin.size() > kLongestOrigin || authority.origin.back() == '/')
    return kShape;
  const Json* const roots = event.find("roots");
  if (roots == nullptr || roots->array() == nullptr || roots->array()->empty() || roots->array()->size() > kMostRoots)
    return kShape;
  for (const Json& root : *roots->array()) {
    if (root.string() == nullptr) return kShape;
    ELICENSE_TRY(const Bytes bytes, base64url_decode(*root.string()));
    ELICENSE_TRY(const PublicKey key, PublicKey::from(bytes));
    authority.roots.push_back(key);
  }
  return authority;
}

Result<NamedTexts> texts_in(const Json& event, std::string_view name) {
  const Json* const object = event.find(name);
  if (object == nullptr || object->object() == nullptr) return kShape;
  NamedTexts texts;
  for (const auto& [key, value] : *object->object()) {
    if (value.string() == nullptr) return kShape;
    texts.emplace_back(key, *value.string());
  }
  return texts;
}

Result<std::int64_t> id_of_event(const Json& event) { return integer_member(event, "id", kShape); }

Result<HttpReply> reply_of_event(const Json& event) {
  HttpReply reply;
  ELICENSE_TRY(const std::int64_t status, integer_member(event, "status", kShape));
  ELICENSE_TRY(reply.body, string_member(event, "body", kShape));
  if (status < 100 || status > 599) return kShape;
  reply.status = static_cast<int>(status);
  const Json* const date = event.find("date");
  if (date == nullptr || (!date->is_null() && date->string() == nullptr)) return kShape;
  if (!date->is_null()) reply.date = *date->string();
  return reply;
}

Result<FailureCause> cause_of_event(const Json& event) {
  ELICENSE_TRY(const std::string why, string_member(event, "why", kShape));
  constexpr std::array<std::string_view, 4> kCauses = {"network", "timeout", "too-large", "key"};
  const auto found = std::find(kCauses.begin(), kCauses.end(), why);
  if (found == kCauses.end()) return kShape;
  return static_cast<FailureCause>(found - kCauses.begin());
}

Json headers_json(const HttpHeaders& headers) {
  Json::Object object;
  for (const auto& [name, value] : headers) object.emplace_back(name, value);
  return object;
}

Json::Object members(const FetchEffect& effect) {
  return {{"effect", "fetch"},
          {"id", effect.id},
          {"method", effect.method},
          {"url", effect.url},
          {"headers", headers_json(effect.headers)},
          {"body", or_null(effect.body)},
          {"timeout", effect.timeout},
          {"limit", effect.limit}};
}
Json::Object members(const AbortEffect& effect) { return {{"effect", "abort"}, {"id", effect.id}}; }
Json::Object members(const KeepEffect& effect) {
  return {{"effect", "keep"}, {"name", effect.name}, {"text", or_null(effect.text)}};
}
Json::Object members(const WakeEffect& effect) { return {{"effect", "wake"}, {"at", effect.at}}; }

}  // namespace elicense
