// Web origins, in the one form that browsers send (RFC 6454 6.2): scheme://host[:port] in lower case, without a path,
// a wildcard or the scheme's own port. Refuses everything else.
#pragma once

#include <string_view>

namespace elicense::authority {

bool is_origin(std::string_view text);
// One that nobody in between can speak for: https, or http of the machine itself.
bool is_safe_origin(std::string_view text);

}  // namespace elicense::authority
