// Tries: an accomplice's camera over the real holder's screen, who shows it somewhere else; each code is sent on within seconds and
//   shown by the attacker at a counter.
// Must: within ten seconds it passes: no code can tell where it is. It must not pass where the inspector asks for two digits, and
//   the holder's screen must say who checked; the inspector sees the holder's name and photo.
// Why: the digits are in the holder's signature, and the authority tells the holder of every check.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { check, Checking, leave, phone } from '../browser/support/checking.mjs';
import { codesOn, readCode } from '../browser/support/picture.mjs';
import { leave as leaveViewer, until } from '../browser/support/stand.mjs';
import { attack } from './support/attack.mjs';
import { barcode } from './support/pictures.mjs';

/** @type {Checking} */
let checking;
before(async () => { checking = await Checking.start(); });
after(() => checking?.stop());

const now = () => Date.now() / 1000;
const holding = () => checking.stand.openLive('chromium', { view: phone });

/** The accomplice's camera: the code that the holder shows now. */
const caught = (page) => until(async () => (await codesOn(await page.picture()))[0], 'a code on the screen', 60_000);
/** The attacker's phone: a picture of that code, before the inspector's widget. */
async function shown(page, code) {
  const png = await barcode('QRCode', code);
  return page.evaluate((base64) => counter.verifyPicture(base64), png.toString('base64'));
}

attack({ name: 'a live relay within seconds', outcome: 'harder' }, async (attempt) => {
  const { page: holder, person } = await holding();
  const counterPage = await checking.open({ lang: 'en' });
  const begun = now();
  const code = await caught(holder);
  const card = await shown(counterPage, code);
  const took = now() - begun;
  attempt.control(card.result); // it is not the holder who stands there, and no code can tell
  // What the inspector has to go by: whose it is, and the number that the other screen shows.
  attempt.control(card.person.name, person.name);
  assert.match(card.person.portrait, /^data:image\//);
  await holder.waitFor((digits) => document.getElementById('one').shadowRoot.querySelector('[role=status]').textContent.includes(digits), card.echo.digits);
  const said = await holder.evaluate(() => tests.said('one'));
  attempt.stopped(said.includes('Rental') && said.includes(card.echo.digits) ? 'the holder is told' : said, 'the holder is told');
  const { presented } = readCode(code);
  assert.equal((await checking.stand.verify(code, ['--now', String(presented + 10)])).result, 'valid');
  attempt.refused(await checking.stand.verify(code, ['--now', String(presented + 11)]), 'stale');
  attempt.figure(`has 10 s, needs ${took.toFixed(1)} s here`);
  await leave(counterPage);
  await leaveViewer(holder);
});

attack({ name: 'a relay, and the inspector asks for two digits', outcome: 'refused' }, async (attempt) => {
  const { page: holder } = await holding();
  const ask = async (code, challenge) => checking.partner.verify(code, { challenge });
  attempt.refused(await ask(await caught(holder), '42'), 'challenge-missing');
  // The holder, who sees the digits, taps them.
  for (const control of ['enlarge', 'keypad', 'digit-4', 'digit-2']) {
    await holder.waitFor((name) => tests.controls('one').some((one) => one.name === name), control);
    await holder.evaluate((name) => tests.use('one', name), control);
  }
  const answered = await until(async () => {
    const code = await caught(holder);
    return (await checking.stand.verify(code, ['--challenge', '42'])).result === 'valid' && code;
  }, 'a code with the digits', 60_000);
  attempt.refused(await checking.stand.verify(answered, ['--challenge', '17']), 'challenge-wrong');
  attempt.control((await ask(answered, '42')).result);
  await leaveViewer(holder);
});

attack({ name: 'a relay that is too slow', outcome: 'refused' }, async (attempt) => {
  const { page: holder } = await holding();
  const counterPage = await checking.open();
  const slow = await caught(holder);
  await until(() => now() > readCode(slow).presented + 11, '11 s later', 60_000);
  attempt.control((await check(counterPage, await caught(holder))).result);
  attempt.refused(await shown(counterPage, slow), 'stale');
  await leave(counterPage);
  await leaveViewer(holder);
});
