// The authority's time, from what it signs and from nothing else: a lease bound to a key that was made just before the
// request was signed between sending and receiving; from there the monotonic clock counts. What is shown is the lower
// bound of what the time can be: never ahead of the authority's, never running back. Refuses answers that took too long
// to bound the time, and knows no time any more once the device's two clocks drift apart or the device slept.
#pragma once

#include <cstdint>
#include <optional>

#include "base/time.h"
#include "session/moment.h"

namespace elicense {

inline constexpr std::int64_t kSlowestAnchor = 4000;   // milliseconds: with five seconds of a code it stays within ten
inline constexpr std::int64_t kMostClockShift = 2000;  // milliseconds, wall clock against monotonic clock
inline constexpr std::int64_t kMostResumed = 15 * 60000;  // milliseconds that a kept anchor goes on
inline constexpr std::int64_t kDriftPerMillion = 20;      // of a quartz; a whole day offline costs 1.7 s

// A moment of the authority's and the device's wall clock at it, both milliseconds.
struct KeptAnchor {
  std::int64_t authority = 0;
  std::int64_t wall = 0;
};

enum class TimeLoss : std::uint8_t { none, never_known, disturbed, clock_changed, too_long };

class AuthorityClock {
 public:
  // False: this exchange does not bound the time, and nothing has changed.
  bool anchor(Moment sent, Moment received, UnixTime signed_at);

  // After a reload without network there is no monotonic anchor: the kept one goes on by the device's elapsed wall
  // time, for fifteen minutes at the most. A clock set ahead could otherwise mint codes for the whole lease in advance;
  // fifteen minutes is what verifiers take without saying "offline". A wall clock behind the anchor gives no time.
  void resume(const KeptAnchor& kept, Moment at);
  std::optional<KeptAnchor> to_keep(Moment at) const;

  void disturb(Moment at);  // resumed from freeze or sleep: no time is known any more
  void check(Moment at);    // notices a loss and remembers it until the next anchor

  TimeLoss loss(Moment at) const;
  std::optional<std::int64_t> now(Moment at) const;  // milliseconds
  bool is_resumed() const { return resumed_until_.has_value(); }
  std::optional<std::int64_t> ends_at() const { return resumed_until_; }  // monotonic

 private:
  struct Interval {
    std::int64_t lower = 0;  // authority's time minus monotonic time, milliseconds
    std::int64_t upper = 0;
  };
  void lose(TimeLoss why, Moment at);
  std::int64_t bound(Moment at) const;
  std::optional<Interval> offset_;
  Moment anchored_;
  TimeLoss loss_ = TimeLoss::never_known;
  std::int64_t floor_ = 0;  // what has been shown: below it the time holds
  std::optional<std::int64_t> resumed_until_;
  KeptAnchor resumed_from_;
};

}  // namespace elicense
