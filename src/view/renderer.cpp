#include "view/renderer.h"

#include <GLES3/gl3.h>

#include <cmath>
#include <cstddef>
#include <cstring>
#include <string_view>

#include "view/embedded.h"

namespace elicense {

namespace {

constexpr int kLineSteps = 420;  // as in lines.vert
constexpr int kLineCurves = 32 + 3 * 22;

GLuint compile(GLenum kind, std::string_view name) {
  const auto source = embedded_file(name);
  const auto* text = reinterpret_cast<const char*>(source.data());
  const auto size = static_cast<GLint>(source.size());
  const GLuint shader = glCreateShader(kind);
  glShaderSource(shader, 1, &text, &size);
  glCompileShader(shader);
  return shader;
}

GLint uniform(GLuint program, const char* name) { return glGetUniformLocation(program, name); }

GLuint link(std::string_view vertex, std::string_view fragment) {
  const GLuint program = glCreateProgram();
  const GLuint first = compile(GL_VERTEX_SHADER, vertex);
  const GLuint second = compile(GL_FRAGMENT_SHADER, fragment);
  glAttachShader(program, first);
  glAttachShader(program, second);
  glLinkProgram(program);
  glDeleteShader(first);
  glDeleteShader(second);
  // Every program of ours has it, and one that is not linked has none. (glGetProgramiv is a third of a kilobyte of
  // glue.)
  if (uniform(program, "size") >= 0) return program;
  glDeleteProgram(program);
  return 0;
}

GLuint make_texture(GLint filter) {
  GLuint texture = 0;
  glGenTextures(1, &texture);
  glBindTexture(GL_TEXTURE_2D, texture);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, filter);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, filter);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
  return texture;
}

const void* offset_of(std::size_t offset) { return reinterpret_cast<const void*>(offset); }

}  // namespace

bool Renderer::attach() {
  page_program_ = link("page.vert", "page.frag");
  lines_program_ = link("lines.vert", "lines.frag");
  guilloche_program_ = link("guilloche.vert", "guilloche.frag");
  attached_ = page_program_ != 0 && lines_program_ != 0 && guilloche_program_ != 0;
  if (!attached_) return false;
  still_ = make_mesh();
  moving_ = make_mesh();
  glGenVertexArrays(1, &empty_array_);
  code_ = make_texture(GL_NEAREST);
  code_number_ = 0;
  glEnable(GL_BLEND);
  glBlendFunc(GL_ONE, GL_ONE_MINUS_SRC_ALPHA);
  glDisable(GL_CULL_FACE);
  glDisable(GL_DEPTH_TEST);
  return true;
}

Renderer::Mesh Renderer::make_mesh() {
  Mesh mesh;
  glGenBuffers(1, &mesh.vertices);
  glGenBuffers(1, &mesh.indices);
  glGenVertexArrays(1, &mesh.array);
  glBindVertexArray(mesh.array);
  glBindBuffer(GL_ARRAY_BUFFER, mesh.vertices);
  glBindBuffer(GL_ELEMENT_ARRAY_BUFFER, mesh.indices);
  for (GLuint i = 0; i < 3; ++i) glEnableVertexAttribArray(i);
  constexpr GLsizei kStride = sizeof(ImDrawVert);
  glVertexAttribPointer(0, 2, GL_FLOAT, GL_FALSE, kStride, offset_of(offsetof(ImDrawVert, pos)));
  glVertexAttribPointer(1, 2, GL_FLOAT, GL_FALSE, kStride, offset_of(offsetof(ImDrawVert, uv)));
  glVertexAttribPointer(2, 4, GL_UNSIGNED_BYTE, GL_TRUE, kStride, offset_of(offsetof(ImDrawVert, col)));
  return mesh;
}

void Renderer::fill(const Mesh& mesh, const ImDrawList& list) {
  glBindVertexArray(mesh.array);
  glBindBuffer(GL_ARRAY_BUFFER, mesh.vertices);
  glBufferData(GL_ARRAY_BUFFER, list.VtxBuffer.size_in_bytes(), list.VtxBuffer.Data, GL_DYNAMIC_DRAW);
  glBufferData(GL_ELEMENT_ARRAY_BUFFER, list.IdxBuffer.size_in_bytes(), list.IdxBuffer.Data, GL_DYNAMIC_DRAW);
}

void Renderer::detach() {
  if (!attached_) return;
  for (const GLuint program : {page_program_, lines_program_, guilloche_program_}) glDeleteProgram(program);
  for (const Mesh& mesh : {still_, moving_}) {
    glDeleteBuffers(1, &mesh.vertices);
    glDeleteBuffers(1, &mesh.indices);
    glDeleteVertexArrays(1, &mesh.array);
  }
  glDeleteVertexArrays(1, &empty_array_);
  for (const GLuint texture : {portrait_, code_, lines_[0].texture, lines_[1].texture}) glDeleteTextures(1, &texture);
  lose();
}

void Renderer::lose() { *this = Renderer{}; }

std::uint32_t Renderer::portrait_texture() {
  if (portrait_ == 0) portrait_ = make_texture(GL_LINEAR);
  return portrait_;
}

void Renderer::update_atlas(ImFontAtlas& atlas) {
  for (ImTextureData* texture : atlas.TexList) {
    if (texture->Status == ImTextureStatus_WantCreate) {
      const GLuint name = make_texture(GL_LINEAR);
      glPixelStorei(GL_UNPACK_ALIGNMENT, 1);
      glTexImage2D(GL_TEXTURE_2D, 0, GL_R8, texture->Width, texture->Height, 0, GL_RED, GL_UNSIGNED_BYTE,
                   texture->GetPixels());
      texture->SetTexID(name + kFirstAtlasTexture);
      texture->SetStatus(ImTextureStatus_OK);
    } else if (texture->Status == ImTextureStatus_WantUpdates) {
      glBindTexture(GL_TEXTURE_2D, static_cast<GLuint>(texture->GetTexID() - kFirstAtlasTexture));
      glPixelStorei(GL_UNPACK_ALIGNMENT, 1);
      glPixelStorei(GL_UNPACK_ROW_LENGTH, texture->Width);
      for (const ImTextureRect& part : texture->Updates) {
        glTexSubImage2D(GL_TEXTURE_2D, 0, part.x, part.y, part.w, part.h, GL_RED, GL_UNSIGNED_BYTE,
                        texture->GetPixelsAt(part.x, part.y));
      }
      glPixelStorei(GL_UNPACK_ROW_LENGTH, 0);
      texture->SetStatus(ImTextureStatus_OK);
    } else if (texture->Status == ImTextureStatus_WantDestroy && texture->UnusedFrames > 0) {
      const auto name = static_cast<GLuint>(texture->GetTexID() - kFirstAtlasTexture);
      glDeleteTextures(1, &name);
      texture->SetTexID(ImTextureID_Invalid);
      texture->SetStatus(ImTextureStatus_Destroyed);
    }
  }
}

void Renderer::update_code(const Picture& picture) {
  if (picture.code == nullptr || picture.code_number == code_number_) return;
  code_number_ = picture.code_number;
  Bytes texels(picture.code->modules.size());
  for (std::size_t i = 0; i < texels.size(); ++i) texels[i] = picture.code->modules[i] != 0 ? 255 : 0;
  const auto side = static_cast<GLsizei>(picture.code->size);
  glBindTexture(GL_TEXTURE_2D, code_);
  glPixelStorei(GL_UNPACK_ALIGNMENT, 1);
  glTexImage2D(GL_TEXTURE_2D, 0, GL_R8, side, side, 0, GL_RED, GL_UNSIGNED_BYTE, texels.data());
}

const Renderer::Lines& Renderer::lines_for(const Picture& picture, const GuillochePlace& place) {
  Lines& lines = lines_[place.seed < 0.5F ? 0 : 1];
  const auto width = static_cast<int>(place.card.width);
  const auto height = static_cast<int>(place.card.height);
  if (lines.texture != 0 && lines.width == width && lines.height == height) return lines;
  if (lines.texture == 0) lines.texture = make_texture(GL_LINEAR);
  lines.width = width;
  lines.height = height;
  lines.seed = place.seed;
  glBindTexture(GL_TEXTURE_2D, lines.texture);
  glTexImage2D(GL_TEXTURE_2D, 0, GL_RG8, width, height, 0, GL_RG, GL_UNSIGNED_BYTE, nullptr);
  GLuint frame = 0;
  glGenFramebuffers(1, &frame);
  glBindFramebuffer(GL_FRAMEBUFFER, frame);
  glFramebufferTexture2D(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, lines.texture, 0);
  glViewport(0, 0, width, height);
  glDisable(GL_SCISSOR_TEST);
  glClearColor(0, 0, 0, 0);
  glClear(GL_COLOR_BUFFER_BIT);
  glBlendFunc(GL_ONE, GL_ONE);
  glUseProgram(lines_program_);
  const float ratio = picture.ratio;
  glUniform2f(uniform(lines_program_, "size"), place.card.width / ratio, place.card.height / ratio);
  glUniform1f(uniform(lines_program_, "ratio"), ratio);
  glUniform1f(uniform(lines_program_, "seed"), place.seed);
  glBindVertexArray(empty_array_);
  glDrawArraysInstanced(GL_TRIANGLE_STRIP, 0, 2 * (kLineSteps + 1), kLineCurves);
  glBlendFunc(GL_ONE, GL_ONE_MINUS_SRC_ALPHA);
  glBindFramebuffer(GL_FRAMEBUFFER, 0);
  glDeleteFramebuffers(1, &frame);
  return lines;
}

void Renderer::draw_guilloche(const Picture& picture, const GuillochePlace& place) {
  const Lines& lines = lines_for(picture, place);
  glViewport(0, 0, picture.width, picture.height);
  glDisable(GL_SCISSOR_TEST);
  glUseProgram(guilloche_program_);
  glBindTexture(GL_TEXTURE_2D, lines.texture);
  glUniform2f(uniform(guilloche_program_, "size"), static_cast<float>(picture.width),
              static_cast<float>(picture.height));
  glUniform4f(uniform(guilloche_program_, "card"), place.card.x, place.card.y, place.card.width, place.card.height);
  glUniform1f(uniform(guilloche_program_, "radius"), place.radius);
  glUniform1f(uniform(guilloche_program_, "light"), picture.light);
  glUniform1f(uniform(guilloche_program_, "strength"), place.strength);
  glBindVertexArray(empty_array_);
  glDrawArrays(GL_TRIANGLE_STRIP, 0, 4);
}

void Renderer::begin(const Picture& picture, const Mesh& mesh) {
  glViewport(0, 0, picture.width, picture.height);
  glUseProgram(page_program_);
  glUniform2f(uniform(page_program_, "size"), static_cast<float>(picture.width), static_cast<float>(picture.height));
  glBindVertexArray(mesh.array);
  glEnable(GL_SCISSOR_TEST);
}

void Renderer::draw_commands(const Picture& picture, const Mesh& mesh, const ImDrawList& list) {
  begin(picture, mesh);
  const GLint kind = uniform(page_program_, "kind");
  const GLint grey = uniform(page_program_, "grey");
  for (const ImDrawCmd& command : list.CmdBuffer) {
    if (command.UserCallback == guilloche_marker) {
      GuillochePlace place;
      std::memcpy(&place, list._CallbacksDataBuf.Data + command.UserCallbackDataOffset, sizeof place);
      draw_guilloche(picture, place);
      begin(picture, mesh);
      continue;
    }
    if (command.ElemCount == 0) continue;
    const ImVec4& clip = command.ClipRect;
    if (clip.z <= clip.x || clip.w <= clip.y) continue;
    glScissor(static_cast<GLint>(clip.x), static_cast<GLint>(static_cast<float>(picture.height) - clip.w),
              static_cast<GLsizei>(clip.z - clip.x), static_cast<GLsizei>(clip.w - clip.y));
    const ImTextureID texture = command.GetTexID();
    if (texture == kPortraitTexture) {
      glBindTexture(GL_TEXTURE_2D, portrait_);
      glUniform1i(kind, 1);
      glUniform1f(grey, picture.grey_portrait ? 1.0F : 0.0F);
    } else if (texture == kCodeTexture) {
      glBindTexture(GL_TEXTURE_2D, code_);
      glUniform1i(kind, 2);
    } else {
      glBindTexture(GL_TEXTURE_2D, static_cast<GLuint>(texture - kFirstAtlasTexture));
      glUniform1i(kind, 0);
    }
    glDrawElements(GL_TRIANGLES, static_cast<GLsizei>(command.ElemCount),
                   sizeof(ImDrawIdx) == 2 ? GL_UNSIGNED_SHORT : GL_UNSIGNED_INT,
                   offset_of(command.IdxOffset * sizeof(ImDrawIdx)));
  }
}

void Renderer::draw(const Picture& picture) {
  if (!attached_) return;
  update_atlas(*picture.atlas);
  update_code(picture);
  glBindFramebuffer(GL_FRAMEBUFFER, 0);
  glDisable(GL_SCISSOR_TEST);
  glClearColor(0, 0, 0, 0);
  glClear(GL_COLOR_BUFFER_BIT);
  if (still_number_ != picture.still_number) {
    still_number_ = picture.still_number;
    fill(still_, *picture.still);
  }
  draw_commands(picture, still_, *picture.still);
  if (picture.moving->VtxBuffer.empty()) return;
  fill(moving_, *picture.moving);
  draw_commands(picture, moving_, *picture.moving);
}

void Renderer::blank(int width, int height) {
  if (!attached_) return;
  glBindFramebuffer(GL_FRAMEBUFFER, 0);
  glDisable(GL_SCISSOR_TEST);
  glViewport(0, 0, width, height);
  glClearColor(0, 0, 0, 0);
  glClear(GL_COLOR_BUFFER_BIT);
}

}  // namespace elicense
