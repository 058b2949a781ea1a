// Made-up time: the clock of the authority, the two of a device, and the things that are due. It passes only when a
// test lets it.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "base/time.h"
#include "session/moment.h"
#include "support/demo.h"

namespace elicense::test {

class MadeUpTime {
 public:
  virtual ~MadeUpTime() = default;

  void pass(std::int64_t milliseconds);  // what is due meanwhile happens at its moment
  Moment moment() const { return {.monotonic = monotonic, .wall = wall}; }
  UnixTime authority_now() const { return UnixTime{authority_clock / 1000}; }

  std::int64_t authority_clock = kNow.seconds * 1000 + 250;  // milliseconds, as the others
  std::int64_t monotonic = 0;
  std::int64_t wall = authority_clock;

 protected:
  void new_page(std::int64_t its_monotonic);  // what was due to the earlier one gets lost
  void after(std::int64_t milliseconds, std::function<void()> happen);
  void wake_at(std::int64_t its_monotonic) { wake_ = its_monotonic; }

 private:
  virtual void wake() = 0;  // what was asked for with wake_at
  virtual void obey() = 0;  // after all that happens, and when the time has passed

  struct Due {
    std::int64_t at = 0;  // by the authority's clock
    std::function<void()> happen;
  };
  std::optional<std::int64_t> next_due() const;
  void step_to(std::int64_t at);

  std::vector<Due> due_;
  std::optional<std::int64_t> wake_;
  std::optional<std::int64_t> rung_early_;
};

}  // namespace elicense::test
