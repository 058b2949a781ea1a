// What a picture of the licence is worth: readers of other people's read its code off a screenshot, the command line says
// valid, and fifteen seconds later that it is stale; a picture of a licence that must not be used has no code at all.
import assert from 'node:assert/strict';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Operator } from '../authority/support/operator.mjs';
import { seconds } from '../authority/support/phone.mjs';
import { folder } from '../authority/support/server.mjs';
import { Verifier } from '../authority/support/verifier.mjs';
import { engines, launch } from './support/browsers.mjs';
import { Host } from './support/host.mjs';
import { codesOn } from './support/picture.mjs';
import { zbar } from './support/zbar.mjs';
import { DemoSite } from './support/demo_site.mjs';

const chosen = (process.env.ELICENSE_BROWSERS ?? engines.join(' ')).split(/\s+/);
const ratios = { chromium: [1, 2, 3], firefox: [1, 2, 3], webkit: [1, 2] };
const still = (engine) => (engine === 'chromium' ? { reducedMotion: true } : {}); // draws less; the others cannot be asked
const codeSeconds = 5;
const pictures = folder('pictures');
let site;
let verifier;
let operator;

before(async () => {
  site = await DemoSite.start();
  verifier = await Verifier.of(site.server);
  operator = new Operator(site.server);
});
after(async () => {
  verifier?.remove();
  await site?.stop();
  rmSync(pictures, { recursive: true, force: true });
});

let count = 0;
async function picture(host) {
  const path = join(pictures, `${count += 1}.png`);
  const from = seconds();
  await host.page.screenshot(path);
  return { path, from, to: seconds() };
}

// The one text that both readers find.
async function codeOf({ path }) {
  const texts = await zbar(path, 'QR-Code');
  assert.equal(texts.length, 1, 'zbarimg');
  assert.deepEqual(await codesOn(readFileSync(path)), texts);
  return texts[0];
}

async function assertNoCode({ path }) {
  assert.deepEqual([await zbar(path, 'QR-Code'), await codesOn(readFileSync(path))], [[], []]);
}

// Of the person whose licence is on it, shown when the picture was taken, good then and stale 15 seconds later.
async function assertGoodFor({ document_number: document, name }, taken) {
  const text = await codeOf(taken);
  const later = await verifier.code(text, { now: taken.to + 100 });
  assert.equal(later.result, 'stale');
  const presented = taken.to + 100 - later.age;
  assert.ok(presented > taken.from - codeSeconds - 2 && presented <= taken.to, `shown at ${presented}, pictured from ${taken.from} to ${taken.to}`);

  const good = await verifier.code(text, { now: presented + 1 });
  assert.deepEqual([good.result, good.error, good.age], ['valid', null, 1]);
  const { claims } = await operator.licence(document);
  assert.deepEqual([good.licence.document_number, good.licence.name, good.licence.valid_until], [document, name, claims.valid_until]);
  assert.deepEqual(good.licence.classes.map((one) => one.class), claims.driving_privileges.map((one) => one.vehicle_category_code));

  const stale = await verifier.code(text, { now: presented + 15 });
  assert.deepEqual([stale.result, stale.age, stale.licence], ['stale', 15, null]);
}

for (const engine of chosen) {
  describe(`pictures in ${engine}`, () => {
    let browser;
    before(async () => { browser = await launch(engine); });
    after(() => browser?.close());

    for (const ratio of ratios[engine]) {
      for (const width of [320, 390]) {
        it(`${width} wide at ${ratio}: the code of the page, the barcode, the enlarged code`, async () => {
          const person = site.people.find(({ key }) => key === 'normal');
          const host = await Host.open(browser, site, { width, height: 844, ratio, ...still(engine) });
          try {
            await host.show(person.key);
            await host.settled();
            const page = await picture(host);
            await assertGoodFor(person, page);
            assert.deepEqual(await zbar(page.path, 'CODE-128'), [person.document_number]);
            await host.use('enlarge');
            await host.page.waitFor(() => Boolean(window.host.control('close')));
            await host.settled();
            await assertGoodFor(person, await picture(host));
          } finally {
            await host.close();
          }
        });
      }
    }

    it('has no code while the licence is stale, refused, or out of sight', async () => {
      const host = await Host.open(browser, site, { width: 390, height: 844, ratio: 1, ...still(engine) });
      // WebKitGTK's picture is of the frame before, for a moment.
      const assertNone = async () => {
        for (let left = 20; left > 0; --left) {
          try {
            return await assertNoCode(await picture(host));
          } catch (error) {
            if (left === 1) throw error;
          }
        }
      };
      try {
        await host.show('normal');
        await host.settled();
        await codeOf(await picture(host));

        await host.page.evaluate(() => {
          document.hasFocus = () => false;
          // The engine's own word about focus, which comes when a picture is taken, is kept from the element.
          window.keepFocus = (event) => event.stopImmediatePropagation();
          window.addEventListener('focus', window.keepFocus, true);
          window.dispatchEvent(new Event('blur'));
        });
        await assertNone();
        await host.page.evaluate(() => {
          window.removeEventListener('focus', window.keepFocus, true);
          delete document.hasFocus;
          window.dispatchEvent(new Event('focus'));
        });
        await host.reached('live');
        await host.settled();
        await codeOf(await picture(host));

        await host.network({ cut: true });
        await host.shiftClock(3_600_000);
        await host.reached('stale');
        await host.settled();
        await assertNone();

        await host.network({ cut: false });
        await host.keepClock();
        for (const person of site.people.filter(({ usable }) => !usable)) {
          await host.show(person.key, { states: ['refused'] });
          await host.settled();
          await assertNone();
        }
      } finally {
        await host.close();
      }
    });
  });
}
