#include "licence/vehicle_class.h"

#include <gtest/gtest.h>

namespace elicense {
namespace {

using enum VehicleClass;
constexpr CivilDate kToday = {2026, 9, 21};

std::string included_in(VehicleClass held) {
  std::string codes;
  for (std::size_t i = 0; i < kVehicleClassCount; ++i) {
    const auto other = static_cast<VehicleClass>(i);
    if (other != held && covers(held, other))
      codes += (codes.empty() ? "" : " ") + std::string(vehicle_class_info(other).code);
  }
  return codes;
}

// The whole table once more, as the regulation prints it.
TEST(VehicleClass, InclusionIsTheRegulations) {
  EXPECT_EQ(included_in(A1), "A3 B1 B2 C1 C2 C3 C4 M");
  EXPECT_EQ(included_in(A2), "B1 B2 C1 C2 C3 C4 C6 M");
  EXPECT_EQ(included_in(A3), "C1 C2 C3 C4");
  EXPECT_EQ(included_in(B1), "C1 C2 C3 C4 M");
  EXPECT_EQ(included_in(B2), "C1 C2 C3 C4 M");
  EXPECT_EQ(included_in(C1), "C2 C3");
  EXPECT_EQ(included_in(C3), "C4");
  EXPECT_EQ(included_in(D), "E");
  EXPECT_EQ(included_in(E), "F");
  for (const VehicleClass alone : {C2, C4, C5, C6, F, M, N, P}) EXPECT_EQ(included_in(alone), "");
}

TEST(VehicleClass, CodesReadBack) {
  for (std::size_t i = 0; i < kVehicleClassCount; ++i) {
    const auto vehicle_class = static_cast<VehicleClass>(i);
    EXPECT_EQ(parse_vehicle_class(vehicle_class_info(vehicle_class).code).value(), vehicle_class);
  }
  for (const std::string_view code : {"", "c1", "C7", "C", "A1 ", "C1E"})
    EXPECT_EQ(parse_vehicle_class(code).error(), ErrorCode::vehicle_class) << code;
}

TEST(ClassQuestion, AnswersWithItsReason) {
  struct Row {
    std::vector<DrivingPrivilege> held;
    VehicleClass asked;
    bool may_drive;
    std::string_view because;
  };
  const std::vector<Row> rows = {
      {{{C1, {2010, 1, 1}, {}}}, C1, true, "held"},
      {{{A1, {2010, 1, 1}, {}}}, C1, true, "included-in-A1"},
      {{{A1, {2010, 1, 1}, {}}, {C1, {2008, 1, 1}, {}}}, C1, true, "held"},
      {{{C2, {2010, 1, 1}, {}}}, C1, false, "not-held"},
      {{{C1, {2010, 1, 1}, {}}}, C4, false, "not-held"},
      {{}, C1, false, "not-held"},
      {{{C1, {2010, 1, 1}, kToday}}, C1, true, "held"},
      {{{C1, {2010, 1, 1}, CivilDate{2026, 9, 20}}}, C1, false, "expired-C1"},
      {{{C1, {2010, 1, 1}, CivilDate{2026, 9, 20}}, {B2, {2010, 1, 1}, {}}}, C1, true, "included-in-B2"},
      {{{C1, kToday, {}}}, C1, true, "held"},
      {{{C1, {2026, 9, 22}, {}}}, C1, false, "not-yet-issued-C1"},
      {{{A2, {2010, 1, 1}, CivilDate{2020, 1, 1}}}, C6, false, "expired-A2"},
  };
  for (const Row& row : rows) {
    const ClassAnswer answer = answer_class_question(row.held, row.asked, kToday);
    EXPECT_EQ(answer.may_drive, row.may_drive) << row.because;
    EXPECT_EQ(answer.because(), row.because);
    EXPECT_EQ(answer.asked, row.asked);
  }
}

}  // namespace
}  // namespace elicense
