// Parts of frames and of pictures, as pixels to read codes from. Refuses what is no picture or is too large.

const mostBytes = 40_000_000; // of a file
const mostPixels = 60_000_000;
/** Longest sides that a picture is looked at with, in this order: a code that fills it, one that is small in it. */
const sizes = [1400, 3200, 700];

type Source = HTMLVideoElement | ImageBitmap;
export interface Box { x: number; y: number; width: number; height: number }

/** Draws into one canvas again and again. */
export class Cutter {
  readonly #context = document.createElement('canvas').getContext('2d', { willReadFrequently: true, alpha: false });

  /** `box` of the source, no larger than `most` pixels each way. */
  cut(source: Source, box: Box, most: number): ImageData | null {
    const context = this.#context;
    const scale = Math.min(1, most / Math.max(box.width, box.height));
    const width = Math.round(box.width * scale);
    const height = Math.round(box.height * scale);
    if (!context || width < 1 || height < 1) return null;
    if (context.canvas.width !== width || context.canvas.height !== height) Object.assign(context.canvas, { width, height });
    context.drawImage(source, box.x, box.y, box.width, box.height, 0, 0, width, height);
    return context.getImageData(0, 0, width, height);
  }
}

async function decode(picture: Blob | ImageData): Promise<ImageBitmap> {
  const refusal = new DOMException('Not a picture, or too large.', 'EncodingError');
  if (picture instanceof Blob && picture.size > mostBytes) throw refusal;
  const bitmap = await createImageBitmap(picture).catch(() => { throw refusal; });
  if (bitmap.width * bitmap.height <= mostPixels) return bitmap;
  bitmap.close();
  throw refusal;
}

/** The codes in a picture, as `readCodes` finds them, in the first of several sizes that has any. Refuses by an EncodingError. */
export async function codesIn(picture: Blob | ImageData, readCodes: (picture: ImageData) => Promise<string[]>): Promise<string[]> {
  const bitmap = await decode(picture);
  try {
    const cutter = new Cutter();
    const longest = Math.max(bitmap.width, bitmap.height);
    for (const most of new Set(sizes.map((size) => Math.min(size, longest)))) {
      const pixels = cutter.cut(bitmap, { x: 0, y: 0, width: bitmap.width, height: bitmap.height }, most);
      const texts = pixels ? await readCodes(pixels) : [];
      if (texts.length > 0) return texts;
    }
    return [];
  } finally {
    bitmap.close();
  }
}
