// 正页: who it is, what they may drive, until when, and the code.
#include <algorithm>
#include <cmath>
#include <string>

#include "codec/code128.h"
#include "view/pages.h"

namespace elicense {

namespace {

constexpr Box kPhoto = {theme::kPadding, 130, 96, 128};

void draw_photo(const PageContext& page) {
  using namespace theme;
  Canvas& canvas = page.canvas;
  canvas.fill(kPhoto, rgb(0xe8eef2), 8);
  if (page.portrait_size.x > 0 && page.portrait_size.y > 0) {
    // Cut to the frame's shape, from the middle.
    const float frame = kPhoto.width / kPhoto.height;
    const float image = page.portrait_size.x / page.portrait_size.y;
    const float cut_x = std::max(0.0F, 1 - frame / image) / 2;
    const float cut_y = std::max(0.0F, 1 - image / frame) / 2;
    canvas.image(kPhoto, kPortraitTexture, {cut_x, cut_y}, {1 - cut_x, 1 - cut_y}, 8);
  }
  canvas.stroke(kPhoto, kLine, 1, 8);
}

void draw_person(const PageContext& page) {
  Canvas& canvas = page.canvas;
  const LicenceData& data = page.screen.licence->data();
  const float x = kPhoto.right() + 14;
  const float room = page.right() - x;
  page.label({x, 139}, Label::name);
  canvas.text({x, 168}, *data.name, canvas.fitted(*data.name, theme::kName, room, 11));
  page.label({x, 192}, Label::sex);
  canvas.text({x, 210.5F}, shown_sex(*data.sex, page.language), theme::kValue);
  page.label({x + 60, 192}, Label::nationality);
  const std::string nationality = shown_nationality(*data.nationality, page.language);
  canvas.text({x + 60, 210.5F}, nationality, canvas.fitted(nationality, theme::kValue, room - 60, 9));
  page.label({x, 233}, Label::licence_number);
  const std::string number = shown_licence_number(data, page.revealed);
  const TextStyle style = canvas.fitted("370100198803141234", {17, Weight::bold, theme::kInk, 0.3F}, room - 30, 11);
  const float width = canvas.text({x, 254.5F}, number, style);
  const float eye = x + width + 15;
  draw_eye(canvas, {eye, 248.5F}, 8, theme::kTeal, page.revealed);
  if (!canvas.greyed()) {
    page.control(Control::reveal, page.revealed ? Label::hide : Label::reveal, {x - 4, 228, eye + 18 - x, 36},
                 page.revealed);
  }
}

// → where the row of classes ends
float draw_classes(const PageContext& page, float y, float room) {
  Canvas& canvas = page.canvas;
  const TextStyle style = {14, Weight::bold, theme::kWhite, 0.4F};
  float x = page.left();
  page.label({x, y}, Label::classes);
  float top = y + 8;
  for (const DrivingPrivilege& privilege : *page.screen.licence->data().driving_privileges) {
    const std::string_view code = vehicle_class_info(privilege.vehicle_class).code;
    const float words = canvas.width(code, style);
    const float width = std::max(33.0F, words + 18);
    if (x + width > page.left() + room && x > page.left()) {
      x = page.left();
      top += 28;
    }
    canvas.fill({x, top, width, 23}, theme::kTeal, 6);
    canvas.text_centred({x + width / 2, top + 16.5F}, code, style);
    x += width + 6;
  }
  return top + 23;
}

void draw_points(const PageContext& page, float x, float y) {
  Canvas& canvas = page.canvas;
  const std::int64_t points = *page.screen.licence->data().points;
  const bool over = points >= kPointsLimit;
  const Color ink = over ? theme::kRefusedBar : theme::kUsable;
  page.label({x, y}, Label::points);
  const float width = canvas.text({x, y + 19.5F}, std::to_string(points), {16, Weight::bold, ink});
  canvas.text({x + width + 4, y + 19.5F}, "/ " + std::to_string(kPointsLimit),
              {12.5F, Weight::regular, theme::kSecondary});
  const Box track = {x, y + 26.5F, page.right() - x, 5};
  canvas.fill(track, theme::kTrack, 2.5F);
  const float part = std::clamp(static_cast<float>(points) / kPointsLimit, 0.0F, 1.0F);
  canvas.fill({track.x, track.y, std::max(5.0F, track.width * part), 5}, ink, 2.5F);
}

}  // namespace

void draw_barcode(const PageContext& page, float top) {
  using namespace theme;
  Canvas& canvas = page.canvas;
  const std::string& number = *page.screen.licence->data().document_number;
  const auto modules = code128_encode(number);
  if (!modules) return;
  // Whole device pixels a module; ten modules of quiet zone a side.
  const float room = canvas.device({0, 0, page.inner(), 0}).width;
  const auto count = static_cast<float>(modules->size() + 20);
  const float module = std::max(1.0F, std::floor(std::min(room / count, 3.0F * canvas.ratio())));
  const Box zone = canvas.device({page.left(), top, page.inner(), 40});
  float x = zone.x + std::floor((zone.width - module * static_cast<float>(modules->size())) / 2);
  const Color ink = canvas.greyed() ? kSecondary.faded(0.5F) : kModule;
  // Its quiet zone: the guilloche fades out around it.
  for (int i = 6; i >= 0; --i) {
    const float beyond = static_cast<float>(i) * 2 * canvas.ratio();
    canvas.list().AddRectFilled({x - 10 * module - beyond, zone.y - beyond},
                                {x + (count - 10) * module + beyond, zone.bottom() + 20 * canvas.ratio() + beyond},
                                kCard.faded(0.35F).value, 8 * canvas.ratio() + beyond);
  }
  for (std::size_t i = 0; i < modules->size();) {
    std::size_t end = i;
    while (end < modules->size() && (*modules)[end] == (*modules)[i]) ++end;
    const float width = module * static_cast<float>(end - i);
    if ((*modules)[i] != 0) canvas.list().AddRectFilled({x, zone.y}, {x + width, zone.bottom()}, ink.value);
    x += width;
    i = end;
  }
  std::string grouped;
  for (std::size_t i = 0; i < number.size(); ++i) {
    if (i > 0 && i % 4 == 0) grouped += ' ';
    grouped += number[i];
  }
  canvas.text_centred({page.card.width / 2, top + 57}, grouped, {12.5F, Weight::regular, kInk, 2});
}

float draw_front(const PageContext& page) {
  Canvas& canvas = page.canvas;
  const LicenceData& data = page.screen.licence->data();
  const float half = page.left() + page.inner() / 2 + 7;
  draw_header(page);
  draw_times(page, Page::front);
  draw_photo(page);
  draw_person(page);
  float y = 281;
  draw_points(page, half, y);
  y = std::max(draw_classes(page, y, page.inner() / 2 - 4), y + 31.5F) + 17;
  page.label({page.left(), y}, Label::birth);
  canvas.text({page.left(), y + 18.5F}, iso_date(*data.birth_date), theme::kValue);
  page.label({half, y}, Label::first_issue);
  canvas.text({half, y + 18.5F}, iso_date(*data.first_issue_date), theme::kValue);
  y += 42;
  page.label({page.left(), y}, Label::valid);
  canvas.text({page.left(), y + 18.5F}, shown_validity(data, page.language), theme::kValue);
  y += 33;
  const bool was_grey = canvas.greyed();
  canvas.grey(false);
  y += draw_panel(page, y);
  canvas.grey(was_grey);
  const float natural = y + 16 + kBarcodeHeight + 12;
  const float slack = std::max(0.0F, page.card.height - natural);
  draw_barcode(page, y + 16 + slack * 0.6F);
  return natural;
}

}  // namespace elicense
