// Fonts in the viewer's own format, which is made while building (cmake/compact-font.mjs): what an OpenType file says
// about its outlines in two thirds of the bytes. It is part of the program, so that what it says is relied on.
#pragma once

#include <imgui.h>
#include <imgui_internal.h>

namespace elicense {

const ImFontLoader& outline_font_loader();

}  // namespace elicense
