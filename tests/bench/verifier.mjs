// What the verification widget costs: bytes to download, a code's verification beside bare signatures and beside the same steps
// in JavaScript, and how long the holder's screen takes to show that it was checked.
//   ./dev bench verifier
// The numbers belong to this machine as it was. An aim is said to be reached or missed; nothing fails for it.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { mint, Phone, seconds } from '../authority/support/phone.mjs';
import { tree } from '../browser/support/demo_site.mjs';
import { codeOnScreen, Stand, until } from '../browser/support/stand.mjs';
import { keysOf, nameByNoble } from './peers/javascript_check.mjs';
import { Module } from './peers/verifier_module.mjs';

const dist = process.env.ELICENSE_DIST ?? join(tree, 'dist');
const wasm = process.env.ELICENSE_WASM ?? join(tree, 'build/wasm');
const native = process.env.ELICENSE_BENCH ?? join(tree, 'build/native/elicense_bench');

const sorted = (numbers) => numbers.toSorted((a, b) => a - b);
const share = (numbers, part) => sorted(numbers)[Math.min(numbers.length - 1, Math.floor(numbers.length * part))];
const median = (numbers) => share(numbers, 0.5);
const mean = (numbers) => numbers.reduce((sum, one) => sum + one, 0) / numbers.length;
const verdict = (isReached) => (isReached ? 'reached' : 'MISSED');
const say = (what, value, more = '') => console.log(`${what.padEnd(46)} ${value.padStart(12)}   ${more}`.trimEnd());
const title = (text) => console.log(`\n── ${text}`);
const load = () => `load ${loadavg()[0].toFixed(1)} on ${cpus().length} cores`;
const kilobytes = (bytes) => `${(bytes / 1024).toFixed(1)} KB`;

// --- bytes ------------------------------------------------------------------------------------------------------------

function sizes() {
  title('what is downloaded: raw, brotli 11');
  const small = {};
  const own = /^(verifier\.html|e-license-(verifier|scanner|frame)\.(js|wasm))$/;
  for (const name of readdirSync(dist).filter((name) => own.test(name)).sort()) {
    const content = readFileSync(join(dist, name));
    small[name] = brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } }).length;
    const when = name.includes('scanner') ? 'only where the browser reads no codes itself' : /frame|html/.test(name) ? 'only in a frame' : '';
    say(name, `${content.length}`, `${String(small[name]).padStart(8)}   ${when}`);
  }
  const module = small['e-license-verifier.wasm'];
  say('the module', kilobytes(module), `aim 70 KB: ${verdict(module <= 70 * 1024)}`);
  say('a first visit', kilobytes(module + small['e-license-verifier.js']));
}

// --- one code ---------------------------------------------------------------------------------------------------------

/** The core's own bench compares the check of a code with two bare signatures, turn by turn. → µs of a check in wasm, the shortest */
function besideSignatures() {
  let inWasm = null;
  title(`a live code beside two bare signatures of libsodium, median of the turns' ratios (${load()})`);
  for (const [name, command] of [['native', [native]], ['wasm', [process.execPath, join(wasm, 'elicense_bench.js')]]]) {
    if (!existsSync(command.at(-1))) {
      say(name, 'not built');
      continue;
    }
    const { stdout, stderr } = spawnSync(command[0], command.slice(1), { encoding: 'utf8' });
    const found = /^verify a live code\s+([\d.]+) us\s+two bare verifies\s+([\d.]+) us\s+ratio\s+([\d.]+)/m.exec(stdout);
    if (!found) throw new Error(`the ${name} bench says no ratio: ${stderr}`);
    const [, ours, bare, ratio] = found;
    say(name, ratio, `aim ${name === 'wasm' ? '1.15' : '1.10'}: ${verdict(Number(ratio) <= (name === 'wasm' ? 1.15 : 1.1))}; at the shortest ${ours} and ${bare} µs`);
    if (name === 'wasm') inWasm = Number(ours);
  }
  return inWasm;
}

async function oneCode(stand, alone, { leases = 10, each = 300 } = {}) {
  const { code: activation } = await stand.person();
  const phone = await Phone.activate(stand.authority, activation);
  const lent = [];
  while (lent.length < leases) lent.push(await phone.lease());
  const keys = keysOf((await stand.authority.fetch('/trust-list')).text);

  const module = await Module.load(wasm);
  module.send({
    event: 'start', authority: stand.authority.origin, roots: [stand.root.split(':').pop()], mode: 'offline', requires: 'D', partner: null, origin: 'https://rental.example',
    nonce: null, maxConfirmationAge: 86_400, language: 'zh-CN', kept: {},
  });
  await until(() => module.isReady, 'the module being ready');

  const first = seconds();
  const times = { module: [], javaScript: [] };
  for (let second = 0; second < each; ++second) {
    const now = first + second;
    module.wall = now * 1000;
    for (const lease of lent) {
      const text = mint(lease, now);
      const from = performance.now();
      module.send({ event: 'code', text });
      const between = performance.now();
      const isValid = nameByNoble(text, keys, now) === lease.name;
      const end = performance.now();
      const isAtOnce = module.cards.length > 0;
      await until(() => module.cards.length > 0, 'a card'); // now and then it asks for a list first
      const card = module.cards.pop();
      if (card?.result !== 'valid' || !isValid) throw new Error(`${card?.result} (${card?.error}) to the module, ${isValid} to JavaScript`);
      if (!isAtOnce) continue;
      times.javaScript.push(end - between);
      times.module.push(between - from);
    }
  }
  title(`one live code in Node ${process.version}, from its text to the card, ${times.module.length} codes in turn (${load()})`);
  const told = (numbers) => [`${(1000 * median(numbers)).toFixed(0)} µs`, `median; mean ${(1000 * mean(numbers)).toFixed(0)} µs, shortest ${(1000 * Math.min(...numbers)).toFixed(0)} µs`];
  say('the module, JSON in and out', ...told(times.module));
  say('@noble/ed25519, cbor-x, base45, pako', ...told(times.javaScript));
  const factor = median(times.javaScript) / median(times.module);
  say('the module is faster by', factor.toFixed(2), `aim 5: ${verdict(factor >= 5)}; it also looks up the status, finds the words and writes them`);
  if (alone) say('the check alone, as the bench above has it', (1000 * Math.min(...times.javaScript) / alone).toFixed(2), 'the shortest of each');
}

// --- the echo ---------------------------------------------------------------------------------------------------------

// In the page: notes when the notice of a check stands on the screen, that is in the frame after it was drawn.
function watchNotices() {
  const viewer = document.getElementById('one');
  window.notices = [];
  let isThere = false;
  new MutationObserver(() => {
    const is = viewer.shadowRoot.querySelector('[part~=dismiss]') !== null;
    if (is && !isThere) requestAnimationFrame(() => { window.notices.push(Date.now()); });
    isThere = is;
  }).observe(viewer.shadowRoot, { childList: true, subtree: true, attributes: true });
}

async function oneCheck(holder, partner) {
  const code = await until(async () => {
    const text = await codeOnScreen(holder.page);
    return text !== holder.checked && text;
  }, 'a new code', 60_000);
  holder.checked = code;
  const sent = Date.now();
  const { result, echo } = await partner.verify(code, { requires: 'D' });
  const answered = Date.now();
  if (result !== 'valid' || !Number.isInteger(echo)) return null; // this machine took longer than the code lives
  await holder.page.waitFor((count) => window.notices.length > count, holder.count);
  const shown = await holder.page.evaluate(() => window.notices.at(-1));
  holder.count += 1;
  await holder.page.evaluate(() => tests.use('one', 'dismiss'));
  await holder.page.waitFor(() => !tests.controls('one').some(({ name }) => name === 'dismiss'));
  return { sinceSent: shown - sent, sinceAnswered: shown - answered };
}

async function echo(stand, { checks = 100, holders = 4 } = {}) {
  const partner = await stand.operator.partner('Demo Rental', 'https://rental.example');
  const open = [];
  for (let index = 0; index < holders; ++index) {
    const { page } = await stand.openLive('chromium', { view: { width: 390, height: 844, ratio: 1 } });
    await page.evaluate(watchNotices);
    open.push({ page, checked: '', count: 0 });
  }
  title(`from a check to the notice on the holder's screen, ${checks} checks of ${holders} phones in Chromium, 390×844 at 1 (${load()})`);
  const times = [];
  let late = 0;
  while (times.length < checks) {
    for (const holder of open) {
      const took = times.length < checks ? await oneCheck(holder, partner) : null;
      if (took) times.push(took);
      else if (times.length < checks) late += 1;
    }
  }
  for (const [what, name] of [["since the authority's answer", 'sinceAnswered'], ['since the check was sent', 'sinceSent']]) {
    const all = times.map((each) => each[name]);
    const parts = [['median', 0.5], ['95 %', 0.95], ['most', 1]].map(([words, part]) => `${words} ${share(all, part)} ms`);
    const within = all.filter((time) => time <= 1000).length;
    say(what, `${share(all, 0)} ms`, `at least; ${parts.join(', ')}; within 1 s: ${within} of ${all.length}: ${verdict(within === all.length)}`);
  }
  if (late) console.log(`  not counted: ${late} codes that were read too late to be checked`);
  for (const { page } of open) await page.close();
}

const stand = await Stand.start(['--rate-partner', '0/60']);
try {
  sizes();
  await oneCode(stand, besideSignatures());
  await echo(stand);
} finally {
  await stand.stop();
}
