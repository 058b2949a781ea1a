// Makes a blurred code readable: what its edges lost by blur is added again, several times over. Grey afterwards.

const strength = 4;

// 1 2 3 2 1 (of 9) along `step`; two pixels at either end are left out.
function smooth(from: Float32Array, to: Float32Array, step: number): void {
  for (let at = 2 * step; at < from.length - 2 * step; ++at) {
    const near = (from[at - step] as number) + (from[at + step] as number);
    const far = (from[at - 2 * step] as number) + (from[at + 2 * step] as number);
    to[at] = (3 * (from[at] as number) + 2 * near + far) / 9;
  }
}

export function sharpened({ data, width, height }: ImageData): ImageData {
  const grey = new Float32Array(width * height);
  for (let at = 0, from = 0; at < grey.length; ++at, from += 4) {
    grey[at] = 0.3 * (data[from] as number) + 0.59 * (data[from + 1] as number) + 0.11 * (data[from + 2] as number);
  }
  const across = grey.slice();
  smooth(grey, across, 1);
  const smoothed = grey.slice();
  smooth(across, smoothed, width);
  const made = new ImageData(width, height);
  for (let at = 0, to = 0; at < grey.length; ++at, to += 4) {
    const value = grey[at] as number;
    made.data[to] = made.data[to + 1] = made.data[to + 2] = value + strength * (value - (smoothed[at] as number));
    made.data[to + 3] = 255;
  }
  return made;
}
