// The words of the two pages in both languages. Characters beyond them are drawn with the browser's fonts.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/language.h"

namespace elicense {

enum class Label : std::uint8_t {
#define X(name, chinese, english) name,
#include "view/spoken.inc"
#include "view/text.inc"
#undef X
};

std::string_view text(Label label, Language language);
// What stands beside it, smaller.
inline Language other(Language language) {
  return language == Language::chinese ? Language::english : Language::chinese;
}

}  // namespace elicense
