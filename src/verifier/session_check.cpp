// A code's way through the session: what this device finds by itself, what the authority says, and what is left when it
// says nothing.
#include <algorithm>

#include "licence/licence.h"
#include "licence/receipt.h"
#include "token/jws.h"
#include "verifier/session.h"

namespace elicense {
namespace {

constexpr JsonLimits kAnswerLimits = {.bytes = kMostCheckAnswerBytes, .depth = 8, .values = 512};
constexpr std::size_t kMostReceiptsSeen = 64;
constexpr std::int64_t kClockTolerance = 60;  // seconds between two clocks of one authority

bool may_need_newer_trust_list(ErrorCode error) {
  return error == ErrorCode::issuer_unknown || error == ErrorCode::key_revoked || error == ErrorCode::key_expired ||
         error == ErrorCode::key_use || error == ErrorCode::trust_list_expired;
}

// Found by this device, and nobody else would find otherwise: not a matter of clocks, nor of what happened since.
bool is_settled(const LiveCodeCheck& check) {
  switch (check.result) {
    case CheckResult::malformed:
    case CheckResult::forged:
    case CheckResult::not_live:
    case CheckResult::revoked:
      return true;
    case CheckResult::unknown_issuer:
      return check.error != ErrorCode::key_expired && check.error != ErrorCode::key_not_yet_valid;
    default:
      return false;
  }
}

// What the authority meant, where this device has not found it too.
std::optional<ErrorCode> error_of(CheckResult result) {
  switch (result) {
    case CheckResult::valid:
      return std::nullopt;
    case CheckResult::stale:
      return ErrorCode::stale;
    case CheckResult::clock:
      return ErrorCode::clock_ahead;
    case CheckResult::not_live:
      return ErrorCode::not_live;
    case CheckResult::expired:
      return ErrorCode::licence_expired;
    case CheckResult::not_usable:
      return ErrorCode::status_refused;
    case CheckResult::already_used:
      return ErrorCode::already_used;
    case CheckResult::revoked:
      return ErrorCode::lease_revoked;
    case CheckResult::forged:
      return ErrorCode::signature;
    case CheckResult::unknown_issuer:
      return ErrorCode::issuer_unknown;
    case CheckResult::malformed:
      return ErrorCode::cose_shape;
  }
  return std::nullopt;
}

std::optional<StatusSet> unless_normal(const StatusSet& status) {
  return status == StatusSet::normal() ? std::nullopt : std::optional(status);
}

Check check_of(const LiveCodeCheck& found) {
  Check check;
  check.result = found.result;
  check.error = found.error;
  check.age = found.age;
  check.confirmed = found.confirmed;
  check.status = found.refused_status;
  if (found.code) {
    check.status = unless_normal(found.code->status());
    check.lease = found.code->lease();
  }
  return check;
}

// The photo is believed when it is the one that the code speaks of; without one the rest stands.
void add_portrait(Check& check, const Json* uri) {
  const PortraitDigest wanted = check.lease->portrait_digest;
  if (uri != nullptr && uri->string() != nullptr) {
    const auto portrait = Portrait::from_data_uri(*uri->string());
    if (portrait && portrait_digest_of(portrait->image) == wanted) {
      check.portrait = portrait->data_uri();
      return;
    }
  }
  check.unchecked.push_back(Unchecked::portrait);
}

}  // namespace

void CheckSession::examine(Moment at) {
  if (!settings_) return conclude_unchecked(at, settings_error_);
  const bool asks = settings_->can_ask() && !shown_->no_answer;
  if (const Status trusted = papers_->may_trust(now(at)); !trusted) {
    // What is no live code at all needs nobody's keys.
    const LiveCodeCheck check = verify(TrustList::of_pinned_keys({}), now(at));
    if (check.result == CheckResult::malformed) return conclude(at, check_of(check));
    if (waits_for_trust_list(at)) return;
    // Over by our own clock, that is: the authority's answer brings its time, and the list is judged by that.
    if (asks && trusted.error() == ErrorCode::trust_list_expired && !is_clock_proven(at)) return ask_authority(at);
    return conclude_without_trust(at, trusted.error());
  }
  const bool is_first_look = asks || may_await_status_list(at);
  LiveCodeCheck check = is_first_look ? verify(papers_->trust(), now(at)) : verify_and_spend(at);
  if (check.error && may_need_newer_trust_list(*check.error) && waits_for_trust_list(at)) return;
  if (is_still_awaited(at, check.error)) return wait_for_next_code();
  if (asks && !is_settled(check)) return ask_authority(at);
  if (is_first_look && check.code) {
    if (waits_for_status_list(at, check.code->lease())) return;
    check = verify_and_spend(at);
  }
  conclude_here(at, check);
}

// Without the digits, while the holder may still be looking for the place to tap them in.
bool CheckSession::is_still_awaited(Moment at, const std::optional<ErrorCode>& error) const {
  return wanted_ && error == ErrorCode::challenge_missing && at.monotonic - wanted_->since < kChallengePatience;
}

bool CheckSession::waits_for_trust_list(Moment at) {
  if (shown_->trust_list_renewed) return false;
  shown_->trust_list_renewed = true;
  if (at.monotonic - list_fetched_ >= kListGap) fetch_trust_list(at);
  if (!is_pending(Asked::trust_list)) return false;
  shown_->stage = Stage::trust_list;
  return true;
}

void CheckSession::conclude_without_trust(Moment at, ErrorCode error) {
  if (error == ErrorCode::trust_list_missing && !list_error_) {
    return conclude_unchecked(at, ErrorCode::authority_unreachable);
  }
  // Whoever issued the code: nobody vouches for them here and now.
  Check check;
  check.result = CheckResult::unknown_issuer;
  check.error = error == ErrorCode::trust_list_missing ? *list_error_ : error;
  conclude(at, std::move(check));
}

LiveCodeCheck CheckSession::verify(const TrustList& trust, UnixTime as_of) const {
  return verify_live_code(shown_->text, {.now = as_of,
                                         .trust = trust,
                                         .status_lists = nullptr,
                                         .spent_codes = nullptr,
                                         .challenge = wanted_ ? std::optional(wanted_->challenge) : std::nullopt});
}

// --- the authority's word -------------------------------------------------------------------------------------------

void CheckSession::judge_answer(Moment at) {
  Result<Check> check = believe(*shown_->answer);
  if (!check) {
    if (may_need_newer_trust_list(check.error()) && waits_for_trust_list(at)) return;
    if (check.error() == ErrorCode::trust_list_expired) return conclude_without_trust(at, check.error());
    return conclude_unchecked(at, check.error());
  }
  if (is_still_awaited(at, check->error)) return wait_for_next_code();
  // For the day when the authority cannot be reached.
  if (settings_->mode == CheckMode::automatic && check->lease) {
    const auto status = check->lease->status_reference();
    if (status && !papers_->has_new_status_list(status->uri, at.monotonic - kListInterval))
      fetch_status_list(at, status->uri);
  }
  conclude(at, std::move(check).value());
}

Status CheckSession::is_plausible(const Answer& answer, UnixTime claimed) const {
  if (const auto known = clock_.now(answer.received)) {
    const std::int64_t difference = claimed - UnixTime{*known / 1000};
    if (difference > kClockTolerance || difference < -kClockTolerance) return ErrorCode::authority_time;
  } else if (claimed + kClockTolerance < papers_->newest_signed()) {
    return ErrorCode::authority_time;
  }
  return Done{};
}

// The receipt answers our own question: the time that it claims is the time to judge it, and the code, by.
Result<ReceiptContent> CheckSession::read_receipt(const Answer& answer, std::string_view text) {
  const auto jws = UnverifiedJws::parse(text, kMostReceiptBytes);
  const auto claimed = jws ? jws->claimed_issue_time() : Result<UnixTime>(ErrorCode::receipt_shape);
  if (!claimed) return ErrorCode::receipt_shape;
  ELICENSE_CHECK(is_plausible(answer, *claimed));
  ELICENSE_CHECK(papers_->may_trust(*claimed));
  Checklist steps;
  ELICENSE_TRY(const VerifiedReceipt receipt, VerifiedReceipt::verify_whatever_it_says(text,
                                                                                       {.now = *claimed,
                                                                                        .trust = papers_->trust(),
                                                                                        .audience = settings_->origin,
                                                                                        .nonce = shown_->nonce,
                                                                                        .required_class = std::nullopt},
                                                                                       steps));
  const ReceiptContent& content = receipt.content();
  const auto asked = content.answer ? std::optional(content.answer->asked) : std::nullopt;
  if (asked != settings_->required_class) return ErrorCode::receipt_question;
  // A partner's own nonce stays the same from code to code.
  if (std::find(receipts_seen_.begin(), receipts_seen_.end(), content.id) != receipts_seen_.end())
    return ErrorCode::receipt_nonce;
  if (receipts_seen_.size() >= kMostReceiptsSeen) receipts_seen_.erase(receipts_seen_.begin());
  receipts_seen_.push_back(content.id);
  clock_.anchor(answer.sent, answer.received, content.issued);
  papers_->hear_signed_time(content.issued);
  return content;
}

Result<Check> CheckSession::believe(const Answer& answer) {
  const auto body = Json::parse(answer.body, kAnswerLimits);
  const Json* const receipt_text = body ? body->find("receipt") : nullptr;
  if (receipt_text == nullptr || receipt_text->string() == nullptr) return ErrorCode::answer_shape;
  ELICENSE_TRY(const ReceiptContent receipt, read_receipt(answer, *receipt_text->string()));
  const LiveCodeCheck found = verify(papers_->trust(), receipt.issued);
  Check check = check_of(found);
  check.by = CheckedBy::authority;
  check.now = receipt.issued;
  check.receipt = *receipt_text->string();
  if (receipt.result != CheckResult::valid) {
    if (receipt.result != found.result) check.error = error_of(receipt.result);
    check.result = receipt.result;
    check.lease.reset();
    if (receipt.status || receipt.result != CheckResult::not_usable) check.status = receipt.status;
    return check;
  }
  if (!found.code) return *found.error;  // whatever the authority says
  check.status = receipt.status;
  if (settings_->required_class) {
    const ClassAnswer own =
        answer_class_question(check.lease->privileges, *settings_->required_class, civil_date_at(receipt.issued));
    if (own.may_drive != receipt.answer->may_drive || own.because() != receipt.answer->because)
      return ErrorCode::receipt_answer;
    check.answer = own;
  }
  check.echo = receipt.echo;
  add_portrait(check, body->find("portrait"));
  spent_.remember(*found.presented, receipt.issued);  // for when the authority cannot be reached any more
  return check;
}

// --- without the authority ------------------------------------------------------------------------------------------

// Nobody waits for a list of an authority that has just been silent.
bool CheckSession::may_await_status_list(Moment at) {
  if (shown_->no_answer || shown_->status_list_asked) return false;
  if (papers_->status_lists(now(at)) != nullptr && !is_reachable_) return false;
  return !papers_->has_new_status_lists(at.monotonic - kListInterval);
}

bool CheckSession::waits_for_status_list(Moment at, const LeaseClaims& lease) {
  const auto status = lease.status_reference();
  if (!status || papers_->has_new_status_list(status->uri, at.monotonic - kListInterval)) return false;
  shown_->status_list_asked = true;
  fetch_status_list(at, status->uri);
  if (!is_pending(Asked::status_list)) return false;
  shown_->stage = Stage::status_list;
  return true;
}

// With all that is at hand. A list that is not is left out, and said: nothing else would be known without any.
LiveCodeCheck CheckSession::verify_and_spend(Moment at) {
  LiveCodePolicy policy = {.now = now(at),
                           .trust = papers_->trust(),
                           .status_lists = papers_->status_lists(now(at)),
                           .spent_codes = &spent_,
                           .challenge = wanted_ ? std::optional(wanted_->challenge) : std::nullopt};
  LiveCodeCheck check = verify_live_code(shown_->text, policy);
  if (check.error != ErrorCode::status_list_missing) return check;
  policy.status_lists = nullptr;
  return verify_live_code(shown_->text, policy);
}

void CheckSession::conclude_here(Moment at, const LiveCodeCheck& found) {
  Check check = check_of(found);
  if (found.code) {
    if (settings_->required_class)
      check.answer = answer_class_question(check.lease->privileges, *settings_->required_class, civil_date_at(now(at)));
    check.unchecked.push_back(Unchecked::replay_elsewhere);
    if (std::find(found.unchecked.begin(), found.unchecked.end(), "status-list") != found.unchecked.end())
      check.unchecked.push_back(Unchecked::status_list);
    check.unchecked.push_back(Unchecked::portrait);
  }
  conclude(at, std::move(check));
}

// --- the end --------------------------------------------------------------------------------------------------------

void CheckSession::wait_for_next_code() { shown_->stage = Stage::done; }

void CheckSession::conclude_unchecked(Moment at, ErrorCode error) {
  Check check;
  check.error = error;
  conclude(at, std::move(check));
}

void CheckSession::conclude(Moment at, Check check) {
  shown_->stage = Stage::done;
  shown_->answer.reset();
  shown_->is_tried_again = !check.result;
  shown_->seen = at.monotonic;
  if (check.by == CheckedBy::this_device) {
    check.now = now(at);
    const bool is_about_time = check.result == CheckResult::valid || check.result == CheckResult::stale ||
                               check.result == CheckResult::clock || check.result == CheckResult::expired;
    if (is_about_time && !is_clock_proven(at)) check.unchecked.push_back(Unchecked::clock);
    if (shown_->no_answer && check.result) check.unchecked.push_back(Unchecked::network);
  }
  if (check.confirmed && settings_) {
    check.confirmed_long_ago = *check.confirmed > settings_->most_confirmation_seconds;
    // The phone has been offline for long, but its licence has been looked up just now.
    if (check.confirmed_long_ago && check.by == CheckedBy::authority) check.confirmed = 0;
  }
  if (check.result == CheckResult::valid) check.age = std::max<std::int64_t>(0, *check.age);  // clocks round
  const bool carried_digits = check.result == CheckResult::valid || check.result == CheckResult::not_usable ||
                              check.result == CheckResult::already_used;
  check.specimen = check.lease && !papers_->is_production();
  put(CardEffect{.card = card_of(check, language_)});
  if (wanted_ && carried_digits) end_challenge();
}

}  // namespace elicense
