// The same content as on the canvas, as JSON for the page's description list (the Mirror of web/messages.ts).
#include "codec/json.h"
#include "view/pages.h"
#include "view/panel_words.h"
#include "view/view.h"

namespace elicense {

namespace {

class Section {
 public:
  Section(Language language, Label heading) : language_(language), heading_(text(heading, language)) {}

  void add(Label label, std::string value, std::string_view of = {}) {
    Json::Object row{{"label", text(label, language_)}, {"value", std::move(value)}};
    if (!of.empty()) row.emplace_back("of", of);
    rows_.emplace_back(std::move(row));
  }
  Json json() { return Json::Object{{"heading", heading_}, {"rows", std::move(rows_)}}; }

 private:
  Language language_;
  std::string_view heading_;
  Json::Array rows_;
};

std::string class_names(const LicenceData& data, Language language) {
  std::string names;
  for (const DrivingPrivilege& privilege : *data.driving_privileges) {
    const VehicleClassInfo& info = vehicle_class_info(privilege.vehicle_class);
    if (!names.empty()) names += language == Language::chinese ? "，" : ", ";
    names += std::string(info.code) + " " + std::string(language == Language::chinese ? info.chinese : info.english);
  }
  return names;
}

// Sighted people see whether a code is shown; so do others hear it.
std::string code_words(const ViewerScreen& screen, Language language) {
  const bool shown = screen.code != nullptr;
  return std::string(text(shown ? Label::code_shown : Label::code_not_shown, language));
}

Json front_section(const ViewerScreen& screen, Language language, bool revealed) {
  const LicenceData& data = screen.licence->data();
  Section section(language, Label::front_page);
  section.add(Label::generated, shown_minute(screen.licence->envelope().issued));
  if (screen.now) section.add(Label::now, shown_time(*screen.now), "time");
  if (data.portrait) section.add(Label::portrait, std::string(text(Label::portrait_shown, language)));
  section.add(Label::name, *data.name);
  section.add(Label::sex, shown_sex(*data.sex, language));
  section.add(Label::nationality, shown_nationality(*data.nationality, language));
  section.add(Label::licence_number, shown_licence_number(data, revealed));
  section.add(Label::classes, class_names(data, language));
  section.add(Label::points, std::to_string(*data.points) + " / " + std::to_string(kPointsLimit));
  section.add(Label::birth, iso_date(*data.birth_date));
  section.add(Label::first_issue, iso_date(*data.first_issue_date));
  section.add(Label::valid, shown_validity(data, language));
  section.add(Label::document_number, *data.document_number);
  section.add(Label::code, code_words(screen, language), "code");
  return section.json();
}

Json endorsement_section(const ViewerScreen& screen, Language language, bool revealed) {
  const LicenceData& data = screen.licence->data();
  Section section(language, Label::endorsement_page);
  section.add(Label::licence_number, shown_licence_number(data, revealed));
  section.add(Label::file_number, *data.file_number);
  section.add(Label::address, *data.address);
  section.add(Label::authority, *data.issuing_authority);
  for (const RecordLine& line : *data.record) section.add(Label::record, iso_date(line.date) + " " + line.text);
  return section.json();
}

Json checks_section(const CheckList& list, Language language) {
  Section section(language, Label::checks);
  if (list.progress == CheckList::Progress::failed)
    section.add(Label::checks, std::string(text(Label::checks_unknown, language)));
  if (list.progress == CheckList::Progress::known && list.checks.empty())
    section.add(Label::checks, std::string(text(Label::no_checks, language)));
  for (const LicenceCheck& check : list.checks) section.add(Label::checks, shown_check(check, language));
  return section.json();
}

std::string joined(const PanelWords& words, Language language) {
  std::string all = words.title;
  if (!words.text.empty()) all += (language == Language::chinese ? "。" : ". ") + words.text;
  return all;
}

}  // namespace

std::string View::mirror(const ViewerScreen& screen) const {
  Json::Array sections;
  const PanelWords words = panel_words(screen, language_);
  Section status(language_, Label::status);
  status.add(Label::status, joined(words, language_));
  if (screen.confirmed && screen.state != ViewerState::live) {
    status.add(Label::offline_since, shown_minute(*screen.confirmed));
  }
  sections.push_back(status.json());
  if (screen.checks != nullptr) sections.push_back(checks_section(*screen.checks, language_));
  if (screen.licence != nullptr && screen.licence->data().complete()) {
    sections.push_back(front_section(screen, language_, revealed_));
    sections.push_back(endorsement_section(screen, language_, revealed_));
  }
  std::string said = joined(words, language_);
  if (screen.state == ViewerState::offline)
    said = joined({std::string(text(Label::offline, language_)), "", said, ""}, language_);
  if (screen.notice != nullptr) said = shown_notice(*screen.notice, language_) + ". " + said;
  const std::string heading =
      std::string(text(Label::title, language_)) + " " + std::string(text(Label::subtitle, language_)) +
      (screen.production == Production::yes ? "" : " " + std::string(text(Label::specimen, language_)));
  return Json(Json::Object{{"language", language_ == Language::chinese ? "zh-CN" : "en"},
                           {"heading", heading},
                           {"status", std::move(said)},
                           {"sections", std::move(sections)}})
      .dump();
}

}  // namespace elicense
