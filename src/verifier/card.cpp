#include "verifier/card.h"

#include <algorithm>

#include "licence/status_words.h"

namespace elicense {
namespace {

CardPerson person_of(const LeaseClaims& lease, const std::optional<std::string>& portrait, Language language) {
  CardPerson person;
  person.name = lease.name;
  person.licence_number = lease.masked_licence_number;
  std::string classes;
  for (const DrivingPrivilege& privilege : lease.privileges) {
    const std::string_view code = vehicle_class_info(privilege.vehicle_class).code;
    person.classes.emplace_back(code);
    if (!classes.empty()) classes += ' ';
    classes += code;
  }
  person.valid_until = lease.valid_until;
  person.portrait = portrait;
  const auto add_row = [&](const Words& label, std::string value) {
    person.rows.push_back({.label = two_words(label, language), .value = std::move(value)});
  };
  add_row({"姓名", "Name"}, person.name);
  add_row({"证号", "Licence no."}, person.licence_number);
  add_row({"准驾车型", "Classes"}, std::move(classes));
  add_row({"有效期至", "Valid until"}, iso_date(person.valid_until));
  return person;
}

CardTone tone_of(const Check& check) {
  if (check.result != CheckResult::valid) return CardTone::refused;
  if (check.answer && !check.answer->may_drive) return CardTone::refused;
  const bool is_plain = check.by == CheckedBy::authority && !check.status && check.unchecked.empty();
  return is_plain ? CardTone::usable : CardTone::noted;
}

TwoWords title_of(const Check& check, Language language) {
  if (check.result == CheckResult::valid && check.answer && !check.answer->may_drive) {
    const std::string code(vehicle_class_info(check.answer->asked).code);
    const std::string chinese = "不可驾驶 " + code;
    const std::string english = "May not drive " + code;
    return two_words({chinese, english}, language);
  }
  return two_words(check_title(check.result), language);
}

}  // namespace

CheckCard card_of(const Check& check, Language language) {
  const bool is_valid = check.result == CheckResult::valid;
  ELICENSE_ASSERT(is_valid == check.lease.has_value());
  ELICENSE_ASSERT(is_valid || (!check.portrait && !check.answer && !check.echo));
  CheckCard card;
  card.result = check.result ? check_result_name(*check.result) : "unchecked";
  card.error = check.error;
  card.online = check.by == CheckedBy::authority;
  card.tone = tone_of(check);
  card.title = title_of(check, language);
  card.line = check_line(check, language);
  card.meaning = check_meaning(check, language);
  card.age = check.age;
  card.confirmed = check.confirmed;
  if (check.status) {
    card.status = CardStatus{.letters = check.status->letters(),
                             .words = two_words(gravest_words(*check.status).title, language)};
  }
  if (check.lease) card.person = person_of(*check.lease, check.portrait, language);
  if (check.answer) {
    card.answer = CardAnswer{.asked = check.answer->asked,
                             .may_drive = check.answer->may_drive,
                             .question = question_words(check.answer->asked, language),
                             .title = answer_title(*check.answer, language),
                             .because = answer_reason(*check.answer, check.status, language)};
  }
  card.echo = check.echo;
  card.echo_words = two_words(compare_number_words(), language);
  for (const Unchecked what : check.unchecked) card.unchecked.push_back(two_words(unchecked_words(what), language));
  card.receipt = check.receipt;
  if (check.specimen) card.specimen = two_words(specimen_words(), language);
  return card;
}

}  // namespace elicense
