#include "client/messages.h"

#include <algorithm>
#include <array>

#include "base/base64url.h"
#include "token/jws.h"

namespace elicense {
namespace {

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

// The events that answer a number.
Status receive_reply(ViewerSession& session, Moment at, std::string_view name, const Json& event) {
  ELICENSE_TRY(const std::int64_t id, id_of_event(event));
  if (name == "answered") {
    ELICENSE_TRY(HttpReply reply, reply_of_event(event));
    session.answered(at, id, reply.status, std::move(reply.date), std::move(reply.body));
  } else if (name == "key-made") {
    ELICENSE_TRY(const PublicKey key, decoded<PublicKey>(event, "key"));
    session.key_made(at, id, key);
  } else if (name == "signed") {
    ELICENSE_TRY(const Signature signature, decoded<Signature>(event, "signature"));
    session.signature_made(at, id, signature);
  } else if (name == "received") {
    ELICENSE_TRY(const std::string text, string_member(event, "text", kShape));
    session.received(at, id, text);
  } else {
    ELICENSE_TRY(const FailureCause cause, cause_of_event(event));
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

Json::Object members(const MakeKeyEffect& effect) {
  return {{"effect", "make-key"}, {"id", effect.id}, {"slot", effect.slot}};
}
Json::Object members(const SignEffect& effect) {
  return {{"effect", "sign"}, {"id", effect.id}, {"slot", effect.slot}, {"bytes", base64url_encode(effect.bytes)}};
}
Json::Object members(const ForgetKeyEffect& effect) { return {{"effect", "forget-key"}, {"slot", effect.slot}}; }
Json::Object members(const ListenEffect& effect) {
  return {{"effect", "listen"}, {"id", effect.id}, {"url", effect.url}, {"headers", headers_json(effect.headers)}};
}
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

std::string effect_message(const SessionEffect& effect) {
  return std::visit([](const auto& one) { return Json(members(one)).dump(); }, effect);
}

Status SessionMessages::start(Moment at, const Json& event) {
  ELICENSE_TRY(PinnedAuthority authority, authority_of_event(event));
  ELICENSE_TRY(const KeptThings kept, kept_in(event));
  ELICENSE_TRY(const Language language, language_of_event(event));
  session_ = std::make_unique<ViewerSession>(std::move(authority), random_);
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
  if (next_ == effects_.size() && session_) {
    effects_ = session_->take_effects();
    next_ = 0;
  }
  if (next_ == effects_.size()) return std::nullopt;
  return effect_message(effects_[next_++]);
}

}  // namespace elicense
