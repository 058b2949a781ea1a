// POST /verify: what a code is worth, for a partner. A genuine, fresh code is spent by its first check, whatever else
// is found; what the authority knows now counts, not what the lease said when it was signed.
#include <array>

#include "authority/service/access.h"
#include "authority/service/request_body.h"
#include "base/base64url.h"
#include "licence/live_code.h"
#include "licence/masking.h"
#include "licence/receipt.h"

namespace elicense::authority {
namespace {

constexpr std::size_t kMostKey = 128;
constexpr int kEchoNumbers = 90;  // 10 to 99: two digits on both screens

struct Question {
  std::string code;
  Partner partner;
  std::optional<VehicleClass> requires_class;
  std::optional<Challenge> challenge;
  std::optional<std::string> nonce;
};

Answered<Partner> partner_of(Service& service, const HttpRequest& request, const std::string& key) {
  ELICENSE_TRY(const std::optional<Partner> partner, or_refuse(service.store.find_partner(digest_of_secret(key))));
  if (!partner) {
    ELICENSE_CHECK(within_address_limit(service, request));
    return refuse(401, "partner-key");
  }
  // The key is no secret: a page shows it to everybody. What ties a page to the partner is its origin, which only a
  // browser tells truly; the receipt is bound to the partner's origin whoever asks.
  const std::string_view origin = request.header("origin");
  if (!origin.empty() && origin != partner->origin && origin != service.settings.origin) return refuse(403, "origin");
  return *partner;
}

Answered<Question> question_of(Service& service, const HttpRequest& request) {
  ELICENSE_TRY(RequestBody body, RequestBody::read(request));
  ELICENSE_TRY(std::string code, body.text("code", kMostCodeCharacters));
  ELICENSE_TRY(const std::string key, body.text("partner", kMostKey));
  ELICENSE_TRY(const std::optional<std::string> asked, body.optional_text("requires", 8));
  ELICENSE_TRY(const std::optional<std::string> digits, body.optional_text("challenge", 8));
  ELICENSE_TRY(std::optional<std::string> nonce, body.optional_text("nonce", 64));
  ELICENSE_CHECK(body.expect_nothing_else());
  if (nonce && !is_receipt_nonce(*nonce)) return misshapen();
  ELICENSE_TRY(Partner partner, partner_of(service, request, key));
  ELICENSE_CHECK(within_limit(service, "partner:" + partner.name, service.settings.per_partner));
  Question question{.code = std::move(code),
                    .partner = std::move(partner),
                    .requires_class = {},
                    .challenge = {},
                    .nonce = std::move(nonce)};
  if (asked) {
    const Result<VehicleClass> vehicle_class = parse_vehicle_class(*asked);
    if (!vehicle_class.ok()) return refuse(400, error_name(vehicle_class.error()));
    question.requires_class = *vehicle_class;
  }
  if (digits) {
    const Result<Challenge> challenge = Challenge::parse(*digits);
    if (!challenge.ok()) return misshapen();
    question.challenge = *challenge;
  }
  return question;
}

// What is found, step by step; the answer is made of it.
struct Finding {
  CheckResult result = CheckResult::malformed;
  std::optional<ErrorCode> error;
  std::optional<std::int64_t> age, confirmed;
  std::optional<StatusSet> status;
  std::string document_number;  // empty: of nobody whom we know
  std::shared_ptr<const Card> card;
  std::optional<ClassAnswer> answer;
  std::optional<int> echo;
};

void conclude(Finding& finding, ErrorCode error) {
  finding.error = error;
  finding.result = check_result_of(error);
}

// After the code is proved fresh: the lease, the licence, and what may be said of them.
Answered<Done> look_up(Service& service, const Question& question, const LeaseId& lease, UnixTime now,
                       Finding& finding) {
  ELICENSE_TRY(const LeaseState state, or_refuse(service.store.find_lease(lease, now)));
  if (state.lease) finding.document_number = state.lease->document_number;
  if (state.standing == LeaseStanding::ended || state.standing == LeaseStanding::unknown) {
    conclude(finding, ErrorCode::lease_revoked);
    return Done{};
  }
  ELICENSE_TRY(const std::optional<LicenceRecord> record,
               or_refuse(service.store.find_licence(finding.document_number)));
  if (!record) {
    conclude(finding, ErrorCode::lease_revoked);
    return Done{};
  }
  const CivilDate today = civil_date_at(now);
  const StatusSet status = status_on(record->facts, today);
  if (!status.allows_use()) {
    finding.status = status;
    conclude(finding, ErrorCode::status_refused);
  }
  if (finding.error) return Done{};
  finding.status = status;
  ELICENSE_TRY(finding.card, or_refuse(service.cards.card_of(service.store, *record)));
  if (!finding.card) return refuse_for(ErrorCode::licence_incomplete);
  if (question.requires_class)
    finding.answer = answer_class_question(*finding.card->data.driving_privileges, *question.requires_class, today);
  return Done{};
}

int new_echo(RandomSource& random) {
  // Each number as likely as the others: what lies beyond the last whole round is drawn again.
  constexpr std::uint8_t kLast = 255 / kEchoNumbers * kEchoNumbers;
  std::array<std::uint8_t, 1> byte{};
  do random.fill(byte);
  while (byte[0] >= kLast);
  return 10 + byte[0] % kEchoNumbers;
}

Act act_of(const Question& question, const Finding& finding) {
  Json::Object details = {{"result", check_result_name(finding.result)}};
  if (finding.error) details.emplace_back("error", error_name(*finding.error));
  if (question.requires_class) details.emplace_back("asked", vehicle_class_info(*question.requires_class).code);
  return {.actor = "partner:" + question.partner.name, .action = "check", .details = std::move(details)};
}

// Spends the code, and tells the holder. Both at once, or neither.
Answered<Done> spend(Service& service, const Question& question, const SpentCode& code, UnixTime now,
                     Finding& finding) {
  if (finding.result == CheckResult::valid) finding.echo = new_echo(service.random);
  const std::string result(check_result_name(finding.result));
  std::optional<std::string> asked;
  if (question.requires_class) asked = vehicle_class_info(*question.requires_class).code;
  Json::Object payload = {{"partner", question.partner.name}, {"origin", question.partner.origin}, {"result", result}};
  if (asked) payload.emplace_back("asked", *asked);
  if (finding.echo) payload.emplace_back("echo", *finding.echo);
  payload.emplace_back("at", now.seconds);
  const Check check = {.document_number = finding.document_number,
                       .partner_name = question.partner.name,
                       .partner_origin = question.partner.origin,
                       .at = now,
                       .result = result,
                       .asked = asked,
                       .echo = finding.echo};
  // A code is forgotten when nobody could take it for fresh any more, with room for a clock that is set back.
  const Store::CodeToSpend spends = {.code = code, .until = code.presented + 3600};
  const NewEvent event = {.kind = "checked", .payload = std::move(payload), .device = std::nullopt};
  ELICENSE_TRY(const CheckRecorded recorded,
               or_refuse(service.store.record_check(check, spends, event, act_of(question, finding))));
  if (recorded.spend == Spend::first) return Done{};
  finding.status.reset();
  finding.card.reset();
  finding.answer.reset();
  finding.echo.reset();
  conclude(finding, ErrorCode::already_used);
  return or_refuse(service.store.append_audit(act_of(question, finding), finding.document_number, now));
}

Answered<Finding> examine(Service& service, const Question& question, UnixTime now) {
  const auto trust = service.publisher.trust();
  const LiveCodeCheck check = verify_live_code(question.code, {.now = now,
                                                               .trust = trust->list,
                                                               .status_lists = nullptr,  // the record itself is at hand
                                                               .spent_codes = nullptr,  // spent with the check's record
                                                               .challenge = question.challenge});
  Finding finding{.result = check.result,
                  .error = check.error,
                  .age = check.age,
                  .confirmed = check.confirmed,
                  .status = check.refused_status,
                  .document_number = {},
                  .card = {},
                  .answer = {},
                  .echo = {}};
  if (check.presented) {
    ELICENSE_CHECK(look_up(service, question, check.presented->lease, now, finding));
    if (!finding.document_number.empty()) {
      ELICENSE_CHECK(spend(service, question, *check.presented, now, finding));
      return finding;
    }
  }
  const std::optional<std::string_view> nobody;
  ELICENSE_CHECK(or_refuse(service.store.append_audit(act_of(question, finding), nobody, now)));
  return finding;
}

Answered<std::string> receipt_for(Service& service, const Question& question, const Finding& finding, UnixTime now) {
  ReceiptContent content = {.issuer = service.settings.origin,
                            .audience = question.partner.origin,
                            .issued = now,
                            .expires = now + kReceiptSeconds,
                            .id = new_secret(service.random),
                            .result = finding.result,
                            .nonce = question.nonce,
                            .status = std::nullopt,
                            .echo = finding.echo,
                            .answer = std::nullopt};
  if (finding.status && *finding.status != StatusSet::normal()) content.status = finding.status;
  if (question.requires_class) {
    content.answer = {
        .asked = *question.requires_class,
        .may_drive = finding.answer && finding.answer->may_drive,
        .because = finding.answer ? finding.answer->because() : std::string(check_result_name(finding.result))};
  }
  ELICENSE_TRY(const SigningKey key, or_refuse(service.keys.signing(KeyUse::receipt, now)));
  return or_refuse(issue_receipt(content, *key.signer));
}

template <class T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json();
}

Json status_json(StatusSet status) {
  const StatusInfo& gravest = status.gravest();
  return Json::Object{{"letters", status.letters()},
                      {"chinese", gravest.chinese},
                      {"english", gravest.english},
                      {"usable", status.allows_use()}};
}

Json licence_json(const LicenceData& data) {
  LicenceData shown;
  shown.name = data.name;
  shown.licence_number = mask_number(*data.licence_number);
  shown.driving_privileges = data.driving_privileges;
  shown.valid_until = data.valid_until;
  return licence_data_claims(shown);
}

Answered<HttpResponse> post_verify(Service& service, const HttpRequest& request) {
  ELICENSE_TRY(const Question question, question_of(service, request));
  const UnixTime now = service.clock();
  ELICENSE_TRY(const Finding finding, examine(service, question, now));
  ELICENSE_TRY(const std::string receipt, receipt_for(service, question, finding, now));
  Json portrait;
  if (finding.card) {
    ELICENSE_TRY(const std::optional<Bytes> image, or_refuse(service.store.find_portrait(finding.document_number)));
    if (image) {
      ELICENSE_TRY(const Portrait picture, or_refuse(Portrait::from_image(*image)));
      portrait = picture.data_uri();
    }
  }
  Json answer;
  if (finding.answer) {
    answer = Json::Object{{"asked", vehicle_class_info(finding.answer->asked).code},
                          {"may_drive", finding.answer->may_drive},
                          {"because", finding.answer->because()}};
  }
  return json_answer(Json::Object{{"result", check_result_name(finding.result)},
                                  {"error", finding.error ? Json(error_name(*finding.error)) : Json()},
                                  {"checked_at", now.seconds},
                                  {"age", or_null(finding.age)},
                                  {"confirmed", or_null(finding.confirmed)},
                                  {"status", finding.status ? status_json(*finding.status) : Json()},
                                  {"licence", finding.card ? licence_json(finding.card->data) : Json()},
                                  {"portrait", std::move(portrait)},
                                  {"answer", std::move(answer)},
                                  {"echo", or_null(finding.echo)},
                                  {"receipt", receipt}});
}

}  // namespace

void add_partner_routes(Routes& routes, Service& service) {
  routes.add(HttpMethod::post, "/verify", handler_of<Service>(service, post_verify));
}

}  // namespace elicense::authority
