// Tries: what is shown instead of a live code: the barcode of a licence (Code 128 of its document number), which never changes and
//   can be copied from any picture; and a symbol that looks like a code and cannot be read, with a word about bad cameras.
// Must: no verifier takes it, as a barcode, as text, or as the content of a QR code; what cannot be read is never a result.
// Why: it names the document and proves nothing; only a live code is a proof.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { mint } from '../authority/support/phone.mjs';
import { zbar } from '../browser/support/zbar.mjs';
import { attack } from './support/attack.mjs';
import { barcode } from './support/pictures.mjs';
import { allValid, Verifiers } from './support/verifiers.mjs';

/** @type {Verifiers} */
let verifiers;
let holder;
before(async () => {
  verifiers = await Verifiers.start();
  holder = await verifiers.holder();
});
after(() => verifiers?.stop());

attack({ name: 'the document number as text, and with words around it', outcome: 'refused' }, async (attempt) => {
  attempt.control(allValid(await verifiers.of(mint(await holder.device.lease()))));
  for (const text of [holder.number, `${holder.number}A1`, `DL:${holder.number}`]) {
    for (const answer of await verifiers.of(text)) {
      assert.equal(answer.result, 'malformed');
      attempt.refused(answer, answer.error);
    }
  }
});

attack({ name: 'a picture of the barcode, and of a QR code with its number', outcome: 'refused' }, async (attempt) => {
  const { page, checking } = verifiers;
  const look = (png) => page.evaluate((base64) => counter.verifyPicture(base64), png.toString('base64'));
  const lines = await barcode('Code128', holder.number);
  const path = join(checking.folder, 'lines.png');
  writeFileSync(path, lines);
  attempt.control(await zbar(path, 'CODE-128'), [holder.number]);
  attempt.control((await look(await barcode('QRCode', mint(await holder.device.lease())))).result);
  // Nothing that could be a live code: passed over, without a word about anybody.
  attempt.stopped(await look(lines), 'NotFoundError');
  attempt.stopped(await look(await barcode('QRCode', holder.number)), 'NotFoundError');
});

attack({ name: 'a symbol that looks like a code and cannot be read', outcome: 'refused' }, async (attempt) => {
  const { page } = verifiers;
  const png = await barcode('QRCode', mint(await holder.device.lease()));
  await page.evaluate(() => { counter.heard.result.length = 0; });
  // Its corners stay; half of what is between them is noise.
  const shown = await page.evaluate(async (base64) => {
    const bitmap = await createImageBitmap(new Blob([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))]));
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
    context.drawImage(bitmap, 0, 0);
    const third = bitmap.width / 3;
    for (let y = 0; y < bitmap.height; y += 6) {
      for (let x = 0; x < bitmap.width; x += 6) {
        const between = (x > third && x < 2 * third) || (y > third && y < 2 * third);
        if (!between) continue;
        context.fillStyle = (x * 7 + y * 13) % 11 < 5 ? '#000' : '#fff';
        context.fillRect(x, y, 6, 6);
      }
    }
    return counter.verify(context.getImageData(0, 0, bitmap.width, bitmap.height));
  }, png.toString('base64'));
  attempt.stopped(shown, 'NotFoundError');
  attempt.absent(await page.evaluate(() => counter.heard.result.length > 0), 'what cannot be read was a result');
  attempt.control((await page.evaluate((base64) => counter.verifyPicture(base64), png.toString('base64'))).result);
});
