// Tries: codes that are made to break who reads them: bombs of zlib, CBOR that is deep or claims gigabytes, damage anywhere; and a
//   used one in another packing; by the decoder of the command line, of the widget, and through two readers of pictures by others.
// Must: each is refused with a code within a second and within 64 MB, and the reader goes on to read a good one.
// Why: every decoder has its bounds before it takes memory.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { deflateRawSync, deflateSync, inflateSync } from 'node:zlib';
import base45 from 'base45-web';
import { mint } from '../authority/support/phone.mjs';
import { launch } from '../browser/support/browsers.mjs';
import { check } from '../browser/support/checking.mjs';
import { codesOn } from '../browser/support/picture.mjs';
import { zbar } from '../browser/support/zbar.mjs';
import { program } from '../cli/support/elicense.mjs';
import { attack } from './support/attack.mjs';
import { textOf } from './support/forge.mjs';
import { catchMemories } from './support/memories.mjs';
import { barcode } from './support/pictures.mjs';
import { allValid, Verifiers } from './support/verifiers.mjs';

const mostCharacters = 4296;
const mostMemory = 64; // MiB
const mostTime = 1000; // ms

/** @type {Verifiers} */
let verifiers;
let holder;
let list;
let browser;
before(async () => {
  browser = await launch('chromium');
  verifiers = await Verifiers.start();
  holder = await verifiers.holder();
  list = join(verifiers.checking.folder, 'trust.jwt');
  writeFileSync(list, (await verifiers.stand.authority.fetch('/trust-list')).text);
});
after(async () => {
  await browser?.close();
  await verifiers?.stop();
});

const head = (hex) => Buffer.from(hex, 'hex');
const bombs = {
  'as many zeros as a code holds': textOf(Buffer.alloc(2_800_000)),
  'zeros in a second stream behind the first': base45.encode(Buffer.concat([deflateSync(Buffer.alloc(60_000)), deflateSync(Buffer.alloc(60_000))])),
  'a stream that never ends': base45.encode(Buffer.concat([head('789c'), deflateRawSync(Buffer.alloc(900_000)).subarray(0, -4)])),
  'a text of 4 GiB, said in five bytes': textOf(head('d28443a1012758ff7affffffff')),
  'an array of 2^64 - 1': textOf(head('d29bffffffffffffffff')),
  'a map of 4 billion': textOf(head('d284bbffffffff00000000')),
  'nested 60,000 deep': textOf(Buffer.concat([head('d2'), Buffer.alloc(60_000, 0x81)])),
  'tags 60,000 deep': textOf(Buffer.alloc(60_000, 0xd2)),
  'without an end': textOf(head('d29f9f9f9f')),
  'an empty stream': textOf(Buffer.alloc(0)),
  noise: base45.encode(randomBytes(2000)),
  'all one character': 'A'.repeat(mostCharacters),
};

// With so much memory and no more; what it answers and how long it took.
function atCommand(text) {
  const begun = performance.now();
  return new Promise((resolve, reject) => {
    const child = execFile('bash', ['-c', `ulimit -v ${mostMemory * 1024}; exec "$@"`, '_', program, 'code', 'verify', '--trust-list', list,
      '--root', verifiers.stand.root, '--json'], { timeout: 10_000 }, (error, out) => {
      try {
        if (error?.signal) throw error;
        resolve({ answer: JSON.parse(out), took: performance.now() - begun });
      } catch (cause) {
        reject(new Error(`the command line has not answered: ${cause.message}`));
      }
    });
    child.stdin.on('error', () => {});
    child.stdin.end(text);
  });
}

// Bytes: of the modules, and of the scripts around them.
const memoryOf = (page) => page.evaluate(() => window.memories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0) + performance.memory.totalJSHeapSize);

attack({ name: 'bombs, at the command line, the authority and the widget', outcome: 'refused' }, async (attempt) => {
  const page = await browser.open(verifiers.checking.counter.page, { initScript: `(${catchMemories})()` });
  await page.waitFor(() => window.ready);
  await verifiers.checking.place(page, { mode: 'offline' });
  await page.waitFor(() => counter.heard.readiness.at(-1)?.ready === true);
  attempt.control((await atCommand(mint(holder.lease))).answer.result);
  attempt.control(allValid(await verifiers.of(mint(await holder.device.lease()))));
  assert.ok(await page.evaluate(() => window.memories.length > 0), 'the memory of the module is looked at');
  let longest = 0;
  for (const [name, text] of Object.entries(bombs)) {
    if (name !== 'all one character') assert.ok(text.length <= mostCharacters || name.startsWith('as many'), `${name}: ${text.length}`);
    const { answer, took } = await atCommand(text);
    const begun = performance.now();
    const seen = await check(page, text);
    const widget = performance.now() - begun;
    const online = await verifiers.checking.partner.verify(text);
    for (const one of [answer, seen, online]) {
      assert.equal(one.result, 'malformed', name);
      attempt.refused(one, one.error);
    }
    longest = Math.max(longest, took, widget);
  }
  assert.ok(longest < mostTime, `${longest} ms`);
  const most = await memoryOf(page);
  assert.ok(most < mostMemory * 2 ** 20, `${most} bytes`);
  attempt.control((await check(page, mint(await holder.device.lease()))).result);
  attempt.figure(`at most ${Math.ceil(longest / 10) * 10} ms; the widget's page has ${Math.ceil(most / 2 ** 20)} MiB`);
  await page.close();
});

attack({ name: 'a genuine code, one bit turned over at every place', outcome: 'refused' }, async (attempt) => {
  const { page, stand } = verifiers;
  const flipped = (bytes, at) => Buffer.concat([bytes.subarray(0, at), Buffer.of(bytes[at] ^ (1 << (at % 8))), bytes.subarray(at + 1)]);
  const inflated = (bytes) => {
    try {
      return inflateSync(bytes);
    } catch {
      return null;
    }
  };
  const results = new Set();
  const lease = await holder.device.lease();
  let code = mint(lease);
  const { length } = inflateSync(Buffer.from(base45.decode(code)));
  const stride = 50; // as many as are checked before the code is too old
  for (let from = 0; from < length; from += stride) {
    code = mint(lease);
    const packed = Buffer.from(base45.decode(code));
    const token = inflateSync(packed);
    for (let at = from; at < Math.min(length, from + stride); ++at) {
      // In the token itself, packed anew so that no checksum tells; and, at some places, in what is packed. A bit there that says
      // nothing leaves the same code, which is known again: see below.
      const texts = [textOf(flipped(token, at))];
      if (at % 4 === 0 && at < packed.length && !inflated(flipped(packed, at))?.equals(token)) texts.push(base45.encode(flipped(packed, at)));
      for (const text of texts) {
        const answer = await check(page, text);
        assert.notEqual(answer.result, 'stale', 'only its age would have been refused');
        attempt.refused(answer, answer.error);
        results.add(answer.result);
      }
    }
  }
  for (const wanted of ['malformed', 'forged', 'unknown-issuer']) assert.ok(results.has(wanted), `${wanted}: that part was not reached`);
  code = mint(await holder.device.lease());
  for (const text of [code.slice(3), code.slice(0, -3), code + code, [...code].reverse().join('')]) {
    const answer = await stand.verify(text);
    assert.equal(answer.result, 'malformed');
    attempt.refused(answer, answer.error);
  }
  attempt.control(allValid(await verifiers.of(code)));
});

attack({ name: 'a used code, packed in another way', outcome: 'refused' }, async (attempt) => {
  const code = mint(await holder.device.lease());
  attempt.control(allValid(await verifiers.of(code)));
  const token = inflateSync(Buffer.from(base45.decode(code)));
  const untagged = token.subarray(1);
  for (const bytes of [deflateSync(token, { level: 9 }), deflateSync(token, { level: 0 }), deflateSync(token, { windowBits: 9 }),
    deflateSync(Buffer.concat([head('d83d'), token])), deflateSync(untagged)]) {
    const text = base45.encode(bytes);
    assert.notEqual(text, code);
    assert.equal((await verifiers.stand.verify(text)).result, 'valid', 'it is read, and so has to be known again');
    const [, widget, online] = await verifiers.of(text);
    for (const answer of [widget, online]) attempt.refused(answer, 'already-used');
  }
});

attack({ name: 'the same as pictures, through zbar and zxing', outcome: 'refused' }, async (attempt) => {
  const path = join(verifiers.checking.folder, 'bomb.png');
  const good = mint(await holder.device.lease());
  for (const [name, text] of Object.entries({ good, ...bombs })) {
    if (text.length > 2900) continue; // no symbol that a reader by others takes reliably
    const png = await barcode('QRCode', text);
    writeFileSync(path, png);
    for (const texts of [await zbar(path, 'QR-Code'), await codesOn(png)]) {
      assert.equal(texts.length, 1, name);
      const { answer } = await atCommand(texts[0]);
      if (name === 'good') attempt.control(answer.result);
      else attempt.refused(answer, answer.error);
    }
  }
});
