#include "verifier/messages.h"

#include <array>

#include "session/messages.h"
#include "token/jws.h"

namespace elicense {
namespace {

constexpr ErrorCode kShape = ErrorCode::message_shape;

Json two_words_json(const TwoWords& words) { return Json::Object{{"first", words.first}, {"second", words.second}}; }

Json error_or_null(const std::optional<ErrorCode>& error) { return error ? Json(error_name(*error)) : Json(); }

std::string_view tone_name(CardTone tone) {
  constexpr std::array<std::string_view, 3> kNames = {"usable", "noted", "refused"};
  return kNames[static_cast<std::size_t>(tone)];
}

Json person_json(const CardPerson& person) {
  Json::Array classes;
  for (const std::string& code : person.classes) classes.emplace_back(code);
  Json::Array rows;
  for (const CardRow& row : person.rows)
    rows.emplace_back(Json::Object{{"label", two_words_json(row.label)}, {"value", row.value}});
  return Json::Object{{"name", person.name},
                      {"licenceNumber", person.licence_number},
                      {"classes", std::move(classes)},
                      {"validUntil", iso_date(person.valid_until)},
                      {"portrait", or_null(person.portrait)},
                      {"rows", std::move(rows)}};
}

Json answer_json(const CardAnswer& answer) {
  return Json::Object{{"asked", vehicle_class_info(answer.asked).code},
                      {"mayDrive", answer.may_drive},
                      {"question", two_words_json(answer.question)},
                      {"title", two_words_json(answer.title)},
                      {"because", two_words_json(answer.because)}};
}

Json status_json(const CardStatus& status) {
  return Json::Object{{"letters", status.letters}, {"words", two_words_json(status.words)}};
}

Json echo_json(const CheckCard& card) {
  return Json::Object{{"digits", std::to_string(*card.echo)}, {"words", two_words_json(card.echo_words)}};
}

Json card_json(const CheckCard& card) {
  Json::Array unchecked;
  for (const TwoWords& words : card.unchecked) unchecked.push_back(two_words_json(words));
  return Json::Object{{"result", card.result},
                      {"error", error_or_null(card.error)},
                      {"online", card.online},
                      {"tone", tone_name(card.tone)},
                      {"title", two_words_json(card.title)},
                      {"line", card.line},
                      {"meaning", two_words_json(card.meaning)},
                      {"age", or_null(card.age)},
                      {"confirmed", or_null(card.confirmed)},
                      {"status", card.status ? status_json(*card.status) : Json()},
                      {"person", card.person ? person_json(*card.person) : Json()},
                      {"answer", card.answer ? answer_json(*card.answer) : Json()},
                      {"echo", card.echo ? echo_json(card) : Json()},
                      {"unchecked", std::move(unchecked)},
                      {"receipt", or_null(card.receipt)},
                      {"specimen", card.specimen ? two_words_json(*card.specimen) : Json()}};
}

Json::Object members(const ReadinessEffect& effect) {
  return {{"effect", "readiness"},
          {"ready", effect.ready},
          {"online", effect.online},
          {"error", error_or_null(effect.error)},
          {"words", two_words_json(effect.words)}};
}
Json::Object members(const CheckingEffect&) { return {{"effect", "checking"}}; }
Json::Object members(const CardEffect& effect) {
  return {{"effect", "card"},
          {"card", card_json(effect.card)},
          {"sound", effect.card.tone == CardTone::refused ? "refused" : "usable"}};
}
Json::Object members(const ChallengeEffect& effect) {
  return {{"effect", "challenge"},
          {"digits", or_null(effect.digits)},
          {"words", effect.words ? two_words_json(*effect.words) : Json()}};
}

Result<bool> wanted_in(const Json& event) {
  const Json* const wanted = event.find("wanted");
  if (wanted == nullptr || !wanted->boolean()) return kShape;
  return *wanted->boolean();
}

Status receive_other(CheckSession& session, Moment at, std::string_view name, const Json& event) {
  if (name == "code") {
    ELICENSE_TRY(std::string text, string_member(event, "text", kShape));
    session.code(at, std::move(text));
  } else if (name == "answered") {
    ELICENSE_TRY(const std::int64_t id, id_of_event(event));
    ELICENSE_TRY(HttpReply reply, reply_of_event(event));
    session.answered(at, id, std::move(reply));
  } else if (name == "failed") {
    ELICENSE_TRY(const std::int64_t id, id_of_event(event));
    ELICENSE_TRY(const FailureCause cause, cause_of_event(event));
    session.failed(at, id, cause);
  } else if (name == "challenge") {
    ELICENSE_TRY(const bool wanted, wanted_in(event));
    session.want_challenge(at, wanted);
  } else if (name == "language") {
    ELICENSE_TRY(const Language language, language_of_event(event));
    session.set_language(at, language);
  } else if (name == "network") {
    session.network(at);
  } else if (name == "wake") {
    session.wake(at);
  } else {
    return kShape;
  }
  return Done{};
}

}  // namespace

std::string check_effect_message(const VerifierEffect& effect) {
  return std::visit([](const auto& one) { return Json(members(one)).dump(); }, effect);
}

Status CheckMessages::start(Moment at, const Json& event) {
  ELICENSE_TRY(const NamedTexts kept, texts_in(event, "kept"));
  ELICENSE_TRY(const Language language, language_of_event(event));
  session_ = std::make_unique<CheckSession>(random_);
  session_->start(at, settings_of_event(event), kept, language);
  return Done{};
}

Status CheckMessages::receive(std::string_view text) {
  ELICENSE_TRY(const Json event, Json::parse(text, kEventMessageLimits));
  ELICENSE_TRY(const std::string name, string_member(event, "event", kShape));
  ELICENSE_TRY(const Moment at, moment_of_event(event));
  if ((name == "start") == (session_ != nullptr)) return kShape;  // once, and first
  if (name == "start") return start(at, event);
  return receive_other(*session_, at, name, event);
}

std::optional<std::string> CheckMessages::next_effect() {
  if (effects_.empty() && session_) {
    for (VerifierEffect& effect : session_->take_effects()) effects_.push_back(std::move(effect));
  }
  if (effects_.empty()) return std::nullopt;
  const std::string message = check_effect_message(effects_.front());
  effects_.pop_front();
  return message;
}

}  // namespace elicense
