// The files that are part of the viewer: the two fonts and the shaders.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace elicense {

std::span<const std::uint8_t> embedded_file(std::string_view name);  // "front.frag"; empty: no such file

}  // namespace elicense
