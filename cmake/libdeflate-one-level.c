/* libdeflate's compressor once more, at level 6 and no other, so that a program which needs no more (the viewer) leaves the
 * matchers of the other levels out. (Below 5 a live code is a byte longer, at 1 seven.) Its functions are ours alone here;
 * the library's own stay what they are. */
#include <stddef.h>

#define libdeflate_alloc_compressor any_level_alloc
#define libdeflate_deflate_compress any_level_compress
#define libdeflate_free_compressor any_level_free
#define libdeflate_get_compression_level any_level_get
#define libdeflate_deflate_compress_bound any_level_bound

struct libdeflate_compressor;
static inline __attribute__((always_inline)) struct libdeflate_compressor* any_level_alloc(int);
static size_t any_level_compress(struct libdeflate_compressor*, const void*, size_t, void*, size_t);
static void any_level_free(struct libdeflate_compressor*);
static inline unsigned any_level_get(struct libdeflate_compressor*);
static size_t any_level_bound(struct libdeflate_compressor*, size_t);

#include "common_defs.h"
#ifdef __OPTIMIZE_SIZE__
/* Its matcher of 1 KB would stand in three places. */
#undef forceinline
#define forceinline inline
#endif
#include "lib/deflate_compress.c"

size_t elicense_deflate_bound(size_t size) { return any_level_bound(NULL, size); }

/* 0: no memory, or `out` is smaller than the bound. */
size_t elicense_deflate(const void* in, size_t size, void* out, size_t out_size) {
  struct libdeflate_compressor* const compressor = any_level_alloc(6);
  if (compressor == NULL) return 0;
  const size_t written = any_level_compress(compressor, in, size, out, out_size);
  any_level_free(compressor);
  return written;
}
