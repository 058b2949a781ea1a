// Tries: the holder stops the page at a good moment (no timers, no frames, no scripts), so that its screen stands still, and shows it
//   later: after the licence was withdrawn, say.
// Must: what stands on the screen is stale ten seconds later.
// Why: the code carries its own moment; that the screen was the element's own does not help.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { Checking, leave } from '../browser/support/checking.mjs';
import { codesOn, readCode } from '../browser/support/picture.mjs';
import { until } from '../browser/support/stand.mjs';
import { attack } from './support/attack.mjs';

/** @type {Checking} */
let checking;
before(async () => { checking = await Checking.start(); });
after(() => checking?.stop());

const now = () => Date.now() / 1000;
const codeOn = (page) => until(async () => (await codesOn(await page.picture()))[0], 'a code on the screen', 60_000);

attack({ name: 'the element frozen while it shows a good code', outcome: 'refused' }, async (attempt) => {
  const { page: holder, person } = await checking.stand.openLive('chromium', { view: { width: 390, height: 844, ratio: 2 } });
  const [page, later] = [await checking.open(), await checking.open()];
  // Nothing of the page's is called any more.
  const freeze = () => holder.evaluate(() => {
    const last = setTimeout(() => {});
    for (let id = 0; id <= last + 1000; ++id) clearTimeout(id);
    for (const name of ['requestAnimationFrame', 'setTimeout', 'fetch']) window[name] = () => 0;
  });
  const used = await codeOn(holder);
  attempt.control((await page.evaluate((text) => counter.verify(text), used)).result);
  // At a code that nobody has checked.
  await until(async () => await codeOn(holder) !== used, 'the next code', 60_000);
  await freeze();
  const frozen = await codeOn(holder);
  assert.ok(frozen !== used);
  await checking.stand.operator.change(person.number, { points: 12 });
  await until(() => now() > readCode(frozen).presented + 11, '11 s later', 60_000);
  const png = await holder.picture();
  assert.deepEqual(await codesOn(png), [frozen], 'it stands still');
  attempt.refused(await later.evaluate((base64) => counter.verifyPicture(base64), png.toString('base64')), 'stale');
  attempt.refused(await checking.stand.verify(frozen), 'stale');
  await leave(page);
  await leave(later);
  await holder.close();
});
