#include "base/invariant.h"

#include <cstdio>
#include <cstdlib>

namespace elicense {

void stop_for_broken_invariant(const char* what) {
  std::fputs(what, stderr);
  std::abort();
}

}  // namespace elicense
