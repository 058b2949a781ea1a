// Tries: over a genuine live code the holder's page (or a picture held over the phone) lays another name and photo; or over a
//   genuine page another code.
// Must: the inspector's screen shows the genuine name and photo; another code is what it is worth itself.
// Why: who reads the code hears what is signed in it; nothing else on the holder's screen counts.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { newKey } from '../authority/support/phone.mjs';
import { Checking, leave } from '../browser/support/checking.mjs';
import { codesOn, coloursIn } from '../browser/support/picture.mjs';
import { leave as leaveViewer, until } from '../browser/support/stand.mjs';
import { attack } from './support/attack.mjs';
import { ed25519, leaseClaims, liveCode, map } from './support/forge.mjs';
import { barcode } from './support/pictures.mjs';

/** @type {Checking} */
let checking;
before(async () => { checking = await Checking.start(); });
after(() => checking?.stop());

const forgedName = '王伪造';
const look = (page, png) => page.evaluate((base64) => counter.verifyPicture(base64), png.toString('base64'));
const cover = (page, { box, text = '', picture = '' }) => page.evaluate(({ left, top, width, height }, text, base64) => {
  document.getElementById('cover')?.remove();
  const cover = document.createElement('div');
  cover.id = 'cover';
  // All but opaque: Chromium that draws in software loses what lies beside an opaque cover.
  Object.assign(cover.style, { position: 'fixed', left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` },
    { background: '#fff', opacity: 0.98, zIndex: 9 });
  cover.textContent = text;
  document.body.append(cover);
  if (!base64) return undefined;
  const image = new Image(width, height);
  image.src = URL.createObjectURL(new Blob([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))], { type: 'image/png' }));
  cover.append(image);
  return image.decode();
}, box, text, picture);
const codeBox = (page) => page.waitFor(() => tests.controls('one').find(({ name }) => name === 'enlarge'));
const shot = (page) => until(async () => {
  const png = await page.picture();
  return (await codesOn(png)).length > 0 && png;
}, 'a code on the screen', 60_000);

attack({ name: 'a false name and face laid over a genuine code', outcome: 'useless' }, async (attempt) => {
  const { page: holder, person } = await checking.stand.openLive('chromium', { view: { width: 390, height: 844, ratio: 2 } });
  const page = await checking.open();
  const { top } = await codeBox(holder);
  const box = { left: 0, top: 0, width: 390, height: Math.floor(top) - 12 };
  const plain = await shot(holder);
  await cover(holder, { box, text: forgedName });
  const covered = await shot(holder);
  const area = { left: 0, top: 0, right: 780, bottom: 2 * box.height };
  assert.ok(coloursIn(covered, area) * 4 < coloursIn(plain, area), 'the card is covered');
  const card = await look(page, covered);
  attempt.control(card.result);
  attempt.stopped(card.person.name === person.name && card.person.portrait ? 'the genuine name and photo' : card.person.name, 'the genuine name and photo');
  attempt.absent(await page.evaluate((name) => counter.everything().includes(name), forgedName), 'the false name is on the inspector\'s screen');
  await leave(page);
  await leaveViewer(holder);
});

attack({ name: "a forger's code laid over the code of a genuine page", outcome: 'refused' }, async (attempt) => {
  const { page: holder } = await checking.stand.openLive('chromium', { view: { width: 390, height: 844, ratio: 2 } });
  const page = await checking.open();
  attempt.control((await look(page, await shot(holder))).result);
  const own = newKey();
  const { left, top, width, height } = await codeBox(holder);
  const text = liveCode({ claims: leaseClaims({ iss: checking.stand.wire.origin, holder: own, name: forgedName }), holder: own,
    body: map([1, -8], [4, Buffer.from('mine-own')]), sealBody: ed25519(own) });
  const box = { left: left - 20, top: top - 20, width: width + 40, height: height + 40 };
  await cover(holder, { box, picture: (await barcode('QRCode', text)).toString('base64') });
  const covered = await shot(holder);
  assert.deepEqual(await codesOn(covered), [text]);
  attempt.refused(await look(page, covered), 'issuer-unknown');
  await leave(page);
  await leaveViewer(holder);
});
