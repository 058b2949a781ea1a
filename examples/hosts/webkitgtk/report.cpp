#include "report.h"

#include <cstdio>

namespace elicense::host {

void report(Json::Object line) {
  const std::string text = Json(std::move(line)).dump() + "\n";
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

}  // namespace elicense::host
