#include "verifier/session.h"

#include <algorithm>

namespace elicense {

// --- events ---------------------------------------------------------------------------------------------------------

void CheckSession::start(Moment at, Result<CheckSettings> settings, const NamedTexts& kept, Language language) {
  language_ = language;
  if (settings) {
    settings_ = std::move(settings).value();
    papers_.emplace(settings_->authority);
    papers_->resume(kept, at);
    fetch_trust_list(at);
  } else {
    settings_error_ = settings.error();
  }
  finish_event(at);
}

void CheckSession::code(Moment at, std::string text) {
  if (is_known(at, text)) return;
  clock_.check(at);
  give_up(Asked::check);
  shown_ = Shown();
  shown_->text = std::move(text);
  shown_->seen = at.monotonic;
  if (!wanted_) put(CheckingEffect{});
  examine(at);
  finish_event(at);
}

// A camera sees the same code thirty times a second, and a picture for as long as it is held up.
bool CheckSession::is_known(Moment at, std::string_view text) {
  if (!shown_ || shown_->text != text) return false;
  const std::int64_t since = at.monotonic - shown_->seen;
  if (shown_->stage == Stage::done && since > (shown_->is_tried_again ? kUncheckedStands : kCardStands)) return false;
  if (!shown_->is_tried_again) shown_->seen = at.monotonic;
  return true;
}

void CheckSession::want_challenge(Moment at, bool wanted) {
  if (wanted) {
    const std::int64_t number = random_below(random_, 100);
    const std::string digits = {static_cast<char>('0' + number / 10), static_cast<char>('0' + number % 10)};
    wanted_ = Wanted{.challenge = Challenge::parse(digits).value(), .since = at.monotonic};
    give_up(Asked::check);  // it was asked without the digits
    shown_.reset();
    tell_challenge();
  } else if (wanted_) {
    end_challenge();
  }
  finish_event(at);
}

void CheckSession::set_language(Moment at, Language language) {
  language_ = language;
  if (wanted_) tell_challenge();
  finish_event(at);
}

void CheckSession::network(Moment at) {
  if (settings_ && !is_reachable_) fetch_trust_list(at);
  finish_event(at);
}

void CheckSession::wake(Moment at) {
  told_wake_.reset();  // a timer may ring a millisecond early: then it is set again
  if (settings_ && lists_.is_due(at.monotonic)) fetch_trust_list(at);
  finish_event(at);
}

void CheckSession::finish_event(Moment at) {
  ReadinessEffect readiness = readiness_at(at);
  if (!(readiness == told_)) {
    told_ = readiness;
    put(std::move(readiness));
  }
  if (lists_.due() && lists_.due() != told_wake_) {
    told_wake_ = lists_.due();
    put(WakeEffect{.at = *told_wake_});
  }
}

std::vector<VerifierEffect> CheckSession::take_effects() {
  std::vector<VerifierEffect> taken;
  taken.swap(effects_);
  return taken;
}

// Unproven, it is the device's word, unless something that the authority has signed is newer.
UnixTime CheckSession::now(Moment at) const {
  if (const auto proven = clock_.now(at)) return UnixTime{*proven / 1000};
  const UnixTime wall{at.wall / 1000};
  return papers_ ? std::max(wall, papers_->newest_signed()) : wall;
}

// --- what is said ---------------------------------------------------------------------------------------------------

ReadinessEffect CheckSession::readiness_at(Moment at) const {
  const auto say = [this](bool ready, bool online, std::optional<ErrorCode> error, const Words& words) {
    return ReadinessEffect{.ready = ready, .online = online, .error = error, .words = two_words(words, language_)};
  };
  constexpr Words kConnecting = {"正在联系发证机关", "Contacting the authority"};
  if (!settings_) return say(false, false, settings_error_, cannot_check_words(settings_error_));
  const Status trusted = papers_->may_trust(now(at));
  const bool may_ask = settings_->can_ask() && is_reachable_;
  const bool may_be_our_clock = !is_clock_proven(at) && may_ask && was_reached_ && !list_error_;
  if (!trusted && !(trusted.error() == ErrorCode::trust_list_expired && may_be_our_clock)) {
    ErrorCode error = list_error_.value_or(trusted.error());
    if (error == ErrorCode::trust_list_missing) {
      if (is_pending(Asked::trust_list)) return say(false, false, std::nullopt, kConnecting);
      error = ErrorCode::authority_unreachable;
    }
    return say(false, false, error, cannot_check_words(error));
  }
  if (settings_->mode == CheckMode::online && !is_reachable_) {
    return say(false, false, ErrorCode::authority_unreachable, cannot_check_words(ErrorCode::authority_unreachable));
  }
  if (may_ask) {
    return was_reached_ ? say(true, true, std::nullopt, {"可联网核验", "Can check online"})
                        : say(settings_->mode == CheckMode::automatic, false, std::nullopt, kConnecting);
  }
  const UnixTime issued = papers_->trust().content().issued;
  const bool is_today = civil_date_at(issued) == civil_date_at(now(at));
  const std::string since = is_today ? clock_text(issued) : day_and_clock_text(issued);
  const std::string chinese =
      std::string("仅离线核验") + (is_reachable_ ? "" : "：未能联系发证机关") + "，可信名单时间 " + since;
  const std::string english = std::string("Offline checks only") +
                              (is_reachable_ ? "" : ": the authority cannot be reached") + ", list of " + since;
  return say(true, false, std::nullopt, {chinese, english});
}

void CheckSession::tell_challenge() {
  put(ChallengeEffect{.digits = wanted_->challenge.digits(), .words = two_words(challenge_words(), language_)});
}

void CheckSession::end_challenge() {
  wanted_.reset();
  put(ChallengeEffect{.digits = std::nullopt, .words = std::nullopt});
}

}  // namespace elicense
