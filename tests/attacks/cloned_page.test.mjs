// Tries: somebody copies portal, elements and authority, with keys of their own, makes themselves a licence there and shows it;
//   or leads a genuine viewer to that authority; or puts the copied page before the genuine authority.
// Must: their own page shows what they like, every verifier says "unknown issuer"; a viewer that pins the genuine root draws
//   nothing; the genuine authority does not speak to their page.
// Why: whom to trust is pinned where the code is checked, never where it is shown; other origins have to be on the list.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { Server } from '../authority/support/server.mjs';
import { mint, rootKey } from '../authority/support/phone.mjs';
import { Operator } from '../authority/support/operator.mjs';
import { Counter } from '../browser/support/counter.mjs';
import { DemoSite } from '../browser/support/demo_site.mjs';
import { Host } from '../browser/support/host.mjs';
import { codesOn } from '../browser/support/picture.mjs';
import { launch } from '../browser/support/browsers.mjs';
import { leave, phone, reaches, Stand, until } from '../browser/support/stand.mjs';
import { attack } from './support/attack.mjs';
import { allValid, Verifiers } from './support/verifiers.mjs';

/** @type {Verifiers} */
let verifiers;
/** @type {DemoSite} */
let clone;
let browser;
before(async () => {
  verifiers = await Verifiers.start();
  clone = await DemoSite.start();
  browser = await launch('chromium');
});
after(async () => {
  await browser?.close();
  await clone?.stop();
  await verifiers?.stop();
});

const codeOn = (page) => until(async () => (await codesOn(await page.picture()))[0], 'a code on the screen', 60_000);

attack({ name: 'a copied portal with an authority and a root of its own', outcome: 'refused' }, async (attempt) => {
  const holder = await verifiers.holder();
  attempt.control(allValid(await verifiers.of(mint(holder.lease))));
  const host = await Host.open(browser, clone, phone);
  await host.show('normal', { states: ['live'] });
  for (const answer of await verifiers.of(await codeOn(host.page))) attempt.refused(answer, 'issuer-unknown');
  await host.close();
});

attack({ name: "a genuine viewer led to the forger's authority", outcome: 'refused' }, async (attempt) => {
  const { stand } = verifiers;
  // It calls itself by the genuine one's origin, as whoever has taken over its name would.
  const forger = await Server.start(['--demo', '--origin', stand.wire.origin]);
  try {
    stand.wire.leadTo(forger);
    const page = await stand.open('chromium');
    await page.evaluate((settings) => tests.add('one', settings), stand.attributes({ code: 'demo-normal' }));
    const { error } = await reaches(page, 'one', 'untrusted');
    const { people } = JSON.parse((await forger.fetch('/demo/people')).text);
    const { name } = people.find(({ key }) => key === 'normal');
    attempt.absent((await page.evaluate(() => tests.text('one'))).includes(name), "what the forger's authority says is shown");
    attempt.absent((await codesOn(await page.picture())).length > 0, 'a code is shown');
    attempt.stopped(error, 'root-unknown');
    // With the forger's root pinned it would be shown: the root is what stops it.
    await page.evaluate((settings) => { tests.remove('one'); tests.add('one', settings); },
      stand.attributes({ code: await new Operator(forger).code(await new Operator(forger).create()), account: 'other', 'root-key': await rootKey(forger) }));
    attempt.control((await reaches(page, 'one', 'live')).state, 'live');
    await leave(page);
  } finally {
    stand.wire.leadTo(stand.authority);
    await forger.stop();
  }
});

attack({ name: 'a copied page before the genuine authority', outcome: 'refused' }, async (attempt) => {
  const genuine = await Stand.start();
  const copy = await Counter.start(); // another origin, whose policy lets it ask the authority
  copy.authority = genuine.wire.origin;
  try {
    const { code, name } = await genuine.person();
    const page = await browser.open(copy.page, phone);
    let refusals = 0;
    page.raw.on('requestfailed', (request) => { if (request.url().startsWith(genuine.wire.origin)) refusals += 1; });
    await page.evaluate(async (given, code) => {
      await import('/dist/e-license.js');
      window.copied = Object.assign(document.createElement('e-license'), { preAuthorizedCode: code });
      for (const [attribute, value] of Object.entries(given)) window.copied.setAttribute(attribute, value);
      document.body.append(window.copied);
    }, genuine.attributes(), code);
    await until(() => refusals > 0, 'a refusal by the browser', 60_000);
    attempt.absent(await page.evaluate((name) => window.copied.shadowRoot.innerHTML.includes(name), name), 'the licence is shown by a page that is not on the list');
    attempt.stopped(await page.evaluate(() => window.copied.state), 'loading', 'stale');
    assert.deepEqual(await page.evaluate(() => device.violations), [], 'it is the authority that refuses, not the policy of the page');
    await page.close();
    const own = await genuine.open('chromium');
    await own.evaluate((settings) => tests.add('one', settings), genuine.attributes({ code }));
    attempt.control((await reaches(own, 'one', 'live')).state, 'live');
    await leave(own);
  } finally {
    copy.stop();
    await genuine.stop();
  }
});
