// What a person can press on the canvas. The page lays real buttons over these places, so that pointer, keyboard and
// screen reader go one way.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "view/canvas.h"

namespace elicense {

enum class Page : std::uint8_t { front, endorsement };
enum class Control : std::uint8_t {
  reveal,
  enlarge,
  close,
  refresh,
  front,
  endorsement,
  keypad,
  clear,
  checks,
  newer,
  older,
  dismiss,
  digit_0,  // and the nine others
  digit_9 = digit_0 + 9
};
inline Control digit_control(std::size_t digit) {
  return static_cast<Control>(static_cast<std::size_t>(Control::digit_0) + digit);
}
enum class DragPhase : std::uint8_t { begin, move, end, cancel };

std::string_view page_name(Page page);
std::optional<Page> page_from_name(std::string_view name);
std::string_view control_name(Control control);
std::optional<Control> control_from_name(std::string_view name);
std::optional<DragPhase> drag_phase_from_name(std::string_view name);

struct ControlPlace {
  Control control;
  std::string_view label;  // of view/text.inc
  Box box;                 // CSS pixels on the canvas
  std::optional<bool> pressed;
  bool operator==(const ControlPlace& other) const {
    return control == other.control && label == other.label && pressed == other.pressed && box.x == other.box.x &&
           box.y == other.box.y && box.width == other.box.width && box.height == other.box.height;
  }
};

}  // namespace elicense
