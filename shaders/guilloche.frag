#version 300 es
// Colours the lines and lets a light move over them: a cue for the eye, no proof of anything.
precision highp float;
uniform sampler2D image;  // coverage: red is green lines, green is blue ones
uniform vec4 card;
uniform float radius;
uniform float light;      // below 0: none
uniform float strength;
in vec2 at;
out vec4 result;
void main() {
  vec2 from_middle = abs(at - 0.5) * card.zw - card.zw * 0.5 + radius;
  float outside = length(max(from_middle, 0.0)) - radius;
  float inside = clamp(0.5 - outside, 0.0, 1.0);
  vec2 covered = texture(image, at).rg * strength;
  float sweep = 0.0;
  if (light >= 0.0) {
    float distance = (at.x * 0.42 + at.y) / 1.42 - (light * 1.5 - 0.25);
    sweep = exp(-distance * distance * 90.0);
  }
  vec3 green = mix(vec3(0.310, 0.702, 0.608), vec3(0.070, 0.640, 0.455), sweep);
  vec3 blue = mix(vec3(0.353, 0.663, 0.788), vec3(0.130, 0.560, 0.760), sweep);
  float a = min(covered.r, 1.0) * mix(0.40, 0.85, sweep);
  float b = min(covered.g, 1.0) * mix(0.34, 0.80, sweep);
  vec4 lines = vec4(green * a, a) + vec4(blue * b, b) * (1.0 - a);
  float sheen = sweep * 0.10;
  vec4 ground = vec4(vec3(0.75, 0.95, 0.87) * sheen, sheen);
  result = (lines + ground * (1.0 - lines.a)) * inside;
}
