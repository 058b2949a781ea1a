// Tries: somebody restores another's phone, or copies its browser's files, on a phone of their own: what a script can read of it
//   (a backup), or the whole profile with its keys.
// Must: a backup without the keys is worth nothing. A copied profile with its keys is the same phone to everybody, until the
//   person signs in anew: then both have ended. The holder's screen tells of each check made with the copy.
// Why: private keys are not extractable by a page; a browser keeps them in its files, as far as the machine lets anybody read them.
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { chromium } from 'playwright-core';
import { programOf } from '../browser/support/browsers.mjs';
import { codesOn } from '../browser/support/picture.mjs';
import { leave, reaches, Stand, until } from '../browser/support/stand.mjs';
import { attack } from './support/attack.mjs';
import { hasKept, kept } from './support/storage.mjs';

/** @type {Stand} */
let stand;
let partner;
let folder;
const open = [];
before(async () => {
  stand = await Stand.start();
  partner = await stand.operator.partner();
  folder = mkdtempSync(join(tmpdir(), 'elicense-profile-'));
});
after(async () => {
  for (const context of open) await context.close();
  await stand?.stop();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

/** A browser with a profile of its own on the disk, on the page with one licence. */
async function browserWith(profile, attributes) {
  const context = await chromium.launchPersistentContext(join(folder, profile), {
    executablePath: programOf(['chromium', 'chromium-browser', 'google-chrome'], 'ELICENSE_CHROMIUM'),
    args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), '--enable-unsafe-swiftshader'],
    viewport: { width: 390, height: 844 },
  });
  open.push(context);
  const raw = await context.newPage();
  await raw.goto(`${stand.wire.origin}/site/page.html`);
  const page = { raw, evaluate: (work, ...args) => raw.evaluate(`(${work})(...${JSON.stringify(args)})`), picture: () => raw.screenshot(),
    waitFor: (condition, ...args) => until(() => page.evaluate(condition, ...args), String(condition).slice(0, 100), 60_000) };
  await page.waitFor(() => window.ready);
  await page.evaluate((settings) => tests.add('one', settings), stand.attributes(attributes));
  return { page, async close() { open.splice(open.indexOf(context), 1); await context.close(); } };
}
const codeOn = (page) => until(async () => (await codesOn(await page.picture()))[0], 'a code on the screen', 60_000);

attack({ name: 'a backup of all that a script can read, on another phone', outcome: 'useless' }, async (attempt) => {
  const { page, person } = await stand.openLive('chromium');
  await hasKept(page);
  const everything = await kept(page);
  // The keys can be used, and not read.
  const words = await page.evaluate(async () => {
    const opened = indexedDB.open('e-license');
    const database = await new Promise((resolve) => { opened.onsuccess = () => resolve(opened.result); });
    const request = database.transaction('keys').objectStore('keys').getAll();
    const keys = await new Promise((resolve) => { request.onsuccess = () => resolve(request.result); });
    database.close();
    const exported = (key, kind) => crypto.subtle.exportKey(kind, key).then(() => 'exported', ({ name }) => name);
    return Promise.all(keys.flatMap(({ privateKey }) => ['pkcs8', 'jwk'].map((kind) => exported(privateKey, kind))));
  });
  assert.ok(words.length >= 4);
  for (const word of words) attempt.stopped(word, 'InvalidAccessError');
  await leave(page);

  const other = await stand.openLive('chromium');
  attempt.control((await reaches(other.page, 'one', 'live')).state, 'live');
  await hasKept(other.page);
  // The other's texts over the own ones, the own keys beside them.
  await other.page.evaluate(() => tests.remove('one'));
  await kept(other.page, everything);
  await other.page.reload();
  await other.page.waitFor(() => window.ready);
  await other.page.evaluate((settings) => tests.add('one', settings), stand.attributes());
  const { state, text } = await until(async () => {
    const now = await other.page.evaluate(() => ({ state: tests.state('one'), text: tests.text('one') }));
    return now.state !== 'loading' && now;
  }, 'a state');
  attempt.absent(text.includes(person.name), "the backup's licence is shown");
  attempt.stopped(state, 'untrusted', 'refused', 'stale');
  await leave(other.page);
});

attack({ name: "a copy of the browser's whole profile, keys and all", outcome: 'harder' }, async (attempt) => {
  const person = await stand.person();
  const first = await browserWith('own', { code: person.code });
  await reaches(first.page, 'one', 'live');
  await hasKept(first.page);
  await first.close();
  cpSync(join(folder, 'own'), join(folder, 'copy'), { recursive: true, filter: (from) => !/Singleton/.test(from) });

  const own = await browserWith('own', {});
  const copy = await browserWith('copy', {});
  await reaches(own.page, 'one', 'live');
  await reaches(copy.page, 'one', 'live'); // told honestly: on this machine nothing holds the keys back
  const answer = await partner.verify(await codeOn(copy.page));
  attempt.control(answer.result);
  // The holder's own screen tells of a check that they know nothing of.
  const digits = String(answer.echo).padStart(2, '0');
  await own.page.waitFor((digits) => tests.said('one').includes(digits), digits);
  // Signing in anew, after the person check, ends both.
  const renewed = await stand.openLive('chromium', { person: { ...person, code: await stand.operator.code(person.number) } });
  for (const { page } of [own, copy]) {
    const { error } = await reaches(page, 'one', 'refused');
    attempt.stopped(error ?? 'refused', 'phone-ended', 'refused', 'access-token');
    attempt.absent((await page.evaluate(() => tests.text('one'))).includes(person.name), 'an ended phone shows the licence');
  }
  attempt.control((await reaches(renewed.page, 'one', 'live')).state, 'live');
  attempt.figure('works as the phone itself until the person signs in anew; each check shows on the own screen');
  await leave(renewed.page);
  await own.close();
  await copy.close();
});
