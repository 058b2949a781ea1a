// Tries: a picture of somebody's live licence, shown by another: at once to a second inspector, and 15 s later; also as a printout
//   that is photographed again.
// Must: the second hears that the code was used; later everybody hears that it is stale.
// Why: a code says when it was made, under the holder's signature, and the authority lets it be checked once.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { Checking, hasNothingOf, leave } from '../browser/support/checking.mjs';
import { photograph, randomFrom, screenOf } from '../browser/support/lens.mjs';
import { codesOn, readCode } from '../browser/support/picture.mjs';
import { leave as leaveViewer, until } from '../browser/support/stand.mjs';
import { zbar } from '../browser/support/zbar.mjs';
import { attack } from './support/attack.mjs';

/** @type {Checking} */
let checking;
before(async () => { checking = await Checking.start(); });
after(() => checking?.stop());

const now = () => Date.now() / 1000;
const look = (page, png) => page.evaluate((base64) => counter.verifyPicture(base64), png.toString('base64'));

// With another code than the one before.
async function shot(page, before = undefined) {
  return until(async () => {
    const png = await page.picture();
    const [code] = await codesOn(png);
    return code && code !== before && now() - readCode(code).presented < 4 && { png, code, presented: readCode(code).presented };
  }, 'a fresh code on the screen', 60_000);
}

attack({ name: 'a screenshot: at once to a second inspector, and 15 s later', outcome: 'refused' }, async (attempt) => {
  const { page: holder, person } = await checking.stand.openLive('chromium', { view: { width: 390, height: 844, ratio: 2 } });
  const [first, second] = [await checking.open(), await checking.open()];
  const other = await checking.stand.operator.partner('Other', 'https://other.example');
  const { png, code, presented } = await shot(holder);
  const path = join(checking.folder, 'shot.png');
  writeFileSync(path, png);
  attempt.control((await look(first, png)).result);
  attempt.refused(await look(second, png), 'already-used');
  attempt.refused(await other.verify(code), 'already-used');
  attempt.control(await zbar(path, 'QR-Code'), [code]);

  // Another code, never checked: printed, and photographed from the paper.
  const fresh = await shot(holder, code);
  await until(() => now() > fresh.presented + 15, '15 s later', 60_000);
  const paper = photograph(screenOf(fresh.png),
    { width: 720, height: 1080, size: 1000, turn: 4, tilt: [3, -5], blur: 0.8, light: 0.85, noise: 3, random: randomFrom(7) });
  const stale = await second.evaluate(({ width, height, base64 }) => {
    const data = Uint8ClampedArray.from(atob(base64), (letter) => letter.charCodeAt(0));
    return counter.verify(new ImageData(data, width, height));
  }, { width: paper.width, height: paper.height, base64: Buffer.from(paper.data).toString('base64') });
  attempt.refused(stale, 'stale');
  await hasNothingOf(second, person);
  attempt.refused(await look(first, fresh.png), 'stale');
  attempt.refused(await look(first, png), 'stale');
  attempt.refused(await checking.stand.verify(code), 'stale');
  attempt.control(presented < fresh.presented, true);
  for (const page of [first, second]) await leave(page);
  await leaveViewer(holder);
});

attack({ name: 'a screenshot, at once to an inspector without network', outcome: 'harder' }, async (attempt) => {
  const { page: holder } = await checking.stand.openLive('chromium');
  const offline = await checking.open({ mode: 'offline' });
  const { code, presented } = await shot(holder);
  attempt.control((await checking.partner.verify(code)).result);
  // Who cannot ask does not know that it was used, says so, and the picture is the holder's.
  const card = await offline.evaluate((text) => counter.verify(text), code);
  attempt.control([card.result, card.tone, card.unchecked.length > 0], ['valid', 'noted', true]);
  await offline.evaluate((text) => counter.verify(text), 'A'.repeat(400)); // another card in between
  attempt.refused(await offline.evaluate((text) => counter.verify(text), code), 'already-used');
  let last = 0;
  for (const age of [9, 10, 11, 12]) {
    const answer = await checking.stand.verify(code, ['--now', String(presented + age)]);
    if (answer.result === 'valid') last = age;
    else attempt.refused(answer, 'stale');
  }
  attempt.figure(`passes for ${last} s at each inspector who does not ask the authority`);
  await leave(offline);
  await leaveViewer(holder);
});

attack({ name: "somebody checks another's code first, so that it is used up", outcome: 'harder' }, async (attempt) => {
  const holder = await checking.stand.openLive('chromium');
  const { code, presented } = await shot(holder.page);
  attempt.control((await checking.partner.verify(code)).result);
  const page = await checking.open();
  attempt.refused(await page.evaluate((text) => counter.verify(text), code), 'already-used');
  const next = await shot(holder.page, code);
  attempt.control((await page.evaluate((text) => counter.verify(text), next.code)).result);
  attempt.figure(`costs the holder ${next.presented - presented} s, and says on their screen who checked`);
  await leave(page);
  await leaveViewer(holder.page);
});
