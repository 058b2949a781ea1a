// The holder's side of being checked: the challenge that codes carry, the notice of a check, the list of all of them.
#include "client/session.h"

namespace elicense {
namespace {

constexpr std::int64_t kNoticeAge = 30;  // seconds

}  // namespace

void ViewerSession::answer_challenge(Moment at, const std::optional<Challenge>& challenge) {
  codes_.carry(challenge);
  challenge_until_ = at.monotonic + kChallengeTime;
  settle(at);
}

void ViewerSession::run_challenge(Moment at) {
  if (at.monotonic >= challenge_until_ || !visible_) codes_.carry(std::nullopt);
}

void ViewerSession::heard_of(Moment at, LicenceCheck check) {
  // What the stream tells after an interruption is news for the list, not for this moment.
  const auto now = clock_.now(at);
  if (now && *now / 1000 - check.at <= kNoticeAge) {
    notice_ = check;
    notice_until_ = at.monotonic + kNoticeTime;
  }
  // It was asked for, and it has come: the next inspector has digits of their own.
  codes_.carry(std::nullopt);
  exchanges_.put(std::move(check));
}

void ViewerSession::dismiss_notice(Moment at) {
  notice_ = std::nullopt;
  settle(at);
}

void ViewerSession::list_checks(Moment at) {
  exchanges_.cancel(Flow::checks);
  checks_ = CheckList{};
  if (account_.device_key && !account_.access_token.empty() && !over_) {
    Call call;
    call.flow = Flow::checks;
    call.method = "GET";
    call.path = "/checks";
    call.access_token = account_.access_token;
    account_.call(at, call, [this](const Reply& reply) { checks_answered(reply); });
  } else {
    checks_->progress = CheckList::Progress::failed;
  }
  settle(at);
}

void ViewerSession::checks_answered(const Reply& reply) {
  if (!checks_) return;
  checks_->progress = CheckList::Progress::failed;
  if (!reply.answered(200)) return;
  const auto body = answer_body(reply);
  auto checks = body ? licence_checks_from(*body) : std::nullopt;
  if (!checks) return;
  checks_ = CheckList{.progress = CheckList::Progress::known, .checks = std::move(*checks)};
}

void ViewerSession::close_checks(Moment at) {
  exchanges_.cancel(Flow::checks);
  checks_ = std::nullopt;
  settle(at);
}

}  // namespace elicense
