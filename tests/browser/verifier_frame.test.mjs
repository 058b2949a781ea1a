// The verification widget in a frame of the authority's, on a partner's page: it hears and answers the origin that it was
// opened for, and no other.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import { mint } from '../authority/support/phone.mjs';
import { launch } from './support/browsers.mjs';
import { Checking } from './support/checking.mjs';
import { tree } from './support/demo_site.mjs';
import { until } from './support/stand.mjs';

/** @type {Checking} */
let checking;
let site; // the authority's origin, which the frame is served from
let device;
let browser;
before(async () => {
  checking = await Checking.start();
  ({ device } = await checking.holder());
  const { wire, root } = checking.stand;
  site = wire.origin;
  const page = readFileSync(join(process.env.ELICENSE_DIST ?? join(tree, 'dist'), 'verifier.html'), 'utf8');
  wire.pages['/dist/verifier.html'] = page.replace('name="root-key" content=""', `name="root-key" content="${root}"`);
  browser = await launch('chromium');
});
after(async () => {
  await browser?.close();
  await checking?.stop();
});

async function open(wishes = {}) {
  const page = await browser.open(checking.counter.page, { width: 800, height: 900 });
  await page.waitFor(() => window.ready);
  const words = new URLSearchParams({ origin: checking.counter.origin, partner: checking.partner.key, ...wishes });
  await page.evaluate((src) => framed.open(src), `${site}/dist/verifier.html#${words}`);
  return page;
}
const inside = (page) => until(() => page.raw.frames().find((frame) => frame.url().startsWith(site)), 'the frame');
const heard = (page, event) => page.waitFor((event) => framed.messages.find((message) => message.event === event), event);
const say = (page, message) => page.evaluate((message, to) => framed.say(message, to), message, site);
const ask = (id, text) => ({ type: 'e-license', version: 1, ask: 'verify', id, text });

it('is ready, checks what it is asked to, and hands over the receipt for the page around it', async () => {
  const page = await open({ requires: 'C1', transaction: 'pick-up-9', lang: 'en' });
  await page.waitFor(() => framed.messages.some(({ event, detail }) => event === 'readiness' && detail.ready));
  await say(page, ask('1', mint(await device.lease())));
  const { card, error } = await heard(page, 'answer');
  assert.equal(error, null);
  assert.equal(card.result, 'valid', card.error);
  const claims = JSON.parse(Buffer.from(card.receipt.split('.')[1], 'base64url'));
  assert.deepEqual([claims.aud, claims.nonce], [checking.counter.origin, 'pick-up-9']);
  assert.equal((await heard(page, 'result')).detail.answer.asked, 'C1');
  assert.ok((await heard(page, 'height')).height > 300);
  const all = await page.evaluate(() => framed.messages);
  assert.ok(all.every(({ type, version, origin }) => type === 'e-license' && version === 1 && origin === site));

  await say(page, { type: 'e-license', version: 1, ask: 'set', settings: { requires: 'D', transaction: null, 'root-key': 'A'.repeat(43), authority: 'https://evil.example' } });
  await page.evaluate(() => { framed.messages.length = 0; });
  await say(page, ask('2', mint(await device.lease())));
  const second = await heard(page, 'answer');
  assert.deepEqual([second.card?.result, second.card?.answer.asked], ['valid', 'D']);
  assert.deepEqual(await page.evaluate(() => device.violations), []);
  await page.close();
});

it('opened for another origin: silent and deaf', async () => {
  const page = await open({ origin: 'https://other.example' });
  const frame = await inside(page);
  await frame.waitForFunction(() => document.querySelector('e-license-verifier')?.shadowRoot.querySelector('.ready').dataset.state === 'online');
  await say(page, ask('1', mint(await device.lease())));
  // Behind it in the row, and answered by the browser itself.
  await frame.evaluate(() => new Promise((resolve) => { setTimeout(resolve); }));
  assert.equal(await frame.evaluate(() => document.querySelector('e-license-verifier').shadowRoot.querySelector('.frame').dataset.view), 'idle');
  assert.deepEqual(await page.evaluate(() => framed.messages), []);
  await page.close();
});

it('what is no message of ours changes nothing; without an origin it is not set up', async () => {
  const page = await open();
  await page.waitFor(() => framed.messages.some(({ event, detail }) => event === 'readiness' && detail.ready));
  for (const wrong of [null, 'verify', { ask: 'verify', id: '1', text: 'X' }, { ...ask('1', 'X'), version: 2 }, { ...ask(1, 'X') },
    { ...ask('1', 'X'.repeat(9000)) }, { type: 'e-license', version: 1, ask: 'set', settings: null }, { type: 'e-license', version: 1, ask: 'go' }]) {
    await say(page, wrong);
  }
  await say(page, ask('last', 'A'.repeat(500)));
  const answer = await heard(page, 'answer');
  assert.deepEqual([answer.id, answer.card.result], ['last', 'malformed']);
  for (const origin of ['', 'null', `${checking.counter.origin}/`, 'http://rental.example', '*']) {
    await page.evaluate((src) => framed.open(src), `${site}/dist/verifier.html#${new URLSearchParams({ origin, partner: checking.partner.key })}`);
    await (await inside(page)).waitForFunction(() => document.querySelector('e-license-verifier')?.shadowRoot.querySelector('.obstacle').checkVisibility());
    assert.deepEqual(await page.evaluate(() => framed.messages), []);
  }
  await page.close();
});
