#include "client/session.h"

#include <algorithm>

#include "client/kept.h"
#include "client/state_words.h"

namespace elicense {
namespace {

constexpr std::size_t kLongestSecret = 8192;  // codes and tokens of the host
constexpr std::int64_t kPatience = 1500;      // milliseconds for a first answer, before what was kept is shown
constexpr std::int64_t kHintGap = 2000;       // milliseconds between renewals that hints begin
constexpr std::int64_t kSignedBackwards = 5;  // seconds that two servers of one authority may differ
constexpr int kMostMismatches = 2;            // data may change between lease and licence, but not each time
constexpr int kMostKeyFailures = 3;

std::string_view text_named(const KeptThings& kept, std::string_view name) {
  for (const auto& [kept_name, text] : kept.texts) {
    if (kept_name == name) return text;
  }
  return {};
}

const PublicKey* key_in(const KeptThings& kept, std::string_view slot) {
  for (const auto& [kept_slot, key] : kept.keys) {
    if (kept_slot == slot) return &key;
  }
  return nullptr;
}

}  // namespace

ViewerSession::ViewerSession(PinnedAuthority authority, RandomSource& random)
    : random_(random),
      account_(authority.origin, random, exchanges_, clock_),
      documents_(authority.origin, std::move(authority.roots)),
      renewal_(account_, exchanges_, *this),
      codes_(exchanges_, [this](Moment at) { lease_key_failed(at); }) {}

// --- events ---------------------------------------------------------------------------------------------------------

void ViewerSession::start(Moment at, const KeptThings& kept, Language language) {
  if (started_) return;
  started_ = true;
  language_ = language;
  take_kept(at, kept);
  settle(at);
}

void ViewerSession::code(Moment at, std::string code) {
  if (code.empty() || code.size() > kLongestSecret) return;
  account_.code = std::move(code);
  if (over_ || access_ended_ || !documents_.lease()) {
    over_ = std::nullopt;
    key_failures_ = 0;
    access_ended_ = false;
    renewals_.plan(at.monotonic);
  }  // else it waits for the day on which the refresh token is no longer taken
  settle(at);
}

void ViewerSession::token(Moment at, std::string token) {
  if (token.empty() || token.size() > kLongestSecret) return;
  const bool changes = account_.access_token != token;
  account_.access_token = std::move(token);
  access_changed();
  if (changes && (access_ended_ || !documents_.lease())) {
    access_ended_ = false;
    renewals_.plan(at.monotonic);
  }
  settle(at);
}

void ViewerSession::key_made(Moment at, std::int64_t id, const PublicKey& key) {
  clock_.check(at);
  exchanges_.key_made(id, key, at);
  settle(at);
}

void ViewerSession::signature_made(Moment at, std::int64_t id, const Signature& signature) {
  clock_.check(at);
  exchanges_.signature_made(id, signature, at);
  settle(at);
}

void ViewerSession::answered(Moment at, std::int64_t id, int status, std::optional<std::string> date,
                             std::string body) {
  notice_lost_time(at);  // first: an answer to a question from before the loss does not bound the time
  exchanges_.answered(id, status, std::move(date), std::move(body), at);
  settle(at);
}

void ViewerSession::received(Moment at, std::int64_t id, std::string_view text) {
  exchanges_.received(id, text, at);
  settle(at);
}

void ViewerSession::failed(Moment at, std::int64_t id, FailureCause cause) {
  exchanges_.failed(id, cause, at);
  settle(at);
}

void ViewerSession::shown(Moment at) {
  if (!visible_) {
    visible_ = true;
    patience_until_ = at.monotonic + kPatience;
    clock_.check(at);
    // The stream was closed: what happened meanwhile is not told again, the next lease tells it.
    renewals_.stop();
    renew_soon(at);
    streams_.plan(at.monotonic);
  }
  settle(at);
}

void ViewerSession::hidden(Moment at) {
  visible_ = false;
  renewal_.give_up();
  renewals_.stop();
  exchanges_.cancel(Flow::stream);
  exchanges_.cancel(Flow::checks);
  checks_ = std::nullopt;
  codes_.clear();
  settle(at);
}

void ViewerSession::disturbed(Moment at) {
  clock_.disturb(at);
  settle(at);
}

void ViewerSession::network(Moment at) {
  streams_.bring_forward(at.monotonic);
  renew_soon(at);
  settle(at);
}

void ViewerSession::refresh(Moment at) {
  if (over_ == ViewerReason::key_lost && account_.has_a_way_in()) {
    over_ = std::nullopt;
    key_failures_ = 0;
  }
  renew_soon(at);
  settle(at);
}

void ViewerSession::wake(Moment at) {
  wake_ = std::nullopt;  // spent, even where a timer rings a millisecond early
  settle(at);
}

void ViewerSession::set_language(Moment at, Language language) {
  language_ = language;
  settle(at);
}

// --- what earlier sessions have kept --------------------------------------------------------------------------------

void ViewerSession::take_kept(Moment at, const KeptThings& kept) {
  if (const PublicKey* const device = key_in(kept, kDeviceSlot)) account_.device_key = *device;
  if (const auto time = kept_time(text_named(kept, kept_name::kTime))) {
    newest_signed_ = time->newest_signed;
    if (time->trust_list_sequence) documents_.remember_sequence(*time->trust_list_sequence);
    if (time->anchor) clock_.resume(*time->anchor, at);
  }
  if (const auto account = kept_account(text_named(kept, kept_name::kAccount))) {
    account_.access_token = account->access_token;
    account_.refresh_token = account->refresh_token;
    // Tokens and licence are bound to the device key: without it they are worth nothing.
    if (!account_.device_key) end_phone(ViewerReason::key_lost);
  }
  if (account_.device_key) take_kept_papers(kept);
  for (const auto& [slot, key] : kept.keys) {
    const bool is_held = documents_.lease() && documents_.lease()->slot == slot;
    if (slot != kDeviceSlot && !is_held) exchanges_.put(ForgetKeyEffect{.slot = slot});
  }
}

// Verified again, as of the time at which the authority last signed. How old they may be is a question of the state.
void ViewerSession::take_kept_papers(const KeptThings& kept) {
  const std::string_view trust_text = text_named(kept, kept_name::kTrustList);
  const auto lease = kept_lease(text_named(kept, kept_name::kLease));
  const std::string_view licence_text = text_named(kept, kept_name::kLicence);
  // The time is kept last: without it the rest was cut short, and nothing says as of when to check it.
  if (trust_text.empty() || !lease || newest_signed_.seconds == 0) return;
  auto list = documents_.check_trust_list(trust_text, newest_signed_);
  if (!list) {
    lease_error_ = list.error();
    return;
  }
  documents_.hold_trust_list(std::move(list).value(), std::string(trust_text));
  const PublicKey* const lease_key = key_in(kept, lease->slot);
  if (lease_key == nullptr) return;  // a key store in memory alone: there will be a new lease
  auto verified = documents_.check_lease(lease->encoded, *documents_.trust(), newest_signed_, *lease_key);
  if (!verified) {
    lease_error_ = verified.error();
    return;
  }
  if (!codes_.use(lease->encoded, lease->slot)) return;
  documents_.hold_lease({.lease = std::move(verified).value(), .encoded = lease->encoded, .slot = lease->slot});
  if (licence_text.empty()) return;
  auto licence = documents_.check_licence(licence_text, newest_signed_, *account_.device_key);
  if (!licence) {
    licence_error_ = licence.error();
    return;
  }
  if (!Documents::agree(documents_.lease()->lease.claims(), licence->data())) return;
  documents_.hold_licence(std::move(licence).value(), std::string(licence_text));
  ++generation_;
}

// --- what arrives ---------------------------------------------------------------------------------------------------

Verdict ViewerSession::lease_arrived(const ArrivedLease& arrived) {
  const auto refuse = [this](ErrorCode error) {
    lease_error_ = error;
    return Verdict::refused;
  };
  // It is bound to a key that was made for this request: the time it claims is the time to judge it by.
  const auto claimed = Documents::claimed_time(arrived.encoded);
  if (!claimed) return refuse(claimed.error());
  std::optional<TrustList> list = documents_.trust();
  if (arrived.trust_list) {
    auto checked = documents_.check_trust_list(*arrived.trust_list, *claimed);
    if (!checked) return refuse(checked.error());
    list = std::move(checked).value();
  }
  if (!list) return Verdict::newer_trust_list_wanted;
  auto lease = documents_.check_lease(arrived.encoded, *list, *claimed, arrived.key);
  if (!lease) {
    if (!arrived.trust_list && may_need_newer_trust_list(lease.error())) return Verdict::newer_trust_list_wanted;
    return refuse(lease.error());
  }
  if (*claimed + kSignedBackwards < newest_signed_) return refuse(ErrorCode::authority_time);
  if (const auto usable = codes_.use(arrived.encoded, arrived.slot); !usable) return refuse(usable.error());
  if (arrived.trust_list) {
    documents_.hold_trust_list(std::move(*list), *arrived.trust_list);
    trust_list_fetched_ = arrived.received.monotonic;
    exchanges_.put(KeepEffect{.name = kept_name::kTrustList, .text = documents_.trust_text()});
  }
  accept(arrived, std::move(lease).value());
  return Verdict::accepted;
}

void ViewerSession::accept(const ArrivedLease& arrived, VerifiedLease lease) {
  const std::optional<std::string> old_slot =
      documents_.lease() ? std::optional(documents_.lease()->slot) : std::nullopt;
  clock_.anchor(arrived.sent, arrived.received, lease.claims().issued);
  newest_signed_ = std::max(newest_signed_, lease.claims().issued);
  if (documents_.licence() && !Documents::agree(lease.claims(), documents_.licence()->data())) drop_licence();
  documents_.hold_lease({.lease = std::move(lease), .encoded = arrived.encoded, .slot = arrived.slot});
  lease_error_ = std::nullopt;
  exchanges_.put(KeepEffect{.name = kept_name::kLease,
                            .text = text_of_kept(KeptLease{.encoded = arrived.encoded, .slot = arrived.slot})});
  keep_time(arrived.received);
  if (old_slot) exchanges_.put(ForgetKeyEffect{.slot = *old_slot});  // only now: the new lease is kept
  recheck_papers(arrived.received);
}

Verdict ViewerSession::licence_arrived(Moment at, const std::string& text) {
  auto licence = documents_.check_licence(text, paper_time(at), *account_.device_key);
  if (!licence) {
    const bool list_is_new = trust_list_fetched_ && *trust_list_fetched_ >= renewal_.started();
    if (may_need_newer_trust_list(licence.error()) && !list_is_new) {
      trust_list_fetched_ = std::nullopt;
      drop_licence();
      return Verdict::accepted;  // not held: asked for again, with the list
    }
    licence_error_ = licence.error();
    return Verdict::refused;
  }
  if (const auto same = Documents::agree(documents_.lease()->lease.claims(), licence->data()); !same) {
    drop_licence();
    if (++mismatches_ < kMostMismatches) return Verdict::accepted;
    licence_error_ = same.error();
    return Verdict::refused;
  }
  if (text != documents_.licence_text()) {
    ++generation_;
    exchanges_.put(KeepEffect{.name = kept_name::kLicence, .text = text});
    documents_.hold_licence(std::move(licence).value(), text);
  }
  licence_error_ = std::nullopt;
  licence_outdated_ = false;
  mismatches_ = 0;
  return Verdict::accepted;
}

void ViewerSession::access_changed() {
  const KeptAccount account = {.access_token = account_.access_token, .refresh_token = account_.refresh_token};
  exchanges_.put(KeepEffect{.name = kept_name::kAccount, .text = text_of_kept(account)});
}

void ViewerSession::renewal_ended(Moment at, RenewalEnd end) {
  first_renewal_ended_ = true;
  last_renewal_failed_ = end != RenewalEnd::done && end != RenewalEnd::refused;
  switch (end) {
    case RenewalEnd::done:
      return renewal_done(at);
    case RenewalEnd::no_key:
      if (++key_failures_ >= kMostKeyFailures) over_ = ViewerReason::key_lost;
      break;
    case RenewalEnd::refused:
    case RenewalEnd::unreachable:
      break;
    case RenewalEnd::access_ended:
      access_ended_ = true;
      exchanges_.put(ErrorEffect{.code = "access-token", .words = std::string(access_token_words().in(language_))});
      return renewals_.stop();
    case RenewalEnd::phone_ended:
      return end_phone(ended_by_);
  }
  again_ = false;
  renewals_.failed(at.monotonic, random_);
}

void ViewerSession::renewal_done(Moment at) {
  confirmed_at_ = at.monotonic;
  key_failures_ = 0;
  const bool is_complete = clock_.now(at) && !wants(at).licence;
  const bool at_once = std::exchange(again_, false) || (!is_complete && followups_++ < kMostMismatches);
  if (is_complete) followups_ = 0;
  if (!is_complete && !at_once) return renewals_.failed(at.monotonic, random_);
  renewals_.succeeded();
  renewals_.plan(at_once ? at.monotonic : at.monotonic + kRenewalInterval);
}

void ViewerSession::lease_key_failed(Moment at) {
  if (codes_.key_failures() >= kMostKeyFailures) {
    over_ = ViewerReason::key_lost;
    return;
  }
  renew_soon(at);
}

void ViewerSession::drop_licence() {
  documents_.drop_licence();
  licence_outdated_ = true;
}

void ViewerSession::end_phone(ViewerReason reason) {
  over_ = reason;
  renewal_.cut_off();
  exchanges_.cancel(Flow::stream);
  exchanges_.cancel(Flow::checks);
  checks_ = std::nullopt;
  notice_ = std::nullopt;
  codes_.clear();
  if (documents_.lease()) exchanges_.put(ForgetKeyEffect{.slot = documents_.lease()->slot});
  exchanges_.put(ForgetKeyEffect{.slot = std::string(kDeviceSlot)});
  for (const std::string_view name :
       {kept_name::kAccount, kept_name::kTrustList, kept_name::kLease, kept_name::kLicence, kept_name::kTime}) {
    exchanges_.put(KeepEffect{.name = name, .text = std::nullopt});
  }
  account_.forget_tokens();
  account_.device_key = std::nullopt;
  documents_.clear();
  lease_error_ = licence_error_ = std::nullopt;
  confirmed_at_ = std::nullopt;
  last_event_id_.clear();
}

void ViewerSession::keep_time(Moment at) {
  const KeptTime time = {.newest_signed = newest_signed_,
                         .trust_list_sequence = documents_.newest_sequence(),
                         .anchor = clock_.to_keep(at)};
  exchanges_.put(KeepEffect{.name = kept_name::kTime, .text = text_of_kept(time)});
}

void ViewerSession::renew_soon(Moment at) {
  if (renewal_.is_running()) return;
  const std::int64_t when = std::max(at.monotonic, hinted_ + kHintGap);
  if (renewals_.due() && *renewals_.due() <= when) return;
  hinted_ = when;
  renewals_.bring_forward(when);
}

}  // namespace elicense
