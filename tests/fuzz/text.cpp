#include <string>

#include "base/time.h"
#include "base/utf8.h"
#include "fuzz/fuzz.h"
#include "licence/masking.h"
#include "licence/status.h"

using namespace elicense;

// Dates, status letters, graphemes and masks: what is taken is written back the same; a mask never loses or gains a
// character.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = text_of(fuzz::view(data, size));
  if (const auto date = parse_compact_date(text))
    fuzz::must(compact_date(*date) == text && civil_date_at(start_of_day(*date)) == *date);
  if (const auto date = parse_iso_date(text)) fuzz::must(iso_date(*date) == text);
  if (const auto status = StatusSet::parse(text)) {
    fuzz::must(status->letters().size() == text.size());
    fuzz::must(status_of_list_value(status_list_value(*status)).ok());
  }
  if (!is_utf8(view_of(text))) return 0;
  std::string together;
  const auto characters = graphemes(text);
  for (const std::string_view character : characters) {
    fuzz::must(!character.empty() && is_utf8(view_of(character)));
    together += character;
  }
  fuzz::must(together == text);
  fuzz::must(is_utf8(view_of(mask_number(text))));
  return 0;
}
