#include "licence/masking.h"

#include <algorithm>

#include "base/utf8.h"

namespace elicense {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_resident_number(std::string_view number) {
  if (number.size() != 15 && number.size() != 18) return false;
  const bool digits = std::all_of(number.begin(), number.end() - 1, is_digit);
  const char last = number.back();
  return digits && (is_digit(last) || (number.size() == 18 && (last == 'X' || last == 'x')));
}

std::size_t kept_at_each_end(std::string_view number, std::size_t count) {
  if (is_resident_number(number)) return 4;
  if (count >= 8) return 2;
  return count >= 5 ? 1 : 0;
}

}  // namespace

std::string mask_number(std::string_view number) {
  const auto characters = graphemes(number);
  const std::size_t kept = kept_at_each_end(number, characters.size());
  std::string masked;
  for (std::size_t i = 0; i < characters.size(); ++i) {
    const bool shown = i < kept || i >= characters.size() - kept;
    masked += shown ? characters[i] : std::string_view("*");
  }
  return masked;
}

}  // namespace elicense
