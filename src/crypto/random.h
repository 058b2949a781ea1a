// Randomness is handed in, so that a test can repeat what it saw. Only the shells make a SystemRandom.
#pragma once

#include <cstdint>
#include <span>

namespace elicense {

class RandomSource {
 public:
  virtual ~RandomSource() = default;
  virtual void fill(std::span<std::uint8_t> bytes) = 0;
};

// The operating system's generator, in wasm the browser's. A system that has none stops the program.
class SystemRandom final : public RandomSource {
 public:
  void fill(std::span<std::uint8_t> bytes) override;
};

}  // namespace elicense
