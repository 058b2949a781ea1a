// code verify, code inspect, code mint.
#include "base/base64url.h"
#include "cli/presentation.h"
#include "cli/spent_file.h"
#include "codec/base45.h"
#include "codec/qr_code.h"
#include "files/key_files.h"
#include "licence/live_code.h"

namespace elicense::cli {
namespace {

constexpr std::size_t kMostLeaseText = kMostCodeBytes / 3 * 4 + 4;

OptionTable text_options() {
  return OptionTable{{"--text", "TEXT", Presence::optional, "the code's text (default: standard input)"}} +
         in_option("a file with the code's text");
}

Outcome<std::string> read_code(const Arguments& arguments, Session& session) {
  const auto text = arguments.text("--text");
  if (!text) return read_token(arguments, session, kMostCodeCharacters);
  if (arguments.has("--in")) return usage_problem("--text and --in exclude each other");
  return *text;
}

Outcome<std::optional<Challenge>> read_challenge(const Arguments& arguments) {
  const auto digits = arguments.text("--challenge");
  if (!digits) return std::optional<Challenge>();
  const auto challenge = Challenge::parse(*digits);
  if (!challenge.ok()) return usage_problem("--challenge takes two digits");
  return std::optional(*challenge);
}

// --- verify ---

// What was asked and what came out of it; the shell's part of a LiveCodeCheck.
struct Verification {
  Trust trust;
  LiveCodeCheck check;
  std::optional<ClassAnswer> answer;  // when a class was asked for and the code is valid
};

Json licence_json(const VerifiedLiveCode& code) {
  const LeaseClaims& lease = code.lease();
  return Json::Object{{"document_number", lease.document_number},
                      {"name", lease.name},
                      {"nationality", lease.nationality},
                      {"licence_number", lease.masked_licence_number},
                      {"classes", privileges_json(lease.privileges)},
                      {"valid_until", iso_date(lease.valid_until)},
                      {"status", code.status().letters()},
                      {"portrait_digest", to_hex(lease.portrait_digest)}};
}

std::optional<StatusSet> known_status(const LiveCodeCheck& check) {
  return check.code ? std::optional(check.code->status()) : check.refused_status;
}

Json seconds_json(const std::optional<std::int64_t>& seconds) { return seconds ? Json(*seconds) : Json(nullptr); }

Json verification_json(const Verification& verification) {
  const LiveCodeCheck& check = verification.check;
  Json::Array unchecked;
  for (const std::string_view name : check.unchecked) unchecked.emplace_back(name);
  return Json::Object{{"result", check_result_name(check.result)},
                      {"error", error_json(check.error)},
                      {"age", seconds_json(check.age)},
                      {"licence", check.code ? licence_json(*check.code) : Json(nullptr)},
                      {"answer", verification.answer ? class_answer_json(*verification.answer) : Json(nullptr)},
                      {"steps", steps_json(verification.trust, check.steps)},
                      {"confirmed", seconds_json(check.confirmed)},
                      {"unchecked", std::move(unchecked)},
                      {"status", status_json(known_status(check))},
                      {"production", verification.trust.production()}};
}

std::string headline(CheckResult result) {
  std::string word(check_result_name(result));
  for (char& c : word) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return word + "  " + std::string(sentence_for(result));
}

void add_licence(Lines& lines, const VerifiedLiveCode& code) {
  const LeaseClaims& lease = code.lease();
  lines.add("name", lease.name);
  lines.add("licence number", lease.masked_licence_number);
  lines.add("document number", lease.document_number);
  lines.add("nationality", lease.nationality);
  lines.add("classes", privileges_words(lease.privileges));
  lines.add("valid until", iso_date(lease.valid_until));
}

std::string verification_text(const Verification& verification) {
  const LiveCodeCheck& check = verification.check;
  Lines lines(headline(check.result));
  if (check.code) add_licence(lines, *check.code);
  if (const auto status = known_status(check)) lines.add("status", status_words(*status));
  if (verification.answer) {
    const std::string yes_or_no = verification.answer->may_drive ? "yes" : "no";
    lines.add("may drive " + std::string(vehicle_class_info(verification.answer->asked).code),
              yes_or_no + ", " + verification.answer->because());
  }
  if (check.age) lines.add("shown", std::to_string(*check.age) + " s ago");
  if (check.confirmed) lines.add("confirmed", std::to_string(*check.confirmed) + " s ago by the authority");
  for (const std::string_view name : check.unchecked) lines.add("not checked", name);
  const bool list_refused = !verification.trust.list.ok();
  lines.add_failure(check.error, list_refused ? std::vector<CheckStep>{{"trust-list", check.error}} : check.steps);
  lines.add_demonstration_note(verification.trust);
  return lines.text();
}

Outcome<std::optional<VehicleClass>> read_required_class(const Arguments& arguments) {
  const auto code = arguments.text("--requires");
  if (!code) return std::optional<VehicleClass>();
  const auto vehicle_class = parse_vehicle_class(*code);
  if (!vehicle_class.ok()) return usage_problem("--requires takes a vehicle class, such as C1");
  return std::optional(*vehicle_class);
}

Outcome<LiveCodeCheck> check_code(const std::string& text, const Arguments& arguments, Session& session,
                                  const TrustList& trust, SpentFile* spent, UnixTime now) {
  ELICENSE_TRY(const auto challenge, read_challenge(arguments));
  ELICENSE_TRY(const auto status_lists, read_status_lists(arguments, session, trust, now));
  std::optional<SpentCodeFile> spent_codes;
  if (spent != nullptr) spent_codes.emplace(*spent);
  LiveCodeCheck check = verify_live_code(text, {.now = now,
                                                .trust = trust,
                                                .status_lists = status_lists ? &*status_lists : nullptr,
                                                .spent_codes = spent_codes ? &*spent_codes : nullptr,
                                                .challenge = challenge});
  if (spent_codes && spent_codes->problem()) return *spent_codes->problem();
  return check;
}

Outcome<Report> verify(const Arguments& arguments, Session& session) {
  ELICENSE_TRY(const auto required_class, read_required_class(arguments));
  ELICENSE_CHECK(read_challenge(arguments));
  ELICENSE_TRY(const std::string text, read_code(arguments, session));
  std::optional<SpentFile> spent;
  if (const auto path = arguments.text("--seen")) {
    ELICENSE_TRY(spent, SpentFile::open(*path));
  }
  // After the lock, which may have taken its time to come.
  ELICENSE_TRY(const UnixTime now, now_of(arguments));
  ELICENSE_TRY(Trust trust, read_trust(arguments, session, now));
  Verification verification{.trust = std::move(trust), .check = {}, .answer = std::nullopt};
  if (verification.trust.list.ok()) {
    ELICENSE_TRY(verification.check,
                 check_code(text, arguments, session, *verification.trust.list, spent ? &*spent : nullptr, now));
  } else {
    // Whoever issued the code: nobody vouches for them here and now.
    verification.check.result = CheckResult::unknown_issuer;
    verification.check.error = verification.trust.list.error();
  }
  const LiveCodeCheck& check = verification.check;
  if (required_class && check.code) {
    verification.answer = answer_class_question(check.code->lease().privileges, *required_class, civil_date_at(now));
  }
  const bool good = check.result == CheckResult::valid &&
                    (!required_class || (verification.answer && verification.answer->may_drive));
  return Report{.exit = good ? Exit::good : Exit::refused,
                .json = verification_json(verification),
                .text = verification_text(verification)};
}

// --- inspect ---

std::optional<int> qr_version(std::string_view text, QrLevel level) {
  const auto code = qr_encode(text, level);
  return code.ok() ? std::optional(code->version) : std::nullopt;
}

Outcome<Report> inspect(const Arguments& arguments, Session& session) {
  ELICENSE_TRY(const std::string text, read_code(arguments, session));
  const auto bytes = unpack_live_code(text);
  if (!bytes.ok()) return refusal(bytes.error(), "not a live code that can be unpacked");
  const auto document = cbor::Document::parse(*bytes, kLiveCodeCbor);
  if (!document.ok()) return refusal(document.error(), "what is packed in it is not strict CBOR");
  const auto packed = base45_decode(text);
  const std::size_t packed_size = packed.ok() ? packed->size() : 0;
  const std::string notation = cbor::diagnose(document->root(), cbor::ByteStrings::unwrap);
  const auto low = qr_version(text, QrLevel::low);
  const auto medium = qr_version(text, QrLevel::medium);

  const auto version_json = [](const std::optional<int>& version) { return version ? Json(*version) : Json(nullptr); };
  const auto version_words = [](const std::optional<int>& version) {
    return version ? std::to_string(*version) : "too long for one";
  };
  const auto count_json = [](std::size_t count) { return Json(static_cast<std::int64_t>(count)); };
  Json json = Json::Object{{"verified", false},
                           {"characters", count_json(text.size())},
                           {"bytes", count_json(packed_size)},
                           {"inflated", count_json(bytes->size())},
                           {"qr_version", Json::Object{{"L", version_json(low)}, {"M", version_json(medium)}}},
                           {"diagnostic", notation}};
  Lines lines("NOT VERIFIED  Anybody could have made this. Use `elicense code verify` to learn what it is worth.");
  lines.add("characters", std::to_string(text.size()));
  lines.add("bytes", std::to_string(packed_size));
  lines.add("inflated", std::to_string(bytes->size()));
  lines.add("QR version", "level L: " + version_words(low) + ", level M: " + version_words(medium));
  return Report{.exit = Exit::good, .json = std::move(json), .text = lines.text() + printable(notation) + "\n"};
}

// --- mint ---

Outcome<Report> mint(const Arguments& arguments, Session& session) {
  ELICENSE_TRY(const auto challenge, read_challenge(arguments));
  ELICENSE_TRY(const SecretKey key, read_secret_key(arguments.required("--key"), session.files));
  ELICENSE_TRY(const std::string text, session.files.read_line(arguments.required("--lease"), kMostLeaseText));
  const auto encoded = base64url_decode(text);
  if (!encoded.ok()) return refusal(encoded.error(), "the lease is not base64url text");
  auto minter = LiveCodeMinter::from_lease(*encoded);
  if (!minter.ok()) return refusal(minter.error(), "not a lease that a live code can be made from");
  if (minter->holder_key() != key.public_key())
    return usage_problem("--key is not the key that this lease is bound to");
  ELICENSE_TRY(const UnixTime now, now_of(arguments));
  return deliver(arguments, {.name = "code", .text = minter->mint(now, challenge, key), .readers = Readers::owner});
}

}  // namespace

std::vector<Command> code_commands() {
  const OptionTable verify_options =
      text_options() + trust_options() + now_option() +
      OptionTable{
          {"--requires", "CLASS", Presence::optional, "the question: may the holder drive this class today, e.g. C1"},
          {"--seen", "FILE", Presence::optional,
           "codes spent so far: a code is good for one check (made if missing)"}} +
      status_list_option() +
      OptionTable{{"--challenge", "NN", Presence::optional, "the two digits the holder was asked to type"}};
  const OptionTable mint_options =
      OptionTable{{"--lease", "FILE", Presence::required, "the lease, as `lease issue` writes it"}} +
      key_option("the secret key the lease is bound to (mode 0600), or - for standard input") + now_option() +
      OptionTable{{"--challenge", "NN", Presence::optional, "the inspector's two digits"}} + out_option();
  return {
      {.group = "code",
       .verb = "verify",
       .summary = "tell what a live code is worth",
       .details =
           "The answer is one of: valid, stale, clock, not-live, expired, not-usable, already-used, revoked, forged,\n"
           "unknown-issuer, malformed. Personal data is shown with \"valid\" alone. Exit 0 only for a valid code "
           "whose\n"
           "holder may drive the class asked for, if one was.\n"
           "What no option asks for is not checked, and the answer says so: replay without --seen, the status list\n"
           "without --status-list.\n",
       .options = verify_options,
       .run = verify},
      {.group = "code",
       .verb = "inspect",
       .summary = "take a code apart without verifying it",
       .details = "Sizes, QR versions and the CBOR diagnostic notation. It proves nothing and needs no keys.\n",
       .options = text_options(),
       .run = inspect},
      {.group = "code",
       .verb = "mint",
       .summary = "make the text of a live code from a lease and its key",
       .details = {},
       .options = mint_options,
       .run = mint}};
}

}  // namespace elicense::cli
