#include "client/messages.h"

#include <algorithm>
#include <array>

#include "base/base64url.h"
#include "token/jws.h"

namespace elicense {
namespace {

constexpr std::int64_t kMostMilliseconds = kLastUnixSecond * 1000;
constexpr std::size_t kLongestOrigin = 256;
constexpr std::size_t kMostRoots = 8;
constexpr ErrorCode kShape = ErrorCode::message_shape;

constexpr std::array<std::string_view, 15> kSessionEvents = {
    "start", "code",   "token",     "key-made", "signed",  "answered", "received", "failed",
    "shown", "hidden", "disturbed", "network",  "refresh", "wake",     "language"};

template <class T>
Result<T> decoded(const Json& event, std::string_view name) {
  ELICENSE_TRY(const std::string text, string_member(event, name, kShape));
  ELICENSE_TRY(const Bytes bytes, base64url_decode(text));
  return T::from(bytes);
}

Result<std::vector<std::pair<std::string, std::string>>> texts_in(const Json& event, std::string_view name) {
  const Json* const object = event.find(name);
  if (object == nullptr || object->object() == nullptr) return kShape;
  std::vector<std::pair<std::string, std::string>> texts;
  for (const auto& [key, value] : *object->object()) {
    if (value.string() == nullptr) return kShape;
    texts.emplace_back(key, *value.string());
  }
  return texts;
}

Result<KeptThings> kept_in(const Json& event) {
  KeptThings kept;
  ELICENSE_TRY(kept.texts, texts_in(event, "kept"));
  ELICENSE_TRY(const auto keys, texts_in(event, "keys"));
  for (const auto& [slot, text] : keys) {
    ELICENSE_TRY(const Bytes bytes, base64url_decode(text));
    ELICENSE_TRY(const PublicKey key, PublicKey::from(bytes));
    kept.keys.emplace_back(slot, key);
  }
  return kept;
}

Result<SessionSettings> settings_in(const Json& event) {
  SessionSettings settings;
  ELICENSE_TRY(settings.origin, string_member(event, "authority", kShape));
  if (settings.origin.empty() || settings.origin.size() > kLongestOrigin || settings.origin.back() == '/')
    return kShape;
  const Json* const roots = event.find("roots");
  if (roots == nullptr || roots->array() == nullptr || roots->array()->empty() || roots->array()->size() > kMostRoots)
    return kShape;
  for (const Json& root : *roots->array()) {
    if (root.string() == nullptr) return kShape;
    ELICENSE_TRY(const Bytes bytes, base64url_decode(*root.string()));
    ELICENSE_TRY(const PublicKey key, PublicKey::from(bytes));
    settings.roots.push_back(key);
  }
  return settings;
}

Result<FailureCause> cause_in(const Json& event) {
  ELICENSE_TRY(const std::string why, string_member(event, "why", kShape));
  constexpr std::array<std::string_view, 4> kCauses = {"network", "timeout", "too-large", "key"};
  const auto found = std::find(kCauses.begin(), kCauses.end(), why);
  if (found == kCauses.end()) return kShape;
  return static_cast<FailureCause>(found - kCauses.begin());
}

Status receive_answer(ViewerSession& session, Moment at, const Json& event) {
  ELICENSE_TRY(const std::int64_t id, integer_member(event, "id", kShape));
  ELICENSE_TRY(const std::int64_t status, integer_member(event, "status", kShape));
  ELICENSE_TRY(std::string body, string_member(event, "body", kShape));
  if (status < 100 || status > 599) return kShape;
  const Json* const date = event.find("date");
  if (date == nullptr || (!date->is_null() && date->string() == nullptr)) return kShape;
  session.answered(at, id, static_cast<int>(status), date->is_null() ? std::nullopt : std::optional(*date->string()),
                   std::move(body));
  return Done{};
}

// The events that answer a number.
Status receive_reply(ViewerSession& session, Moment at, std::string_view name, const Json& event) {
  if (name == "answered") return receive_answer(session, at, event);
  ELICENSE_TRY(const std::int64_t id, integer_member(event, "id", kShape));
  if (name == "key-made") {
    ELICENSE_TRY(const PublicKey key, decoded<PublicKey>(event, "key"));
    session.key_made(at, id, key);
  } else if (name == "signed") {
    ELICENSE_TRY(const Signature signature, decoded<Signature>(event, "signature"));
    session.signature_made(at, id, signature);
  } else if (name == "received") {
    ELICENSE_TRY(const std::string text, string_member(event, "text", kShape));
    session.received(at, id, text);
  } else {
    ELICENSE_TRY(const FailureCause cause, cause_in(event));
    session.failed(at, id, cause);
  }
  return Done{};
}

Status receive_secret(ViewerSession& session, Moment at, std::string_view name, const Json& event) {
  ELICENSE_TRY(std::string secret, string_member(event, name, kShape));
  if (name == "code") {
    session.code(at, std::move(secret));
  } else {
    session.token(at, std::move(secret));
  }
  return Done{};
}

using PlainEvent = void (ViewerSession::*)(Moment);
constexpr std::array<std::pair<std::string_view, PlainEvent>, 6> kPlainEvents = {{
    {"shown", &ViewerSession::shown},
    {"hidden", &ViewerSession::hidden},
    {"disturbed", &ViewerSession::disturbed},
    {"network", &ViewerSession::network},
    {"refresh", &ViewerSession::refresh},
    {"wake", &ViewerSession::wake},
}};

// --- effects --------------------------------------------------------------------------------------------------------

template <class T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json();
}

Json headers_json(const HttpHeaders& headers) {
  Json::Object object;
  for (const auto& [name, value] : headers) object.emplace_back(name, value);
  return object;
}

Json::Object members(const MakeKeyEffect& effect) {
  return {{"effect", "make-key"}, {"id", effect.id}, {"slot", effect.slot}};
}
Json::Object members(const SignEffect& effect) {
  return {{"effect", "sign"}, {"id", effect.id}, {"slot", effect.slot}, {"bytes", base64url_encode(effect.bytes)}};
}
Json::Object members(const ForgetKeyEffect& effect) { return {{"effect", "forget-key"}, {"slot", effect.slot}}; }
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
Json::Object members(const ListenEffect& effect) {
  return {{"effect", "listen"}, {"id", effect.id}, {"url", effect.url}, {"headers", headers_json(effect.headers)}};
}
Json::Object members(const AbortEffect& effect) { return {{"effect", "abort"}, {"id", effect.id}}; }
Json::Object members(const KeepEffect& effect) {
  return {{"effect", "keep"}, {"name", effect.name}, {"text", or_null(effect.text)}};
}
Json::Object members(const WakeEffect& effect) { return {{"effect", "wake"}, {"at", effect.at}}; }
Json::Object members(const StateEffect& effect) {
  return {{"effect", "state"},
          {"state", viewer_state_name(effect.state)},
          {"error", effect.error ? Json(error_name(*effect.error)) : Json()},
          {"words", effect.words}};
}
Json::Object members(const CheckedEffect& effect) {
  return {{"effect", "checked"},     {"partner", effect.partner},      {"origin", effect.origin},
          {"result", effect.result}, {"asked", or_null(effect.asked)}, {"echo", or_null(effect.echo)},
          {"at", effect.at}};
}
Json::Object members(const ErrorEffect& effect) {
  return {{"effect", "error"}, {"code", effect.code}, {"words", effect.words}};
}

}  // namespace

bool is_session_event(std::string_view name) {
  return std::find(kSessionEvents.begin(), kSessionEvents.end(), name) != kSessionEvents.end();
}

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

std::string effect_message(const SessionEffect& effect) {
  return std::visit([](const auto& one) { return Json(members(one)).dump(); }, effect);
}

Status SessionMessages::start(Moment at, const Json& event) {
  ELICENSE_TRY(SessionSettings settings, settings_in(event));
  ELICENSE_TRY(const KeptThings kept, kept_in(event));
  ELICENSE_TRY(const Language language, language_of_event(event));
  session_ = std::make_unique<ViewerSession>(std::move(settings), random_);
  session_->start(at, kept, language);
  return Done{};
}

Status SessionMessages::receive(const Json& event) {
  ELICENSE_TRY(const std::string name, string_member(event, "event", kShape));
  ELICENSE_TRY(const Moment at, moment_of_event(event));
  if ((name == "start") == (session_ != nullptr)) return kShape;  // once, and first
  if (name == "start") return start(at, event);
  for (const auto& [plain_name, method] : kPlainEvents) {
    if (plain_name != name) continue;
    (*session_.*method)(at);
    return Done{};
  }
  if (name == "language") {
    ELICENSE_TRY(const Language language, language_of_event(event));
    session_->set_language(at, language);
    return Done{};
  }
  if (name == "code" || name == "token") return receive_secret(*session_, at, name, event);
  if (!is_session_event(name)) return kShape;
  return receive_reply(*session_, at, name, event);
}

std::optional<std::string> SessionMessages::next_effect() {
  if (effects_.empty() && session_) {
    for (SessionEffect& effect : session_->take_effects()) effects_.push_back(std::move(effect));
  }
  if (effects_.empty()) return std::nullopt;
  const std::string message = effect_message(effects_.front());
  effects_.pop_front();
  return message;
}

}  // namespace elicense
