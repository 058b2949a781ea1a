// What our own code must keep, in every build: a broken invariant stops the program. Never for input.
#pragma once

namespace elicense {

// Out of line, and with one argument: it stands in hundreds of places of a program that is downloaded.
[[noreturn]] void stop_for_broken_invariant(const char* what);

}  // namespace elicense

#define ELICENSE_AS_TEXT_(argument) #argument
#define ELICENSE_AS_TEXT(argument) ELICENSE_AS_TEXT_(argument)
#define ELICENSE_HERE __FILE__ ":" ELICENSE_AS_TEXT(__LINE__) ": "
#define ELICENSE_ASSERT(condition)                                                               \
  do {                                                                                           \
    if (!(condition)) {                                                                          \
      ::elicense::stop_for_broken_invariant(ELICENSE_HERE "broken invariant: " #condition "\n"); \
    }                                                                                            \
  } while (false)
