// What readers of other people's make of a picture: zbarimg, and zxing from its own wasm file.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';

const wasm = readFileSync(createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm'));
prepareZXingModule({ overrides: { wasmBinary: wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength) } });

const kinds = { qr: { zbar: 'QR-Code', zxing: 'QRCode' }, barcode: { zbar: 'CODE-128', zxing: 'Code128' } };

function zbar(path, kind) {
  return new Promise((resolve, reject) => {
    const child = spawn('zbarimg', ['--quiet', '--nodbus', path], { stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '';
    let err = '';
    child.stdout.setEncoding('utf8').on('data', (text) => { out += text; });
    child.stderr.setEncoding('utf8').on('data', (text) => { err += text; });
    child.on('error', reject);
    child.on('close', (code) => {
      // 4: nothing found
      if (code !== 0 && code !== 4) return reject(new Error(`zbarimg: exit ${code}: ${err}`));
      const name = `${kinds[kind].zbar}:`;
      return resolve(out.split('\n').filter((line) => line.startsWith(name)).map((line) => line.slice(name.length)));
    });
  });
}

async function zxing(path, kind) {
  const found = await readBarcodes(new Uint8Array(readFileSync(path)), { formats: [kinds[kind].zxing], tryHarder: true, maxNumberOfSymbols: 8 });
  return found.filter(({ isValid }) => isValid).map(({ text }) => text);
}

/** The texts of all QR codes ('qr') or Code 128 ('barcode') that each reader finds in the picture. */
export async function read(path, kind) {
  return { zbar: await zbar(path, kind), zxing: await zxing(path, kind) };
}
