#include "base/error.h"

#include <array>
#include <cstddef>

namespace elicense {
namespace {

constexpr std::array kNames = {
#define ELICENSE_NAME(symbol, text) std::string_view(text),
    ELICENSE_ERROR_CODES(ELICENSE_NAME)
#undef ELICENSE_NAME
};

}  // namespace

std::string_view error_name(ErrorCode code) { return kNames[static_cast<std::size_t>(code)]; }

std::optional<ErrorCode> error_from_name(std::string_view name) {
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (kNames[i] == name) return static_cast<ErrorCode>(i);
  }
  return std::nullopt;
}

}  // namespace elicense
