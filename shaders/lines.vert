#version 300 es
// The guilloche's lines, drawn once a size: each instance is a curve, each pair of vertices a point on it with its two
// sides. Two rosettes of interleaved waves and three ribbons whose strands cross.
precision highp float;
uniform vec2 size;    // of the card, CSS pixels
uniform float ratio;  // device pixels a CSS pixel
uniform float seed;   // which page
out float across;     // device pixels from the line's middle
out float family;     // 0 green, 1 blue
const float kTau = 6.2831853;
const float kSteps = 420.0;

vec2 rosette(float k, float t) {
  bool inner = k >= 20.0;
  float strand = inner ? (k - 20.0) / 12.0 : k / 20.0;
  float petals = inner ? 8.0 : 14.0;
  float angle = t * kTau;
  float wave = sin(petals * angle + strand * kTau);
  float second = sin(2.0 * petals * angle - strand * kTau * 2.0);
  float radius = inner ? 46.0 + 19.0 * wave + 5.0 * second : 104.0 + 25.0 * wave + 7.0 * second;
  vec2 centre = mix(vec2(size.x - 76.0, 236.0), vec2(size.x * 0.5, size.y - 160.0), seed);
  return centre + radius * vec2(cos(angle), sin(angle));
}

vec2 ribbon(float k, float t) {
  float which = floor(k / 22.0);
  float strand = (mod(k, 22.0) - 10.5) / 10.5;
  float x = t * (size.x + 40.0) - 20.0;
  float base = mix(which == 0.0 ? 190.0 : which == 1.0 ? size.y - 250.0 : size.y - 70.0,
                   which == 0.0 ? 150.0 : which == 1.0 ? 330.0 : 520.0, seed);
  float run = x / size.x * kTau;
  float swell = 0.5 + 0.5 * sin(run * 1.1 + which * 2.1 + 0.6);
  float y = base + 46.0 * sin(run * 0.62 + which * 1.7 + seed) + strand * (10.0 + 62.0 * swell) +
            9.0 * sin(run * 2.3 + strand * 4.2);
  return vec2(x, y);
}

vec2 curve(float k, float t) { return k < 32.0 ? rosette(k, t) : ribbon(k - 32.0, t); }

void main() {
  float k = float(gl_InstanceID);
  float t = float(gl_VertexID / 2) / kSteps;
  float side = float(gl_VertexID & 1) * 2.0 - 1.0;
  vec2 here = curve(k, t);
  vec2 along = normalize(curve(k, t + 0.5 / kSteps) - curve(k, t - 0.5 / kSteps));
  float half_width = 0.225 * ratio + 1.0;
  vec2 place = here * ratio + vec2(-along.y, along.x) * side * half_width;
  across = side * half_width;
  family = k < 32.0 ? 0.0 : mod(floor((k - 32.0) / 22.0), 2.0);
  gl_Position = vec4(place / (size * ratio) * 2.0 - 1.0, 0.0, 1.0);
}
