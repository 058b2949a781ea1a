#include "session/authority_clock.h"

#include <algorithm>

namespace elicense {
namespace {

std::int64_t difference(Moment at) { return at.wall - at.monotonic; }

bool has_shifted(Moment from, Moment to) {
  const std::int64_t shift = difference(to) - difference(from);
  return shift > kMostClockShift || shift < -kMostClockShift || to.monotonic < from.monotonic;
}

std::int64_t drift_over(std::int64_t milliseconds) { return milliseconds * kDriftPerMillion / 1'000'000 + 1; }

}  // namespace

bool AuthorityClock::anchor(Moment sent, Moment received, UnixTime signed_at) {
  if (has_shifted(sent, received) || received.monotonic - sent.monotonic > kSlowestAnchor) return false;
  const std::int64_t signed_from = signed_at.seconds * 1000;
  Interval bounds{.lower = signed_from - received.monotonic, .upper = signed_from + 1000 - sent.monotonic};
  const bool proven = offset_ && !resumed_until_ && loss(received) == TimeLoss::none;
  if (proven) {
    floor_ = std::max(floor_, *now(received));
    const std::int64_t drift = drift_over(received.monotonic - anchored_.monotonic);
    const Interval known{.lower = offset_->lower - drift, .upper = offset_->upper + drift};
    if (known.lower <= bounds.upper && bounds.lower <= known.upper) {
      bounds = {.lower = std::max(bounds.lower, known.lower), .upper = std::min(bounds.upper, known.upper)};
    }
  } else if (resumed_until_) {
    floor_ = 0;  // a kept anchor was nobody's word: the authority's replaces it, even backwards
  }
  offset_ = bounds;
  anchored_ = received;
  loss_ = TimeLoss::none;
  resumed_until_ = std::nullopt;
  return true;
}

void AuthorityClock::resume(const KeptAnchor& kept, Moment at) {
  const std::int64_t elapsed = at.wall - kept.wall;
  if (elapsed < 0 || elapsed > kMostResumed) {
    loss_ = TimeLoss::too_long;
    return;
  }
  const std::int64_t lower = kept.authority + elapsed - drift_over(elapsed) - at.monotonic;
  offset_ = Interval{.lower = lower, .upper = lower};
  anchored_ = at;
  loss_ = TimeLoss::none;
  floor_ = kept.authority;
  resumed_from_ = kept;
  resumed_until_ = at.monotonic + (kMostResumed - elapsed);
}

std::optional<KeptAnchor> AuthorityClock::to_keep(Moment at) const {
  const auto time = now(at);
  if (!time) return std::nullopt;
  if (resumed_until_) return resumed_from_;  // its fifteen minutes do not begin again
  return KeptAnchor{.authority = *time, .wall = at.wall};
}

void AuthorityClock::disturb(Moment at) {
  check(at);
  if (loss_ == TimeLoss::none) lose(TimeLoss::disturbed, at);
}

void AuthorityClock::check(Moment at) {
  const TimeLoss found = loss(at);
  if (loss_ == TimeLoss::none && found != TimeLoss::none) lose(found, at);
}

void AuthorityClock::lose(TimeLoss why, Moment at) {
  // What was shown until now stays shown, so that the time does not run back when it is known again.
  if (!resumed_until_ && at.monotonic >= anchored_.monotonic) floor_ = std::max(floor_, bound(at));
  loss_ = why;
}

std::int64_t AuthorityClock::bound(Moment at) const {
  return at.monotonic + offset_->lower - drift_over(at.monotonic - anchored_.monotonic);
}

TimeLoss AuthorityClock::loss(Moment at) const {
  if (loss_ != TimeLoss::none) return loss_;
  if (has_shifted(anchored_, at)) return TimeLoss::clock_changed;
  if (resumed_until_ && at.monotonic >= *resumed_until_) return TimeLoss::too_long;
  return TimeLoss::none;
}

std::optional<std::int64_t> AuthorityClock::now(Moment at) const {
  if (loss(at) != TimeLoss::none) return std::nullopt;
  return std::max(floor_, bound(at));
}

}  // namespace elicense
