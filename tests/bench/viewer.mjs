// What the viewer costs, in Chromium: bytes to download, time to live, a frame, a code, and what it holds.
//   ./dev bench viewer
// The numbers belong to this machine as it was. An aim is said to be reached or missed; nothing fails for it.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { launch } from '../browser/support/browsers.mjs';
import { DemoSite, tree } from '../browser/support/demo_site.mjs';
import { until } from '../authority/support/server.mjs';

const dist = process.env.ELICENSE_DIST ?? join(tree, 'dist');
const wasm = process.env.ELICENSE_WASM ?? join(tree, 'build/wasm');
const phone = { width: 390, height: 844, ratio: 3 };
const slow = 600_000; // ms; a processor that draws is slow
const person = 'normal';

const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1];
const verdict = (value, aim) => (value <= aim ? 'reached' : 'MISSED');
const say = (what, value, more = '') => console.log(`${what.padEnd(46)} ${value.padStart(12)}   ${more}`.trimEnd());
const title = (text) => console.log(`\n── ${text}`);
const load = () => `load ${loadavg()[0].toFixed(1)} on ${cpus().length} cores`;
const kilobytes = (bytes) => `${(bytes / 1024).toFixed(1)} KB`;

// --- bytes ------------------------------------------------------------------------------------------------------------

function sizes() {
  title('what is downloaded: raw, brotli 11');
  let first = 0;
  const later = 'only where WebCrypto has no Ed25519';
  for (const [name, when] of [['e-license.js', ''], ['e-license.wasm', ''], ['e-license-signer.js', later], ['e-license-signer.wasm', later]]) {
    const content = readFileSync(join(dist, name));
    const small = brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } }).length;
    if (!when) first += small;
    say(name, `${content.length}`, `${String(small).padStart(8)}   ${when}`);
  }
  say('a first visit', kilobytes(first), `aim 190 KB: ${verdict(first, 190 * 1024)}`);
}

// --- the element on a page ------------------------------------------------------------------------------------------

// In the page: from navigation to the frame after the licence is live, and how much of it the authority was being waited for.
async function openToLive(attributes, code) {
  const live = new Promise((resolve) => {
    document.addEventListener('state-change', ({ detail }) => { if (detail.state === 'live') resolve(performance.now()); });
  });
  window.host.show(attributes, code);
  const at = await live;
  const frame = await new Promise((resolve) => { requestAnimationFrame(() => resolve(performance.now())); });
  const waits = performance.getEntriesByType('resource')
    .filter(({ name }) => !/\.(js|wasm|css|html|ico)$/.test(name))
    .map(({ startTime, responseEnd }) => [startTime, responseEnd]).sort(([a], [b]) => a - b);
  let waited = 0;
  let end = 0;
  for (const [from, to] of waits) {
    waited += Math.max(0, to - Math.max(from, end));
    end = Math.max(end, to);
  }
  return { at, frame, waited, asked: waits.length };
}

async function navigation(browser, site) {
  title(`from navigation to live, median of 5 in fresh contexts, 390×844 at 3 (${load()})`);
  const runs = [];
  for (let i = 0; i < 5; ++i) {
    const page = await browser.open(`${site.url}/viewer.html`, phone);
    await page.waitFor(() => Boolean(window.host));
    runs.push(await page.evaluate(openToLive, site.attributes(person), `demo-${person}`));
    await page.close();
  }
  const of = (name) => median(runs.map((run) => run[name]));
  say('live', `${of('at').toFixed(0)} ms`, `${runs.map(({ at }) => at.toFixed(0)).join(', ')}`);
  say('the first frame after it', `${of('frame').toFixed(0)} ms`);
  say('of that, an answer of the authority under way', `${of('waited').toFixed(0)} ms`, `${of('asked')} requests, this machine's own authority`);
}

const observed = 20; // seconds

// Frames that end within `observed` seconds, of a minute.
async function framesPerMinute(page) {
  const count = await page.evaluate(async (seconds) => {
    const before = window.host.drawn().frames;
    const end = performance.now() + seconds * 1000;
    await new Promise((resolve) => { setTimeout(resolve, end - performance.now()); });
    return window.host.drawn().frames - before;
  }, observed);
  return Math.round((count * 60) / observed);
}

async function frames(browser, site) {
  title(`frames a minute while live, from ${observed} s at 390×844 at 1 (${load()})`);
  for (const reducedMotion of [false, true]) {
    const page = await browser.open(`${site.url}/viewer.html`, { ...phone, ratio: 1, reducedMotion });
    await page.waitFor(() => Boolean(window.host));
    await page.evaluate((attributes, code) => window.host.show(attributes, code), site.attributes(person), `demo-${person}`);
    await page.waitFor(() => window.viewer.state === 'live' && window.host.drawn().portraits > 0);
    say(reducedMotion ? 'idle, reduced motion' : 'idle', `${await framesPerMinute(page)}`, reducedMotion ? 'aim 60 and one a new code' : 'aim 1,800 at most');
    await page.evaluate(() => {
      document.body.style.paddingBottom = '5000px';
      scrollTo(0, 4000);
    });
    await page.waitFor(() => window.viewer.shadowRoot.querySelector('.stage').matches('.blank'));
    const hidden = await framesPerMinute(page);
    say('out of sight', `${hidden}`, `aim 0: ${verdict(hidden, 0)}`);
    await page.close();
  }
}

// --- the module, its page's part played by viewer-page.ts --------------------------------------------------------------

async function bundle() {
  const { build } = createRequire(join(tree, 'web/package.json'))('esbuild');
  const { outputFiles: [script] } = await build({
    entryPoints: [join(tree, 'tests/bench/viewer-page.ts')],
    bundle: true,
    format: 'esm',
    write: false,
    target: 'es2022',
    plugins: [{
      name: 'parts',
      setup({ onResolve }) {
        onResolve({ filter: /^glue:/ }, ({ path }) => ({ path: join(wasm, `${path.slice('glue:'.length)}.js`) }));
        onResolve({ filter: /^\.\/signer\.js$/ }, ({ path }) => ({ path, external: true }));
      },
    }],
  });
  return script.contents;
}

// Isolated from other origins, for which a browser's clock ticks in 5 µs.
async function serve(script) {
  const files = {
    '/': ['text/html', '<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><script type="module" src="page.js"></script><body>'],
    '/page.js': ['text/javascript', script],
    '/e-license.wasm': ['application/wasm', readFileSync(join(wasm, 'e-license.wasm'))],
  };
  const server = createServer(({ url }, answer) => {
    const [type, body] = files[url] ?? [];
    answer.writeHead(type ? 200 : 404, { 'content-type': `${type ?? 'text/plain'}; charset=utf-8`.replace('wasm; charset=utf-8', 'wasm'),
      'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' });
    answer.end(body);
  });
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  server.unref();
  return { server, url: `http://127.0.0.1:${server.address().port}` };
}

async function heap(page) {
  const session = await page.raw.context().newCDPSession(page.raw);
  for (let i = 0; i < 2; ++i) await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  return { script: usedSize, ...await page.evaluate(() => window.bench.memory()) };
}

async function insideTheModule(browser, site, url) {
  const page = await browser.open(`${url}/`, { ...phone, ratio: 1 });
  page.raw.setDefaultTimeout(slow);
  await page.waitFor(() => Boolean(window.bench));
  if (!await page.evaluate(() => window.bench.isolated())) throw new Error('the clock is coarse');
  const renderer = await page.evaluate((...given) => window.bench.begin(...given), site.url, site.root, person, `demo-${person}`);
  await until(() => page.evaluate(() => window.bench.state() === 'live'), 'live', slow);
  await page.evaluate(() => window.bench.frames(20)); // portrait, glyphs, shaders

  title(`inside the module, 390×844 at 1, ${renderer} (${load()})`);
  const { moving, whole } = await page.evaluate(() => window.bench.frames(1000));
  const mean = moving.concat(whole).reduce((sum, one) => sum + one, 0) / 1000;
  say(`processor time of a frame, median of ${moving.length}`, `${median(moving).toFixed(0)} µs`, `aim 60 µs: ${verdict(median(moving), 60)}; the ring and the light move`);
  say(`… once a second, with all text, median of ${whole.length}`, `${median(whole).toFixed(0)} µs`, `mean of all 1,000: ${mean.toFixed(0)} µs, with whatever else this machine did`);
  console.log('  counted: one elicense_frame, that is the session asked, what has changed laid out by Dear ImGui, the GL commands handed to the');
  console.log('  browser through the glue; not counted: their being carried out, which a graphics card does and here the processor');

  await page.evaluate(() => window.bench.cutNetwork()); // from here within the lease, offline: the clock runs ahead of the authority
  await page.evaluate(() => window.bench.codes(10));
  const before = await heap(page);
  const { inModule, signing, codes } = await page.evaluate(() => window.bench.codes(990));
  const after = await heap(page);
  const both = inModule + signing;
  say(`one new code, mean of ${codes}`, `${both.toFixed(2)} ms`, `aim 1.5 ms: ${verdict(both, 1.5)}; module ${inModule.toFixed(2)} ms, WebCrypto ${signing.toFixed(2)} ms (waited for, not all of it work)`);
  for (const [name, what] of [['pages', "module's memory"], ['top', 'where its heap ends'], ['script', "the page's JavaScript heap"]]) {
    say(`${what}, after 10 codes`, kilobytes(before[name]), `after 1,000: ${kilobytes(after[name])}, ${after[name] - before[name]} bytes more`);
  }
  await page.close();
}

const { server, url } = await serve(await bundle());
const site = await DemoSite.start(['--allow-origin', url]);
const browser = await launch('chromium');
try {
  sizes();
  await navigation(browser, site);
  await frames(browser, site);
  await insideTheModule(browser, site, url);
} finally {
  await browser.close();
  await site.stop();
  server.close();
}
