// Tries: the holder sets the phone's clock ahead, back, or changes it while the licence is shown, so that codes come for later or
//   time stands still; an old code is shown to an inspector whose clock is behind.
// Must: the codes are of the authority's time, or there are none; an inspector who has asked the authority is not fooled.
// Why: the time comes from the signed lease and goes on by the monotonic clock; the two clocks of the phone are only compared.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { mint, seconds } from '../authority/support/phone.mjs';
import { check, Checking, leave } from '../browser/support/checking.mjs';
import { codesOn, readCode } from '../browser/support/picture.mjs';
import { hasBeen, leave as leaveViewer, reaches, until } from '../browser/support/stand.mjs';
import { attack } from './support/attack.mjs';

/** @type {Checking} */
let checking;
before(async () => { checking = await Checking.start(); });
after(() => checking?.stop());

const hour = 3_600_000;
const codeOn = (page) => until(async () => (await codesOn(await page.picture()))[0], 'a code on the screen', 60_000);
const isOfNow = (code) => {
  const { presented } = readCode(code);
  assert.ok(presented <= Date.now() / 1000 && presented > Date.now() / 1000 - 12, `a code of ${presented} at ${Date.now() / 1000}`);
  return "the authority's time";
};

attack({ name: 'a clock an hour ahead, an hour behind', outcome: 'useless' }, async (attempt) => {
  for (const wall of [hour, -hour]) {
    const { page } = await checking.stand.openLive('chromium', { query: `?wall=${wall}` });
    const apart = await page.evaluate(() => Date.now()) - Date.now();
    attempt.control(Math.abs(apart - wall) < 5000, true);
    attempt.stopped(isOfNow(await codeOn(page)), "the authority's time");
    attempt.control((await checking.partner.verify(await codeOn(page))).result);
    await leaveViewer(page);
  }
});

attack({ name: 'the clock changed while the licence is shown, without network', outcome: 'refused' }, async (attempt) => {
  const { page } = await checking.stand.openLive('chromium');
  attempt.control((await checking.stand.verify(await codeOn(page))).result);
  for (const wall of [hour, -2 * hour]) {
    checking.stand.wire.cut();
    await page.evaluate((wall) => { tests.forget('one'); window.device.wall += wall; }, wall);
    attempt.stopped((await hasBeen(page, 'one', 'stale')).state, 'stale');
    await until(async () => (await codesOn(await page.picture())).length === 0, 'a screen without a code', 60_000);
    checking.stand.wire.mend();
    await page.evaluate(() => document.getElementById('one').refresh());
    await reaches(page, 'one', 'live');
    isOfNow(await codeOn(page));
  }
  await leaveViewer(page);
});

attack({ name: 'both clocks of the page moved together, to mint for later', outcome: 'harder' }, async (attempt) => {
  // The owner of a phone may lie to a page about all its clocks: then it makes codes of another time.
  const { page } = await checking.stand.openLive('chromium');
  isOfNow(await codeOn(page));
  checking.stand.wire.cut();
  await page.evaluate((by) => { window.device.wall += by; window.device.monotonic += by; }, hour);
  const ahead = await until(async () => {
    const code = await codeOn(page);
    return readCode(code).presented > seconds() + 3000 && code;
  }, 'a code of an hour later', 60_000);
  attempt.refused(await checking.stand.verify(ahead), 'clock-ahead');
  attempt.refused(await checking.partner.verify(ahead), 'clock-ahead');
  const { presented } = readCode(ahead);
  const later = await checking.stand.verify(ahead, ['--now', String(presented + 1)]);
  attempt.control([later.result, later.confirmed > 3000], ['valid', true]);
  attempt.figure('good at its own moment within the lease (24 h); says how long ago the authority confirmed it');
  checking.stand.wire.mend();
  await leaveViewer(page);
});

attack({ name: "an old code, to an inspector whose clock is behind", outcome: 'refused' }, async (attempt) => {
  const holder = await checking.holder();
  const page = await checking.open({ query: '?wall=-60000' });
  attempt.control((await check(page, mint(holder.lease))).result);
  attempt.refused(await check(page, mint(holder.lease, seconds() - 60)), 'stale');
  await checking.place(page, { mode: 'offline' });
  await page.waitFor(() => counter.heard.readiness.at(-1)?.ready === true);
  attempt.refused(await check(page, mint(holder.lease, seconds() - 55)), 'stale');
  await leave(page);
});
