#include "view/outline_font.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "base/invariant.h"

// Of stb_truetype the rasterizer alone: it draws outlines of any origin.
#define STBTT_ifloor(x) (static_cast<int>(ImFloor(x)))
#define STBTT_iceil(x) (static_cast<int>(ImCeil(x)))
#define STBTT_sqrt(x) ImSqrt(x)
#define STBTT_pow(x, y) ImPow(x, y)
#define STBTT_fmod(x, y) ImFmod(x, y)
#define STBTT_cos(x) ImCos(x)
#define STBTT_acos(x) ImAcos(x)
#define STBTT_fabs(x) ImFabs(x)
#define STBTT_STATIC
#define STB_TRUETYPE_IMPLEMENTATION
#include <imstb_rectpack.h>  // its own stand-in does not get on with Dear ImGui's headers
#include <imstb_truetype.h>

// Dear ImGui takes the loader of all fonts from here. In the place of FreeType, so that it leaves its own reader of
// fonts out.
namespace ImGuiFreeType {
const ImFontLoader* GetFontLoader() { return &elicense::outline_font_loader(); }
}  // namespace ImGuiFreeType

namespace elicense {
namespace {

using Outline = std::vector<stbtt_vertex>;

struct Glyph {
  ImWchar character = 0;
  int advance = 0;
  Outline outline;
};

class Numbers {
 public:
  explicit Numbers(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}
  int byte() {
    ELICENSE_ASSERT(!bytes_.empty());
    const int value = bytes_.front();
    bytes_ = bytes_.subspan(1);
    return value;
  }
  int two_bytes() {
    const int high = byte();
    return high << 8 | byte();
  }
  // From one point to the next: a signed byte, or 128 and two bytes.
  int step() {
    const int first = byte();
    return first == 128 ? static_cast<std::int16_t>(two_bytes()) : static_cast<std::int8_t>(first);
  }
  Numbers cut(int size) {
    const auto length = static_cast<std::size_t>(size);
    ELICENSE_ASSERT(length <= bytes_.size());
    const Numbers head(bytes_.first(length));
    bytes_ = bytes_.subspan(length);
    return head;
  }

 private:
  std::span<const std::uint8_t> bytes_;
};

// Numbers of a kind lie together, for all glyphs: so they compress best.
struct Streams {
  Numbers characters, advances, kinds, straight_x, straight_y, curve_x, curve_y;
};

// What a segment is. A curve is kCurve, and how it leaves its start, and three times how it arrives.
enum : std::uint8_t { kEnd, kMove, kHorizontal, kVertical, kLine, kCurve };
enum : std::uint8_t { kLevel, kUpright, kSlanted };

Outline read_outline(Streams& from) {
  Outline outline;
  int x = 0;
  int y = 0;
  for (int kind = from.kinds.byte(); kind != kEnd; kind = from.kinds.byte()) {
    stbtt_vertex vertex{};
    if (kind < kCurve) {
      vertex.type = kind == kMove ? STBTT_vmove : STBTT_vline;
      if (kind != kVertical) x += from.straight_x.step();
      if (kind != kHorizontal) y += from.straight_y.step();
    } else {
      const int leaves = (kind - kCurve) % 3;
      const int arrives = (kind - kCurve) / 3;
      vertex.type = STBTT_vcubic;
      if (leaves != kUpright) x += from.curve_x.step();
      if (leaves != kLevel) y += from.curve_y.step();
      vertex.cx = static_cast<std::int16_t>(x);
      vertex.cy = static_cast<std::int16_t>(y);
      vertex.cx1 = static_cast<std::int16_t>(x += from.curve_x.step());
      vertex.cy1 = static_cast<std::int16_t>(y += from.curve_y.step());
      if (arrives != kUpright) x += from.curve_x.step();
      if (arrives != kLevel) y += from.curve_y.step();
    }
    vertex.x = static_cast<std::int16_t>(x);
    vertex.y = static_cast<std::int16_t>(y);
    outline.push_back(vertex);
  }
  return outline;
}

struct OutlineFont {
  int ascent;
  int descent;
  std::vector<Glyph> glyphs;  // by character

  const Glyph* find(ImWchar character) const {
    const auto place = std::partition_point(glyphs.begin(), glyphs.end(),
                                            [&](const Glyph& glyph) { return glyph.character < character; });
    return place != glyphs.end() && place->character == character ? &*place : nullptr;
  }
  float scale(float height) const { return height * (1 / static_cast<float>(ascent - descent)); }
};

OutlineFont read_font(std::span<const std::uint8_t> file) {
  Numbers numbers(file);
  OutlineFont font{numbers.two_bytes(), -numbers.two_bytes(),
                   std::vector<Glyph>(static_cast<std::size_t>(numbers.two_bytes()))};
  std::array<int, 7> sizes{};
  for (int& size : sizes) size = numbers.two_bytes();
  const auto stream = [&](std::size_t i) { return numbers.cut(sizes[i]); };
  Streams streams{stream(0), stream(1), stream(2), stream(3), stream(4), stream(5), stream(6)};
  ImWchar character = 0;
  for (Glyph& glyph : font.glyphs) {
    const int step = streams.characters.byte();
    character += static_cast<ImWchar>(step < 128 ? step : (step - 128) << 8 | streams.characters.byte());
    glyph.character = character;
    glyph.advance = streams.advances.byte();
    glyph.outline = read_outline(streams);
  }
  return font;
}

// The pixels that an outline touches, y downwards.
struct PixelBox {
  int left, top, right, bottom;
  bool empty() const { return left == right || top == bottom; }
};

PixelBox pixel_box(const Outline& outline, float scale_x, float scale_y) {
  if (outline.empty()) return {};
  int left = outline.front().x;
  int right = left;
  int bottom = outline.front().y;
  int top = bottom;
  const auto include = [&](int x, int y) {
    left = std::min(left, x);
    right = std::max(right, x);
    bottom = std::min(bottom, y);
    top = std::max(top, y);
  };
  for (const stbtt_vertex& vertex : outline) {
    include(vertex.x, vertex.y);
    if (vertex.type != STBTT_vcubic) continue;
    include(vertex.cx, vertex.cy);
    include(vertex.cx1, vertex.cy1);
  }
  const auto pixels = [](int units, float scale) { return static_cast<float>(units) * scale; };
  return {STBTT_ifloor(pixels(left, scale_x)), STBTT_ifloor(pixels(-top, scale_y)), STBTT_iceil(pixels(right, scale_x)),
          STBTT_iceil(pixels(-bottom, scale_y))};
}

const OutlineFont& font_of(const ImFontConfig* source) {
  return *static_cast<const OutlineFont*>(source->FontLoaderData);
}

bool load_font(ImFontAtlas*, ImFontConfig* source) {
  const std::span file(static_cast<const std::uint8_t*>(source->FontData),
                       static_cast<std::size_t>(source->FontDataSize));
  source->FontLoaderData = new OutlineFont(read_font(file));
  return true;
}

// Dear ImGui calls it more than once.
void unload_font(ImFontAtlas*, ImFontConfig* source) {
  delete static_cast<OutlineFont*>(std::exchange(source->FontLoaderData, nullptr));
}

bool has_glyph(ImFontAtlas*, ImFontConfig* source, ImWchar character) {
  return font_of(source).find(character) != nullptr;
}

bool set_line(ImFontAtlas*, ImFontConfig* source, ImFontBaked* baked, void*) {
  const OutlineFont& font = font_of(source);
  const float scale = font.scale(baked->Size);
  baked->Ascent = ImCeil(static_cast<float>(font.ascent) * scale);
  baked->Descent = ImFloor(static_cast<float>(font.descent) * scale);
  return true;
}

bool load_glyph(ImFontAtlas* atlas, ImFontConfig* source, ImFontBaked* baked, void*, ImWchar character,
                ImFontGlyph* glyph, float* advance) {
  const OutlineFont& font = font_of(source);
  const Glyph* found = font.find(character);
  if (found == nullptr) return false;
  const float scale = font.scale(baked->Size);
  if (advance != nullptr) {
    *advance = static_cast<float>(found->advance) * scale;
    return true;
  }
  glyph->Codepoint = character;
  glyph->AdvanceX = static_cast<float>(found->advance) * scale;

  // Small type is drawn `fine` times as wide and then blurred, so that it may stand between two pixels.
  int fine = 1;
  int fine_y = 1;  // never more
  ImFontAtlasBuildGetOversampleFactors(source, baked, &fine, &fine_y);
  const float scale_x = scale * static_cast<float>(fine);
  const PixelBox box = pixel_box(found->outline, scale_x, scale);
  if (box.empty()) return true;
  const int width = box.right - box.left + fine - 1;
  const int height = box.bottom - box.top;
  const ImFontAtlasRectId id = ImFontAtlasPackAddRect(atlas, width, height);
  if (id == ImFontAtlasRectId_Invalid) return false;
  ImTextureRect* place = ImFontAtlasPackGetRect(atlas, id);

  std::vector<std::uint8_t> coverage(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
  stbtt__bitmap bitmap{box.right - box.left, height, width, coverage.data()};
  constexpr float kFlatness = 0.35F;  // pixels
  stbtt_Rasterize(&bitmap, kFlatness, const_cast<stbtt_vertex*>(found->outline.data()),
                  static_cast<int>(found->outline.size()), scale_x, scale, 0, 0, box.left, box.top, 1, nullptr);
  if (fine > 1) stbtt__h_prefilter(coverage.data(), width, height, width, static_cast<unsigned>(fine));

  const float narrow = 1 / static_cast<float>(fine);
  glyph->X0 = static_cast<float>(box.left) * narrow + stbtt__oversample_shift(fine);
  glyph->X1 = glyph->X0 + static_cast<float>(width) * narrow;
  glyph->Y0 = static_cast<float>(box.top) + IM_ROUND(baked->Ascent);
  glyph->Y1 = glyph->Y0 + static_cast<float>(height);
  glyph->Visible = true;
  glyph->PackId = id;
  ImFontAtlasBakedSetFontGlyphBitmap(atlas, baked, source, glyph, place, coverage.data(), ImTextureFormat_Alpha8,
                                     width);
  return true;
}

}  // namespace

const ImFontLoader& outline_font_loader() {
  static const ImFontLoader kLoader = [] {
    ImFontLoader loader;
    loader.Name = "outlines";
    loader.FontSrcInit = load_font;
    loader.FontSrcDestroy = unload_font;
    loader.FontSrcContainsGlyph = has_glyph;
    loader.FontBakedInit = set_line;
    loader.FontBakedLoadGlyph = load_glyph;
    return loader;
  }();
  return kLoader;
}

}  // namespace elicense
