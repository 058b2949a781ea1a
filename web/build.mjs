// Bundles the element: node web/build.mjs [WASM-FOLDER [OUT-FOLDER]]
// From the modules and their glue in WASM-FOLDER (build/wasm) it makes NAME.js and NAME.wasm of both elements, of the signer
// and of the scanner, which only some browsers need, and of what a partner's backend imports in Node, and their types, in
// OUT-FOLDER (dist). Beside what a browser
// loads lies the same in brotli, NAME.br, for servers that hand out such files as they are. verifier.html is the page that
// others put into a frame.
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';
import { build } from 'esbuild';

const web = dirname(fileURLToPath(import.meta.url));
const wasm = resolve(process.argv[2] ?? join(web, '../build/wasm'));
const dist = resolve(process.argv[3] ?? join(web, '../dist'));
const viewer = 'e-license';
const verifier = 'e-license-verifier';
// Files of their own, loaded only when they are imported.
const signer = 'e-license-signer';
const scanner = 'e-license-scanner';
const frame = 'e-license-frame';
const receipt = 'e-license-receipt';
const bridge = 'e-license-bridge';
const scannerWasm = fileURLToPath(import.meta.resolve('zxing-wasm/reader/zxing_reader.wasm'));

/** @type {import('esbuild').Plugin} */
const findParts = {
  name: 'parts',
  setup({ onResolve }) {
    onResolve({ filter: /^glue:/ }, ({ path }) => ({ path: join(wasm, `${path.slice('glue:'.length)}.js`) }));
    onResolve({ filter: /^\.\/signer\.js$/ }, () => ({ path: `./${signer}.js`, external: true }));
    onResolve({ filter: /^\.\.\/e-license-verifier\.js$/ }, () => ({ path: `./${verifier}.js`, external: true }));
    onResolve({ filter: /^\.\/scanner\.js$/ }, () => ({ path: `./${scanner}.js`, external: true }));
  },
};

await mkdir(dist, { recursive: true });
/** @type {import('esbuild').BuildOptions} */
const common = { outdir: dist, bundle: true, minify: true, format: 'esm', charset: 'utf8', legalComments: 'none', plugins: [findParts], logLevel: 'warning' };
await build({
  ...common,
  entryPoints: [
    { in: join(web, 'element.ts'), out: viewer },
    { in: join(web, 'signer.ts'), out: signer },
    { in: join(web, 'bridge.ts'), out: bridge },
    { in: join(web, 'verifier/element.ts'), out: verifier },
    { in: join(web, 'verifier/scanner.ts'), out: scanner },
    { in: join(web, 'verifier/frame.ts'), out: frame },
  ],
  target: ['chrome100', 'firefox104', 'safari16.4'],
});
await build({ ...common, entryPoints: [{ in: join(web, 'receipt.ts'), out: receipt }], platform: 'node', target: 'node20' });
for (const name of [viewer, signer, verifier, receipt]) await copyFile(join(wasm, `${name}.wasm`), join(dist, `${name}.wasm`));
await copyFile(join(web, 'verifier.html'), join(dist, 'verifier.html'));
await copyFile(scannerWasm, join(dist, `${scanner}.wasm`));
for (const name of [viewer, verifier, receipt, bridge]) await copyFile(join(web, `${name}.d.ts`), join(dist, `${name}.d.ts`));

const compress = promisify(brotliCompress);
await Promise.all([`${frame}.js`, `${bridge}.js`, ...[viewer, signer, verifier, scanner].flatMap((name) => [`${name}.js`, `${name}.wasm`])].map(async (name) => {
  const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
  await writeFile(join(dist, `${name}.br`), await compress(await readFile(join(dist, name)), { params }));
}));
