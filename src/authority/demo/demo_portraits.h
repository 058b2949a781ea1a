// The portraits of assets/people as they lie in the program: drawings of nobody. Refuses no name: one that it does not
// know has an empty portrait.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace elicense::authority {

std::span<const std::uint8_t> demo_portrait(std::string_view file_name);  // "normal.webp"; cmake/EmbedFiles.cmake

}  // namespace elicense::authority
