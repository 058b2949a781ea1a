// Tries: the owner of the phone opens the browser's tools and edits what runs: the module's memory, the answers of the network,
//   the pictures that are drawn.
// Must: their own screen may show what they like; a code is the authority's data or is refused, and the inspector's screen shows
//   the genuine name and photo.
// Why: nothing on a device is a secret from its owner; what counts is signed by the authority and checked by somebody else.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { Checking, leave } from '../browser/support/checking.mjs';
import { launch } from '../browser/support/browsers.mjs';
import { tree } from '../browser/support/demo_site.mjs';
import { codesOn, pixelsOf } from '../browser/support/picture.mjs';
import { reaches, until } from '../browser/support/stand.mjs';
import { attack } from './support/attack.mjs';
import { catchMemories } from './support/memories.mjs';

const forgedName = '王伪造'; // as many bytes as the names of the test's people
const genuinePortrait = `data:image/webp;base64,${readFileSync(join(tree, 'assets/people/normal.webp')).toString('base64')}`;

/** @type {Checking} */
let checking;
let browser;
before(async () => {
  checking = await Checking.start();
  browser = await launch('chromium');
});
after(async () => {
  await browser?.close();
  await checking?.stop();
});

/** A page with somebody's live licence, whose owner has run `script` before anything of the page's. */
async function tooled(script, person, { expected = 'live', given = null } = {}) {
  const { stand } = checking;
  const page = await browser.open(`${stand.wire.origin}/site/page.html`, { width: 390, height: 844, ratio: 2, initScript: `(${script})(${JSON.stringify(given)})` });
  await page.waitFor(() => window.ready);
  await page.evaluate((settings) => tests.add('one', settings), stand.attributes({ code: person.code }));
  return { page, reached: await reaches(page, 'one', expected) };
}
const shot = (page, than = undefined) => until(async () => {
  const png = await page.picture();
  const [code] = await codesOn(png);
  return code && code !== than && { png, code };
}, 'a code on the screen', 60_000);
const look = (page, png) => page.evaluate((base64) => counter.verifyPicture(base64), png.toString('base64'));

attack({ name: "the name in the module's memory overwritten", outcome: 'useless' }, async (attempt) => {
  const person = await checking.stand.person();
  const { page } = await tooled(catchMemories, person);
  const inspector = await checking.open();
  const before = await shot(page);
  attempt.control((await look(inspector, before.png)).person?.name, person.name);
  const overwrite = () => page.evaluate((from, to) => {
    const [old, other] = [from, to].map((text) => new TextEncoder().encode(text));
    if (old.length !== other.length) throw new Error('names of two lengths');
    let places = 0;
    for (const memory of window.memories) {
      const bytes = new Uint8Array(memory.buffer);
      for (let at = bytes.indexOf(old[0]); at >= 0; at = bytes.indexOf(old[0], at + 1)) {
        if (!old.every((byte, index) => bytes[at + index] === byte)) continue;
        bytes.set(other, at);
        places += 1;
      }
    }
    return places;
  }, person.name, forgedName);
  assert.ok(await overwrite() > 0, 'the name stands in the memory');
  let last = before.code;
  for (let round = 0; round < 2; ++round) {
    const next = await shot(page, last);
    last = next.code;
    const card = await look(inspector, next.png);
    attempt.absent(card.person?.name === forgedName, 'the false name is verified');
    if (card.result === 'valid') attempt.stopped(card.person.name === person.name ? 'the genuine name' : card.person.name, 'the genuine name');
    else attempt.refused(card, 'signature', 'countersignature', 'inflate-corrupt');
    await overwrite();
  }
  await leave(inspector);
  await page.close();
});

attack({ name: "the page's fetch answers with another name", outcome: 'refused' }, async (attempt) => {
  const genuine = await tooled(() => {}, await checking.stand.person());
  attempt.control(genuine.reached.state, 'live');
  await genuine.page.close();
  const hook = (forgedName) => {
    // As withClaim() of support/storage.mjs, in a page.
    const bytesOf = (text) => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0));
    const textOf = (value) => btoa(String.fromCharCode(...new TextEncoder().encode(JSON.stringify(value))));
    const changed = (part) => {
      const [salt, claim] = JSON.parse(new TextDecoder().decode(bytesOf(part)));
      return claim === 'name' ? textOf([salt, claim, forgedName]).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '') : part;
    };
    const genuine = window.fetch;
    window.edited = 0;
    window.fetch = async (...words) => {
      const answer = await genuine(...words);
      if (!String(words[0]).endsWith('/credential')) return answer;
      const body = await answer.json();
      for (const one of body.credentials ?? []) {
        const parts = one.credential.split('~');
        if (parts.length < 2) continue; // a lease
        one.credential = parts.map((part, index) => (index > 0 && part ? changed(part) : part)).join('~');
        window.edited += 1;
      }
      return new Response(JSON.stringify(body), { status: answer.status, headers: answer.headers });
    };
  };
  const { page, reached } = await tooled(hook, await checking.stand.person(), { expected: 'untrusted', given: forgedName });
  assert.ok(await page.evaluate(() => window.edited) > 0);
  attempt.absent(await page.evaluate((name) => tests.text('one').includes(name), forgedName), 'the false name is shown by the element');
  attempt.stopped(reached.error, 'sd-jwt-disclosure');
  await page.close();
});

const redness = (png) => {
  const { width, height, at } = pixelsOf(png);
  let red = 0;
  for (let y = 0; y < height; y += 4) for (let x = 0; x < width; x += 4) red += at(x, y) === 0xff0000 ? 1 : 0;
  return red;
};

attack({ name: 'another photo drawn by a hook on the canvas', outcome: 'useless' }, async (attempt) => {
  const person = await checking.stand.person({}, { portrait: genuinePortrait });
  const { page } = await tooled(() => {
    for (const name of ['texImage2D', 'texSubImage2D']) {
      const genuine = WebGL2RenderingContext.prototype[name];
      WebGL2RenderingContext.prototype[name] = function draw(...words) {
        const picture = words.at(-1);
        if (picture instanceof ImageBitmap || picture instanceof ImageData || picture instanceof HTMLCanvasElement) {
          const canvas = new OffscreenCanvas(picture.width, picture.height);
          const context = canvas.getContext('2d');
          context.fillStyle = '#f00';
          context.fillRect(0, 0, picture.width, picture.height);
          words[words.length - 1] = context.getImageData(0, 0, picture.width, picture.height);
        }
        return genuine.apply(this, words);
      };
    }
  }, person);
  const { page: untouched } = await checking.stand.openLive('chromium', { view: { width: 390, height: 844, ratio: 2 } });
  attempt.control(redness((await shot(untouched)).png), 0);
  await untouched.close();
  const { png } = await until(async () => {
    const now = await shot(page);
    return redness(now.png) > 100 && now;
  }, 'the false photo on the own screen', 60_000);
  const inspector = await checking.open();
  const card = await look(inspector, png);
  attempt.control(card.result);
  attempt.stopped(card.person.portrait === genuinePortrait ? 'the genuine photo' : 'another', 'the genuine photo');
  await leave(inspector);
  await page.close();
});
