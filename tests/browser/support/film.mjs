// Films for Chromium's camera: what lies before it, second after second. Chromium plays them again and again.
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { prepareZXingModule, writeBarcode } from 'zxing-wasm/writer';

prepareZXingModule({ overrides: { wasmBinary: readFileSync(fileURLToPath(import.meta.resolve('zxing-wasm/writer/zxing_writer.wasm'))) } });

const [width, height] = [640, 480];
const perSecond = 4;
const grey = 96;

async function frameOf(text) {
  const luma = Buffer.alloc(width * height, grey);
  if (text === null) return luma;
  const { symbol } = await writeBarcode(text, { format: 'QRCode', options: 'eclevel=L', scale: 1 });
  const { data, width: side } = symbol;
  const quiet = 4;
  const scale = Math.floor((height * 0.8) / (side + 2 * quiet));
  const size = scale * (side + 2 * quiet);
  const [left, top] = [(width - size) >> 1, (height - size) >> 1];
  for (let y = 0; y < size; ++y) {
    for (let x = 0; x < size; ++x) {
      const [column, row] = [Math.floor(x / scale) - quiet, Math.floor(y / scale) - quiet];
      const isInside = column >= 0 && row >= 0 && column < side && row < side;
      luma[(top + y) * width + left + x] = isInside && data[row * side + column] === 0 ? 20 : 235;
    }
  }
  return luma;
}

/** `scenes`: [the code's text or null for nothing, seconds]. → the words for Chromium's command line */
export async function film(path, scenes) {
  const file = openSync(path, 'w');
  writeSync(file, `YUV4MPEG2 W${width} H${height} F${perSecond}:1 Ip A1:1 C420mpeg2\n`);
  const noColour = Buffer.alloc((width * height) / 2, 128);
  for (const [text, seconds] of scenes) {
    const luma = await frameOf(text);
    for (let index = 0; index < seconds * perSecond; ++index) {
      writeSync(file, 'FRAME\n');
      writeSync(file, luma);
      writeSync(file, noColour);
    }
  }
  closeSync(file);
  return ['--use-fake-device-for-media-stream', `--use-file-for-fake-video-capture=${path}`];
}
