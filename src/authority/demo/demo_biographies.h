// What is fixed about the people of --demo, as a table; demo_people() reckons their dates from the day it is asked for.
// Nobody's data: the division code 99 of the numbers is given to no place, cities and streets are called "example" and
// "specimen", the passport has a series that no state uses.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "licence/vehicle_class.h"

namespace elicense::authority {

// Years of a licence's terms: the first is of 6 years, those after it of 10.
enum class DemoTerm : std::uint8_t {
  running,            // at least a year of it is left
  over_for_a_month,   // the second term ended on this day of last month
  over_but_postponed  // the second term ended 60 days ago, and today is the last day of the postponement
};

struct DemoClass {
  VehicleClass vehicle_class = VehicleClass::C1;
  int years_after_first_issue = 0;
  int month = 0, day = 0;  // of that year; 0: the day of the first issue
};

struct DemoIncident {
  int days_ago = 0;
  std::string_view text;
};

struct DemoBiography {
  std::string_view key, pre_authorized_code, note_zh, note_en;
  std::string_view document_number, licence_number, name, sex, nationality;
  CivilDate birth_date;
  std::string_view address, issuing_authority, file_number;
  DemoTerm term = DemoTerm::running;
  // Of a running term: the day of the year of the first issue, and the full years since then. Not 5, 15, 25 …: in those
  // the term ends within the year.
  int issue_month = 1, issue_day = 1, years_held = 0;
  std::string_view first_record = "初次领取机动车驾驶证";
  std::span<const DemoClass> classes = {};
  std::string_view recorded_status = "A";
  int points = 0;  // 12 stay beyond the end of a points period, so their incident may be of the one before
  std::span<const DemoIncident> incidents = {};
};

std::span<const DemoBiography> demo_biographies();

}  // namespace elicense::authority
