#include "cli/presentation.h"

namespace elicense::cli {
namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";  // U+FFFD

// Length of the character that begins here when it must not reach a terminal, else 0. Expects UTF-8.
std::size_t unprintable_at(std::string_view text) {
  const auto byte = [text](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  if (byte(0) < 0x20 || byte(0) == 0x7f) return 1;
  if (byte(0) == 0xc2 && byte(1) >= 0x80 && byte(1) <= 0x9f) return 2;  // C1
  if (byte(0) == 0xd8 && byte(1) == 0x9c) return 2;                     // U+061C
  if (byte(0) != 0xe2) return 0;
  const bool marks = byte(1) == 0x80 && ((byte(2) >= 0x8b && byte(2) <= 0x8f) || (byte(2) >= 0xa8 && byte(2) <= 0xae));
  const bool isolates = byte(1) == 0x81 && byte(2) >= 0xa0 && byte(2) <= 0xaf;
  return marks || isolates ? 3 : 0;
}

}  // namespace

std::string_view sentence_for(CheckResult result) {
  switch (result) {
    case CheckResult::valid:
      return "Genuine, in force, and shown just now by its holder.";
    case CheckResult::stale:
      return "Shown too long ago: a screenshot or a copy. Ask for the live code.";
    case CheckResult::clock:
      return "Dated in the future: the clock of this computer or of the phone is wrong.";
    case CheckResult::not_live:
      return "Not a live code, or the challenge was not answered: it does not prove who holds the licence.";
    case CheckResult::expired:
      return "The licence or the authority's confirmation of it has run out.";
    case CheckResult::not_usable:
      return "Genuine, but its status does not allow it to be used.";
    case CheckResult::already_used:
      return "This code has been checked before. Ask for the next one.";
    case CheckResult::revoked:
      return "The authority has withdrawn the confirmation, or the key that signed it.";
    case CheckResult::forged:
      return "A signature is wrong: the authority or the holder's phone did not make this code.";
    case CheckResult::unknown_issuer:
      return "Not signed by an authority that can be trusted here.";
    case CheckResult::malformed:
      return "Not a code that can be read.";
  }
  return {};
}

Json steps_json(const Trust& trust, const std::vector<CheckStep>& steps) {
  Json::Array list;
  const auto add = [&list](std::string_view name, bool ok) {
    list.emplace_back(Json::Object{{"name", name}, {"ok", ok}});
  };
  if (!trust.pinned) add("trust-list", trust.list.ok());
  for (const CheckStep& step : steps) add(step.name, !step.error.has_value());
  return list;
}

Json error_json(const std::optional<ErrorCode>& error) {
  if (!error) return nullptr;
  return error_name(*error);
}

Json status_json(const std::optional<StatusSet>& status) {
  if (!status) return nullptr;
  const StatusInfo& gravest = status->gravest();
  return Json::Object{{"codes", status->letters()},
                      {"usable", status->allows_use()},
                      {"english", gravest.english},
                      {"chinese", gravest.chinese}};
}

Json class_answer_json(const ClassAnswer& answer) {
  return Json::Object{
      {"class", vehicle_class_info(answer.asked).code}, {"may_drive", answer.may_drive}, {"because", answer.because()}};
}

Json privileges_json(const std::vector<DrivingPrivilege>& privileges) {
  Json::Array list;
  for (const DrivingPrivilege& privilege : privileges) {
    list.emplace_back(
        Json::Object{{"class", vehicle_class_info(privilege.vehicle_class).code},
                     {"issued", iso_date(privilege.issued)},
                     {"expires", privilege.expires ? Json(iso_date(*privilege.expires)) : Json(nullptr)}});
  }
  return list;
}

std::string status_words(StatusSet status) { return status.letters() + ": " + std::string(status.gravest().english); }

std::string privileges_words(const std::vector<DrivingPrivilege>& privileges) {
  std::string words;
  for (const DrivingPrivilege& privilege : privileges) {
    if (!words.empty()) words += ", ";
    words += std::string(vehicle_class_info(privilege.vehicle_class).code) + " since " + iso_date(privilege.issued);
    if (privilege.expires) words += " until " + iso_date(*privilege.expires);
  }
  return words.empty() ? "none" : words;
}

void Lines::add(std::string_view label, std::string_view value) {
  constexpr std::size_t kLabelWidth = 18;
  std::string line = "  " + std::string(label);
  line.resize(std::max(line.size() + 1, kLabelWidth + 2), ' ');
  text_ += line + printable(value) + "\n";
}

void Lines::add_demonstration_note(const Trust& trust) {
  if (trust.production() == Json(false)) add("SPECIMEN", "the trust list is not a production one");
}

void Lines::add_failure(const std::optional<ErrorCode>& error, const std::vector<CheckStep>& steps) {
  if (error) add("error", error_name(*error));
  if (!steps.empty() && steps.back().error) add("failed at", steps.back().name);
}

std::string printable(std::string_view text) {
  std::string shown;
  while (!text.empty()) {
    const std::size_t hidden = unprintable_at(text);
    shown += hidden == 0 ? text.substr(0, 1) : kReplacement;
    text.remove_prefix(hidden == 0 ? 1 : hidden);
  }
  return shown;
}

}  // namespace elicense::cli
