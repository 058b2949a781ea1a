// Where a line of Chinese, Latin or right-to-left text may be broken: between Chinese characters, at spaces, never
// before closing punctuation. A small part of UAX 14, enough for what stands on a licence.
#pragma once

#include <string_view>
#include <vector>

namespace elicense {

std::vector<std::string_view> characters(std::string_view text);  // code points
std::size_t count_characters(std::string_view text);
// Pieces that stay together; spaces and closing punctuation belong to the piece before.
std::vector<std::string_view> unbreakable_units(std::string_view text);
bool runs_from_right(std::string_view text);  // has Hebrew, Arabic, Syriac … characters
bool is_ascii(std::string_view text);
std::string_view without_trailing_spaces(std::string_view text);

}  // namespace elicense
