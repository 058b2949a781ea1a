// What --demo adds: made-up people with fixed codes, a partner, an operator, GET /demo/people, and POST /demo/act, by
// which the pages of this authority itself do to them what an operator can. None of it exists without --demo, and the
// store refuses to be opened the other way.
#pragma once

#include <filesystem>
#include <string>

#include "authority/service/service.h"
#include "files/outcome.h"

namespace elicense::authority {

inline constexpr std::string_view kDemoPartnerName = "Demo Rental";
inline constexpr std::string_view kDemoPartnerKey = "demo-rental";

struct DemoSettings {
  std::string partner_origin;
  std::filesystem::path operator_key_file;  // made with mode 0600 at the first start
};

// People who are there already are left as they are.
Outcome<Done> seed_demo(Store& store, const DemoSettings& settings, RandomSource& random, UnixTime now);
void add_demo_routes(Routes& routes, Service& service);

}  // namespace elicense::authority
