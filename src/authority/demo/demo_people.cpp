#include "authority/demo/demo_people.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "authority/demo/demo_biographies.h"
#include "authority/demo/demo_portraits.h"
#include "licence/licence.h"

namespace elicense::authority {
namespace {

constexpr int kFirstTermYears = 6;
constexpr int kLaterTermYears = 10;

CivilDate days_before(CivilDate date, int days) {
  return civil_date_at(start_of_day(date) - std::int64_t{days} * 86400);
}

// That day, or the last one of a month that is too short for it.
CivilDate nearest_date(int year, int month, int day) {
  while (!parse_iso_date(iso_date({year, month, day}))) --day;
  return {year, month, day};
}

CivilDate years_before(CivilDate date, int years) { return nearest_date(date.year - years, date.month, date.day); }

CivilDate month_before(CivilDate date) {
  return date.month == 1 ? nearest_date(date.year - 1, 12, date.day)
                         : nearest_date(date.year, date.month - 1, date.day);
}

CivilDate last_anniversary(int month, int day, CivilDate today) {
  const CivilDate this_year = nearest_date(today.year, month, day);
  return this_year <= today ? this_year : nearest_date(today.year - 1, month, day);
}

struct TermDates {
  CivilDate first_issue, valid_from, valid_until;
  std::optional<CivilDate> postponed_until;
};

TermDates running_term(const DemoBiography& person, CivilDate today) {
  const CivilDate newest = last_anniversary(person.issue_month, person.issue_day, today);
  TermDates dates;
  dates.first_issue = years_before(newest, person.years_held);
  dates.valid_from = dates.first_issue;
  int years = kFirstTermYears;
  int ends_after = years;
  for (; ends_after <= person.years_held; ends_after += years) {
    dates.valid_from = years_before(dates.first_issue, -ends_after);
    years = kLaterTermYears;
  }
  dates.valid_until = years_before(dates.first_issue, -ends_after);
  return dates;
}

TermDates term_ended(CivilDate last_day, std::optional<CivilDate> postponed_until) {
  return {.first_issue = years_before(last_day, kFirstTermYears + kLaterTermYears),
          .valid_from = years_before(last_day, kLaterTermYears),
          .valid_until = last_day,
          .postponed_until = postponed_until};
}

TermDates term_dates(const DemoBiography& person, CivilDate today) {
  switch (person.term) {
    case DemoTerm::over_for_a_month:
      return term_ended(month_before(today), std::nullopt);
    case DemoTerm::over_but_postponed:
      return term_ended(days_before(today, 60), today);
    case DemoTerm::running:
      break;
  }
  return running_term(person, today);
}

std::vector<DrivingPrivilege> privileges_of(const DemoBiography& person, CivilDate first_issue) {
  std::vector<DrivingPrivilege> privileges;
  for (const DemoClass& held : person.classes) {
    const int year = first_issue.year + held.years_after_first_issue;
    const CivilDate issued = held.month == 0 ? nearest_date(year, first_issue.month, first_issue.day)
                                             : CivilDate{year, held.month, held.day};
    privileges.push_back({.vehicle_class = held.vehicle_class, .issued = issued, .expires = std::nullopt});
  }
  return privileges;
}

std::vector<RecordLine> record_of(const DemoBiography& person, const TermDates& dates,
                                  const std::vector<DrivingPrivilege>& privileges, CivilDate today) {
  std::vector<RecordLine> record = {{dates.first_issue, std::string(person.first_record)}};
  for (const DrivingPrivilege& held : privileges) {
    if (held.issued > dates.first_issue)
      record.push_back({held.issued, "增加准驾车型 " + std::string(vehicle_class_info(held.vehicle_class).code)});
  }
  if (dates.valid_from > dates.first_issue) record.push_back({dates.valid_from, "期满换证，有效期 10 年"});
  // A points period is the year from each anniversary of the first issue.
  record.push_back({last_anniversary(dates.first_issue.month, dates.first_issue.day, today),
                    person.points == 0 ? "本记分周期起始，累积记分 0 分" : "本记分周期起始"});
  for (const DemoIncident& incident : person.incidents)
    record.push_back({days_before(today, incident.days_ago), std::string(incident.text)});
  record.push_back({dates.valid_until, dates.valid_until < today ? "有效期满" : "前 90 日内申请换证"});
  std::stable_sort(record.begin(), record.end(),
                   [](const RecordLine& a, const RecordLine& b) { return a.date < b.date; });
  return record;
}

DemoPerson demo_person(const DemoBiography& person, CivilDate today) {
  const TermDates dates = term_dates(person, today);
  LicenceData data;
  data.document_number = person.document_number;
  data.licence_number = person.licence_number;
  data.name = person.name;
  data.sex = person.sex;
  data.nationality = person.nationality;
  data.birth_date = person.birth_date;
  data.address = person.address;
  data.first_issue_date = dates.first_issue;
  data.valid_from = dates.valid_from;
  data.valid_until = dates.valid_until;
  data.driving_privileges = privileges_of(person, dates.first_issue);
  data.issuing_authority = person.issuing_authority;
  data.file_number = person.file_number;
  data.points = person.points;
  data.record = record_of(person, dates, *data.driving_privileges, today);
  return {.key = person.key,
          .pre_authorized_code = person.pre_authorized_code,
          .note_zh = person.note_zh,
          .note_en = person.note_en,
          .licence = {.document_number = *data.document_number,
                      .data = Json(licence_data_claims(data)).dump(),
                      .portrait = copy_of(demo_portrait(std::string(person.key) + ".webp")),
                      .facts = {.recorded = StatusSet::parse(person.recorded_status).value(),
                                .points = person.points,
                                .postponed_until = dates.postponed_until,
                                .valid_until = dates.valid_until}}};
}

}  // namespace

std::vector<DemoPerson> demo_people(CivilDate today) {
  std::vector<DemoPerson> people;
  for (const DemoBiography& person : demo_biographies()) people.push_back(demo_person(person, today));
  return people;
}

}  // namespace elicense::authority
