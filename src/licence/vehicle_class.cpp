#include "licence/vehicle_class.h"

#include <array>
#include <initializer_list>

namespace elicense {
namespace {

using enum VehicleClass;

constexpr std::uint32_t bit_of(VehicleClass vehicle_class) { return 1U << static_cast<unsigned>(vehicle_class); }

constexpr std::uint32_t set_of(std::initializer_list<VehicleClass> classes) {
  std::uint32_t bits = 0;
  for (const VehicleClass vehicle_class : classes) bits |= bit_of(vehicle_class);
  return bits;
}

struct ClassRow {
  VehicleClassInfo info;
  std::uint32_t includes;
};

// 准驾车型及代号, Annex 1 of the provisions on driving licence application and use.
constexpr std::array<ClassRow, kVehicleClassCount> kClasses = {{
    {{"A1", "大型客车", "Large passenger vehicle"}, set_of({A3, B1, B2, C1, C2, C3, C4, M})},
    {{"A2", "重型牵引挂车", "Heavy tractor-trailer"}, set_of({B1, B2, C1, C2, C3, C4, C6, M})},
    {{"A3", "城市公交车", "City bus"}, set_of({C1, C2, C3, C4})},
    {{"B1", "中型客车", "Medium passenger vehicle"}, set_of({C1, C2, C3, C4, M})},
    {{"B2", "大型货车", "Large goods vehicle"}, set_of({C1, C2, C3, C4, M})},
    {{"C1", "小型汽车", "Small car"}, set_of({C2, C3})},
    {{"C2", "小型自动挡汽车", "Small automatic car"}, 0},
    {{"C3", "低速载货汽车", "Low-speed goods vehicle"}, set_of({C4})},
    {{"C4", "三轮汽车", "Three-wheeled vehicle"}, 0},
    {{"C5", "残疾人专用小型自动挡载客汽车", "Small automatic car adapted for disabled drivers"}, 0},
    {{"C6", "轻型牵引挂车", "Light trailer combination"}, 0},
    {{"D", "普通三轮摩托车", "Three-wheeled motorcycle"}, set_of({E})},
    {{"E", "普通二轮摩托车", "Two-wheeled motorcycle"}, set_of({F})},
    {{"F", "轻便摩托车", "Moped"}, 0},
    {{"M", "轮式专用机械车", "Wheeled special-purpose machinery"}, 0},
    {{"N", "无轨电车", "Trolleybus"}, 0},
    {{"P", "有轨电车", "Tram"}, 0},
}};

ClassReason reason_for(const DrivingPrivilege& privilege, VehicleClass asked, CivilDate today) {
  if (today < privilege.issued) return ClassReason::not_yet_issued;
  if (privilege.expires && *privilege.expires < today) return ClassReason::expired;
  return privilege.vehicle_class == asked ? ClassReason::held : ClassReason::included;
}

// Of several classes that cover the one asked for, the best reason is given.
int rank(ClassReason reason) {
  switch (reason) {
    case ClassReason::held:
      return 4;
    case ClassReason::included:
      return 3;
    case ClassReason::expired:
      return 2;
    case ClassReason::not_yet_issued:
      return 1;
    case ClassReason::not_held:
      return 0;
  }
  return 0;
}

}  // namespace

const VehicleClassInfo& vehicle_class_info(VehicleClass vehicle_class) {
  return kClasses[static_cast<std::size_t>(vehicle_class)].info;
}

Result<VehicleClass> parse_vehicle_class(std::string_view code) {
  for (std::size_t i = 0; i < kClasses.size(); ++i) {
    if (kClasses[i].info.code == code) return static_cast<VehicleClass>(i);
  }
  return ErrorCode::vehicle_class;
}

bool covers(VehicleClass held, VehicleClass wanted) {
  return held == wanted || (kClasses[static_cast<std::size_t>(held)].includes & bit_of(wanted)) != 0;
}

ClassAnswer answer_class_question(const std::vector<DrivingPrivilege>& privileges, VehicleClass asked,
                                  CivilDate today) {
  ClassAnswer answer{.asked = asked, .may_drive = false, .reason = ClassReason::not_held, .by = std::nullopt};
  for (const DrivingPrivilege& privilege : privileges) {
    if (!covers(privilege.vehicle_class, asked)) continue;
    const ClassReason reason = reason_for(privilege, asked, today);
    if (rank(reason) <= rank(answer.reason)) continue;
    answer.reason = reason;
    answer.by = privilege.vehicle_class;
  }
  answer.may_drive = answer.reason == ClassReason::held || answer.reason == ClassReason::included;
  return answer;
}

std::string ClassAnswer::because() const {
  const std::string class_code(by ? vehicle_class_info(*by).code : "");
  switch (reason) {
    case ClassReason::held:
      return "held";
    case ClassReason::included:
      return "included-in-" + class_code;
    case ClassReason::not_held:
      return "not-held";
    case ClassReason::not_yet_issued:
      return "not-yet-issued-" + class_code;
    case ClassReason::expired:
      return "expired-" + class_code;
  }
  return "not-held";
}

}  // namespace elicense
