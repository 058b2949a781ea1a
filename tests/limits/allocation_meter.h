// Counts every byte that the process holds through malloc, whoever asks for it. Native glibc only.
#pragma once

#include <cstddef>

namespace elicense::test {

void reset_peak();               // forgets how high it was
std::size_t peak_above_reset();  // bytes held at the highest point since, above what was held then

}  // namespace elicense::test
