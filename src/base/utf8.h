// UTF-8 as Unicode defines it: refuses overlong forms, surrogates and what lies beyond U+10FFFF.
// Cuts text only between user-perceived characters.
#pragma once

#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace elicense {

bool is_utf8(ByteView bytes);

// User-perceived characters (Unicode UAX 29, without Indic conjuncts): combining marks, joiners, variation selectors,
// flags, emoji modifiers and Hangul jamo stay with their base. Expects UTF-8 that is_utf8 has accepted.
std::vector<std::string_view> graphemes(std::string_view text);

}  // namespace elicense
