// What the program says on standard output: one JSON object a line, at once.
#pragma once

#include "codec/json.h"

namespace elicense::host {

void report(Json::Object line);

}  // namespace elicense::host
