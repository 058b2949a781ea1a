// Bundles the element: node web/build.mjs [WASM-FOLDER [OUT-FOLDER]]
// From the modules and their glue in WASM-FOLDER (build/wasm) it makes e-license.js and e-license.wasm, the same for the
// signer that only some browsers need, and e-license.d.ts, in OUT-FOLDER (dist). Beside what a browser loads lies the same
// in brotli, NAME.br, for servers that hand out such files as they are.
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';
import { build } from 'esbuild';

const web = dirname(fileURLToPath(import.meta.url));
const wasm = resolve(process.argv[2] ?? join(web, '../build/wasm'));
const dist = resolve(process.argv[3] ?? join(web, '../dist'));
const signer = 'e-license-signer';

/** @type {import('esbuild').Plugin} */
const findParts = {
  name: 'parts',
  setup({ onResolve }) {
    onResolve({ filter: /^glue:/ }, ({ path }) => ({ path: join(wasm, `${path.slice('glue:'.length)}.js`) }));
    // A file of its own, loaded only when it is imported.
    onResolve({ filter: /^\.\/signer\.js$/ }, () => ({ path: `./${signer}.js`, external: true }));
  },
};

await mkdir(dist, { recursive: true });
await build({
  entryPoints: [
    { in: join(web, 'element.ts'), out: 'e-license' },
    { in: join(web, 'signer.ts'), out: signer },
  ],
  outdir: dist,
  bundle: true,
  minify: true,
  format: 'esm',
  charset: 'utf8',
  legalComments: 'none',
  target: ['chrome100', 'firefox104', 'safari16.4'],
  plugins: [findParts],
  logLevel: 'warning',
});
for (const name of ['e-license.wasm', `${signer}.wasm`]) await copyFile(join(wasm, name), join(dist, name));
await copyFile(join(web, 'e-license.d.ts'), join(dist, 'e-license.d.ts'));

const compress = promisify(brotliCompress);
await Promise.all(['e-license', signer].flatMap((name) => [`${name}.js`, `${name}.wasm`]).map(async (name) => {
  const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
  await writeFile(join(dist, `${name}.br`), await compress(await readFile(join(dist, name)), { params }));
}));
