// trust-list sign, trust-list verify.
#include "cli/claims.h"
#include "cli/presentation.h"
#include "cli/trust.h"
#include "files/key_files.h"

namespace elicense::cli {
namespace {

// The library gives one code for the whole list: the entry at fault is found by trying each in a list of its own.
std::string entry_at_fault(const Json& claims) {
  const Json* keys = claims.find("keys");
  if (keys == nullptr || keys->array() == nullptr) return "";
  Json::Object members;
  for (const Json::Member& member : *claims.object()) {
    if (member.first != "keys") members.push_back(member);
  }
  for (std::size_t i = 0; i < keys->array()->size(); ++i) {
    Json::Object alone = members;
    alone.emplace_back("keys", Json::Array{});
    if (!trust_list_from_claims(alone).ok()) return "";  // it is not about the keys
    alone.back().second = Json::Array{(*keys->array())[i]};
    if (!trust_list_from_claims(alone).ok()) return "keys[" + std::to_string(i) + "]";
  }
  return "keys";
}

Outcome<Report> sign(const Arguments& arguments, Session& session) {
  ELICENSE_TRY(const SecretKey root, read_secret_key(arguments.required("--key"), session.files));
  ELICENSE_TRY(const Json claims, read_claims(arguments, session));
  const auto content = trust_list_from_claims(claims);
  if (!content.ok()) return field_refusal(content.error(), entry_at_fault(claims), "is not as a trust list has it");
  const auto text = sign_trust_list(*content, root);
  if (!text.ok()) return refusal(text.error(), "it could not be signed");
  // What a reader would refuse on its first day is not handed out.
  const auto readable =
      TrustList::verify(*text, {root.public_key()}, {.now = content->issued, .newest_sequence_seen = std::nullopt});
  if (!readable.ok()) return refusal(readable.error(), "no reader would take this list");
  return deliver(arguments, {.name = "trust_list", .text = *text, .readers = Readers::everybody});
}

Report report_on(const Result<TrustList>& list) {
  const Trust trust{.list = list, .pinned = false};
  const std::optional<ErrorCode> error = list.ok() ? std::nullopt : std::optional(list.error());
  Json json = Json::Object{{"result", list.ok() ? "valid" : "refused"},
                           {"error", error_json(error)},
                           {"trust_list", list.ok() ? trust_list_claims(list->content()) : Json(nullptr)},
                           {"steps", steps_json(trust, {})},
                           {"production", trust.production()}};
  Lines lines(list.ok() ? "VALID  Signed by a root that is trusted here, and in force."
                        : "REFUSED  Not a trust list to go by.");
  if (list.ok()) {
    lines.add("issuer", list->content().issuer);
    lines.add("seq", std::to_string(list->content().sequence));
    for (const IssuerKey& key : list->content().keys) {
      std::string uses;
      for (const KeyUse use : key.uses) uses += (uses.empty() ? "" : ", ") + std::string(key_use_name(use));
      lines.add("key " + key.kid, uses + (key.revoked ? ", REVOKED" : ""));
    }
  }
  lines.add_failure(error, {});
  lines.add_demonstration_note(trust);
  return {.exit = list.ok() ? Exit::good : Exit::refused, .json = std::move(json), .text = lines.text()};
}

Outcome<Report> verify(const Arguments& arguments, Session& session) {
  ELICENSE_TRY(const std::string text, read_token(arguments, session, kMostTrustListFile));
  ELICENSE_TRY(const UnixTime now, now_of(arguments));
  ELICENSE_TRY(const Result<TrustList> list, verify_trust_list(text, arguments, session, now));
  return report_on(list);
}

}  // namespace

std::vector<Command> trust_list_commands() {
  return {{.group = "trust-list",
           .verb = "sign",
           .summary = "sign the list of an authority's keys with a root key",
           .details = "Claims (JSON): iss, iat, exp, seq (higher with every list), production (true or false),\n"
                      "keys [{kid, kty, crv, x, use [licence|lease|status|receipt], nbf, exp, revoked?}].\n",
           .options = claims_option() + key_option("the secret root key (mode 0600), or -") + out_option(),
           .run = sign},
          {.group = "trust-list",
           .verb = "verify",
           .summary = "verify a trust list and show what it says",
           .details = "Keep the seq it shows and give it as --seq-seen the next time: an older list is then refused.\n",
           .options = in_option("the trust list (default: standard input)") + root_options() + now_option(),
           .run = verify}};
}

}  // namespace elicense::cli
