#include "codec/deflate.h"

#include <libdeflate.h>

#include <algorithm>

#include "base/result.h"

// cmake/libdeflate-one-level.c: what makes codes, at the level of Effort::balanced.
extern "C" {
std::size_t elicense_deflate_bound(std::size_t size);
std::size_t elicense_deflate(const void* in, std::size_t size, void* out, std::size_t out_size);
}

namespace elicense {
namespace {

struct Release {
  void operator()(libdeflate_decompressor* decompressor) const { libdeflate_free_decompressor(decompressor); }
  void operator()(libdeflate_compressor* compressor) const { libdeflate_free_compressor(compressor); }
};

// A live code's COSE is mostly keys and signatures. 463 bytes of it, native: level 1 gives 408 in 4.2 us, levels 5 to 9
// give 402 in 5.3 us, level 12 the same 402 in 17 us. Clearing the match tables and making the Huffman codes is what it
// costs, so no level takes less than 4 us. Level 12 pays for status lists alone.
int library_level(ZlibDeflater::Effort effort) {
  switch (effort) {
    case ZlibDeflater::Effort::fast:
      return 1;
    case ZlibDeflater::Effort::balanced:
      return 6;
    case ZlibDeflater::Effort::smallest:
      return 12;
  }
  ELICENSE_ASSERT(false);
}

// Bits in deflate's order: the first in the lowest place (RFC 1951 3.1.1).
class BitWriter {
 public:
  explicit BitWriter(Bytes& out) : out_(out) {}
  void put(std::uint32_t bits, unsigned count) {
    pending_ |= bits << pending_count_;
    for (pending_count_ += count; pending_count_ >= 8; pending_count_ -= 8, pending_ >>= 8) {
      out_.push_back(static_cast<std::uint8_t>(pending_));
    }
  }
  void pad() {
    if (pending_count_ > 0) put(0, 8 - pending_count_);
  }

 private:
  Bytes& out_;
  std::uint32_t pending_ = 0;
  unsigned pending_count_ = 0;
};

enum class Block : std::uint32_t { more_follow = 0, last = 1 };

// A literal's word in the fixed code (RFC 1951 3.2.6), its highest bit first as deflate wants it.
struct FixedWord {
  unsigned bits;
  unsigned count;
};
FixedWord fixed_word(std::uint8_t byte) {
  const unsigned count = byte < 144 ? 8 : 9;
  const unsigned word = byte < 144 ? 0x30U + byte : 0x190U + byte - 144;
  unsigned reversed = 0;
  for (unsigned i = 0; i < count; ++i) reversed |= (word >> i & 1U) << (count - 1 - i);
  return {reversed, count};
}

void put_fixed_block(BitWriter& writer, Block block, ByteView literals) {
  constexpr std::uint32_t kFixed = 1;
  writer.put(static_cast<std::uint32_t>(block) | kFixed << 1, 3);
  for (const std::uint8_t byte : literals) {
    const FixedWord word = fixed_word(byte);
    writer.put(word.bits, word.count);
  }
  writer.put(0, 7);  // end of block
}

bool begins_with_stored_block(ByteView deflated) { return (deflated.front() & 0b110U) == 0; }

}  // namespace

Result<Bytes> zlib_inflate(ByteView stream, std::size_t most_output) {
  const std::unique_ptr<libdeflate_decompressor, Release> decompressor(libdeflate_alloc_decompressor());
  ELICENSE_ASSERT(decompressor);
  // Twice the stream and a little holds what a token inflates to; more is given only to a stream that filled it.
  constexpr std::size_t kSmallest = 256;
  std::size_t space = stream.size() < most_output / 2 ? std::max(stream.size() * 2, kSmallest) : most_output;
  space = std::min(space, most_output);
  while (true) {
    Bytes output(std::max<std::size_t>(space, 1));  // libdeflate wants an address even for no bytes
    std::size_t consumed = 0;
    std::size_t produced = 0;
    switch (libdeflate_zlib_decompress_ex(decompressor.get(), stream.data(), stream.size(), output.data(), space,
                                          &consumed, &produced)) {
      case LIBDEFLATE_SUCCESS:
        if (consumed != stream.size()) return ErrorCode::inflate_trailing;
        output.resize(produced);
        return output;
      case LIBDEFLATE_INSUFFICIENT_SPACE:
        if (space == most_output) return ErrorCode::inflate_size;
        space = space < most_output / 2 ? space * 2 : most_output;
        break;
      default:
        return ErrorCode::inflate_corrupt;
    }
  }
}

struct ZlibDeflater::State {
  std::unique_ptr<libdeflate_compressor, Release> compressor;
};

ZlibDeflater::ZlibDeflater(Effort effort) : state_(std::make_unique<State>()) {
  state_->compressor.reset(libdeflate_alloc_compressor(library_level(effort)));
  ELICENSE_ASSERT(state_->compressor);
}
ZlibDeflater::ZlibDeflater(ZlibDeflater&&) noexcept = default;
ZlibDeflater& ZlibDeflater::operator=(ZlibDeflater&&) noexcept = default;
ZlibDeflater::~ZlibDeflater() = default;

Bytes ZlibDeflater::deflate(ByteView data) {
  Bytes stream(libdeflate_zlib_compress_bound(state_->compressor.get(), data.size()));
  const std::size_t size =
      libdeflate_zlib_compress(state_->compressor.get(), data.data(), data.size(), stream.data(), stream.size());
  ELICENSE_ASSERT(size > 0);
  stream.resize(size);
  return stream;
}

ZlibTemplate::ZlibTemplate(ByteView tail) : tail_(copy_of(tail)) {
  deflated_tail_.resize(elicense_deflate_bound(tail.size()));
  const std::size_t size = elicense_deflate(tail.data(), tail.size(), deflated_tail_.data(), deflated_tail_.size());
  ELICENSE_ASSERT(size > 0);
  deflated_tail_.resize(size);
  // pako, given anything but a typed array, stumbles over a stored block that is not empty; so readers of ours never
  // meet one.
  if (begins_with_stored_block(deflated_tail_)) {
    deflated_tail_.clear();
    BitWriter writer(deflated_tail_);
    put_fixed_block(writer, Block::last, tail);
    writer.pad();
  }
}

Bytes ZlibTemplate::stream(ByteView head) const {
  Bytes stream = {0x78, 0x9c};  // RFC 1950 2.2: 32 KiB window
  stream.reserve(stream.size() + head.size() * 9 / 8 + 8 + deflated_tail_.size() + 4);
  BitWriter writer(stream);
  put_fixed_block(writer, Block::more_follow, head);
  // An empty stored block takes the tail to the next byte (RFC 1951 3.2.4), as a sync flush does.
  writer.put(0, 3);
  writer.pad();
  append(stream, Bytes{0x00, 0x00, 0xff, 0xff});
  append(stream, deflated_tail_);
  const std::uint32_t checksum =
      libdeflate_adler32(libdeflate_adler32(1, head.data(), head.size()), tail_.data(), tail_.size());
  for (unsigned shift = 32; shift > 0; shift -= 8) stream.push_back(static_cast<std::uint8_t>(checksum >> (shift - 8)));
  return stream;
}

}  // namespace elicense
