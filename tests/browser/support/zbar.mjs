// What zbarimg finds in the file of a picture: a reader of other people's, beside zxing in picture.mjs.
import { spawn } from 'node:child_process';

const nothingFound = 4;

/** The texts of all its codes of one kind: 'QR-Code' or 'CODE-128'. */
export function zbar(path, kind) {
  return new Promise((resolve, reject) => {
    const child = spawn('zbarimg', ['--quiet', '--nodbus', path], { stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '';
    let err = '';
    child.stdout.setEncoding('utf8').on('data', (text) => { out += text; });
    child.stderr.setEncoding('utf8').on('data', (text) => { err += text; });
    child.on('error', reject);
    child.on('close', (code) => {
      if (code !== 0 && code !== nothingFound) reject(new Error(`zbarimg: exit ${code}: ${err}`));
      else resolve(out.split('\n').filter((line) => line.startsWith(`${kind}:`)).map((line) => line.slice(kind.length + 1)));
    });
  });
}
