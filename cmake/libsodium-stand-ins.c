/* What the few files we compile of libsodium ask of the rest of it. The core is handed its randomness and never calls
 * sodium's generator, so neither function is reached: one that is reached stops the program instead of going on with
 * something weaker. */
#include <stddef.h>
#include <stdlib.h>

void sodium_misuse(void) { abort(); }

void randombytes_buf(void* const buf, const size_t size) {
  (void)buf;
  (void)size;
  abort();
}
