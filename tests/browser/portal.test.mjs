// The portal as ./dev run serves it, used as somebody would: choose a person, act as the authority, try to fool the licence.
import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { brotliDecompressSync } from 'node:zlib';
import { engines, launch } from './support/browsers.mjs';
import { DemoSite } from './support/demo_site.mjs';

const chosen = (process.env.ELICENSE_BROWSERS ?? engines.join(' ')).split(/\s+/);
const phone = { width: 390, height: 844 };
const desktop = { width: 1280, height: 800 };
let site;

before(async () => {
  site = await DemoSite.start();
  cpSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), join(site.folder, 'axe.js'));
});
after(() => site?.stop());

async function reached(page, state) {
  try {
    await page.waitFor((state) => document.querySelector('e-license')?.state === state, state);
  } catch (error) {
    const found = await page.evaluate(() => ({
      state: document.querySelector('e-license')?.state,
      standing: document.querySelector('#standing').textContent,
      top: document.querySelector('#licence').getBoundingClientRect().top,
      visible: document.visibilityState,
      focused: document.hasFocus(),
      failures: window.failures,
    }));
    throw new Error(`${error.message}: ${JSON.stringify(found)}`);
  }
}

// The button with these words, of a card, once it is there.
async function press(page, words, within = 'body') {
  const find = (words, within) => [...document.querySelectorAll(`${within} button`)].find((one) => !one.hidden && one.textContent.startsWith(words));
  await page.waitFor(`(words, within) => Boolean((${find})(words, within))`, words, within);
  await page.evaluate(`(words, within) => (${find})(words, within).click()`, words, within);
}

// What a screen reader is told of the licence, and what the portal says beside it.
const told = (page) => page.evaluate(() => ({
  licence: [...document.querySelector('e-license').shadowRoot.querySelectorAll('.said')].map((one) => one.textContent).join('\n'),
  standing: document.querySelector('#standing').textContent,
}));

// What axe finds, the licence's own tree included.
async function faults(page) {
  await page.evaluate(() => new Promise((resolve, reject) => {
    if (window.axe) return resolve(true);
    const script = Object.assign(document.createElement('script'), { src: '/axe.js', onload: () => resolve(true), onerror: () => reject(new Error('axe')) });
    return document.head.append(script);
  }));
  return page.evaluate(async () => {
    const { violations } = await window.axe.run(document);
    return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.flat().join(' ')}`));
  });
}

const overflow = (page) => page.evaluate(() => {
  const { scrollWidth, clientWidth } = document.documentElement;
  return scrollWidth - clientWidth;
});

describe('the files of the viewer', () => {
  for (const name of ['e-license.js', 'e-license.wasm']) {
    it(`${name} comes in brotli to those who take it, and is the same`, async () => {
      const plain = await site.server.fetch(`/dist/${name}`);
      const small = await site.server.fetch(`/dist/${name}`, { headers: { 'Accept-Encoding': 'gzip, br' } });
      assert.deepEqual([plain.headers['content-encoding'], small.headers['content-encoding']], [undefined, 'br']);
      assert.equal(small.headers['content-type'], plain.headers['content-type']);
      assert.ok(brotliDecompressSync(small.bytes).equals(plain.bytes));
    });
  }
});

for (const engine of chosen) {
  describe(`the portal in ${engine}`, () => {
    let browser;
    before(async () => { browser = await launch(engine); });
    after(() => browser?.close());

    // A page with the licence of this person, live; no violation of the policy until its end.
    async function portal(work, { person = 'normal', view = phone, state = 'live' } = {}) {
      const page = await browser.open(`${site.url}/#${person}`, view);
      try {
        await reached(page, state);
        await work(page);
        assert.deepEqual(await page.evaluate(() => window.violations), []);
      } finally {
        await page.close();
      }
    }

    it('shows the first person, then whoever is chosen', () => portal(async (page) => {
      const [first, second] = site.people;
      await page.waitFor((name) => document.querySelector('e-license').shadowRoot.textContent.includes(name), first.name);
      await press(page, second.name, '#people');
      await page.waitFor((name) => document.querySelector('e-license')?.shadowRoot.textContent.includes(name), second.name);
      await reached(page, 'live');
      const { licence } = await told(page);
      assert.ok(!licence.includes(first.name));
      assert.equal(await page.evaluate(() => document.querySelector('#people [aria-pressed=true] strong').textContent), second.name);
    }));

    it('answers twelve points and their end at once', () => portal(async (page) => {
      const act = async (words, state) => {
        await page.evaluate((state) => {
          const begun = performance.now();
          window.took = 0;
          document.querySelector('e-license').addEventListener('state-change', ({ detail }) => {
            if (detail.state === state && !window.took) window.took = performance.now() - begun;
          });
        }, state);
        await press(page, words, '#person');
        return page.waitFor(() => window.took);
      };
      const refused = await act('记满 12 分', 'refused');
      await page.waitFor(() => document.querySelector('e-license').shadowRoot.querySelector('[role=status]').textContent.includes('超分'));
      const restored = await act('恢复原状', 'live');
      for (const took of [refused, restored]) assert.ok(took < 20_000, `${took} ms: not by the event but by the next renewal`);
    }, { person: 'rare-name' }));

    it('brings the licence into sight when it is to answer from further below', () => portal(async (page) => {
      await page.evaluate(() => document.getElementById('tricks-title').scrollIntoView());
      await page.waitFor(() => document.querySelector('e-license').getBoundingClientRect().bottom < 0);
      await press(page, '断开本页的网络', '#tricks');
      await page.waitFor(() => document.querySelector('#licence').getBoundingClientRect().top >= 0);
      await reached(page, 'offline');
      await press(page, '恢复', '#tricks');
      await reached(page, 'live');
    }));

    it('says untrusted, and why, when the data in the browser was edited', () => portal(async (page) => {
      await page.waitFor(() => Boolean(document.querySelector('e-license').shadowRoot.querySelector('[part~="reveal"]')));
      await page.waitFor(async () => {
        const asked = (request) => new Promise((resolve, reject) => {
          request.onsuccess = () => resolve(request.result);
          request.onerror = () => reject(request.error);
        });
        const database = await asked(indexedDB.open('e-license'));
        const names = (await asked(database.transaction('kept').objectStore('kept').getAllKeys())).map((place) => place[2]);
        database.close();
        return names.includes('licence') && names.includes('time');
      });
      await press(page, '改一个字符再打开', '#tricks');
      await reached(page, 'untrusted');
      await page.waitFor(() => document.querySelector('e-license').shadowRoot.querySelector('[role=status]').textContent);
      const { licence, standing } = await told(page);
      assert.match(standing, /未通过验证.*untrusted, [a-z-]+/);
      assert.match(licence, /无法验证/);
      assert.ok(!licence.includes(site.people[0].name));
      await press(page, '恢复', '#tricks');
      await reached(page, 'live');
    }));

    it('says offline when the network is cut, and stale when the clock is stopped as well', () => portal(async (page) => {
      await press(page, '断开本页的网络', '#tricks');
      await reached(page, 'offline');
      await press(page, '停住本页的时钟', '#tricks');
      await reached(page, 'stale');
      await press(page, '恢复', '#tricks li:nth-child(2)');
      await press(page, '恢复', '#tricks li:nth-child(3)');
      await reached(page, 'live');
    }));

    it('speaks English when asked', () => portal(async (page) => {
      await press(page, 'English', '#languages');
      await page.waitFor(() => document.querySelector('e-license').shadowRoot.textContent.includes('Licence no.'));
    }));

    for (const [name, view] of Object.entries({ phone, desktop })) {
      it(`has no fault that axe knows of on a ${name}, usable, refused or out of date`, () => portal(async (page) => {
        await page.waitFor(() => Boolean(document.querySelector('e-license').shadowRoot.querySelector('[part~="reveal"]')));
        assert.deepEqual(await faults(page), []);
        await press(page, '断开本页的网络', '#tricks');
        await press(page, '停住本页的时钟', '#tricks');
        await reached(page, 'stale');
        assert.deepEqual(await faults(page), []);
        await press(page, site.people.find(({ key }) => key === 'locked').name, '#people');
        await press(page, '恢复', '#tricks li:nth-child(2)');
        await press(page, '恢复', '#tricks li:nth-child(3)');
        await reached(page, 'refused');
        assert.deepEqual(await faults(page), []);
      }, { view }));
    }

    for (const width of [320, 390, 1280]) {
      it(`never scrolls sideways at ${width}`, () => portal(async (page) => {
        assert.equal(await overflow(page), 0);
        await press(page, '停住本页的时钟', '#tricks'); // its words appear
        assert.equal(await overflow(page), 0);
      }, { view: { width, height: 844 } }));
    }
  });
}
