// What a command answers: a report, or the problem that stopped it.
#pragma once

#include <string>

#include "codec/json.h"
#include "files/outcome.h"

namespace elicense::cli {

struct Report {
  Exit exit = Exit::good;
  Json json;         // printed with --json
  std::string text;  // printed without
};

}  // namespace elicense::cli
