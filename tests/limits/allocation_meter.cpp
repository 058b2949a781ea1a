#include "limits/allocation_meter.h"

#include <malloc.h>

#include <algorithm>
#include <atomic>

extern "C" {
void* __libc_malloc(std::size_t size);                       // NOLINT(bugprone-reserved-identifier): glibc's own names
void* __libc_calloc(std::size_t count, std::size_t size);    // NOLINT(bugprone-reserved-identifier)
void* __libc_realloc(void* block, std::size_t size);         // NOLINT(bugprone-reserved-identifier)
void* __libc_memalign(std::size_t align, std::size_t size);  // NOLINT(bugprone-reserved-identifier)
void __libc_free(void* block);                               // NOLINT(bugprone-reserved-identifier)
}

namespace {

std::atomic<std::size_t> held{0};
std::atomic<std::size_t> highest{0};
std::atomic<std::size_t> base{0};

void* taken(void* block) {
  if (block == nullptr) return block;
  const std::size_t now = held += malloc_usable_size(block);
  if (now > highest) highest = now;
  return block;
}

void given_back(void* block) {
  if (block != nullptr) held -= malloc_usable_size(block);
}

}  // namespace

extern "C" {
void* malloc(std::size_t size) { return taken(__libc_malloc(size)); }
void* calloc(std::size_t count, std::size_t size) { return taken(__libc_calloc(count, size)); }
void* realloc(void* block, std::size_t size) {
  given_back(block);
  return taken(__libc_realloc(block, size));
}
void* aligned_alloc(std::size_t align, std::size_t size) { return taken(__libc_memalign(align, size)); }
void* memalign(std::size_t align, std::size_t size) { return taken(__libc_memalign(align, size)); }
int posix_memalign(void** block, std::size_t align, std::size_t size) {
  *block = taken(__libc_memalign(align, size));
  return *block == nullptr ? 12 /* ENOMEM */ : 0;
}
void free(void* block) {
  given_back(block);
  __libc_free(block);
}
}

namespace elicense::test {

void reset_peak() {
  base = held.load();
  highest = held.load();
}

std::size_t peak_above_reset() { return highest - std::min<std::size_t>(base, highest); }

}  // namespace elicense::test
