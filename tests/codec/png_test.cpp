#include "codec/png.h"

#include <gtest/gtest.h>

#include <string>

#include "codec/deflate.h"

namespace elicense {
namespace {

std::uint32_t u32_at(ByteView bytes, std::size_t at) {
  return std::uint32_t{bytes[at]} << 24 | std::uint32_t{bytes[at + 1]} << 16 | std::uint32_t{bytes[at + 2]} << 8 |
         bytes[at + 3];
}

// Bit by bit, as ISO/IEC 15948 annex D defines it.
std::uint32_t crc_of(ByteView bytes) {
  std::uint32_t crc = 0xffffffff;
  for (const std::uint8_t byte : bytes) {
    crc ^= byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xedb88320U : 0U);
  }
  return ~crc;
}

struct Image {
  std::size_t side = 0;
  std::vector<Bytes> rows;  // unfiltered, without filter bytes
  bool white(std::size_t x, std::size_t y) const { return (rows[y][x / 8] >> (7 - x % 8) & 1) != 0; }
};

Bytes only_chunk(ByteView file, std::string_view wanted) {
  Bytes found;
  std::string order;
  for (std::size_t at = 8; at < file.size();) {
    const std::size_t length = u32_at(file, at);
    const std::string_view type = text_of(file.subspan(at + 4, 4));
    EXPECT_EQ(u32_at(file, at + 8 + length), crc_of(file.subspan(at + 4, 4 + length))) << type;
    if (type == wanted) found = copy_of(file.subspan(at + 8, length));
    order += std::string(type) + " ";
    at += 12 + length;
  }
  EXPECT_EQ(order, "IHDR IDAT IEND ");
  return found;
}

Image read(ByteView file) {
  EXPECT_EQ(to_hex(file.first(8)), "89504e470d0a1a0a");
  const Bytes header = only_chunk(file, "IHDR");
  Image image;
  image.side = u32_at(header, 0);
  EXPECT_EQ(u32_at(header, 4), image.side);
  EXPECT_EQ(to_hex(ByteView(header).subspan(8)), "0100000000");
  const std::size_t row_bytes = (image.side + 7) / 8;
  const Bytes filtered = zlib_inflate(only_chunk(file, "IDAT"), 64 << 20).value();
  EXPECT_EQ(filtered.size(), (row_bytes + 1) * image.side);
  Bytes above(row_bytes, 0);
  for (std::size_t y = 0; y < image.side; ++y) {
    const ByteView line = ByteView(filtered).subspan(y * (row_bytes + 1), row_bytes + 1);
    EXPECT_TRUE(line[0] == 0 || line[0] == 2);
    for (std::size_t i = 0; i < row_bytes; ++i) {
      above[i] = static_cast<std::uint8_t>(line[i + 1] + (line[0] == 2 ? above[i] : 0));
    }
    image.rows.push_back(above);
  }
  return image;
}

TEST(Png, ShowsEveryModuleAndTheQuietZone) {
  for (const std::size_t length : {std::size_t{5}, std::size_t{600}}) {
    const QrCode code = qr_encode(std::string(length, 'Q'), QrLevel::low).value();
    for (const std::size_t scale : {std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t{8}}) {
      const Image image = read(png_of(code, scale));
      ASSERT_EQ(image.side, (code.size + 8) * scale);
      std::size_t wrong = 0;
      for (std::size_t y = 0; y < image.side; ++y) {
        for (std::size_t x = 0; x < image.side; ++x) {
          const std::size_t mx = x / scale;
          const std::size_t my = y / scale;
          const bool inside = mx >= 4 && my >= 4 && mx < code.size + 4 && my < code.size + 4;
          wrong += image.white(x, y) == (inside && code.dark(mx - 4, my - 4)) ? 1 : 0;
        }
      }
      EXPECT_EQ(wrong, 0U) << length << ' ' << scale;
    }
  }
}

TEST(Png, LargestImageStaysSmallAsAFile) {
  const QrCode code = qr_encode(std::string(4296, 'A'), QrLevel::low).value();
  const Bytes file = png_of(code, 64);
  EXPECT_EQ(u32_at(file, 16), (177U + 8U) * 64U);
  EXPECT_LT(file.size(), 200'000U);
}

#if GTEST_HAS_DEATH_TEST
TEST(PngDeathTest, ScaleOutOfRangeIsABrokenInvariant) {
  const QrCode code = qr_encode("A", QrLevel::low).value();
  EXPECT_DEATH(png_of(code, 0), "broken invariant");
  EXPECT_DEATH(png_of(code, 65), "broken invariant");
  EXPECT_DEATH(png_of(QrCode{}, 1), "broken invariant");
}
#endif

}  // namespace
}  // namespace elicense
