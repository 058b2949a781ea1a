// Live codes: as QR codes, checked, and read without a check. Others' packages beside ours in Node, on the same texts.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pixelpass from '@mosip/pixelpass';
import { calculateJwkThumbprint } from 'jose';
import QRCode from 'qrcode';
import generator from 'qrcode-generator';
import { readBarcodes } from 'zxing-wasm/reader';
import { Phone, seconds } from '../../authority/support/phone.mjs';
import { until } from '../../authority/support/server.mjs';
import { codesOn } from '../../browser/support/picture.mjs';
import { must } from '../../interop/support.mjs';
import { keysOf, nameByNoble, nameByWebCrypto } from './javascript_check.mjs';
import { inWasm, oursOf, wasm } from './ours.mjs';
import { contest } from './report.mjs';
import { inTurn, median, microseconds } from './rounds.mjs';
import { Module } from './verifier_module.mjs';

const rounds = 9;
const codesARound = 30;

/** Codes of one lease, a second apart, as the command line mints them, and what it takes to check them. */
export async function codesOf(site, person, folder) {
  const phone = await Phone.activate(site.server, person.pre_authorized_code);
  const lease = await phone.lease();
  const [leaseFile, keyFile, task] = ['lease.txt', 'phone.jwk', 'task.json'].map((name) => join(folder, name));
  writeFileSync(leaseFile, lease.text);
  const kid = (await calculateJwkThumbprint(lease.key.jwk)).slice(0, 8);
  writeFileSync(keyFile, JSON.stringify({ ...lease.key.secret.export({ format: 'jwk' }), kid }), { mode: 0o600 });
  const first = seconds();
  const codes = [];
  for (let now = first; now < first + rounds * codesARound; ++now) {
    codes.push({ now, text: await must(['code', 'mint', '--lease', leaseFile, '--key', keyFile, '--now', `${now}`]) });
  }
  const trustList = (await site.server.fetch('/trust-list')).text;
  writeFileSync(task, JSON.stringify({ authority: site.server.origin, roots: [site.root], trustList, now: first, code: codes[0].text }));
  return { codes, name: lease.name, trustList, task, folder };
}

// --- as QR codes ------------------------------------------------------------------------------------------------------

function byQrcode(given) {
  const { modules, version } = QRCode.create(given, { errorCorrectionLevel: 'L' });
  return { version, size: modules.size, isDark: (row, column) => Boolean(modules.get(row, column)) };
}

function byGenerator(text) {
  const code = generator(0, 'L');
  code.addData(text, 'Alphanumeric');
  code.make();
  const size = code.getModuleCount();
  return { version: (size - 17) / 4, size, isDark: (row, column) => code.isDark(row, column) };
}

const makers = {
  'qrcode': (text) => byQrcode(text),
  'qrcode, told the mode': (text) => byQrcode([{ data: text, mode: 'alphanumeric' }]),
  'qrcode-generator, told the mode': byGenerator,
};

/** Four pixels a module, with the quiet zone, as zxing takes pictures. */
function pictureOf({ size, isDark }) {
  const side = (size + 8) * 4;
  const data = new Uint8ClampedArray(side * side * 4).fill(255);
  for (let y = 0; y < side; ++y) {
    for (let x = 0; x < side; ++x) {
      const [row, column] = [(y >> 2) - 4, (x >> 2) - 4];
      const isInside = Math.min(row, column) >= 0 && Math.max(row, column) < size;
      if (isInside && isDark(row, column)) data.fill(0, (y * side + x) * 4, (y * side + x) * 4 + 3);
    }
  }
  return { data, width: side, height: side, colorSpace: /** @type {const} */ ('srgb') };
}

/** → by name, the version that each reaches, once its symbol has been read back */
async function versions(text, folder) {
  const png = join(folder, 'code.png');
  const reached = { ours: JSON.parse(await must(['qr', '--png', png, '--level', 'L', '--json'], text)).version };
  assert.deepEqual(await codesOn(readFileSync(png)), [text]);
  for (const [name, make] of Object.entries(makers)) {
    const made = make(text);
    const [found] = await readBarcodes(pictureOf(made), { formats: ['QRCode'] });
    assert.equal(found?.text, text, name);
    reached[name] = made.version;
  }
  return reached;
}

export async function qrCodes({ codes, task, folder }) {
  const [{ text }] = codes;
  const reached = await versions(text, folder);
  const all = await inTurn({
    ...oursOf(task, ({ qr }) => {
      assert.equal(qr.version, reached.ours);
      return qr.time;
    }),
    ...Object.fromEntries(Object.entries(makers).map(([name, make]) => [name, () =>
      microseconds(codesARound, () => make(text), ({ version }) => assert.equal(version, reached[name]))])),
  }, rounds);
  return {
    title: 'A QR code',
    text: [`From the text of a live code, ${text.length} characters, to the modules, level L. zxing has read every symbol back. `
      + `Versions reached: ${Object.entries(reached).map(([name, version]) => `${name} ${version}`).join('; ')}.`],
    ...contest(all, inWasm),
  };
}

// --- checked ----------------------------------------------------------------------------------------------------------

async function readyModule(site, now) {
  const module = await Module.load(wasm);
  module.wall = now * 1000;
  module.send({
    event: 'start', authority: site.server.origin, roots: [site.root], mode: 'offline', requires: null, partner: null, origin: 'https://rental.example',
    nonce: null, maxConfirmationAge: 86_400, language: 'zh-CN', kept: {},
  });
  await until(() => module.isReady, 'the module being ready');
  return module;
}

/** From text to card. Now and then the module asks for a list first: such a code does not count. */
async function roundOfModule(module, codes, name) {
  const times = [];
  for (const { now, text } of codes) {
    module.wall = now * 1000;
    const from = performance.now();
    module.send({ event: 'code', text });
    const took = performance.now() - from;
    const isAtOnce = module.cards.length > 0;
    await until(() => module.cards.length > 0, 'a card');
    const card = module.cards.pop();
    assert.deepEqual([card.result, card.person?.name], ['valid', name]);
    if (isAtOnce) times.push(1000 * took);
  }
  assert.ok(times.length > codes.length / 2, 'cards at once');
  return median(times);
}

export async function checks(site, { codes, name, trustList, task }) {
  const keys = keysOf(trustList);
  const others = new Map([...keys.keys()].map((kid, index) => [kid, [...keys.values()].at(index - 1)]));
  const module = await readyModule(site, codes[0].now);
  const ofRound = (round) => codes.slice(round * codesARound, (round + 1) * codesARound);
  const checkedBy = async (check) => {
    assert.equal(await check(codes[0].text, keys, codes[0].now), name);
    assert.equal(await check(codes[0].text, others, codes[0].now), null, 'signed by another key');
    assert.equal(await check(codes[0].text, keys, codes[11].now), null, 'a stale code');
    return (round) => microseconds(codesARound, (index) => check(ofRound(round)[index].text, keys, ofRound(round)[index].now), (found) => assert.equal(found, name));
  };
  const all = await inTurn({
    ...oursOf(task, ({ check }) => {
      assert.deepEqual([check.result, check.name], ['valid', name]);
      return check.time;
    }),
    'ours as a page has it, to the card': (round) => roundOfModule(module, ofRound(round), name),
    '@noble/ed25519, cbor-x, base45, pako': await checkedBy(nameByNoble),
    'WebCrypto, cbor-x, base45, pako': await checkedBy(nameByWebCrypto),
  }, rounds);
  return {
    title: 'The check of a live code',
    text: ['From the text to "valid" and the name. Ours takes all the steps of [protocol.md 4](protocol.md) without a status list; the others verify both signatures and look at the times, '
      + 'and have no limits, no strict forms and no trust list of their own. As a page has it, it comes and goes as JSON, the status list is looked up, a code is taken once, and the card has its words. '
      + 'WebCrypto is Node\'s, off the main thread.'],
    ...contest(all, inWasm),
  };
}

// --- read -------------------------------------------------------------------------------------------------------------

function nameByPixelPass(text) {
  const [, , payload] = JSON.parse(pixelpass.decode(text)).value;
  const claims = pixelpass.decodeMappedData(Buffer.from(payload.data), { 169: 'identity' });
  return pixelpass.decodeMappedData(claims.identity, { 4: 'fullName' }).fullName;
}

export async function claims({ codes, name, task }) {
  const all = await inTurn({
    ...oursOf(task, ({ check }) => {
      assert.deepEqual([check.result, check.name], ['valid', name]);
      return check.time;
    }),
    '@mosip/pixelpass': () => microseconds(codesARound, (index) => nameByPixelPass(codes[index].text), (found) => assert.equal(found, name)),
  }, rounds);
  return {
    title: 'The claims of a code',
    text: ['From the text to the name. PixelPass unpacks and checks no signature and no time: whatever is well formed is read, a forgery too. Ours is the whole check.'],
    ...contest(all, inWasm),
  };
}
