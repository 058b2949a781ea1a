// What stands in the place of a licence's active phone once an operator has ended it: the name of no key (a thumbprint
// has 43 characters), so that no phone is the active one until another is activated.
#pragma once

#include <string_view>

namespace elicense::authority {

inline constexpr std::string_view kEndedPhone = "ended";

}  // namespace elicense::authority
