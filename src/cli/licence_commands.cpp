// licence issue, licence verify, licence present.
#include <algorithm>

#include "cli/claims.h"
#include "cli/presentation.h"
#include "files/key_files.h"
#include "licence/licence.h"
#include "token/jwk.h"

namespace elicense::cli {
namespace {

constexpr ErrorCode kShape = ErrorCode::licence_shape;

// --- issue ---

Outcome<LicenceEnvelope> read_envelope(const Json& claims, const PublicKey& device_key) {
  LicenceEnvelope envelope;
  envelope.device_key = device_key;
  ELICENSE_TRY(envelope.issuer, text_claim(claims, "iss", kShape));
  ELICENSE_TRY(envelope.issued, time_claim(claims, "iat", kShape));
  ELICENSE_TRY(envelope.expires, time_claim(claims, "exp", kShape));
  const Json* status = claims.find("status");
  if (status == nullptr) return field_refusal(kShape, "status", "is missing");
  const Json* list = status->find("status_list");
  if (list == nullptr) return field_refusal(kShape, "status", R"(is not {"status_list": {"idx", "uri"}})");
  ELICENSE_TRY(const std::int64_t index, integer_claim(*list, "idx", kShape));
  if (index < 0) return field_refusal(kShape, "idx", "is negative");
  envelope.status.index = static_cast<std::uint64_t>(index);
  ELICENSE_TRY(envelope.status.uri, text_claim(*list, "uri", kShape));
  return envelope;
}

// All that is not the envelope's. Each member is tried alone, so that a refusal names it.
Outcome<LicenceData> read_data(const Json& claims, Session& session) {
  constexpr std::array<std::string_view, 4> kEnvelope = {"iss", "iat", "exp", "status"};
  Json::Object members;
  for (const auto& [name, value] : *claims.object()) {
    if (std::find(kEnvelope.begin(), kEnvelope.end(), name) != kEnvelope.end()) continue;
    Json kept = value;
    if (name == "portrait") {
      ELICENSE_TRY(const std::string text, text_claim(claims, "portrait", kShape));
      ELICENSE_TRY(const Portrait portrait, portrait_claim(text, session));
      kept = portrait.data_uri();
    }
    const Json alone = Json::Object{{name, kept}};
    ELICENSE_TRY(const LicenceData read, licence_claim(alone, name));
    if (licence_data_claims(read).empty()) return field_refusal(kShape, name, "is not a claim of a licence");
    members.emplace_back(name, std::move(kept));
  }
  auto data = licence_data_from_claims(Json(std::move(members)));
  if (!data.ok()) return refusal(data.error(), "the claims do not make a licence");
  return std::move(data).value();
}

Outcome<Report> issue(const Arguments& arguments, Session& session) {
  ELICENSE_TRY(const PublicKey device_key,
               read_public_key("--holder-key", arguments.required("--holder-key"), session.files));
  ELICENSE_TRY(const SecretKey key, read_secret_key(arguments.required("--key"), session.files));
  ELICENSE_TRY(const Json claims, read_claims(arguments, session));
  ELICENSE_TRY(const LicenceEnvelope envelope, read_envelope(claims, device_key));
  ELICENSE_TRY(const LicenceData data, read_data(claims, session));
  const auto text = issue_licence(envelope, data, key, session.random);
  if (!text.ok()) return refusal(text.error(), "it could not be signed");
  // What a reader would refuse on its first day is not handed out.
  const TrustList own = TrustList::of_pinned_keys({{key_name(key.public_key()), key.public_key()}});
  Checklist checklist;
  const LicencePolicy policy = {
      .now = envelope.issued, .trust = own, .status_lists = nullptr, .key_binding = std::nullopt};
  const auto readable = VerifiedLicence::verify(*text, policy, checklist);
  if (!readable.ok()) return refusal(readable.error(), "no reader would take a licence with these claims");
  return deliver(arguments, {.name = "licence", .text = *text, .readers = Readers::owner});
}

// --- verify ---

struct KeyBindingOptions {
  std::string audience, nonce;
  std::int64_t most_age_seconds = 0;
};

Outcome<std::optional<KeyBindingOptions>> read_key_binding(const Arguments& arguments) {
  const auto audience = arguments.text("--audience");
  const auto nonce = arguments.text("--nonce");
  ELICENSE_TRY(const auto most_age, arguments.count("--max-age"));
  if (!audience && !nonce && !most_age) return std::optional<KeyBindingOptions>();
  if (!audience || !nonce || !most_age) return usage_problem("--audience, --nonce and --max-age go together");
  return std::optional(KeyBindingOptions{.audience = *audience, .nonce = *nonce, .most_age_seconds = *most_age});
}

struct Finding {
  Trust trust;
  std::optional<ErrorCode> error;
  std::vector<CheckStep> steps;
  std::optional<VerifiedLicence> licence;  // when nothing was refused
  std::optional<StatusSet> status;
  std::vector<std::string_view> unchecked;
};

Json licence_json(const VerifiedLicence& licence) {
  const LicenceEnvelope& envelope = licence.envelope();
  Json::Object members{{"iss", envelope.issuer},
                       {"iat", envelope.issued.seconds},
                       {"exp", envelope.expires.seconds},
                       {"holder_key", public_jwk(envelope.device_key)},
                       {"status_list", Json::Object{{"idx", static_cast<std::int64_t>(envelope.status.index)},
                                                    {"uri", envelope.status.uri}}}};
  for (Json::Member& member : licence_data_claims(licence.data())) members.push_back(std::move(member));
  return members;
}

Json finding_json(const Finding& finding) {
  return Json::Object{{"result", finding.licence ? "valid" : "refused"},
                      {"error", error_json(finding.error)},
                      {"licence", finding.licence ? licence_json(*finding.licence) : Json(nullptr)},
                      {"steps", steps_json(finding.trust, finding.steps)},
                      {"unchecked", Json::Array(finding.unchecked.begin(), finding.unchecked.end())},
                      {"status", status_json(finding.status)},
                      {"production", finding.trust.production()}};
}

std::string claim_words(const Json& value) { return value.string() != nullptr ? *value.string() : value.dump(); }

std::string finding_text(const Finding& finding) {
  Lines lines(finding.licence ? "VALID  Signed by the authority and in force." : "REFUSED  Not a licence to rely on.");
  if (finding.licence) {
    lines.add("issuer", finding.licence->envelope().issuer);
    for (const auto& [name, value] : licence_data_claims(finding.licence->data())) {
      const auto& portrait = finding.licence->data().portrait;
      const bool image = name == "portrait" && portrait;
      lines.add(name, image ? std::to_string(portrait->image.size()) + " bytes" : claim_words(value));
    }
  }
  if (finding.status) lines.add("status", status_words(*finding.status));
  for (const std::string_view name : finding.unchecked) lines.add("not checked", name);
  lines.add_failure(finding.error, finding.steps);
  lines.add_demonstration_note(finding.trust);
  return lines.text();
}

Outcome<Report> verify(const Arguments& arguments, Session& session) {
  ELICENSE_TRY(const auto binding, read_key_binding(arguments));
  ELICENSE_TRY(const std::string text, read_token(arguments, session, kMostLicenceBytes));
  ELICENSE_TRY(const UnixTime now, now_of(arguments));
  ELICENSE_TRY(Trust trust, read_trust(arguments, session, now));
  Finding finding{.trust = std::move(trust), .error = {}, .steps = {}, .licence = {}, .status = {}, .unchecked = {}};
  if (!finding.trust.list.ok()) {
    finding.error = finding.trust.list.error();
  } else {
    ELICENSE_TRY(const auto lists, read_status_lists(arguments, session, *finding.trust.list, now));
    LicencePolicy policy = {
        .now = now, .trust = *finding.trust.list, .status_lists = lists ? &*lists : nullptr, .key_binding = {}};
    if (binding) {
      policy.key_binding = KeyBindingPolicy{.audience = binding->audience,
                                            .nonce = binding->nonce,
                                            .now = now,
                                            .most_age_seconds = binding->most_age_seconds};
    }
    Checklist checklist;
    auto licence = VerifiedLicence::verify(text, policy, checklist);
    finding.steps = checklist.steps();
    if (!lists) finding.unchecked.emplace_back("status-list");
    if (!binding) finding.unchecked.emplace_back("key-binding");
    if (licence.ok()) finding.status = licence->status();
    if (!licence.ok()) {
      finding.error = licence.error();
    } else if (finding.status && !finding.status->allows_use()) {
      finding.error = ErrorCode::status_refused;
    } else {
      finding.licence = std::move(licence).value();
    }
  }
  return Report{.exit = finding.licence ? Exit::good : Exit::refused,
                .json = finding_json(finding),
                .text = finding_text(finding)};
}

// --- present ---

std::vector<std::string> split_at_commas(const std::string& text) {
  std::vector<std::string> names;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t comma = std::min(text.find(',', at), text.size());
    names.push_back(text.substr(at, comma - at));
    at = comma + 1;
  }
  return names;
}

Outcome<std::string> bind_to_device(std::string presentation, const PublicKey& device_key, const Arguments& arguments,
                                    Session& session, UnixTime now) {
  const auto path = arguments.text("--key");
  const auto audience = arguments.text("--audience");
  const auto nonce = arguments.text("--nonce");
  if (!path && !audience && !nonce) return presentation;
  if (!path || !audience || !nonce) return usage_problem("--key, --audience and --nonce go together");
  ELICENSE_TRY(const SecretKey key, read_secret_key(*path, session.files));
  if (key.public_key() != device_key) return usage_problem("--key is not the device key of this licence");
  const SigningInput input = key_binding_input(presentation, {.audience = *audience, .nonce = *nonce, .issued = now});
  return bind_key(presentation, input, key.sign(input));
}

Outcome<Report> present(const Arguments& arguments, Session& session) {
  ELICENSE_TRY(const std::string text, read_token(arguments, session, kMostLicenceBytes));
  ELICENSE_TRY(const UnixTime now, now_of(arguments));
  ELICENSE_TRY(const Trust trust, read_trust(arguments, session, now));
  if (!trust.list.ok()) return refusal(trust.list.error(), "the trust list is refused");
  Checklist checklist;
  const LicencePolicy policy = {.now = now, .trust = *trust.list, .status_lists = nullptr, .key_binding = std::nullopt};
  const auto licence = VerifiedLicence::verify(text, policy, checklist);
  if (!licence.ok()) return refusal(licence.error(), "the licence does not verify");
  auto presentation = licence->present(split_at_commas(arguments.required("--claims")));
  if (!presentation.ok()) return refusal(presentation.error(), "the licence does not disclose one of the claims named");
  ELICENSE_TRY(std::string bound, bind_to_device(std::move(presentation).value(), licence->envelope().device_key,
                                                 arguments, session, now));
  return deliver(arguments, {.name = "presentation", .text = std::move(bound), .readers = Readers::owner});
}

Command issue_command() {
  return {.group = "licence",
          .verb = "issue",
          .summary = "sign a licence (SD-JWT VC) bound to a phone's device key",
          .details =
              "Claims (JSON): iss, iat, exp, status {\"status_list\": {\"idx\", \"uri\"}}, and what the licence says, "
              "each to be disclosed\n"
              "on its own: document_number, licence_number, name, sex, nationality, birth_date, address, "
              "first_issue_date,\n"
              "valid_from, valid_until, driving_privileges [{vehicle_category_code, issue_date, expiry_date?}], "
              "issuing_authority,\n"
              "file_number, points, record [{date, text}], portrait (an image file or a data: URI).\n",
          .options = claims_option() + key_option("the authority's secret licence key (mode 0600), or -") +
                     OptionTable{{"--holder-key", "KEY", Presence::required,
                                  "the phone's public key: base64url, or @FILE with a JWK"}} +
                     out_option(),
          .run = issue};
}

Command verify_command() {
  return {
      .group = "licence",
      .verb = "verify",
      .summary = "verify a licence or a presentation of it",
      .details =
          "The answer is \"valid\" or \"refused\" with an error code. With --audience, --nonce and --max-age the "
          "presentation has to be\n"
          "signed by the device key; with --status-list a status that forbids use is refused (status-refused). Without "
          "them\n"
          "the answer says that it was not checked.\n",
      .options = in_option("the licence (default: standard input)") + trust_options() + now_option() +
                 status_list_option() +
                 OptionTable{{"--audience", "AUDIENCE", Presence::optional, "whom the presentation has to be made for"},
                             {"--nonce", "NONCE", Presence::optional, "the nonce it has to answer"},
                             {"--max-age", "SECONDS", Presence::optional, "how old the key binding may be"}},
      .run = verify};
}

}  // namespace

std::vector<Command> licence_commands() {
  const OptionTable present_options =
      OptionTable{{"--claims", "NAME,NAME", Presence::required, "the claims to disclose; \"\" for none"}} +
      in_option("the licence (default: standard input)") + trust_options() + now_option() +
      OptionTable{{"--key", "FILE", Presence::optional, "the secret device key (mode 0600): binds the presentation"},
                  {"--audience", "AUDIENCE", Presence::optional, "whom it is for"},
                  {"--nonce", "NONCE", Presence::optional, "the nonce it answers"}} +
      out_option();
  return {
      issue_command(),
      verify_command(),
      {.group = "licence",
       .verb = "present",
       .summary = "disclose a choice of claims, bound to an audience and a nonce",
       .details =
           "The licence is verified first. --key, --audience and --nonce go together; without them nothing is bound.\n",
       .options = present_options,
       .run = present}};
}

}  // namespace elicense::cli
