#version 300 es
precision highp float;
uniform float ratio;
in float across;
in float family;
out vec4 result;
void main() {
  float width = 0.45 * ratio;
  float covered = clamp(width * 0.5 + 0.5 - abs(across), 0.0, 1.0) * min(width, 1.0);
  result = vec4(covered * (1.0 - family), covered * family, 0.0, 1.0);
}
