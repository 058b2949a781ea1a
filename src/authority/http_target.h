// The target of a request: path and query, decoded. Refuses what could name something else than it seems to: broken or
// overlong percent-encoding, control characters, NUL, backslashes, encoded slashes, dot segments, empty segments.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "authority/http_message.h"

namespace elicense::authority {

std::optional<std::string> decode_path(std::string_view raw);
std::optional<Fields> decode_query(std::string_view raw);  // application/x-www-form-urlencoded, also for bodies

}  // namespace elicense::authority
