// examples/hosts/webkit/relay.js, put into the program by the build.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace elicense::host {

std::span<const std::uint8_t> script(std::string_view name);

}  // namespace elicense::host
