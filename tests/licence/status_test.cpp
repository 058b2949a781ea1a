#include "licence/status.h"

#include <gtest/gtest.h>

namespace elicense {
namespace {

StatusSet of(std::string_view letters) { return StatusSet::parse(letters).value(); }

TEST(Status, ReadsSetsInAnyOrder) {
  EXPECT_EQ(of("JBD").letters(), "BDJ");
  EXPECT_EQ(of("A"), StatusSet::normal());
  EXPECT_TRUE(of("BDJ").has('D'));
  EXPECT_FALSE(of("BDJ").has('A'));
}

TEST(Status, RefusesWhatTheTableDoesNotHave) {
  for (const std::string_view letters : {"", "O", "Q", "V", "W", "X", "Y", "a", "BB", "AB", "A ", "1", "\xff", "吊"}) {
    EXPECT_FALSE(StatusSet::parse(letters)) << letters;
  }
}

TEST(Status, TheGravestDecides) {
  struct Row {
    std::string_view letters;
    Usability usability;
    char gravest;
  };
  for (const Row& row : {Row{"A", Usability::usable, 'A'}, Row{"H", Usability::usable_with_note, 'H'},
                         Row{"HI", Usability::usable_with_note, 'I'}, Row{"N", Usability::usable_with_note, 'N'},
                         Row{"HB", Usability::shown_but_refused, 'B'}, Row{"BD", Usability::shown_but_refused, 'B'},
                         Row{"Z", Usability::shown_but_refused, 'Z'}, Row{"BDJ", Usability::not_shown, 'J'},
                         Row{"L", Usability::not_shown, 'L'}, Row{"FG", Usability::not_shown, 'F'},
                         Row{"C", Usability::not_shown, 'C'}}) {
    EXPECT_EQ(of(row.letters).usability(), row.usability) << row.letters;
    EXPECT_EQ(of(row.letters).gravest().letter, row.gravest) << row.letters;
    EXPECT_EQ(of(row.letters).allows_use(), row.usability <= Usability::usable_with_note);
  }
}

StatusFacts facts(std::string_view letters) {
  return {.recorded = of(letters), .points = 0, .postponed_until = std::nullopt, .valid_until = {2030, 1, 31}};
}
constexpr CivilDate kToday = {2026, 9, 21};

TEST(Status, TwelvePointsRefuseAtOnce) {
  StatusFacts f = facts("A");
  f.points = 11;
  EXPECT_EQ(status_on(f, kToday).letters(), "A");
  f.points = 12;
  EXPECT_EQ(status_on(f, kToday).letters(), "B");
  EXPECT_FALSE(status_on(f, kToday).allows_use());
  f.recorded = of("H");
  EXPECT_EQ(status_on(f, kToday).letters(), "BH");
}

TEST(Status, PostponementsEndByDate) {
  for (const auto& [postponed, overdue] : {std::pair("N", "M"), std::pair("P", "R"), std::pair("T", "S")}) {
    StatusFacts f = facts(postponed);
    f.postponed_until = kToday;
    EXPECT_EQ(status_on(f, kToday).letters(), postponed) << "its last day";
    EXPECT_EQ(status_on(f, {2026, 9, 22}).letters(), overdue);
    EXPECT_FALSE(status_on(f, {2026, 9, 22}).allows_use());
  }
}

TEST(Status, PastItsLastDayALicenceIsOverdue) {
  StatusFacts f = facts("A");
  f.valid_until = kToday;
  EXPECT_EQ(status_on(f, kToday).letters(), "A");
  EXPECT_EQ(status_on(f, {2026, 9, 22}).letters(), "M");
  f.recorded = of("N");
  EXPECT_EQ(status_on(f, {2026, 9, 22}).letters(), "N") << "renewal postponed without an end";
  f.postponed_until = CivilDate{2026, 9, 30};
  EXPECT_EQ(status_on(f, {2026, 10, 1}).letters(), "M");
}

TEST(Status, TellsWhenTheCalendarChangesIt) {
  StatusFacts f = facts("N");
  EXPECT_EQ(status_changes_at(f, kToday), start_of_day({2030, 2, 1}));
  f.postponed_until = kToday;
  EXPECT_EQ(status_changes_at(f, kToday), start_of_day({2026, 9, 22}));
  EXPECT_EQ(status_changes_at(f, {2026, 9, 22}), start_of_day({2030, 2, 1}));
  EXPECT_EQ(status_changes_at(facts("A"), {2030, 2, 1}), std::nullopt);
}

TEST(Status, ListValues) {
  EXPECT_EQ(status_list_value(of("A")), 0);
  EXPECT_EQ(status_list_value(of("B")), 17);
  EXPECT_EQ(status_list_value(of("BDJ")), 16 + ('J' - 'A')) << "the gravest";
  EXPECT_EQ(status_of_list_value(0)->letters(), "A");
  EXPECT_EQ(status_of_list_value(16)->letters(), "A");
  EXPECT_EQ(status_of_list_value(17)->letters(), "B");
  EXPECT_FALSE(status_of_list_value(1)->allows_use());
  EXPECT_FALSE(status_of_list_value(2)->allows_use());
  for (const int value : {3, 15, 16 + ('O' - 'A'), 42, 255})
    EXPECT_FALSE(status_of_list_value(static_cast<std::uint8_t>(value))) << value;
}

TEST(Status, EveryLetterHasItsWords) {
  int count = 0;
  for (char letter = 'A'; letter <= 'Z'; ++letter) {
    const StatusInfo* info = status_info(letter);
    if (info == nullptr) continue;
    ++count;
    EXPECT_EQ(info->letter, letter);
    EXPECT_FALSE(info->chinese.empty());
    EXPECT_FALSE(info->english.empty());
    EXPECT_EQ(status_of_list_value(status_list_value(of(std::string_view(&letter, 1))))->gravest().letter, letter);
  }
  EXPECT_EQ(count, 20);
}

}  // namespace
}  // namespace elicense
