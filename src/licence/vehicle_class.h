// The vehicle classes of the licence, which of them include which, and the answer to "may this person drive that,
// today".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace elicense {

enum class VehicleClass : std::uint8_t { A1, A2, A3, B1, B2, C1, C2, C3, C4, C5, C6, D, E, F, M, N, P };
inline constexpr std::size_t kVehicleClassCount = 17;

struct VehicleClassInfo {
  std::string_view code;
  std::string_view chinese;
  std::string_view english;
};

const VehicleClassInfo& vehicle_class_info(VehicleClass vehicle_class);
Result<VehicleClass> parse_vehicle_class(std::string_view code);
// Whether a class is the one wanted or includes it, exactly as the regulation lists it: C1 includes C3 and C3 includes
// C4, yet C1 does not include C4.
bool covers(VehicleClass held, VehicleClass wanted);

struct DrivingPrivilege {
  VehicleClass vehicle_class = VehicleClass::C1;
  CivilDate issued;
  std::optional<CivilDate> expires;  // the last day it is good for
  bool operator==(const DrivingPrivilege&) const = default;
};

enum class ClassReason : std::uint8_t { held, included, not_held, not_yet_issued, expired };

struct ClassAnswer {
  VehicleClass asked = VehicleClass::C1;
  bool may_drive = false;
  ClassReason reason = ClassReason::not_held;
  std::optional<VehicleClass> by;  // the class held that decided it

  std::string because() const;  // "held", "included-in-A1", "not-held", "not-yet-issued-C1", "expired-C1"
};

ClassAnswer answer_class_question(const std::vector<DrivingPrivilege>& privileges, VehicleClass asked, CivilDate today);

}  // namespace elicense
