// Makes the npm package: node web/package.mjs [DIST-FOLDER [OUT-FOLDER]]
// From what web/build.mjs has left in DIST-FOLDER (dist) and what lies in web/package it lays out OUT-FOLDER/package (build)
// and packs it as OUT-FOLDER/e-license-VERSION.tgz. The version is the project's, in CMakeLists.txt. The texts of outside
// licences, which NOTICE promises, are taken from where ./dev has unpacked their sources (ELICENSE_CACHE).
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const web = dirname(fileURLToPath(import.meta.url));
const dist = resolve(process.argv[2] ?? join(web, '../dist'));
const out = resolve(process.argv[3] ?? join(web, '../build'));
const folder = join(out, 'package');
const cache = process.env.ELICENSE_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'elicense');
const text = (...path) => readFileSync(join(...path), 'utf8');

// Of dist: neither the frame, which an authority serves, nor brotli, which servers make themselves.
const modules = ['e-license', 'e-license-signer', 'e-license-verifier', 'e-license-scanner', 'e-license-receipt'];
const bridge = 'e-license-bridge';
const typed = ['e-license', 'e-license-verifier', 'e-license-receipt', bridge];
const templates = ['README.md', 'custom-elements.json', 'react.d.ts', 'vue.d.ts', 'wasm.d.ts'];
// What is linked into the modules, and where its licence lies in its sources.
const linked = { libsodium: 'LICENSE', libdeflate: 'COPYING', 'nlohmann-json': 'LICENSE.MIT', imgui: 'LICENSE.txt', qrencode: 'COPYING' };

/** As cmake/third-party.sh names it. */
function sourcesOf(name) {
  const line = text(web, '../cmake/third-party.pins').split('\n').find((line) => line.startsWith(`${name} `));
  const [, , , version, , , sum] = line.split(/ +/);
  return join(cache, 'sources', `${name}-${version}-${sum.slice(0, 12)}`);
}

function licences() {
  const titled = (title, words) => `\n── ${title} ──\n${words.trim()}\n`;
  return text(web, 'package/third-party-licences.txt')
    + titled('zxing-wasm', text(web, 'node_modules/zxing-wasm/LICENSE'))
    + Object.entries(linked).map(([name, file]) => titled(name, text(sourcesOf(name), file))).join('');
}

function integrityOf(exports) {
  const targets = (entry) => (typeof entry === 'string' ? [entry] : Object.values(entry).flatMap(targets));
  const files = [...new Set(targets(exports))].filter((file) => !/\/(package|integrity)\.json$/.test(file)).sort();
  const hash = (file) => `sha384-${createHash('sha384').update(readFileSync(join(folder, file))).digest('base64')}`;
  return Object.fromEntries(files.map((file) => [file.slice('./'.length), hash(file)]));
}

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const writeJson = (name, content) => writeFileSync(join(folder, name), `${JSON.stringify(content, null, 2)}\n`);
const made = [...modules.flatMap((name) => [`${name}.js`, `${name}.wasm`]), `${bridge}.js`, ...typed.map((name) => `${name}.d.ts`)];
for (const name of made) cpSync(join(dist, name), join(folder, name));
for (const name of templates) cpSync(join(web, 'package', name), join(folder, name));
for (const name of ['LICENSE', 'NOTICE']) cpSync(join(web, '..', name), join(folder, name));
writeFileSync(join(folder, 'third-party-licences.txt'), licences());
const [, version] = /^project\(elicense VERSION (\S+)/m.exec(text(web, '../CMakeLists.txt')) ?? [];
if (!version) throw new Error('CMakeLists.txt says no version');
const { name, ...rest } = JSON.parse(text(web, 'package/package.json'));
writeJson('package.json', { name, version, ...rest });
writeJson('integrity.json', integrityOf(rest.exports));

const [packed] = JSON.parse(execFileSync('npm', ['pack', '--json', '--loglevel=error', '--pack-destination', out], { cwd: folder, encoding: 'utf8' }));
console.log(`${join(out, packed.filename)}: ${packed.entryCount} files, ${packed.size} bytes, ${packed.unpackedSize} unpacked`);
