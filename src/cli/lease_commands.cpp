// lease issue.
#include <algorithm>

#include "base/base64url.h"
#include "cli/claims.h"
#include "files/key_files.h"
#include "licence/lease.h"
#include "licence/masking.h"
#include "token/jwk.h"

namespace elicense::cli {
namespace {

constexpr ErrorCode kShape = ErrorCode::lease_shape;

// Starts from claims that the library takes and puts in one field after the other: the first after which the library
// refuses its own encoding is the field at fault. So the limits stay where they live, and a refusal still has a name.
class LeaseReader {
 public:
  LeaseReader(const Json& claims, Session& session) : claims_(claims), session_(session) {
    lease_.issuer = lease_.document_number = lease_.name = lease_.nationality = lease_.masked_licence_number = "-";
    lease_.expires = UnixTime{1};
  }

  Outcome<LeaseClaims> read() {
    ELICENSE_CHECK(refuse_unknown_claims(
        claims_,
        {"iss", "iat", "nbf", "exp", "cti", "holder_key", "document_number", "name", "nationality", "licence_number",
         "driving_privileges", "valid_until", "status", "portrait", "status_index"},
        kShape));
    ELICENSE_CHECK(put("iss", lease_.issuer, text_claim(claims_, "iss", kShape)));
    ELICENSE_CHECK(read_times());
    ELICENSE_CHECK(read_id());
    ELICENSE_CHECK(read_holder_key());
    ELICENSE_CHECK(read_person());
    ELICENSE_CHECK(read_status());
    ELICENSE_CHECK(read_portrait());
    return lease_;
  }

 private:
  Outcome<Done> accepted(std::string_view field) const {
    const auto decoded = decode_lease_claims(encode_lease_claims(lease_));
    if (!decoded.ok()) return field_refusal(decoded.error(), field, "is not as a lease may have it");
    return Done{};
  }

  template <class T, class U>
  Outcome<Done> put(std::string_view field, T& member, Outcome<U> value) {
    ELICENSE_TRY(member, std::move(value));
    return accepted(field);
  }

  Outcome<Done> read_times() {
    ELICENSE_TRY(const UnixTime issued, time_claim(claims_, "iat", kShape));
    lease_.issued = lease_.not_before = issued;
    lease_.expires = issued + 1;
    ELICENSE_CHECK(accepted("iat"));
    if (claims_.find("nbf") != nullptr) {
      ELICENSE_TRY(lease_.not_before, time_claim(claims_, "nbf", kShape));
      lease_.expires = std::max(lease_.issued, lease_.not_before) + 1;
      if (lease_.not_before < lease_.issued) lease_.expires = lease_.issued;
      ELICENSE_CHECK(accepted("nbf"));
    }
    return put("exp", lease_.expires, time_claim(claims_, "exp", kShape));
  }

  Outcome<Done> read_id() {
    if (claims_.find("cti") == nullptr) {
      session_.random.fill(lease_.id);
      return Done{};
    }
    ELICENSE_TRY(const std::string text, text_claim(claims_, "cti", kShape));
    const auto id = from_hex(text);
    if (!id || id->size() != lease_.id.size()) return field_refusal(kShape, "cti", "is not 8 bytes in hex");
    std::copy(id->begin(), id->end(), lease_.id.begin());
    return Done{};
  }

  Outcome<Done> read_holder_key() {
    if (claims_.find("holder_key") == nullptr) return Done{};  // a plain Claim 169: no live code can be made from it
    ELICENSE_TRY(const std::string text, text_claim(claims_, "holder_key", kShape));
    const auto bytes = base64url_decode(text);
    const auto key = bytes.ok() ? PublicKey::from(*bytes) : Result<PublicKey>(bytes.error());
    if (!key.ok()) return field_refusal(key.error(), "holder_key", "is not a public key (32 bytes in base64url)");
    lease_.holder_key = *key;
    return accepted("holder_key");
  }

  template <class T>
  static Outcome<T> given(T value) {
    return value;
  }

  Outcome<Done> read_person() {
    ELICENSE_TRY(const LicenceData document, licence_claim(claims_, "document_number"));
    ELICENSE_CHECK(put("document_number", lease_.document_number, given(*document.document_number)));
    ELICENSE_TRY(const LicenceData person, licence_claim(claims_, "name"));
    ELICENSE_CHECK(put("name", lease_.name, given(*person.name)));
    ELICENSE_TRY(const LicenceData nation, licence_claim(claims_, "nationality"));
    ELICENSE_CHECK(put("nationality", lease_.nationality, given(*nation.nationality)));
    ELICENSE_TRY(const LicenceData number, licence_claim(claims_, "licence_number"));
    ELICENSE_CHECK(put("licence_number", lease_.masked_licence_number, given(mask_number(*number.licence_number))));
    ELICENSE_TRY(const LicenceData classes, licence_claim(claims_, "driving_privileges"));
    ELICENSE_CHECK(put("driving_privileges", lease_.privileges, given(*classes.driving_privileges)));
    ELICENSE_TRY(const LicenceData validity, licence_claim(claims_, "valid_until"));
    return put("valid_until", lease_.valid_until, given(*validity.valid_until));
  }

  Outcome<Done> read_status() {
    ELICENSE_TRY(const std::string letters, text_claim(claims_, "status", kShape));
    const auto status = StatusSet::parse(letters);
    if (!status.ok()) return field_refusal(status.error(), "status", "is not a set of status letters");
    lease_.status = *status;
    if (claims_.find("status_index") == nullptr) return accepted("status");
    ELICENSE_TRY(const std::int64_t index, integer_claim(claims_, "status_index", kShape));
    if (index < 0) return field_refusal(kShape, "status_index", "is negative");
    lease_.status_index = static_cast<std::uint64_t>(index);
    return accepted("status_index");
  }

  Outcome<Done> read_portrait() {
    ELICENSE_TRY(const std::string text, text_claim(claims_, "portrait", kShape));
    const auto digest = from_hex(text);
    if (digest && digest->size() == lease_.portrait_digest.size()) {
      std::copy(digest->begin(), digest->end(), lease_.portrait_digest.begin());
      return Done{};
    }
    ELICENSE_TRY(const Portrait portrait, portrait_claim(text, session_));
    lease_.portrait_digest = portrait_digest_of(portrait.image);
    return Done{};
  }

  const Json& claims_;
  Session& session_;
  LeaseClaims lease_;
};

Outcome<Report> issue(const Arguments& arguments, Session& session) {
  ELICENSE_TRY(const SecretKey key, read_secret_key(arguments.required("--key"), session.files));
  ELICENSE_TRY(const Json claims, read_claims(arguments, session));
  ELICENSE_TRY(const LeaseClaims lease, LeaseReader(claims, session).read());
  const std::string kid = arguments.text("--kid").value_or(key_name(key.public_key()));
  const auto issued = issue_lease(lease, kid, key);
  if (!issued.ok()) return refusal(issued.error(), "it could not be signed");
  return deliver(arguments, {.name = "lease", .text = base64url_encode(issued->encode()), .readers = Readers::owner});
}

}  // namespace

std::vector<Command> lease_commands() {
  return {
      {.group = "lease",
       .verb = "issue",
       .summary = "sign a lease: who may show a live code, with which key, until when",
       .details = "Claims (JSON): iss, iat, nbf (default iat), exp; cti (8 bytes in hex, default random); holder_key "
                  "(base64url;\n"
                  "without it no live code can be made); document_number, name, nationality, licence_number (is masked "
                  "here),\n"
                  "driving_privileges [{vehicle_category_code, issue_date, expiry_date?}], valid_until (2031-05-05), "
                  "status (letters);\n"
                  "portrait (an image file, a data: URI, or its digest: 16 bytes in hex), status_index (optional).\n"
                  "The lease is written as base64url text.\n",
       .options =
           claims_option() + key_option("the authority's secret lease key (mode 0600), or -") +
           OptionTable{{"--kid", "KID", Presence::optional, "the key's name in the trust list (default: its own)"}} +
           out_option(),
       .run = issue}};
}

}  // namespace elicense::cli
