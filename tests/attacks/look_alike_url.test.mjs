// Tries: a QR code that leads the inspector to a page of the forger's, which says "valid": an address like the authority's, one
//   with a code in it, a script, an app's own scheme.
// Must: none of it is a code, nothing is opened, nothing is asked of the network, and the address is nowhere on the page.
// Why: the widget takes live codes and nothing else, and has no link and no navigation.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before } from 'node:test';
import { mint } from '../authority/support/phone.mjs';
import { check } from '../browser/support/checking.mjs';
import { attack } from './support/attack.mjs';
import { barcode } from './support/pictures.mjs';
import { allValid, Verifiers } from './support/verifiers.mjs';

const notBase45 = ['base45-character', 'base45-length', 'base45-range'];

/** @type {Verifiers} */
let verifiers;
let holder;
let visits = 0;
let trap;
let forger;
before(async () => {
  verifiers = await Verifiers.start();
  holder = await verifiers.holder();
  trap = createServer((_, to) => { visits += 1; to.end('<h1>VALID</h1>'); });
  await new Promise((resolve) => { trap.listen(0, '127.0.0.1', resolve); });
  trap.unref();
  forger = `http://127.0.0.1:${trap.address().port}`;
});
after(async () => {
  trap?.close();
  await verifiers?.stop();
});

attack({ name: 'a QR code with an address, a script, or a code in an address', outcome: 'refused' }, async (attempt) => {
  const { page, stand } = verifiers;
  const code = mint(await holder.device.lease());
  const look = async (text) => page.evaluate((base64) => counter.verifyPicture(base64), (await barcode('QRCode', text)).toString('base64'));
  const asked = [];
  page.raw.on('request', (request) => { asked.push(request.url()); });
  attempt.control((await look(mint(await holder.device.lease()))).result);
  assert.ok(asked.every((url) => url.startsWith(verifiers.checking.counter.origin) || url.startsWith('blob:') || url.startsWith(stand.wire.origin)), asked.join(' '));
  asked.length = 0;
  const address = page.raw.url();
  for (const text of [`${forger}/verify?result=valid`, `${stand.wire.origin}@127.0.0.1:${trap.address().port}/`, `${forger}/#${code}`, `HTTPS://DL.EXAMPLE.ORG/V/${code}`,
    `elicense:${code}`, 'javascript:document.body.textContent="VALID"', `data:text/html,<script>location="${forger}"</script>`,
    'WIFI:T:WPA;S:authority;P:12345678;;', `<img src=${forger}/x.png onerror=alert(1)>`, ` ${code}`, code.toLowerCase()]) {
    // As a text, typed by a handheld scanner, it is refused; as a picture it is passed over, or as what has just been refused.
    const typed = await check(page, text);
    assert.equal(typed.result, 'malformed', text.slice(0, 20));
    attempt.refused(typed, ...notBase45);
    const seen = await look(text);
    if (typeof seen === 'string') attempt.stopped(seen, 'NotFoundError', 'OperationError');
    else attempt.refused(seen, ...notBase45);
    attempt.refused(await stand.verify(`${text}\n`), ...notBase45);
    const everything = await page.evaluate(() => counter.everything());
    for (const part of [forger, 'onerror', 'javascript:', code]) attempt.absent(everything.includes(part), 'what was in the code stands on the page');
  }
  assert.deepEqual(asked, [], 'the widget has asked for something');
  assert.equal(page.raw.url(), address);
  assert.equal(page.raw.context().pages().length, 1);
  assert.equal(visits, 0);
  attempt.control(allValid(await verifiers.of(code)));
});
