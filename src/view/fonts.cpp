#include "view/fonts.h"

#include <imgui_internal.h>

#include <cmath>
#include <cstdarg>
#include <span>
#include <utility>

#include "view/embedded.h"
#include "view/outline_font.h"

// Dear ImGui formats only names that are shown to people who debug it. Without it a printf less is downloaded.
int ImFormatString(char* buffer, std::size_t size, const char* /*format*/, ...) {
  if (buffer != nullptr && size > 0) *buffer = '\0';
  return 0;
}
int ImFormatStringV(char* buffer, std::size_t size, const char* /*format*/, va_list /*arguments*/) {
  if (buffer != nullptr && size > 0) *buffer = '\0';
  return 0;
}

// FNV-1a. What imgui_draw.cpp calls for ImHashData (cmake/ThirdParty.cmake).
ImGuiID elicense_hash(const void* data, std::size_t size, ImGuiID seed);
ImGuiID elicense_hash(const void* data, std::size_t size, ImGuiID seed) {
  ImGuiID hash = seed ^ 2166136261U;
  for (const std::uint8_t byte : std::span(static_cast<const std::uint8_t*>(data), size)) {
    hash = (hash ^ byte) * 16777619U;
  }
  return hash;
}

namespace elicense {

namespace {

constexpr ImWchar kFirstCharacter = 0x100;
constexpr std::size_t kMostPieces = 2048;

// The font whose glyphs are the browser's drawings. ImGui asks for one glyph at a time, when it is first drawn.
const Fonts::Piece* piece_at(ImFontConfig* source, ImWchar character) {
  const auto* pieces = static_cast<const std::vector<std::unique_ptr<Fonts::Piece>>*>(source->FontLoaderData);
  if (pieces == nullptr) return nullptr;  // while the font is being added
  if (character < kFirstCharacter || character - kFirstCharacter >= pieces->size()) return nullptr;
  const Fonts::Piece& piece = *(*pieces)[character - kFirstCharacter];
  return piece.arrived && piece.drawing.width > 0 ? &piece : nullptr;
}

bool load_drawn_glyph(ImFontAtlas* atlas, ImFontConfig* source, ImFontBaked* baked, void*, ImWchar character,
                      ImFontGlyph* glyph, float* advance) {
  const Fonts::Piece* piece = piece_at(source, character);
  if (piece == nullptr) return false;
  const DrawnText& drawing = piece->drawing;
  if (advance != nullptr) {
    *advance = drawing.advance;
    return true;
  }
  const ImFontAtlasRectId id = ImFontAtlasPackAddRect(atlas, drawing.width, drawing.height);
  if (id == ImFontAtlasRectId_Invalid) return false;
  ImTextureRect* place = ImFontAtlasPackGetRect(atlas, id);
  glyph->Codepoint = character;
  glyph->AdvanceX = drawing.advance;
  glyph->X0 = drawing.left;
  glyph->Y0 = drawing.top;
  glyph->X1 = drawing.left + static_cast<float>(drawing.width);
  glyph->Y1 = drawing.top + static_cast<float>(drawing.height);
  glyph->Visible = true;
  glyph->PackId = id;
  ImFontAtlasBakedSetFontGlyphBitmap(atlas, baked, source, glyph, place, drawing.coverage.data(),
                                     ImTextureFormat_Alpha8, drawing.width);
  return true;
}

bool has_drawn_glyph(ImFontAtlas*, ImFontConfig* source, ImWchar character) {
  return piece_at(source, character) != nullptr;
}

bool keep_baseline_at_zero(ImFontAtlas*, ImFontConfig*, ImFontBaked* baked, void*) {
  baked->Ascent = 0;
  baked->Descent = 0;
  return true;
}

const ImFontLoader& drawn_text_loader() {
  static const ImFontLoader kLoader = [] {
    ImFontLoader loader;
    loader.Name = "browser";
    loader.FontSrcContainsGlyph = has_drawn_glyph;
    loader.FontBakedInit = keep_baseline_at_zero;
    loader.FontBakedLoadGlyph = load_drawn_glyph;
    return loader;
  }();
  return kLoader;
}

ImFont* add_built_in(ImFontAtlas& atlas, std::span<const std::uint8_t> file) {
  ImFontConfig config;
  config.FontData = const_cast<std::uint8_t*>(file.data());  // ImGui only reads what it does not own
  config.FontDataSize = static_cast<int>(file.size());
  config.FontDataOwnedByAtlas = false;
  config.FontLoader = &outline_font_loader();
  config.SizePixels = 16;
  return atlas.AddFont(&config);
}

}  // namespace

Fonts::Fonts() {
  atlas_.TexDesiredFormat = ImTextureFormat_Alpha8;
  atlas_.Flags |= ImFontAtlasFlags_NoMouseCursors;
  regular_ = add_built_in(atlas_, embedded_file("font-regular.outlines"));
  bold_ = add_built_in(atlas_, embedded_file("font-bold.outlines"));
  ImFontConfig config;
  config.FontLoader = &drawn_text_loader();
  config.SizePixels = kDrawnSize;
  drawn_ = atlas_.AddFont(&config);
  drawn_->Sources[0]->FontLoaderData = &pieces_;
}

Fonts::~Fonts() = default;

bool Fonts::has(Weight weight, std::string_view text) const {
  ImFont* font = built_in(weight);
  const char* end = text.data() + text.size();
  for (const char* at = text.data(); at < end;) {
    unsigned int character = 0;
    at += ImTextCharFromUtf8(&character, at, end);
    if (!font->IsGlyphInFont(character)) return false;
  }
  return true;
}

const Fonts::Piece* Fonts::find(std::string_view text, float size, Weight weight) {
  for (const auto& piece : pieces_) {
    if (piece->size == size && piece->weight == weight && piece->text == text) {
      return piece->arrived ? piece.get() : nullptr;
    }
  }
  if (pieces_.size() >= kMostPieces) return nullptr;
  wishes_.push_back({first_id_ + static_cast<std::uint32_t>(pieces_.size()), std::string(text), size, weight});
  pieces_.push_back(std::make_unique<Piece>());
  pieces_.back()->text = text;
  pieces_.back()->size = size;
  pieces_.back()->weight = weight;
  return nullptr;
}

ImWchar Fonts::character_of(const Piece& piece) const {
  for (std::size_t i = 0; i < pieces_.size(); ++i) {
    if (pieces_[i].get() == &piece) return kFirstCharacter + static_cast<ImWchar>(i);
  }
  return kFirstCharacter;
}

void Fonts::take(std::uint32_t id, DrawnText drawing) {
  if (id < first_id_ || id - first_id_ >= pieces_.size()) return;
  Piece& piece = *pieces_[id - first_id_];
  if (piece.arrived) return;
  const bool fits =
      drawing.width >= 0 && drawing.height >= 0 && drawing.width <= 4096 && drawing.height <= 4096 &&
      drawing.coverage.size() == static_cast<std::size_t>(drawing.width) * static_cast<std::size_t>(drawing.height) &&
      std::isfinite(drawing.left) && std::isfinite(drawing.top) && std::isfinite(drawing.advance);
  if (fits) piece.drawing = std::move(drawing);
  piece.arrived = true;
}

void Fonts::forget_drawn() {
  if (pieces_.empty()) return;
  first_id_ += static_cast<std::uint32_t>(pieces_.size());
  pieces_.clear();
  wishes_.clear();
  drawn_->ClearOutputData();
}

}  // namespace elicense
