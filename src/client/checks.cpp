#include "client/checks.h"

#include "client/account.h"
#include "licence/live_code.h"
#include "licence/vehicle_class.h"

namespace elicense {
namespace {

constexpr std::size_t kLongestPartner = 128;
constexpr std::size_t kLongestOrigin = 256;

}  // namespace

std::optional<LicenceCheck> licence_check_from(const Json& told) {
  LicenceCheck check{.partner = text_of_member(told, "partner"),
                     .origin = text_of_member(told, "origin"),
                     .result = text_of_member(told, "result"),
                     .asked = std::nullopt,
                     .echo = std::nullopt,
                     .at = 0};
  if (check.partner.size() > kLongestPartner || check.origin.size() > kLongestOrigin) return std::nullopt;
  if (!check_result_from_name(check.result)) return std::nullopt;
  if (const std::string asked = text_of_member(told, "asked"); !asked.empty()) {
    if (!parse_vehicle_class(asked)) return std::nullopt;
    check.asked = asked;
  }
  if (const Json* const echo = told.find("echo")) {
    check.echo = echo->integer();
    if (!check.echo || *check.echo < 0 || *check.echo > 99) return std::nullopt;
  }
  const Json* const at = told.find("at");
  const auto seconds = at == nullptr ? std::nullopt : at->integer();
  if (!seconds || !is_wire_time(*seconds)) return std::nullopt;
  check.at = *seconds;
  return check;
}

std::optional<std::vector<LicenceCheck>> licence_checks_from(const Json& body) {
  const Json* const list = body.find("checks");
  if (list == nullptr || list->array() == nullptr || list->array()->size() > kMostChecksListed) return std::nullopt;
  std::vector<LicenceCheck> checks;
  for (const Json& told : *list->array()) {
    auto check = licence_check_from(told);
    if (!check) return std::nullopt;
    checks.push_back(std::move(*check));
  }
  return checks;
}

}  // namespace elicense
