// 副页: where it is filed, what was entered, and the legend of the vehicle classes.
#include <algorithm>
#include <string>

#include "view/pages.h"

namespace elicense {

namespace {

constexpr float kRow = 22;       // of the legend, at least
constexpr float kNameFrom = 34;  // what the code of a class takes of its column
constexpr float kMark = 15;      // what the mark of a held one takes

std::string_view class_words(const VehicleClassInfo& info, Language language) {
  return language == Language::chinese ? info.chinese : info.english;
}

bool may_drive(const LicenceData& data, VehicleClass wanted) {
  for (const DrivingPrivilege& privilege : *data.driving_privileges) {
    if (covers(privilege.vehicle_class, wanted)) return true;
  }
  return false;
}

// Which classes the holder's own ones include, in words: "C1 含 C2、C3".
std::string inclusions(const LicenceData& data, Language language) {
  std::string words;
  for (const DrivingPrivilege& privilege : *data.driving_privileges) {
    std::string included;
    for (std::size_t i = 0; i < kVehicleClassCount; ++i) {
      const auto wanted = static_cast<VehicleClass>(i);
      if (wanted == privilege.vehicle_class || !covers(privilege.vehicle_class, wanted)) continue;
      if (!included.empty()) included += language == Language::chinese ? "、" : ", ";
      included += vehicle_class_info(wanted).code;
    }
    if (included.empty()) continue;
    if (!words.empty()) words += language == Language::chinese ? "；" : "; ";
    words += std::string(vehicle_class_info(privilege.vehicle_class).code) + " " +
             std::string(text(Label::includes, language)) + " " + included;
  }
  return words;
}

float draw_field(const PageContext& page, float x, float y, float room, Label label, const std::string& value) {
  page.label({x, y}, label);
  return 24 + page.canvas.paragraph({x, y + 18.5F}, value, theme::kValue, room, 20);
}

void draw_number(const PageContext& page, float x, float y, float room, Label label, const std::string& number) {
  page.label({x, y}, label);
  page.canvas.text({x, y + 18.5F}, number, page.canvas.fitted(number, theme::kValue, room, 8));
}

float draw_record(const PageContext& page, float y) {
  Canvas& canvas = page.canvas;
  const LicenceData& data = page.screen.licence->data();
  canvas.text({page.left(), y}, page.words(Label::record), theme::kHeading);
  const float width = canvas.width(page.words(Label::record), theme::kHeading);
  canvas.text({page.left() + width + 4, y}, page.small_words(Label::record), {10.5F, Weight::regular, theme::kTeal});
  const TextStyle checks = {12, Weight::bold, theme::kTeal};
  const TextStyle small = {10.5F, Weight::regular, theme::kTeal};
  const float room = page.canvas.width(page.words(Label::checks), checks) + 4 +
                     page.canvas.width(page.small_words(Label::checks), small);
  const float at = page.right() - room - 11;
  canvas.text({at, y}, page.words(Label::checks), checks);
  canvas.text_right({page.right() - 11, y}, page.small_words(Label::checks), small);
  canvas.stroke({at - 11, y - 17, room + 22, 25}, theme::kTeal.faded(0.45F), 1, 12.5F);
  page.control(Control::checks, Label::checks, {at - 11, y - 24, room + 22, 40});
  y += 22;
  if (data.record->empty()) {
    canvas.text({page.left(), y}, page.words(Label::no_record), {12.5F, Weight::regular, theme::kSecondary});
    return y + 21;
  }
  for (const RecordLine& line : *data.record) {
    canvas.text({page.left(), y}, iso_date(line.date), {12.5F, Weight::regular, theme::kSecondary});
    y += canvas.paragraph({page.left() + 84, y}, line.text, theme::kBody, page.inner() - 84, 18) + 3;
  }
  return y;
}

// One line of the legend: its height grows with the longer of its two names.
struct LegendName {
  TextStyle style;
  std::size_t lines = 1;
  float leading() const { return style.size + 1.5F; }
  float height() const { return std::max(kRow, static_cast<float>(lines) * leading() + 8); }
};

LegendName legend_name(const PageContext& page, std::string_view words, float room) {
  constexpr float kLeast = 9;
  Canvas& canvas = page.canvas;
  LegendName name{canvas.fitted(words, {11.5F, Weight::regular, theme::kInk}, room, kLeast)};
  name.lines = canvas.lines(words, name.style, room).size();
  return name;
}

float name_room(const PageContext& page, VehicleClass vehicle_class, float column) {
  return column - kNameFrom - (may_drive(page.screen.licence->data(), vehicle_class) ? kMark : 0);
}

void draw_class(const PageContext& page, VehicleClass vehicle_class, Box box, LegendName name) {
  Canvas& canvas = page.canvas;
  const VehicleClassInfo& info = vehicle_class_info(vehicle_class);
  const bool held = may_drive(page.screen.licence->data(), vehicle_class);
  const Color ink = held ? theme::kHeldInk : theme::kInk;
  if (held) canvas.fill(box, theme::kHeld);
  const float middle = box.y + box.height / 2;
  canvas.text({box.x + 4, middle + 4.5F}, info.code, {11.5F, Weight::bold, ink});
  name.style.color = ink;
  const float block = static_cast<float>(name.lines - 1) * name.leading();
  canvas.paragraph({box.x + 31, middle + 0.4F * name.style.size - block / 2}, class_words(info, page.language),
                   name.style, name_room(page, vehicle_class, box.width), name.leading());
  if (held) draw_tick(canvas, {box.right() - 10, middle}, 5.5F, theme::kTeal, theme::kWhite);
  canvas.rule(box.x, box.bottom() - 0.5F, box.width, theme::kLine);
}

float draw_legend(const PageContext& page, float y) {
  Canvas& canvas = page.canvas;
  canvas.text({page.left(), y}, page.words(Label::legend), theme::kHeading);
  const float width = canvas.width(page.words(Label::legend), theme::kHeading);
  canvas.text({page.left() + width + 4, y}, page.small_words(Label::legend), {10.5F, Weight::regular, theme::kTeal});
  y += 10;
  constexpr std::size_t kRows = (kVehicleClassCount + 1) / 2;
  constexpr float kGap = 10;
  const float column = (page.inner() - kGap) / 2;
  for (std::size_t row = 0; row < kRows; ++row) {
    const auto first = static_cast<VehicleClass>(row);
    const auto second = static_cast<VehicleClass>(std::min(row + kRows, kVehicleClassCount - 1));
    const bool both = row + kRows < kVehicleClassCount;
    const auto measured = [&](VehicleClass vehicle_class) {
      return legend_name(page, class_words(vehicle_class_info(vehicle_class), page.language),
                         name_room(page, vehicle_class, column));
    };
    const LegendName left = measured(first);
    const LegendName right = both ? measured(second) : LegendName{left};
    const float height = std::max(left.height(), right.height());
    draw_class(page, first, {page.left(), y, column, height}, left);
    if (both) draw_class(page, second, {page.left() + column + kGap, y, column, height}, right);
    y += height;
  }
  y += 16;
  std::string words(page.words(Label::legend_held));
  const std::string included = inclusions(page.screen.licence->data(), page.language);
  if (!included.empty()) words += page.language == Language::chinese ? "（" + included + "）" : " (" + included + ")";
  return y + canvas.paragraph({page.left(), y}, words, {10.5F, Weight::regular, theme::kSecondary}, page.inner(), 15);
}

}  // namespace

float draw_endorsement(const PageContext& page) {
  const LicenceData& data = page.screen.licence->data();
  draw_header(page);
  draw_times(page, Page::endorsement);
  const float half = page.left() + page.inner() / 2 + 7;
  float y = 138;
  if (page.screen.state == ViewerState::stale) {
    const bool was_grey = page.canvas.greyed();
    page.canvas.grey(false);
    y += draw_panel(page, y - 10) + 12;
    page.canvas.grey(was_grey);
  }
  draw_number(page, page.left(), y, half - page.left() - 10, Label::licence_number,
              shown_licence_number(data, page.revealed));
  draw_number(page, half, y, page.right() - half, Label::file_number, *data.file_number);
  y += 44;
  y += draw_field(page, page.left(), y, page.inner(), Label::address, *data.address);
  y += draw_field(page, page.left(), y, page.inner(), Label::authority, *data.issuing_authority) + 10;
  y = draw_record(page, y) + 12;
  return draw_legend(page, y) + 8;
}

}  // namespace elicense
