// The date of an HTTP answer (RFC 9110 5.6.7, IMF-fixdate: "Sun, 06 Nov 1994 08:49:37 GMT"). Refuses the obsolete
// forms, days that do not exist, and a day of the week that is not that day's.
#pragma once

#include <string_view>

#include "base/time.h"

namespace elicense {

Result<UnixTime> parse_http_date(std::string_view text);

}  // namespace elicense
