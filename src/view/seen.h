// What of a screen can be told apart by looking, but for what runs within a second. When it is the same, the picture
// is.
#pragma once

#include <cstdint>
#include <optional>

#include "client/screen.h"

namespace elicense {

struct Seen {
  ViewerState state = ViewerState::loading;
  ViewerReason reason = ViewerReason::none;
  std::optional<ErrorCode> error;
  int progress = 0;
  bool renewing = false;
  Production production = Production::no;
  std::uint64_t generation = 0;
  std::optional<StatusSet> status;
  std::int64_t confirmed = 0;
  std::int64_t code = 0;  // presented
  std::optional<Challenge> challenge;
  std::optional<LicenceCheck> notice;
  std::size_t checks = 0;  // 0: not asked for
  bool has_time = false;
  bool operator==(const Seen&) const = default;
};

inline Seen seen_of(const ViewerScreen& screen) {
  // When it was last confirmed is shown unless all is well, and "renewing" on the refresh button alone.
  const bool is_live = screen.state == ViewerState::live;
  return {screen.state,
          screen.reason,
          screen.error,
          screen.progress,
          screen.renewing && !is_live,
          screen.production,
          screen.licence == nullptr ? 0 : screen.generation,
          screen.status,
          screen.confirmed && !is_live ? screen.confirmed->seconds : 0,
          screen.code == nullptr ? 0 : screen.code->presented.seconds,
          screen.challenge,
          screen.notice == nullptr ? std::nullopt : std::optional(*screen.notice),
          screen.checks == nullptr
              ? 0
              : 1 + static_cast<std::size_t>(screen.checks->progress) * 1000 + screen.checks->checks.size(),
          screen.now.has_value()};
}

}  // namespace elicense
