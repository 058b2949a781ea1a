#include "view/controls.h"

#include <array>

namespace elicense {

namespace {

constexpr std::array<std::string_view, 2> kPages = {"front", "endorsement"};
constexpr std::array<std::string_view, 22> kControls = {
    "reveal",  "enlarge", "close",   "refresh", "front",   "endorsement", "keypad",  "clear",
    "checks",  "newer",   "older",   "dismiss", "digit-0", "digit-1",     "digit-2", "digit-3",
    "digit-4", "digit-5", "digit-6", "digit-7", "digit-8", "digit-9"};
constexpr std::array<std::string_view, 4> kPhases = {"begin", "move", "end", "cancel"};

template <typename Value, std::size_t kCount>
std::optional<Value> find(const std::array<std::string_view, kCount>& names, std::string_view name) {
  for (std::size_t i = 0; i < kCount; ++i) {
    if (names[i] == name) return static_cast<Value>(i);
  }
  return std::nullopt;
}

}  // namespace

std::string_view page_name(Page page) { return kPages[static_cast<std::size_t>(page)]; }
std::optional<Page> page_from_name(std::string_view name) { return find<Page>(kPages, name); }
std::string_view control_name(Control control) { return kControls[static_cast<std::size_t>(control)]; }
std::optional<Control> control_from_name(std::string_view name) { return find<Control>(kControls, name); }
std::optional<DragPhase> drag_phase_from_name(std::string_view name) { return find<DragPhase>(kPhases, name); }

}  // namespace elicense
