// The two languages in which this product speaks, and a text in both. Refuses nothing.
#pragma once

#include <cstdint>
#include <string_view>

namespace elicense {

enum class Language : std::uint8_t { chinese, english };

struct Words {
  std::string_view chinese;
  std::string_view english;
  std::string_view in(Language language) const { return language == Language::chinese ? chinese : english; }
};

}  // namespace elicense
