// What a test of the verification widget stands on: an authority, people with phones, and a partner's counter whose page has
// the widget.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Phone } from '../../authority/support/phone.mjs';
import { must } from '../../cli/support/elicense.mjs';
import { launch } from './browsers.mjs';
import { Counter } from './counter.mjs';
import { Stand } from './stand.mjs';

export const phone = { width: 390, height: 844, ratio: 1 };

export class Checking {
  #browsers = new Map();

  static async start() {
    const checking = new Checking();
    checking.folder = mkdtempSync(join(tmpdir(), 'elicense-checking-'));
    checking.counter = await Counter.start();
    checking.stand = await Stand.start(['--rate-partner', '0/60']);
    checking.counter.authority = checking.stand.wire.origin;
    checking.partner = await checking.stand.operator.partner('Rental', checking.counter.origin);
    return checking;
  }

  async stop() {
    for (const browser of this.#browsers.values()) await (await browser).close();
    await this.stand.stop();
    this.counter.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Somebody with a phone and a lease. */
  async holder(more = {}, facts = {}) {
    const person = await this.stand.person(more, facts);
    const device = await Phone.activate(this.stand.authority, person.code);
    return { ...person, device, lease: await device.lease() };
  }

  attributes(more = {}) {
    return { authority: this.stand.wire.origin, 'root-key': this.stand.root, partner: this.partner.key, ...more };
  }

  /** The counter's page once its widget says that it is ready, or that it is not. */
  async open({ engine = 'chromium', view = phone, query = '', ready = true, ...attributes } = {}) {
    if (!this.#browsers.has(engine)) this.#browsers.set(engine, launch(engine));
    const page = await (await this.#browsers.get(engine)).open(`${this.counter.page}${query}`, view);
    await page.waitFor(() => window.ready);
    await this.place(page, attributes);
    await page.waitFor((ready) => counter.heard.readiness.at(-1)?.ready === ready, ready);
    return page;
  }

  /** Another widget in the place of the one that is there. */
  place(page, attributes = {}) { return page.evaluate((given) => counter.open(given), this.attributes(attributes)); }

  /** A picture of the code, base64 of a PNG; also in the file `picture`. */
  async png(text, scale = 8) {
    await must(['qr', '--png', this.picture, '--scale', String(scale)], text);
    return readFileSync(this.picture).toString('base64');
  }
  get picture() { return join(this.folder, 'code.png'); }
}

export const check = (page, text) => page.evaluate((text) => counter.verify(text), text);
export const shows = (page, result) => page.waitFor((result) => counter.result() === result, result);

export async function hasNothingOf(page, { secrets }) {
  const everything = await page.evaluate(() => counter.everything());
  for (const secret of secrets) assert.ok(!everything.includes(secret), 'personal data is left in the page');
}

/** At the end of every test. */
export async function leave(page) {
  assert.deepEqual(await page.evaluate(() => device.violations), [], 'violations of the content security policy');
  await page.close();
}
