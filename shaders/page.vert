#version 300 es
// Everything that the draw list holds: places in device pixels from the upper left corner.
uniform vec2 size;
layout(location = 0) in vec2 place;
layout(location = 1) in vec2 uv;
layout(location = 2) in vec4 color;
out vec2 at;
out vec4 ink;
void main() {
  at = uv;
  ink = vec4(color.rgb * color.a, color.a);
  gl_Position = vec4(place.x / size.x * 2.0 - 1.0, 1.0 - place.y / size.y * 2.0, 0.0, 1.0);
}
