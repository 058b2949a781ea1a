// What the session does on its own: renewals, the stream of events, codes ahead of their time.
#include <algorithm>

#include "client/session.h"

namespace elicense {
namespace {

constexpr JsonLimits kEventLimits = {.bytes = 4096, .depth = 4, .values = 64};
constexpr std::int64_t kStatusJitter = 300;    // milliseconds: a change reaches the screen within two seconds
constexpr std::int64_t kClockInterval = 5000;  // milliseconds between looks at the clocks when nothing else happens
constexpr std::int64_t kCalm = 70000;          // milliseconds without a loss of the time
constexpr std::size_t kLongestEventId = 20;

bool is_number(std::string_view text) {
  return !text.empty() && text.size() <= kLongestEventId &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

void ViewerSession::settle(Moment at) {
  notice_lost_time(at);
  run_renewals(at);
  run_stream(at);
  run_challenge(at);
  run_codes(at);
  announce(at);
  schedule(at);
}

void ViewerSession::notice_lost_time(Moment at) {
  clock_.check(at);
  const bool is_known = clock_.loss(at) == TimeLoss::none;
  if (time_was_known_ && !is_known && may_renew()) {
    // What is under way was asked before the loss: its answer would not bound the time after it.
    renewal_.give_up();
    // A clock that never agrees with the other one would have it renew without end: each loss soon after another waits
    // longer.
    const bool was_calm = at.monotonic - lost_at_ > kCalm;
    lost_at_ = at.monotonic;
    if (was_calm) {
      losses_.succeeded();
      renew_soon(at);
    } else {
      losses_.failed(at.monotonic, random_);
      renewals_.plan(*losses_.due());
    }
  }
  time_was_known_ = is_known;
}

void ViewerSession::run_renewals(Moment at) {
  if (!may_renew()) return renewals_.stop();
  if (renewal_.is_running()) {
    if (at.monotonic - renewal_.started() <= kLongestRenewal) return;
    renewal_.give_up();
    renewal_ended(at, RenewalEnd::unreachable);
    return;
  }
  if (!renewals_.is_due(at.monotonic)) return;
  renewals_.stop();
  recheck_papers(at);
  renewal_.begin(at, wants(at));
}

RenewalWants ViewerSession::wants(Moment at) const {
  RenewalWants wants;
  const UnixTime now = paper_time(at);
  const auto& trust = documents_.trust();
  wants.trust_list = !trust || !trust_list_fetched_ || at.monotonic - *trust_list_fetched_ > kTrustListInterval ||
                     trust->content().expires - now < kTrustListMargin;
  const auto& lease = documents_.lease();
  const bool not_shown = lease && lease->lease.claims().status.usability() == Usability::not_shown;
  const auto& licence = documents_.licence();
  const bool outdated = !licence || licence_error_ || licence_outdated_ || papers_over_ ||
                        licence->envelope().expires <= now || now - licence->envelope().issued > kLicenceSeconds;
  wants.licence = outdated && (!not_shown || licence_error_);
  return wants;
}

UnixTime ViewerSession::paper_time(Moment at) const {
  const auto now = clock_.now(at);
  return now ? std::max(newest_signed_, UnixTime{*now / 1000}) : newest_signed_;
}

void ViewerSession::recheck_papers(Moment at) {
  const UnixTime now = paper_time(at);
  papers_over_ = false;
  const auto note = [this](const Status& checked, std::optional<ErrorCode>& failed) {
    if (checked) return;
    if (is_expiry(checked.error())) {
      papers_over_ = true;
    } else if (!failed) {
      failed = checked.error();
    }
  };
  note(documents_.check_lease_again(now), lease_error_);
  note(documents_.check_licence_again(now), licence_error_);
}

// --- the stream of events: hints, never proofs ----------------------------------------------------------------------

void ViewerSession::run_stream(Moment at) {
  const bool is_wanted = may_renew() && confirmed_at_ && !account_.access_token.empty();
  const bool is_open = exchanges_.waits(Flow::stream);
  if (!is_wanted && is_open) exchanges_.cancel(Flow::stream);
  if (!is_wanted || is_open || (streams_.due() && !streams_.is_due(at.monotonic))) return;
  streams_.stop();
  stream_reader_ = {};
  Call call;
  call.flow = Flow::stream;
  call.method = "GET";
  call.path = "/events";
  call.access_token = account_.access_token;
  call.last_event_id = last_event_id_;
  account_.listen(at, call, [this](const Reply& reply) { stream_answered(reply); });
}

void ViewerSession::stream_answered(const Reply& reply) {
  if (reply.failure || reply.status != 200 || !exchanges_.waits(Flow::stream)) {
    streams_.failed(reply.at.monotonic, random_);
    return;
  }
  streams_.succeeded();
  for (const StreamEvent& event : stream_reader_.read(reply.body)) {
    handle(reply.at, event);
    if (over_) return;
  }
  if (!stream_reader_.is_broken()) return;
  exchanges_.cancel(Flow::stream);
  streams_.failed(reply.at.monotonic, random_);
}

void ViewerSession::handle(Moment at, const StreamEvent& event) {
  if (is_number(event.id)) last_event_id_ = event.id;
  const auto data = Json::parse(event.data, kEventLimits);
  if (!data) return;
  if (event.name == "status") {
    licence_outdated_ = true;
    renew_on_hint(at);
  } else if (event.name == "checked") {
    if (auto check = licence_check_from(*data)) heard_of(at, std::move(*check));
  } else if (event.name == "ended") {
    // Anybody's word until the authority refuses the next renewal.
    ended_by_ = text_of_member(*data, "reason") == "another-phone" ? ViewerReason::another_phone : ViewerReason::ended;
    renew_on_hint(at);
  }
}

void ViewerSession::renew_on_hint(Moment at) {
  again_ = renewal_.is_running();  // what is under way may have been signed before the change
  if (!again_) renewals_.bring_forward(at.monotonic + random_below(random_, kStatusJitter));
}

// --- codes and the next moment --------------------------------------------------------------------------------------

void ViewerSession::run_codes(Moment at) {
  const ViewerState state = standing(at).state;
  const bool may_show = visible_ && (state == ViewerState::live || state == ViewerState::offline);
  if (!may_show) return codes_.clear();
  codes_.prepare(at, *clock_.now(at));
}

void ViewerSession::schedule(Moment at) {
  std::optional<std::int64_t> next;
  const auto consider = [&](std::optional<std::int64_t> moment) {
    if (moment && *moment > at.monotonic) next = std::min(next.value_or(*moment), *moment);
  };
  if (visible_) {
    consider(may_renew() ? renewals_.due() : std::nullopt);
    consider(may_renew() ? streams_.due() : std::nullopt);
    consider(patience_until_);
    consider(notice_until_);
    if (codes_.challenge()) consider(challenge_until_);
    consider(clock_.ends_at());
    if (renewal_.is_running()) consider(renewal_.started() + kLongestRenewal + 1);
    if (const auto now = clock_.now(at)) {
      consider(at.monotonic + kClockInterval);
      consider(at.monotonic + codes_.until_next_step(*now));
      const auto& lease = documents_.lease();
      const auto moment_of = [&](UnixTime time) { return at.monotonic + (time.seconds * 1000 - *now); };
      if (lease) consider(moment_of(lease->lease.claims().issued + (kConfirmationSeconds + 1)));
      if (const auto end = papers_end()) consider(moment_of(*end));
    }
  }
  if (!next || next == wake_) return;
  wake_ = next;
  exchanges_.put(WakeEffect{.at = *next});
}

}  // namespace elicense
