#version 300 es
// The guilloche laid over a card: one rectangle.
uniform vec2 size;   // of the canvas, device pixels
uniform vec4 card;   // x, y, width, height
out vec2 at;
void main() {
  at = vec2(gl_VertexID & 1, gl_VertexID >> 1);
  vec2 place = card.xy + at * card.zw;
  gl_Position = vec4(place.x / size.x * 2.0 - 1.0, 1.0 - place.y / size.y * 2.0, 0.0, 1.0);
}
