// zlib streams (RFC 1950), inflated into no more bytes than the caller allows. Refuses damaged streams, preset
// dictionaries, and bytes behind the end of the stream. Memory grows with the output really produced, up to the limit.
#pragma once

#include <memory>

#include "base/bytes.h"
#include "base/result.h"

namespace elicense {

Result<Bytes> zlib_inflate(ByteView stream, std::size_t most_output);

// A compressor's tables are costly to set up: keep one where many small things are packed.
class ZlibDeflater {
 public:
  enum class Effort { fast, balanced, smallest };
  explicit ZlibDeflater(Effort effort);
  ZlibDeflater(ZlibDeflater&&) noexcept;
  ZlibDeflater& operator=(ZlibDeflater&&) noexcept;
  ~ZlibDeflater();

  Bytes deflate(ByteView data);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// A zlib stream that is written again and again with another beginning and the same rest: the rest is deflated once.
//
//     78 9c | head, literals in the fixed code | empty stored block | tail, deflated | Adler-32 of both
//                                                up to the next byte
//
// No stored block with content: some readers of Claim 169 tokens (pako on a plain array) fail on one.
class ZlibTemplate {
 public:
  explicit ZlibTemplate(ByteView tail);
  Bytes stream(ByteView head) const;

 private:
  Bytes tail_;
  Bytes deflated_tail_;
};

}  // namespace elicense
