// What a camera makes of a phone's screen: the phone lies before something darker, turned and tilted, and light, lens and sensor
// do what they do. The same numbers make the same picture.
import { pixelsOf } from './picture.mjs';

/** Numbers from 0 to 1, the same for the same seed. */
export function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A screenshot's colours, three numbers a pixel. */
export function screenOf(png) {
  const { width, height, at } = pixelsOf(png);
  const data = new Float32Array(width * height * 3);
  for (let y = 0, to = 0; y < height; ++y) {
    for (let x = 0; x < width; ++x) {
      const colour = at(x, y);
      data[to++] = colour >> 16;
      data[to++] = (colour >> 8) & 255;
      data[to++] = colour & 255;
    }
  }
  return { width, height, data };
}

// One line of pixels after the other, each the mean of what it covers.
function shrunkDown({ width, height, data }, to) {
  const made = new Float32Array(width * to * 3);
  const row = width * 3;
  for (let y = 0; y < to; ++y) {
    const [from, end] = [(y * height) / to, ((y + 1) * height) / to];
    for (let line = Math.floor(from); line < Math.min(height, end); ++line) {
      const share = (Math.min(line + 1, end) - Math.max(line, from)) / (end - from);
      for (let x = 0; x < row; ++x) made[y * row + x] += share * data[line * row + x];
    }
  }
  return { width, height: to, data: made };
}
function transposed({ width, height, data }) {
  const made = new Float32Array(data.length);
  for (let y = 0; y < height; ++y) {
    for (let x = 0; x < width; ++x) {
      for (let colour = 0; colour < 3; ++colour) made[(x * height + y) * 3 + colour] = data[(y * width + x) * 3 + colour];
    }
  }
  return { width: height, height: width, data: made };
}

/** Never larger than it is. */
function shrunk(screen, height) {
  if (height >= screen.height) return screen;
  const width = Math.round((screen.width * height) / screen.height);
  return transposed(shrunkDown(transposed(shrunkDown(screen, Math.round(height))), width));
}

// From a place in the picture, measured from its middle, to a place on the phone, measured from its middle too.
function placesOnPhone({ turn, tilt, distance }) {
  const [z, x, y] = [turn, ...tilt].map((degrees) => (degrees * Math.PI) / 180);
  const [cosZ, sinZ, cosX, sinX, cosY, sinY] = [z, x, y].flatMap((angle) => [Math.cos(angle), Math.sin(angle)]);
  // Rotated about y, x and z, seen from its distance: ((a, b, 0), (c, d, 0), (e, f, distance)) …
  const [a, b] = [distance * (cosZ * cosY - sinZ * sinX * sinY), -distance * sinZ * cosX];
  const [c, d] = [distance * (sinZ * cosY + cosZ * sinX * sinY), distance * cosZ * cosX];
  const [e, f] = [-cosX * sinY, sinX];
  // … and its inverse, but for a factor.
  return (u, v) => {
    const w = (c * f - d * e) * u + (b * e - a * f) * v + a * d - b * c;
    return [(distance * (d * u - b * v)) / w, (distance * (a * v - c * u)) / w];
  };
}

// Three times a mean over a window comes close to a Gaussian; the window's share makes it as wide as is wanted.
function blurred(values, width, height, sigma) {
  const radius = Math.ceil((Math.sqrt(1 + 4 * sigma * sigma) - 1) / 2);
  const share = (sigma * sigma) / (radius * radius + radius);
  let from = values;
  for (const [count, step, lines, along] of [[width, 3, height, width * 3], [height, width * 3, width, 3]]) {
    for (let round = 0; round < 3; ++round) {
      const to = new Float32Array(from.length);
      for (let line = 0; line < lines; ++line) {
        for (let colour = 0; colour < 3; ++colour) {
          const start = line * along + colour;
          const at = (index) => from[start + Math.min(count - 1, Math.max(0, index)) * step];
          let sum = 0;
          for (let index = -radius; index <= radius; ++index) sum += at(index);
          for (let index = 0; index < count; ++index) {
            const own = from[start + index * step];
            to[start + index * step] = own + share * (sum / (2 * radius + 1) - own);
            sum += at(index + radius + 1) - at(index - radius);
          }
        }
      }
      from = to;
    }
  }
  return from;
}

const table = [62, 58, 54];
const rim = [14, 14, 16];

function laidOut(screen, { width, height, size, turn, tilt, moire }) {
  const phone = shrunk(screen, size);
  const scale = phone.height / size;
  const place = placesOnPhone({ turn, tilt, distance: 2.2 * size });
  const made = new Float32Array(width * height * 3);
  const edge = 0.02 * phone.height;
  for (let y = 0, to = 0; y < height; ++y) {
    for (let x = 0; x < width; ++x, to += 3) {
      const [onX, onY] = place(x + 0.5 - width / 2, y + 0.5 - height / 2);
      const [atX, atY] = [onX * scale + phone.width / 2 - 0.5, onY * scale + phone.height / 2 - 0.5];
      const isOn = atX >= 0 && atY >= 0 && atX < phone.width - 1 && atY < phone.height - 1;
      if (!isOn) {
        const isRim = atX >= -edge && atY >= -edge && atX < phone.width + edge && atY < phone.height + edge;
        made.set(isRim ? rim : table, to);
        continue;
      }
      const [left, top] = [Math.floor(atX), Math.floor(atY)];
      const [right, down] = [atX - left, atY - top];
      const from = (top * phone.width + left) * 3;
      for (let colour = 0; colour < 3; ++colour) {
        const upper = phone.data[from + colour] * (1 - right) + phone.data[from + 3 + colour] * right;
        const under = from + phone.width * 3 + colour;
        const lower = phone.data[under] * (1 - right) + phone.data[under + 3] * right;
        // Screen's grid against the sensor's: waves, each colour's a little further on.
        const wave = moire ? 1 + moire.strength * Math.sin((2 * Math.PI * (x * moire.across + y * moire.down)) / moire.period + colour) : 1;
        made[to + colour] = (upper * (1 - down) + lower * down) * wave;
      }
    }
  }
  return made;
}

/**
 * @param {{width: number, height: number, data: Float32Array}} screen
 * @param {{width: number, height: number, size: number, turn?: number, tilt?: [number, number], blur?: number, light?: number,
 *   noise?: number, glare?: {x: number, y: number, radius: number, strength: number},
 *   moire?: {strength: number, period: number, across: number, down: number}, random?: () => number}} view
 *   size: of the phone, pixels high; angles in degrees; blur: sigma in pixels; light: 1 is as bright as the screen; noise: of
 *   255; glare: middle and radius in pixels, 1 is white; moire: strength of the brightness, period in pixels
 * @returns {{width: number, height: number, data: Uint8ClampedArray}} RGBA
 */
export function photograph(screen, view) {
  const { width, height, blur = 0, light = 1, noise = 0, glare, random = () => 0.5 } = view;
  const laid = laidOut(screen, { turn: 0, tilt: [0, 0], moire: undefined, ...view });
  const values = blur > 0 ? blurred(laid, width, height, blur) : laid;
  const data = new Uint8ClampedArray(width * height * 4);
  for (let y = 0, from = 0, to = 0; y < height; ++y) {
    for (let x = 0; x < width; ++x, from += 3, to += 4) {
      const far = glare ? Math.hypot(x - glare.x, y - glare.y) / glare.radius : 2;
      const white = far < 1 ? glare.strength * Math.cos((far * Math.PI) / 2) : 0;
      const grain = noise > 0 ? noise * (random() + random() + random() + random() - 2) * Math.sqrt(3) : 0;
      for (let colour = 0; colour < 3; ++colour) {
        const lit = values[from + colour] * light;
        data[to + colour] = lit + (255 - lit) * white + grain;
      }
      data[to + 3] = 255;
    }
  }
  return { width, height, data };
}
