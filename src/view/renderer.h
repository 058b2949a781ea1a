// Puts a Picture on the screen with WebGL2. Its context is current whenever it is called; what it made there is
// forgotten, not freed, when the context is lost.
#pragma once

#include <array>
#include <cstdint>

#include "view/view.h"

namespace elicense {

class Renderer {
 public:
  bool attach();  // false: this context cannot do it
  void detach();  // frees
  void lose();    // the context is gone, and everything in it
  bool attached() const { return attached_; }

  std::uint32_t portrait_texture();  // GL's name of it, made when asked for
  void draw(const Picture& picture);
  void blank(int width, int height);

 private:
  struct Lines {
    std::uint32_t texture = 0;
    int width = 0;
    int height = 0;
    float seed = -1;
  };

  struct Mesh {  // a draw list on the card
    std::uint32_t array = 0;
    std::uint32_t vertices = 0;
    std::uint32_t indices = 0;
  };

  void update_atlas(ImFontAtlas& atlas);
  void update_code(const Picture& picture);
  void begin(const Picture& picture, const Mesh& mesh);
  static Mesh make_mesh();
  static void fill(const Mesh& mesh, const ImDrawList& list);
  void draw_commands(const Picture& picture, const Mesh& mesh, const ImDrawList& list);
  void draw_guilloche(const Picture& picture, const GuillochePlace& place);
  const Lines& lines_for(const Picture& picture, const GuillochePlace& place);

  bool attached_ = false;
  std::uint32_t page_program_ = 0;
  std::uint32_t lines_program_ = 0;
  std::uint32_t guilloche_program_ = 0;
  Mesh still_;
  Mesh moving_;
  std::uint64_t still_number_ = 0;
  std::uint32_t empty_array_ = 0;
  std::uint32_t portrait_ = 0;
  std::uint32_t code_ = 0;
  std::int64_t code_number_ = 0;
  std::array<Lines, 2> lines_;
};

}  // namespace elicense
