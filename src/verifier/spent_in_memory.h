// The codes that this verifier has accepted, for as long as they could be taken for fresh. Refuses each a second time.
#pragma once

#include <algorithm>
#include <utility>
#include <vector>

#include "licence/live_code.h"

namespace elicense {

class SpentInMemory final : public SpentCodes {
 public:
  Status spend(const SpentCode& code, UnixTime now) override {
    if (std::find(codes_.begin(), codes_.end(), code) != codes_.end()) return ErrorCode::already_used;
    remember(code, now);
    return Done{};
  }
  void remember(const SpentCode& code, UnixTime now) {
    codes_.erase(std::remove_if(codes_.begin(), codes_.end(),
                                [now](const SpentCode& spent) { return now - spent.presented > kRemembered; }),
                 codes_.end());
    if (codes_.size() >= kMost) codes_.erase(codes_.begin());
    codes_.push_back(code);
  }

 private:
  static constexpr std::int64_t kRemembered = 3600;  // seconds: with room for a clock that is set back
  static constexpr std::size_t kMost = 4096;
  std::vector<SpentCode> codes_;
};

}  // namespace elicense
