#include "codec/png.h"

#include <libdeflate.h>

#include <string_view>

#include "base/result.h"
#include "codec/deflate.h"

namespace elicense {
namespace {

constexpr std::size_t kQuietZone = 4;  // modules a side, ISO/IEC 18004 6.3.8
constexpr std::size_t kMostScale = 64;
constexpr std::uint8_t kFilterNone = 0;
constexpr std::uint8_t kFilterUp = 2;

void append_u32(Bytes& to, std::uint32_t value) {
  for (const unsigned shift : {24U, 16U, 8U, 0U}) to.push_back(static_cast<std::uint8_t>(value >> shift));
}

// +--------+------+-- … --+-----------------------+
// | length | type | data  | CRC-32 of type + data |   ISO/IEC 15948 5.3
// +--------+------+-- … --+-----------------------+
void append_chunk(Bytes& file, std::string_view type, ByteView data) {
  append_u32(file, static_cast<std::uint32_t>(data.size()));
  const std::size_t begin = file.size();
  append(file, view_of(type));
  append(file, data);
  append_u32(file, libdeflate_crc32(0, file.data() + begin, file.size() - begin));
}

// Filtered rows of one bit a pixel, 1 white. The rows of a module repeat: all but the first say "as above".
Bytes pixel_rows(const QrCode& code, std::size_t scale, std::size_t side) {
  const std::size_t row_bytes = (side + 7) / 8;
  Bytes rows;
  rows.reserve((row_bytes + 1) * side);
  for (std::size_t module_y = 0; module_y < code.size + 2 * kQuietZone; ++module_y) {
    Bytes row(row_bytes, 0xff);
    if (module_y >= kQuietZone && module_y - kQuietZone < code.size) {
      for (std::size_t pixel = 0; pixel < code.size * scale; ++pixel) {
        if (!code.dark(pixel / scale, module_y - kQuietZone)) continue;
        const std::size_t x = kQuietZone * scale + pixel;
        row[x / 8] = static_cast<std::uint8_t>(row[x / 8] & ~(0x80U >> (x % 8)));
      }
    }
    rows.push_back(kFilterNone);
    append(rows, row);
    for (std::size_t repeat = 1; repeat < scale; ++repeat) {
      rows.push_back(kFilterUp);
      rows.resize(rows.size() + row_bytes, 0);
    }
  }
  return rows;
}

}  // namespace

Bytes png_of(const QrCode& code, std::size_t scale) {
  ELICENSE_ASSERT(scale >= 1 && scale <= kMostScale);
  ELICENSE_ASSERT(code.size > 0 && code.modules.size() == code.size * code.size);
  const std::size_t side = (code.size + 2 * kQuietZone) * scale;

  Bytes header;
  append_u32(header, static_cast<std::uint32_t>(side));
  append_u32(header, static_cast<std::uint32_t>(side));
  append(header, Bytes{1, 0, 0, 0, 0});  // bit depth 1, greyscale, deflate, adaptive filters, not interlaced

  Bytes file = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
  append_chunk(file, "IHDR", header);
  append_chunk(file, "IDAT", ZlibDeflater(ZlibDeflater::Effort::balanced).deflate(pixel_rows(code, scale, side)));
  append_chunk(file, "IEND", {});
  return file;
}

}  // namespace elicense
