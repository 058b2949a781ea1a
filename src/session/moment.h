// When something happened, by the device. Refuses nothing: messages.h bounds what the page says.
#pragma once

#include <cstdint>

namespace elicense {

// The device's two clocks, milliseconds. Neither is believed by itself.
struct Moment {
  std::int64_t monotonic = 0;
  std::int64_t wall = 0;
};

}  // namespace elicense
