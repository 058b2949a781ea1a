// The widget's way from a picture to texts, without the widget around it. Bundled by pictures.mjs.
import { codesIn } from '../../web/verifier/pictures.js';
import { Reader } from '../../web/verifier/reader.js';

const reader = new Reader();

async function compressed(picture: ImageData, quality: number): Promise<Blob> {
  const canvas = new OffscreenCanvas(picture.width, picture.height);
  canvas.getContext('2d')?.putImageData(picture, 0, 0);
  return canvas.convertToBlob({ type: 'image/jpeg', quality });
}

const pictures = {
  /** The texts in the picture that lies at /picture, RGBA; `jpeg`: as a file of that quality. And milliseconds. */
  async read(width: number, height: number, jpeg: number | null): Promise<{ texts: string[]; took: number }> {
    const data = new Uint8ClampedArray(await (await fetch('/picture')).arrayBuffer());
    const picture = new ImageData(data, width, height);
    const given = jpeg === null ? picture : await compressed(picture, jpeg);
    const from = performance.now();
    const texts = await codesIn(given, (pixels) => reader.readWell(pixels));
    return { texts, took: performance.now() - from };
  },
};

declare global {
  interface Window { pictures: typeof pictures }
}
window.pictures = pictures;
