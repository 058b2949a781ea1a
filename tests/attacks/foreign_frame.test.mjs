// Tries: a page that is no partner's frames the authority's verification page, or sends its messages into a partner's frame, or
//   uses a partner's key.
// Must: the browser does not show the frame; a message from elsewhere is not heard; the authority refuses the key.
// Why: the authority names who may frame it; the frame hears the one origin that it was opened for, from its parent alone; a
//   partner's key is good from the partner's origin.
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { Operator } from '../authority/support/operator.mjs';
import { mint, Phone, rootKey } from '../authority/support/phone.mjs';
import { Server } from '../authority/support/server.mjs';
import { launch } from '../browser/support/browsers.mjs';
import { Counter } from '../browser/support/counter.mjs';
import { tree } from '../browser/support/demo_site.mjs';
import { until } from '../browser/support/stand.mjs';
import { attack } from './support/attack.mjs';

/** @type {Server} */
let server;
let site;
let rental;
let foreign;
let partner;
let device;
let browser;
before(async () => {
  site = mkdtempSync(join(tmpdir(), 'elicense-frame-'));
  cpSync(process.env.ELICENSE_DIST ?? join(tree, 'dist'), join(site, 'dist'), { recursive: true });
  server = await Server.start(['--demo', '--site', site, '--rate-address', '0/60', '--rate-partner', '0/60']);
  const page = join(site, 'dist/verifier.html');
  writeFileSync(page, readFileSync(page, 'utf8').replace('name="root-key" content=""', `name="root-key" content="${await rootKey(server)}"`));
  [rental, foreign] = [await Counter.start(), await Counter.start()];
  rental.authority = foreign.authority = server.url;
  const operator = new Operator(server);
  partner = await operator.partner('Rental', rental.origin);
  device = await Phone.activate(server, 'demo-normal');
  browser = await launch('chromium');
});
after(async () => {
  await browser?.close();
  rental?.stop();
  foreign?.stop();
  await server?.stop();
  if (site) rmSync(site, { recursive: true, force: true });
});

const address = (origin) => `${server.url}/dist/verifier.html#${new URLSearchParams({ origin, partner: partner.key })}`;
async function open(counter, origin) {
  const page = await browser.open(counter.page, { width: 800, height: 900 });
  await page.waitFor(() => window.ready);
  await page.evaluate((src) => framed.open(src), address(origin));
  return page;
}
const messages = (page, event) => page.evaluate((event) => framed.messages.filter((message) => message.event === event), event);
const ask = (id, text) => ({ type: 'e-license', version: 1, ask: 'verify', id, text });

attack({ name: 'a page of nobody frames the verification page', outcome: 'refused' }, async (attempt) => {
  const own = await open(rental, rental.origin);
  await own.waitFor(() => framed.messages.some(({ event }) => event === 'ready'));
  attempt.control((await messages(own, 'ready')).length, 1);
  for (const origin of [foreign.origin, rental.origin]) {
    const page = await browser.open(foreign.page, { width: 800, height: 900 });
    await page.waitFor(() => window.ready);
    const said = [];
    page.raw.on('console', (message) => { said.push(message.text()); });
    await page.evaluate((src) => framed.open(src), address(origin));
    const refusal = await until(() => said.find((text) => text.includes('frame-ancestors')), 'the refusal by the browser');
    assert.ok(refusal.includes(rental.origin) && !refusal.includes(foreign.origin));
    attempt.absent((await page.evaluate(() => framed.messages.length)) > 0, 'the frame speaks to a page of nobody');
    attempt.stopped('frame-ancestors', 'frame-ancestors');
    await page.close();
  }
  await own.close();
});

attack({ name: "another window asks a partner's frame", outcome: 'refused' }, async (attempt) => {
  const page = await open(rental, rental.origin);
  await page.waitFor(() => framed.messages.some(({ event, detail }) => event === 'readiness' && detail.ready));
  const frame = await until(() => page.raw.frames().find((one) => one.url().startsWith(server.url)), 'the frame');
  await frame.evaluate(() => {
    window.arrived = [];
    window.addEventListener('message', ({ data, origin }) => { window.arrived.push([data?.id, origin]); });
  });
  const genuine = mint(await device.lease());
  // Windows that the page has opened reach the frame within it: one of another origin, one of the partner's own that is not around
  // it; and the frame itself.
  for (const address of [foreign.page, rental.page]) {
    const [opened] = await Promise.all([page.raw.waitForEvent('popup'), page.evaluate((src) => { window.open(src); }, address)]);
    await opened.waitForLoadState();
    await opened.evaluate((message) => { window.opener.frames[0].postMessage(message, '*'); }, ask(address, genuine));
    await frame.waitForFunction((id) => window.arrived.some(([name]) => name === id), address);
    await opened.close();
  }
  await frame.evaluate((message) => { window.postMessage(message, location.origin); }, ask('itself', genuine));
  await frame.waitForFunction(() => window.arrived.length === 3);
  assert.deepEqual((await frame.evaluate(() => window.arrived)).map(([, origin]) => origin), [foreign.origin, rental.origin, server.url]);
  await page.evaluate((message, to) => framed.say(message, to), ask('own', genuine), server.url);
  await page.waitFor(() => framed.messages.some(({ event, id }) => event === 'answer' && id === 'own'));
  const answers = await messages(page, 'answer');
  attempt.absent(answers.some(({ id }) => id !== 'own'), 'the frame has answered somebody else');
  attempt.control(answers.at(-1).card.result);
  attempt.stopped(answers.length === 1 ? 'not heard' : 'heard', 'not heard');
  await page.close();
});

attack({ name: "a partner's key from another origin", outcome: 'refused' }, async (attempt) => {
  const send = async (origin) => partner.send(mint(await device.lease()), {}, { Origin: origin });
  attempt.control((await send(rental.origin)).status, 200);
  const answer = await send(foreign.origin);
  attempt.stopped(answer.status, 403);
  attempt.stopped(JSON.parse(answer.text).code, 'origin');
});
