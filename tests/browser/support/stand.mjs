// What a browser test stands on: an authority on a free port, the wire in front of it, an operator, people made for the test,
// and browsers whose pages hold licences.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { claims, Operator } from '../../authority/support/operator.mjs';
import { rootKey } from '../../authority/support/phone.mjs';
import { Server, until } from '../../authority/support/server.mjs';
import { run } from '../../cli/support/elicense.mjs';
import { launch } from './browsers.mjs';
import { codesOn } from './picture.mjs';
import { Wire } from './wire.mjs';

export const phone = { width: 390, height: 844, ratio: 1 };
const patience = 60_000;
const families = ['欧阳', '司马', '诸葛', '上官', '夏侯', '皇甫'];
let people = 0;

export class Stand {
  #browsers = new Map();
  #folder = mkdtempSync(join(tmpdir(), 'elicense-stand-'));

  static async start(words = []) {
    const stand = new Stand();
    stand.wire = await Wire.start();
    stand.authority = await Server.start(['--demo', '--origin', stand.wire.origin, '--rate-address', '0/60', '--rate-phone', '0/60', ...words]);
    stand.wire.leadTo(stand.authority);
    stand.operator = new Operator(stand.authority);
    stand.root = await rootKey(stand.authority);
    return stand;
  }

  async stop() {
    for (const browser of this.#browsers.values()) await (await browser).close();
    this.wire.stop();
    await this.authority.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Somebody with a licence of their own, and a code for their phone. */
  async person(more = {}, facts = {}) {
    const family = families[people % families.length];
    const name = `${family}${String.fromCodePoint(0x5b50 + 7 * people++)}`;
    const own = claims({ name, ...more });
    const number = await this.operator.create(own, facts);
    return { number: own.document_number, name: own.name, code: await this.operator.code(number), own,
      secrets: [own.name, own.licence_number, own.document_number, own.address, own.file_number,
        `${own.licence_number.slice(0, 4)}**`, ...own.record.map(({ text }) => text)] };
  }

  attributes(more = {}) {
    return { authority: this.wire.origin, 'root-key': this.root, ...more };
  }

  /** A page without a licence; query as site/device.js knows it. */
  async open(engine, view = phone, query = '') {
    if (!this.#browsers.has(engine)) this.#browsers.set(engine, launch(engine));
    const page = await (await this.#browsers.get(engine)).open(`${this.wire.origin}/site/page.html${query}`, view);
    await page.waitFor(() => window.ready);
    return page;
  }

  /** A page with the licence of somebody who has just signed in, live. */
  async openLive(engine, { view = phone, query = '', person = undefined, attributes = {} } = {}) {
    const holder = person ?? await this.person();
    const page = await this.open(engine, view, query);
    await page.evaluate((settings) => tests.add('one', settings), this.attributes({ code: holder.code, ...attributes }));
    await reaches(page, 'one', 'live');
    return { page, person: holder };
  }

  /** What `elicense code verify` says of a code, with the trust list as it is now. */
  async verify(code, words = []) {
    const list = join(this.#folder, 'trust.jwt');
    writeFileSync(list, (await this.authority.fetch('/trust-list')).text);
    const done = await run(['code', 'verify', '--trust-list', list, '--root', this.root, '--json', ...words], code);
    return JSON.parse(done.out);
  }
}

export { until };

/** Until the element is in this state; the reason, if it never is, is what it was in instead. */
export async function reaches(page, id, state, error = undefined) {
  let now;
  try {
    return await until(async () => {
      now = await page.evaluate((id) => ({ ...tests.last(id), state: tests.state(id) }), id);
      return now.state === state && (error === undefined || now.error === error) && now;
    }, `${id} ${state}`, patience);
  } catch {
    const heard = await page.evaluate((id) => tests.heard[id]?.map(({ state, error, words }) => [state, error, words]), id);
    throw new Error(`${id} is ${now?.state} (${now?.error}), not ${state}; it was ${JSON.stringify(heard)}`);
  }
}

/** Until it has been in this state, be it now or earlier. */
export async function hasBeen(page, id, state) {
  return until(() => page.evaluate((id, state) => tests.heard[id]?.find((change) => change.state === state), id, state),
    `${id} having been ${state}`, patience);
}

/** The element's codes on the screen now, as another library reads them. */
export async function codeOnScreen(page) {
  return until(async () => (await codesOn(await page.picture()))[0], 'a code on the screen', patience);
}

/** At the end of every test. */
export async function leave(page) {
  assert.deepEqual(await page.evaluate(() => device.violations), [], 'violations of the content security policy');
  await page.close();
}
