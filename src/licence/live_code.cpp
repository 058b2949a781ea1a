#include "licence/live_code.h"

#include <array>

#include "codec/base45.h"

namespace elicense {
namespace {

constexpr std::int64_t kIssuedAt = 6;  // within label 15: a CWT claim set (RFC 9597)
constexpr std::int64_t kNonce = 10;

constexpr std::array<std::string_view, 11> kResultNames = {"valid",   "stale",          "clock",        "not-live",
                                                           "expired", "not-usable",     "already-used", "revoked",
                                                           "forged",  "unknown-issuer", "malformed"};

Result<std::string_view> bounded(std::string_view text) {
  if (text.empty() || text.size() > kMostCodeCharacters) return ErrorCode::text_size;
  return text;
}

struct Presentation {
  UnixTime presented;
  std::optional<Challenge> challenge;
};

// Label 15 of the countersignature's protected header: the holder's claims about this presentation.
Result<Presentation> read_presentation(const cbor::Item& header) {
  const auto claims = header.find(cose_label::kCwtClaims);
  if (!claims || claims->kind() != cbor::Kind::map) return ErrorCode::presentation_shape;
  const auto issued = claims->find(kIssuedAt);
  const auto seconds = issued ? issued->integer() : std::nullopt;
  if (!seconds || !is_wire_time(*seconds)) return ErrorCode::presentation_shape;
  Presentation presentation{.presented = UnixTime{*seconds}, .challenge = std::nullopt};
  if (const auto nonce = claims->find(kNonce)) {
    const auto digits = nonce->bytes();
    const auto challenge =
        digits ? Challenge::parse(text_of(*digits)) : Result<Challenge>(ErrorCode::presentation_shape);
    if (!challenge) return ErrorCode::presentation_shape;
    presentation.challenge = *challenge;
  }
  return presentation;
}

Status check_freshness(std::int64_t age) {
  if (age > kOldestSeconds) return ErrorCode::stale;
  if (age < kFreshestSeconds) return ErrorCode::clock_ahead;
  return Done{};
}

Status check_challenge(const std::optional<Challenge>& answered, const Challenge& asked) {
  if (!answered) return ErrorCode::challenge_missing;
  if (*answered != asked) return ErrorCode::challenge_wrong;
  return Done{};
}

}  // namespace

Result<Challenge> Challenge::parse(std::string_view two_digits) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (two_digits.size() != 2 || !is_digit(two_digits[0]) || !is_digit(two_digits[1]))
    return ErrorCode::presentation_shape;
  return Challenge(static_cast<std::uint8_t>((two_digits[0] - '0') * 10 + (two_digits[1] - '0')));
}

std::string Challenge::digits() const {
  return {static_cast<char>('0' + number_ / 10), static_cast<char>('0' + number_ % 10)};
}

Result<LiveCodeMinter> LiveCodeMinter::from_lease(ByteView encoded_lease) {
  ELICENSE_TRY(cbor::Document document, cbor::Document::parse(encoded_lease, kLiveCodeCbor));
  ELICENSE_TRY(const UnverifiedSign1 sign1, UnverifiedSign1::parse(std::move(document)));
  ELICENSE_TRY(const LeaseClaims claims, decode_lease_claims(sign1.payload()));
  if (!claims.holder_key) return ErrorCode::not_live;
  return LiveCodeMinter(sign1.parts(), *claims.holder_key);
}

PresentationDraft LiveCodeMinter::draft(UnixTime presented, const std::optional<Challenge>& challenge) const {
  std::vector<std::pair<cbor::Encoded, cbor::Encoded>> claims;
  claims.emplace_back(cbor::integer(kIssuedAt), cbor::integer(presented.seconds));
  if (challenge) claims.emplace_back(cbor::integer(kNonce), cbor::byte_string(view_of(challenge->digits())));
  std::vector<std::pair<cbor::Encoded, cbor::Encoded>> header;
  header.emplace_back(cbor::integer(cose_label::kCwtClaims), cbor::map(std::move(claims)));
  PresentationDraft draft{.protected_header = ed25519_protected_header(std::move(header)), .signing_input = {}};
  draft.signing_input = lease_.signing_input(draft.protected_header);
  return draft;
}

std::string LiveCodeMinter::finish(const PresentationDraft& draft, const Signature& signature) const {
  const Bytes head = lease_.head({.protected_header = draft.protected_header, .signature = signature});
  return base45_encode(packed_.stream(head));
}

std::string LiveCodeMinter::mint(UnixTime presented, const std::optional<Challenge>& challenge,
                                 const SecretKey& lease_key) const {
  const PresentationDraft presentation = draft(presented, challenge);
  return finish(presentation, lease_key.sign(presentation.signing_input));
}

std::string_view check_result_name(CheckResult result) { return kResultNames[static_cast<std::size_t>(result)]; }

std::optional<CheckResult> check_result_from_name(std::string_view name) {
  for (std::size_t i = 0; i < kResultNames.size(); ++i) {
    if (kResultNames[i] == name) return static_cast<CheckResult>(i);
  }
  return std::nullopt;
}

CheckResult check_result_of(ErrorCode error) {
  switch (error) {
    case ErrorCode::stale:
      return CheckResult::stale;
    case ErrorCode::clock_ahead:
    case ErrorCode::lease_not_yet_valid:
      return CheckResult::clock;
    case ErrorCode::not_live:
    case ErrorCode::challenge_missing:
    case ErrorCode::challenge_wrong:
      return CheckResult::not_live;
    case ErrorCode::lease_expired:
    case ErrorCode::licence_expired:
      return CheckResult::expired;
    case ErrorCode::status_refused:
    case ErrorCode::status_list_missing:  // not usable here: nobody can say that it is
    case ErrorCode::status_list_index:
      return CheckResult::not_usable;
    case ErrorCode::already_used:
      return CheckResult::already_used;
    case ErrorCode::lease_revoked:
    case ErrorCode::key_revoked:
      return CheckResult::revoked;
    case ErrorCode::signature:
    case ErrorCode::countersignature:
      return CheckResult::forged;
    case ErrorCode::issuer_unknown:
    case ErrorCode::issuer_mismatch:
    case ErrorCode::key_use:
    case ErrorCode::key_not_yet_valid:
    case ErrorCode::key_expired:
    case ErrorCode::root_unknown:
    case ErrorCode::trust_list_not_yet_valid:
    case ErrorCode::trust_list_expired:
    case ErrorCode::trust_list_rollback:
      return CheckResult::unknown_issuer;
    default:
      return CheckResult::malformed;
  }
}

Result<Bytes> unpack_live_code(std::string_view text) {
  ELICENSE_CHECK(bounded(text));
  ELICENSE_TRY(const Bytes packed, base45_decode(text));
  return zlib_inflate(packed, kMostCodeBytes);
}

// One verification: what is proved so far goes into the check as soon as it is proved.
class LiveCodeVerification {
 public:
  explicit LiveCodeVerification(const LiveCodePolicy& policy) : policy_(policy) {}

  LiveCodeCheck run(std::string_view text) {
    Result<VerifiedLiveCode> code = verify(text);
    check_.steps = checklist_.steps();
    if (policy_.status_lists == nullptr) check_.unchecked.emplace_back("status-list");
    if (policy_.spent_codes == nullptr) check_.unchecked.emplace_back("replay");
    if (code.ok()) {
      check_.result = CheckResult::valid;
      check_.code = std::move(code).value();
    } else {
      check_.error = code.error();
      check_.result = check_result_of(code.error());
    }
    return std::move(check_);
  }

 private:
  Result<VerifiedLiveCode> verify(std::string_view text) {
    ELICENSE_CHECK(checklist_.note("size", bounded(text)));
    ELICENSE_TRY(const Bytes packed, checklist_.note("base45", base45_decode(text)));
    ELICENSE_TRY(const Bytes bytes, checklist_.note("inflate", zlib_inflate(packed, kMostCodeBytes)));
    ELICENSE_TRY(cbor::Document document, checklist_.note("cbor", cbor::Document::parse(bytes, kLiveCodeCbor)));
    ELICENSE_TRY(const UnverifiedSign1 sign1, checklist_.note("cose", UnverifiedSign1::parse(std::move(document))));
    ELICENSE_TRY(VerifiedLease lease, VerifiedLease::verify(sign1, policy_.trust, policy_.now, checklist_));
    check_.confirmed = policy_.now - lease.claims().issued;
    ELICENSE_TRY(const Presentation presentation, verify_presentation(sign1, lease.claims()));
    check_.presented = SpentCode{.lease = lease.claims().id, .presented = presentation.presented};
    ELICENSE_TRY(const StatusSet status, verify_status(lease.claims()));
    if (policy_.spent_codes != nullptr)
      ELICENSE_CHECK(checklist_.note("replay", policy_.spent_codes->spend(*check_.presented, policy_.now)));
    return VerifiedLiveCode(std::move(lease), presentation.presented, status);
  }

  Result<Presentation> verify_presentation(const UnverifiedSign1& sign1, const LeaseClaims& lease) {
    const auto find_countersignature = [&]() -> Result<UnverifiedCountersignature> {
      ELICENSE_TRY(auto found, sign1.countersignature());
      if (!found || !lease.holder_key) return ErrorCode::not_live;
      return std::move(*found);
    };
    const auto prove = [&](const UnverifiedCountersignature& countersignature) -> Result<Presentation> {
      ELICENSE_CHECK(sign1.verify_countersignature(countersignature, *lease.holder_key));
      return read_presentation(countersignature.header.root());
    };
    ELICENSE_TRY(const auto countersignature, checklist_.note("live", find_countersignature()));
    ELICENSE_TRY(const Presentation presentation, checklist_.note("countersignature", prove(countersignature)));
    check_.age = policy_.now - presentation.presented;
    ELICENSE_CHECK(checklist_.note("freshness", check_freshness(*check_.age)));
    if (policy_.challenge) {
      ELICENSE_CHECK(checklist_.note("challenge", check_challenge(presentation.challenge, *policy_.challenge)));
    }
    return presentation;
  }

  Result<StatusSet> verify_status(const LeaseClaims& lease) {
    const auto in_lease = [&]() -> Result<StatusSet> {
      // Past its last day a licence is good for one reason alone: its renewal is postponed.
      const bool is_over = lease.valid_until < civil_date_at(policy_.now);
      if (is_over && !lease.status.has('N')) return ErrorCode::licence_expired;
      return allowed(lease.status);
    };
    const auto in_list = [&]() -> Result<StatusSet> {
      const auto reference = lease.status_reference();
      if (!reference) return ErrorCode::status_list_missing;
      ELICENSE_TRY(const std::uint8_t value, policy_.status_lists->find(*reference));
      if (value == status_value::kInvalid) return ErrorCode::lease_revoked;
      ELICENSE_TRY(const StatusSet listed, status_of_list_value(value));
      ELICENSE_TRY(const StatusSet status, allowed(listed));
      return status == StatusSet::normal() ? lease.status : status;
    };
    ELICENSE_TRY(StatusSet status, checklist_.note("status", in_lease()));
    if (policy_.status_lists != nullptr) {
      ELICENSE_TRY(status, checklist_.note("status-list", in_list()));
    }
    return status;
  }

  Result<StatusSet> allowed(StatusSet status) {
    if (status.allows_use()) return status;
    check_.refused_status = status;
    return ErrorCode::status_refused;
  }

  const LiveCodePolicy& policy_;
  Checklist checklist_;
  LiveCodeCheck check_;
};

LiveCodeCheck verify_live_code(std::string_view text, const LiveCodePolicy& policy) {
  return LiveCodeVerification(policy).run(text);
}

}  // namespace elicense
