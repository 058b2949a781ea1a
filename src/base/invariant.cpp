#include "base/invariant.h"

#include <cstdlib>
#ifdef __EMSCRIPTEN__
#include <emscripten/console.h>
#else
#include <cstdio>
#endif

namespace elicense {

void stop_for_broken_invariant(const char* what) {
#ifdef __EMSCRIPTEN__
  emscripten_console_error(what);  // without C's streams, which nothing else in a browser needs
#else
  std::fputs(what, stderr);
#endif
  std::abort();
}

}  // namespace elicense
