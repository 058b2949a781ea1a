// What may be shown of a session at a moment, and the announcement of its changes.
#include <algorithm>

#include "client/session.h"
#include "client/state_words.h"

namespace elicense {
namespace {

ViewerReason reason_of(TimeLoss loss) {
  switch (loss) {
    case TimeLoss::disturbed:
      return ViewerReason::resumed;
    case TimeLoss::clock_changed:
      return ViewerReason::clock_changed;
    default:
      return ViewerReason::no_time;
  }
}

}  // namespace

bool ViewerSession::is_waiting(Moment at) const {
  if (first_renewal_ended_) return false;
  return !visible_ || (renewal_.is_running() && at.monotonic < patience_until_);
}

std::optional<UnixTime> ViewerSession::papers_end() const {
  if (!documents_.lease() || !documents_.licence() || !documents_.trust()) return std::nullopt;
  return std::min({documents_.lease()->lease.claims().expires, documents_.licence()->envelope().expires,
                   documents_.trust()->content().expires});
}

ViewerSession::Standing ViewerSession::standing(Moment at) const {
  if (over_) return {.state = ViewerState::refused, .reason = *over_, .error = std::nullopt};
  if (const auto error = failed_check())
    return {.state = ViewerState::untrusted, .reason = ViewerReason::check_failed, .error = error};
  const bool has_papers = documents_.lease() && documents_.licence();
  const bool is_withheld =
      documents_.lease() && documents_.lease()->lease.claims().status.usability() == Usability::not_shown;
  if (has_papers || is_withheld) {
    if (is_waiting(at)) return {};
    return standing_of_lease(at);
  }
  if (access_ended_) return {.state = ViewerState::stale, .reason = ViewerReason::access_ended, .error = std::nullopt};
  if (!account_.has_a_way_in())
    return {.state = ViewerState::loading, .reason = ViewerReason::no_account, .error = std::nullopt};
  if (last_renewal_failed_)
    return {.state = ViewerState::stale, .reason = ViewerReason::no_time, .error = std::nullopt};
  return {};
}

ViewerSession::Standing ViewerSession::standing_of_lease(Moment at) const {
  if (!documents_.lease()->lease.claims().status.allows_use())
    return {.state = ViewerState::refused, .reason = ViewerReason::status, .error = ErrorCode::status_refused};
  if (const TimeLoss loss = clock_.loss(at); loss != TimeLoss::none)
    return {.state = ViewerState::stale, .reason = reason_of(loss), .error = std::nullopt};
  return standing_in_time(at);
}

ViewerSession::Standing ViewerSession::standing_in_time(Moment at) const {
  const UnixTime now = {*clock_.now(at) / 1000};
  if (papers_over_ || now >= *papers_end())
    return {.state = ViewerState::stale, .reason = ViewerReason::lease_over, .error = std::nullopt};
  if (access_ended_) return {.state = ViewerState::stale, .reason = ViewerReason::access_ended, .error = std::nullopt};
  const bool is_confirmed = now - documents_.lease()->lease.claims().issued <= kConfirmationSeconds;
  const bool is_offline = last_renewal_failed_ || clock_.is_resumed() || !is_confirmed;
  return {.state = is_offline ? ViewerState::offline : ViewerState::live,
          .reason = ViewerReason::none,
          .error = std::nullopt};
}

ViewerScreen ViewerSession::screen(Moment at) const {
  const Standing now_standing = standing(at);
  ViewerScreen screen;
  screen.state = now_standing.state;
  screen.reason = now_standing.reason;
  screen.error = now_standing.error;
  screen.renewing = renewal_.is_running();
  screen.generation = generation_;
  const auto& lease = documents_.lease();
  const auto& licence = documents_.licence();
  screen.progress =
      (account_.device_key ? 1 : 0) + (account_.access_token.empty() ? 0 : 1) + (lease ? 1 : 0) + (licence ? 1 : 0);
  if (screen.state == ViewerState::loading || screen.state == ViewerState::untrusted || over_) return screen;
  if (documents_.trust()) screen.production = documents_.trust()->content().production;
  if (notice_ && at.monotonic < notice_until_) screen.notice = &*notice_;
  if (checks_) screen.checks = &*checks_;
  if (lease) {
    screen.status = lease->lease.claims().status;
    screen.confirmed = lease->lease.claims().issued;
  }
  const bool not_shown = screen.status && screen.status->usability() == Usability::not_shown;
  if (lease && licence && !not_shown) screen.licence = &*licence;
  if (screen.state != ViewerState::stale) screen.now = clock_.now(at);
  const bool may_show_code = screen.state == ViewerState::live || screen.state == ViewerState::offline;
  if (may_show_code && visible_ && screen.licence != nullptr) screen.code = codes_.code_at(*screen.now);
  if (may_show_code) screen.challenge = codes_.challenge();
  return screen;
}

void ViewerSession::announce(Moment at) {
  const ViewerScreen now = screen(at);
  StateWords words = state_words(now, language_);
  if (!words.explanation.empty()) words.title += "\n" + words.explanation;
  StateEffect state{.state = now.state, .error = now.error, .words = std::move(words.title)};
  if (announced_ == state) return;
  announced_ = state;
  exchanges_.put(std::move(state));
}

}  // namespace elicense
