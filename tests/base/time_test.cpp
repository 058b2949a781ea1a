#include "base/time.h"

#include <gtest/gtest.h>

#include "support/expect.h"

namespace elicense {
namespace {

using test::outcome;

TEST(CivilDate, TheAuthoritysDayBeginsAtSixteenOClockUtc) {
  struct Row {
    std::int64_t seconds;
    CivilDate date;
  };
  const Row rows[] = {
      {0, {1970, 1, 1}},           {57599, {1970, 1, 1}},      {57600, {1970, 1, 2}},
      {-28800, {1970, 1, 1}},      {-28801, {1969, 12, 31}},   {951753599, {2000, 2, 28}},
      {951753600, {2000, 2, 29}},  {951840000, {2000, 3, 1}},  {1790000000, {2026, 9, 21}},
      {4107513599, {2100, 2, 28}}, {4107513600, {2100, 3, 1}}, {253402271999, {9999, 12, 31}},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(civil_date_at({row.seconds}), row.date)
        << row.seconds << " gives " << iso_date(civil_date_at({row.seconds}));
  }
}

TEST(CivilDate, FirstSecondOfEveryDayOfFourHundredYears) {
  CivilDate previous = civil_date_at(start_of_day({1899, 12, 31}));
  for (UnixTime time = start_of_day({1900, 1, 1}); time < start_of_day({2300, 1, 1}); time = time + 86400) {
    const CivilDate date = civil_date_at(time);
    ASSERT_EQ(start_of_day(date), time);
    ASSERT_EQ(civil_date_at(time - 1), previous);
    ASSERT_EQ(civil_date_at(time + 86399), date);
    ASSERT_LT(previous, date);
    ASSERT_EQ(parse_iso_date(iso_date(date)).value(), date);
    ASSERT_EQ(parse_compact_date(compact_date(date)).value(), date);
    previous = date;
  }
}

TEST(CivilDate, WrittenWithAllItsZeros) {
  EXPECT_EQ(iso_date({2026, 1, 31}), "2026-01-31");
  EXPECT_EQ(compact_date({2026, 1, 31}), "20260131");
  EXPECT_EQ(iso_date({1, 2, 3}), "0001-02-03");
  EXPECT_EQ(compact_date({1, 2, 3}), "00010203");
}

TEST(CivilDate, ParsedOrRefused) {
  struct Row {
    std::string_view compact;
    std::string_view iso;
    std::string_view expected;
  };
  const Row rows[] = {
      {"20260131", "2026-01-31", "ok"},
      {"20240229", "2024-02-29", "ok"},
      {"20000229", "2000-02-29", "ok"},
      {"00010101", "0001-01-01", "ok"},
      {"99991231", "9999-12-31", "ok"},
      {"20230229", "2023-02-29", "date-format"},
      {"19000229", "1900-02-29", "date-format"},
      {"20260431", "2026-04-31", "date-format"},
      {"20260132", "2026-01-32", "date-format"},
      {"20260100", "2026-01-00", "date-format"},
      {"20261301", "2026-13-01", "date-format"},
      {"20260001", "2026-00-01", "date-format"},
      {"00000101", "0000-01-01", "date-format"},
      {"2026013", "2026-01-3", "date-format"},
      {"202601310", "2026-01-310", "date-format"},
      {"", "", "date-format"},
      {"2026 131", "2026- 1-31", "date-format"},
      {"-0260131", "-026-01-31", "date-format"},
      {"+0260131", "2026/01/31", "date-format"},
      {"2026013a", "2026-01-3a", "date-format"},
      {"2026-01-31", "20260131", "date-format"},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(outcome(parse_compact_date(row.compact)), row.expected) << row.compact;
    EXPECT_EQ(outcome(parse_iso_date(row.iso)), row.expected) << row.iso;
  }
}

TEST(UnixTime, WireTimesLieBetween1970AndTheEndOf9999) {
  EXPECT_TRUE(is_wire_time(0));
  EXPECT_TRUE(is_wire_time(253402300799));
  EXPECT_FALSE(is_wire_time(-1));
  EXPECT_FALSE(is_wire_time(253402300800));
  EXPECT_FALSE(is_wire_time(INT64_MIN));
  EXPECT_FALSE(is_wire_time(INT64_MAX));
}

TEST(UnixTime, Arithmetic) {
  EXPECT_EQ((UnixTime{100} + 5).seconds, 105);
  EXPECT_EQ((UnixTime{100} - 5).seconds, 95);
  EXPECT_EQ(UnixTime{100} - UnixTime{30}, 70);
  EXPECT_LT(UnixTime{1}, UnixTime{2});
}

}  // namespace
}  // namespace elicense
