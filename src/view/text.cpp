#include "view/text.h"

namespace elicense {

namespace {

constexpr Words kWords[] = {
#define X(name, chinese, english) {chinese, english},
#include "view/spoken.inc"
#include "view/text.inc"
#undef X
};

}  // namespace

std::string_view text(Label label, Language language) { return kWords[static_cast<std::size_t>(label)].in(language); }

}  // namespace elicense
