// receipt issue, receipt verify.
#include "cli/claims.h"
#include "cli/presentation.h"
#include "cli/spent_file.h"
#include "crypto/digest.h"
#include "files/key_files.h"
#include "licence/receipt.h"
#include "token/jwk.h"

namespace elicense::cli {
namespace {

constexpr ErrorCode kShape = ErrorCode::receipt_shape;

// --- issue ---

Outcome<ReceiptAnswer> read_answer(const Json& claims) {
  const Json& json = *claims.find("answer");
  if (json.object() == nullptr) return field_refusal(kShape, "answer", "is not an object");
  ELICENSE_CHECK(refuse_unknown_claims(json, {"class", "may_drive", "because"}, kShape));
  ReceiptAnswer answer;
  ELICENSE_TRY(const std::string code, text_claim(json, "class", kShape));
  const auto asked = parse_vehicle_class(code);
  if (!asked.ok()) return field_refusal(asked.error(), "answer.class", "is not a vehicle class");
  answer.asked = *asked;
  const Json* may_drive = json.find("may_drive");
  if (may_drive == nullptr || !may_drive->boolean())
    return field_refusal(kShape, "answer.may_drive", "is not true or false");
  answer.may_drive = *may_drive->boolean();
  ELICENSE_TRY(answer.because, text_claim(json, "because", kShape));
  return answer;
}

Outcome<ReceiptContent> read_content(const Json& claims, Session& session) {
  ELICENSE_CHECK(
      refuse_unknown_claims(claims, {"iss", "aud", "iat", "exp", "jti", "result", "nonce", "answer"}, kShape));
  ReceiptContent content;
  ELICENSE_TRY(content.issuer, text_claim(claims, "iss", kShape));
  ELICENSE_TRY(content.audience, text_claim(claims, "aud", kShape));
  ELICENSE_TRY(content.issued, time_claim(claims, "iat", kShape));
  content.expires = content.issued + kReceiptSeconds;
  if (claims.find("exp") != nullptr) {
    ELICENSE_TRY(content.expires, time_claim(claims, "exp", kShape));
  }
  if (claims.find("jti") != nullptr) {
    ELICENSE_TRY(content.id, text_claim(claims, "jti", kShape));
  } else {
    std::array<std::uint8_t, 16> id{};
    session.random.fill(id);
    content.id = to_hex(id);
  }
  ELICENSE_TRY(const std::string name, text_claim(claims, "result", kShape));
  const auto result = check_result_from_name(name);
  if (!result) return field_refusal(kShape, "result", "is not a result of a check");
  content.result = *result;
  if (claims.find("nonce") != nullptr) {
    ELICENSE_TRY(content.nonce, text_claim(claims, "nonce", kShape));
  }
  if (claims.find("answer") != nullptr) {
    ELICENSE_TRY(content.answer, read_answer(claims));
  }
  return content;
}

Outcome<Report> issue(const Arguments& arguments, Session& session) {
  ELICENSE_TRY(const SecretKey key, read_secret_key(arguments.required("--key"), session.files));
  ELICENSE_TRY(const Json claims, read_claims(arguments, session));
  ELICENSE_TRY(const ReceiptContent content, read_content(claims, session));
  const auto text = issue_receipt(content, key);
  if (!text.ok()) return refusal(text.error(), "it could not be signed");
  // What a reader would refuse for its form is not handed out; a receipt of a check that failed may be.
  const TrustList own = TrustList::of_pinned_keys({{key_name(key.public_key()), key.public_key()}});
  Checklist checklist;
  const ReceiptPolicy policy = {
      .now = content.issued, .trust = own, .audience = content.audience, .nonce = {}, .required_class = {}};
  const auto readable = VerifiedReceipt::verify_whatever_it_says(*text, policy, checklist);
  if (!readable.ok()) {
    return refusal(readable.error(), "no reader would take a receipt with these claims");
  }
  return deliver(arguments, {.name = "receipt", .text = *text, .readers = Readers::everybody});
}

// --- verify ---

// A jti is any text, and unique for its issuer only.
std::string spent_name(const ReceiptContent& content) {
  const Json name = Json::Array{content.issuer, content.id};
  return "receipt-" + to_hex(sha256(view_of(name.dump())));
}

struct Finding {
  Trust trust;
  std::optional<ErrorCode> error;
  std::vector<CheckStep> steps;
  std::optional<ReceiptContent> content;
  bool replay_checked = false;
};

Json receipt_json(const ReceiptContent& content) {
  Json answer;
  if (content.answer) {
    answer = Json::Object{{"class", vehicle_class_info(content.answer->asked).code},
                          {"may_drive", content.answer->may_drive},
                          {"because", content.answer->because}};
  }
  return Json::Object{{"iss", content.issuer},
                      {"aud", content.audience},
                      {"iat", content.issued.seconds},
                      {"exp", content.expires.seconds},
                      {"jti", content.id},
                      {"result", check_result_name(content.result)},
                      {"nonce", content.nonce ? Json(*content.nonce) : Json()},
                      {"answer", std::move(answer)}};
}

Report report_on(const Finding& finding) {
  Json::Array unchecked;
  if (!finding.replay_checked) unchecked.emplace_back("replay");
  Lines lines(finding.content ? "VALID  The authority's word about one check, for this audience."
                              : "REFUSED  Not a receipt to rely on.");
  if (finding.content) {
    lines.add("issuer", finding.content->issuer);
    if (const auto& answer = finding.content->answer) {
      lines.add("may drive " + std::string(vehicle_class_info(answer->asked).code),
                (answer->may_drive ? "yes, " : "no, ") + answer->because);
    }
  }
  if (!finding.replay_checked) lines.add("not checked", "replay");
  lines.add_failure(finding.error, finding.steps);
  lines.add_demonstration_note(finding.trust);
  Json json = Json::Object{{"result", finding.content ? "valid" : "refused"},
                           {"error", error_json(finding.error)},
                           {"receipt", finding.content ? receipt_json(*finding.content) : Json(nullptr)},
                           {"steps", steps_json(finding.trust, finding.steps)},
                           {"unchecked", std::move(unchecked)},
                           {"production", finding.trust.production()}};
  return {.exit = finding.content ? Exit::good : Exit::refused, .json = std::move(json), .text = lines.text()};
}

Outcome<Done> judge(Finding& finding, const std::string& text, const ReceiptPolicy& policy, SpentFile* spent) {
  Checklist checklist;
  auto receipt = VerifiedReceipt::verify(text, policy, checklist);
  if (receipt.ok()) {
    finding.content = receipt->content();
  } else {
    finding.error = receipt.error();
  }
  if (finding.content && spent != nullptr) {
    ELICENSE_TRY(const Spend spend, spent->spend(spent_name(*finding.content), finding.content->expires, policy.now));
    const Status once = spend == Spend::first ? Status(Done{}) : Status(ErrorCode::already_used);
    if (!checklist.note("replay", once).ok()) {
      finding.error = ErrorCode::already_used;
      finding.content.reset();
    }
  }
  finding.steps = checklist.steps();
  return Done{};
}

Outcome<Report> verify(const Arguments& arguments, Session& session) {
  std::optional<VehicleClass> required_class;
  if (const auto code = arguments.text("--requires")) {
    const auto vehicle_class = parse_vehicle_class(*code);
    if (!vehicle_class.ok()) return usage_problem("--requires takes a vehicle class, such as C1");
    required_class = *vehicle_class;
  }
  ELICENSE_TRY(const std::string text, read_token(arguments, session, kMostReceiptBytes));
  std::optional<SpentFile> spent;
  if (const auto path = arguments.text("--seen")) {
    ELICENSE_TRY(spent, SpentFile::open(*path));
  }
  ELICENSE_TRY(const UnixTime now, now_of(arguments));
  ELICENSE_TRY(Trust trust, read_trust(arguments, session, now));
  Finding finding{
      .trust = std::move(trust), .error = {}, .steps = {}, .content = {}, .replay_checked = spent.has_value()};
  if (finding.trust.list.ok()) {
    const std::string audience = arguments.required("--audience");
    const std::optional<std::string> nonce = arguments.text("--nonce");
    const ReceiptPolicy policy = {.now = now,
                                  .trust = *finding.trust.list,
                                  .audience = audience,
                                  .nonce = nonce,
                                  .required_class = required_class};
    ELICENSE_CHECK(judge(finding, text, policy, spent ? &*spent : nullptr));
  } else {
    finding.error = finding.trust.list.error();
  }
  return report_on(finding);
}

}  // namespace

std::vector<Command> receipt_commands() {
  return {
      {.group = "receipt",
       .verb = "issue",
       .summary = "sign the receipt of an online check",
       .details =
           "Claims (JSON): iss, aud (the partner's origin), iat, exp (default 300 s later), jti (default "
           "random), result (a word of\n"
           "`code verify`), nonce (the request's), answer {class, may_drive, because} when a class was asked for.\n",
       .options = claims_option() + key_option("the authority's secret receipt key (mode 0600), or -") + out_option(),
       .run = issue},
      {.group = "receipt",
       .verb = "verify",
       .summary = "verify a receipt, as a partner's backend does",
       .details = "A receipt is good for one use: give --seen, or remember its jti until exp yourself.\n",
       .options =
           in_option("the receipt (default: standard input)") +
           OptionTable{{"--audience", "ORIGIN", Presence::required, "your own origin, e.g. https://rental.example"},
                       {"--nonce", "TEXT", Presence::optional, "the transaction that the check was made for"},
                       {"--requires", "CLASS", Presence::optional, "the class question it has to answer with yes"},
                       {"--seen", "FILE", Presence::optional, "receipts used so far (made if missing)"}} +
           trust_options() + now_option(),
       .run = verify}};
}

}  // namespace elicense::cli
