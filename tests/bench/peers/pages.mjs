// The same licence in the same Chromium: by the viewer, and by a page in plain DOM (plain-page.ts).
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { Operator } from '../../authority/support/operator.mjs';
import { tree } from '../../browser/support/demo_site.mjs';
import { codeOnScreen, until } from '../../browser/support/stand.mjs';
import { ask } from '../../interop/support.mjs';
import { wasm } from './ours.mjs';
import { beside, between, duration, size, times } from './report.mjs';
import { inTurn } from './rounds.mjs';

const dist = process.env.ELICENSE_DIST ?? join(tree, 'dist');
const here = join(tree, 'tests/bench/peers');
const phone = { width: 390, height: 844, ratio: 3 };
const slow = 120_000; // ms; a processor that draws is slow
const navigations = 7;
const rounds = 7;
const codesARound = 50;
const sizes = /** @type {[string, string]} */ (['smaller', 'larger']);

const small = (content) => brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } });

// --- laid out beside the portal ---------------------------------------------------------------------------------------

async function bundled(entry, target) {
  const { build } = createRequire(join(tree, 'web/package.json'))('esbuild');
  const { outputFiles: [script], metafile } = await build({
    entryPoints: [entry], bundle: true, minify: true, format: 'esm', charset: 'utf8', legalComments: 'none', write: false, metafile: true, target, outdir: here,
    plugins: [{
      name: 'parts',
      setup({ onResolve }) {
        onResolve({ filter: /^glue:/ }, ({ path }) => ({ path: join(wasm, `${path.slice('glue:'.length)}.js`) }));
        onResolve({ filter: /^\.\/signer\.js$/ }, ({ path }) => ({ path, external: true }));
      },
    }],
  });
  return { script: Buffer.from(script.contents), inputs: Object.values(metafile.outputs)[0].inputs };
}

const page = (scripts, body) => `<!doctype html>
<html lang="zh-CN">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>A licence</title>
    <link rel="icon" href="data:,">
    ${scripts.map((src) => `<script${src === 'watch.js' ? '' : ' type="module"'} src="${src}"></script>`).join('\n    ')}
  </head>
  ${body}
</html>
`;

/** → the plain page's script, and of how many bytes of which package it is made */
async function layOut(site, code) {
  const folder = join(site.folder, 'peers');
  mkdirSync(folder);
  const { script, inputs } = await bundled(join(here, 'plain-page.ts'), ['chrome100', 'firefox104', 'safari16.4']);
  const module = await bundled(join(tree, 'tests/bench/viewer-page.ts'), 'es2022');
  const about = `data-code="${code}" data-authority="${site.url}" data-root="${site.root}"`;
  const files = {
    'plain.js': script,
    'plain.js.br': small(script), // as the viewer has it beside its files
    'plain.html': page(['watch.js', 'plain.js'], `<body ${about}><canvas hidden></canvas><img alt=""><dl></dl></body>`),
    'viewer.html': page(['watch.js', '../dist/e-license.js', 'viewer.js'],
      `<body ${about}><e-license authority="${site.url}" root-key="${site.root}"></e-license></body>`),
    'module.js': module.script,
    'module.html': page(['module.js'], '<body></body>'),
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  for (const name of ['watch.js', 'viewer.js']) copyFileSync(join(here, name), join(folder, name));
  copyFileSync(join(wasm, 'e-license.wasm'), join(folder, 'e-license.wasm'));
  return { script, packages: packagesIn(inputs) };
}

/** What of each package is in it, minified, the largest first. */
function packagesIn(inputs) {
  const bytes = {};
  for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
    const name = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? 'its own code';
    bytes[name] = (bytes[name] ?? 0) + bytesInOutput;
  }
  return Object.entries(bytes).sort(([, a], [, b]) => b - a).map(([name, count]) => `${name} ${size(count)}`).join(', ');
}

// --- the measurements -------------------------------------------------------------------------------------------------

function downloads(plain) {
  const viewer = ['e-license.js', 'e-license.wasm'].map((name) => readFileSync(join(dist, name)));
  const sum = (contents, measured) => contents.reduce((all, content) => all + measured(content), 0);
  return [['downloaded, raw', (content) => content.length], ['downloaded, brotli 11', (content) => small(content).length]].map(([what, measured]) => {
    const [ours, theirs] = [sum(viewer, measured), sum([plain], measured)];
    return [what, size(ours), '', size(theirs), '', beside(ours, theirs, sizes)];
  });
}

const timed = (what, { viewer, plain }) =>
  [what, duration(viewer.median), between(viewer), duration(plain.median), between(plain), beside(viewer.median, plain.median, times)];

async function opened(browser, site, name, view = phone) {
  const open = await browser.open(`${site.url}/peers/${name}.html`, view);
  await open.waitFor(() => window.firstCode > 0);
  return open;
}

/** Both show a code that the command line finds valid, of the same person; the plain page all the claims that there are. */
async function areEqual(browser, site, person, trust) {
  const seen = {};
  for (const name of ['viewer', 'plain']) {
    const open = await opened(browser, site, name);
    const { licence } = await until(async () => {
      const answer = await ask(['code', 'verify', ...trust], await codeOnScreen(open));
      assert.ok(['valid', 'stale'].includes(answer.result), `${name}: ${answer.result}`); // stale: reading it took so long
      return answer.result === 'valid' && answer;
    }, `a valid code of the ${name}`, slow);
    seen[name] = { licence, text: await open.evaluate(() => (document.querySelector('e-license')?.shadowRoot ?? document.body).textContent) };
    if (name === 'plain') await expectClaims(open, site, person);
    await open.close();
  }
  assert.deepEqual(seen.viewer.licence, seen.plain.licence);
  assert.equal(seen.viewer.licence.name, person.name);
}

async function expectClaims(open, site, { document_number: number }) {
  const shown = await open.evaluate(() => Object.fromEntries([...document.querySelectorAll('dt')].map((name) => [name.textContent, name.nextSibling.textContent])));
  const { claims } = await new Operator(site.server).licence(number);
  for (const [name, value] of Object.entries(claims)) assert.equal(shown[name], typeof value === 'object' ? JSON.stringify(value) : `${value}`, name);
  await open.waitFor(() => document.querySelector('img').naturalWidth > 0);
}

async function navigation(browser, site) {
  const toFirstCode = (name) => async () => {
    const open = await opened(browser, site, name);
    const at = await open.evaluate(() => window.firstCode);
    await open.close();
    return 1000 * at;
  };
  return timed('from navigation to the first code', await inTurn({ viewer: toFirstCode('viewer'), plain: toFirstCode('plain') }, navigations));
}

async function newCode(browser, site, person) {
  const view = { ...phone, ratio: 1 };
  const plain = await opened(browser, site, 'plain', view); // its licence is there before another phone takes its place
  const module = await browser.open(`${site.url}/peers/module.html`, view);
  module.raw.setDefaultTimeout(slow);
  await module.waitFor(() => Boolean(window.bench));
  const renderer = await module.evaluate((...given) => window.bench.begin(...given), site.url, site.root, 'peers', person.pre_authorized_code);
  await module.waitFor(() => window.bench.state() === 'live');
  await module.evaluate(() => window.bench.frames(20)); // portrait, glyphs, shaders
  await module.evaluate(() => window.bench.cutNetwork()); // the clock runs ahead of the authority
  const all = await inTurn({
    async viewer() {
      const { inModule, signing, drawing } = await module.evaluate((count) => window.bench.codes(count), codesARound);
      return 1000 * (inModule + signing + drawing);
    },
    plain: async () => 1000 * await plain.evaluate((count) => window.newCodes(count), codesARound),
  }, rounds);
  const { pages: moduleMemory } = await module.evaluate(() => window.bench.memory());
  await module.close();
  await plain.close();
  return { row: timed('a new code, signed and drawn', all), moduleMemory, renderer };
}

// The browser does not count a module's memory as the page's: it is added.
async function memory(browser, site, moduleMemory) {
  const held = {};
  for (const name of ['viewer', 'plain']) {
    const open = await opened(browser, site, name);
    const session = await open.raw.context().newCDPSession(open.raw);
    for (let i = 0; i < 2; ++i) await session.send('HeapProfiler.collectGarbage');
    const { usedSize, embedderHeapUsedSize, backingStorageSize } = await session.send('Runtime.getHeapUsage');
    held[name] = usedSize + embedderHeapUsedSize + backingStorageSize + (name === 'viewer' ? moduleMemory : 0);
    await open.close();
  }
  return ['memory of script, document and module', size(held.viewer), '', size(held.plain), '', beside(held.viewer, held.plain, sizes)];
}

export async function pages(browser, site, person, trust) {
  const { script, packages } = await layOut(site, person.pre_authorized_code);
  await areEqual(browser, site, person, trust);
  const rows = [...downloads(script), await navigation(browser, site)];
  const { row, moduleMemory, renderer } = await newCode(browser, site, person);
  rows.push(row, await memory(browser, site, moduleMemory));
  return {
    title: 'A licence on a page',
    text: [
      'The viewer beside a page in plain DOM (`tests/bench/peers/plain-page.ts`), both from the same authority in the same Chromium, 390×844 at 3, each time in a fresh context. '
        + `The plain page is bundled and minified by esbuild: ${packages}. The portrait is the authority's answer and counts for nobody.`,
      '**What the plain page does**: trust list, access token, nonces, licence and lease over the real interface, DPoP and key proofs in its own few lines; every signature, digest, key, issuer and time; text and photo; '
        + 'a code every five seconds by a key that WebCrypto keeps. **What it leaves out**: a second visit or a reload (it keeps nothing), renewals, events and notices, the authority\'s time (it believes the device\'s clock), '
        + 'offline and stale states, statuses, clearing when hidden, two digits to tap, Ed25519 where WebCrypto has none, both languages, layout, limits on what comes from outside, and everything that makes a copy look dead.',
      'A new code is everything in script and module from the moment to the picture handed to the browser; the viewer also verifies its own signature and lays its page out. What the light and the ring cost meanwhile is in `./dev bench viewer`. WebGL2, which only the viewer needs, is here '
        + `${renderer}; from navigation to the first code the viewer also sets up its graphics and waits for them. `
        + 'Memory is told once, after garbage was collected, and of the viewer with all that its module has taken.',
    ],
    head: ['', 'viewer', 'least – most', 'plain page', 'least – most', 'the viewer is'],
    rows,
  };
}
