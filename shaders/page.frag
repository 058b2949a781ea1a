#version 300 es
// 0: coverage (text and shapes), 1: the portrait, 2: the live code, one texel a module.
precision mediump float;
uniform sampler2D image;
uniform int kind;
uniform float grey;
in vec2 at;
in vec4 ink;
out vec4 result;
void main() {
  vec4 texel = texture(image, at);
  if (kind == 0) {
    result = ink * texel.r;
  } else if (kind == 1) {
    float light = dot(texel.rgb, vec3(0.30, 0.59, 0.11));
    vec3 faded = mix(vec3(light), vec3(1.0), 0.5);
    result = ink * vec4(mix(texel.rgb, faded, grey), 1.0);
  } else {
    result = vec4(mix(vec3(1.0), vec3(0.047, 0.122, 0.106), texel.r), 1.0);
  }
}
