// What is on a screenshot: its pixels, and the QR codes that another library reads from it.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { inflateSync } from 'node:zlib';
import base45 from 'base45-web';
import { Decoder } from 'cbor-x';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';

const wasmBinary = readFileSync(fileURLToPath(import.meta.resolve('zxing-wasm/reader/zxing_reader.wasm')));
prepareZXingModule({ overrides: { wasmBinary } });

const signature = Buffer.from('89504e470d0a1a0a', 'hex');
const bytesOfPixel = { 2: 3, 6: 4 }; // by colour type: truecolour, without and with alpha

const paeth = (left, up, corner) => {
  const [a, b, c] = [Math.abs(up - corner), Math.abs(left - corner), Math.abs(left + up - 2 * corner)];
  return a <= b && a <= c ? left : b <= c ? up : corner;
};

/** A PNG as browsers write them: 8 bits, not interlaced. → {width, height, at(x, y) → 0xRRGGBB} */
export function pixelsOf(png) {
  if (!png.subarray(0, 8).equals(signature)) throw new Error('not a PNG');
  const parts = [];
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT') parts.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  }
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  const size = bytesOfPixel[png[25]];
  if (png[24] !== 8 || png[28] !== 0 || !size) throw new Error('a PNG of another kind');
  const lines = inflateSync(Buffer.concat(parts));
  const row = width * size;
  const pixels = Buffer.alloc(row * height);
  for (let y = 0; y < height; ++y) {
    const kind = lines[y * (row + 1)];
    for (let x = 0; x < row; ++x) {
      const left = x < size ? 0 : pixels[y * row + x - size];
      const up = y === 0 ? 0 : pixels[(y - 1) * row + x];
      const corner = x < size || y === 0 ? 0 : pixels[(y - 1) * row + x - size];
      const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][kind];
      pixels[y * row + x] = lines[y * (row + 1) + 1 + x] + guess;
    }
  }
  return { width, height, at: (x, y) => pixels.readUIntBE(y * row + x * size, 3) };
}

/** How many colours there are in a box of a picture, all of it without one. */
export function coloursIn(png, box = undefined) {
  const { width, height, at } = pixelsOf(png);
  const { left = 0, top = 0, right = width, bottom = height } = box ?? {};
  const colours = new Set();
  for (let y = Math.max(0, Math.floor(top)); y < Math.min(height, bottom); ++y) {
    for (let x = Math.max(0, Math.floor(left)); x < Math.min(width, right); ++x) colours.add(at(x, y));
  }
  return colours.size;
}

/** The smallest box around all that differs between two pictures of one size: {width, height}, 0 by 0 when nothing does. */
export function difference(first, second) {
  const [one, other] = [pixelsOf(first), pixelsOf(second)];
  const [xs, ys] = [[], []];
  for (let y = 0; y < one.height; ++y) {
    for (let x = 0; x < one.width; ++x) {
      if (one.at(x, y) === other.at(x, y)) continue;
      xs.push(x);
      ys.push(y);
    }
  }
  const extent = (all) => (all.length ? all.reduce((a, b) => Math.max(a, b)) - all.reduce((a, b) => Math.min(a, b)) + 1 : 0);
  return { width: extent(xs), height: extent(ys) };
}

/** The texts of all QR codes. */
export async function codesOn(png) {
  const found = await readBarcodes(png, { formats: ['QRCode'], tryHarder: true });
  return found.filter(({ isValid }) => isValid).map(({ text }) => text);
}

const cbor = new Decoder({ mapsAsObjects: false, useRecords: false });

/** What a live code says of itself, unverified (protocol.md 4): when it was presented, and of whom it speaks. */
export function readCode(text) {
  const token = inflateSync(Buffer.from(base45.decode(text)), { maxOutputLength: 65_536 });
  const [, unprotected, payload] = cbor.decode(token.subarray(1));
  const presentation = cbor.decode(unprotected.get(11)[0]).get(15);
  const claims = cbor.decode(payload);
  return { presented: presentation.get(6), issued: claims.get(6), name: claims.get(169).get(4), documentNumber: claims.get(169).get(1) };
}
