// The element as a host has it: attributes, properties, methods, keys.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { readCode } from './support/picture.mjs';
import { codeOnScreen, leave, phone, reaches, Stand, until } from './support/stand.mjs';

/** @type {Stand} */
let stand;
before(async () => { stand = await Stand.start(); });
after(() => stand.stop());
afterEach(() => stand.wire.mend());

const add = (page, settings) => page.evaluate((settings) => tests.add('one', settings), settings);
const set = (page, name, value) => page.evaluate((name, value) => {
  tests.forget('one');
  document.getElementById('one').setAttribute(name, value);
}, name, value);

describe('attributes', () => {
  it('a root key that is not the authority\'s: nothing is shown; the right one: live', async () => {
    const { page, person } = await stand.openLive('chromium');
    await set(page, 'root-key', 'A'.repeat(43));
    await reaches(page, 'one', 'untrusted', 'root-unknown');
    await page.waitFor((name) => !tests.text('one').includes(name), person.name);
    await set(page, 'root-key', `${'A'.repeat(43)} ${stand.root}`); // one is being replaced by the other
    await reaches(page, 'one', 'live');
    await leave(page);
  });

  for (const [name, value] of [['authority', 'http://dl.example.org'], ['authority', 'https://dl.example.org/path'], ['authority', ''],
    ['root-key', ''], ['root-key', 'A'.repeat(42)], ['root-key', '!'.repeat(43)]]) {
    it(`${name}="${value}" stops it, in plain words`, async () => {
      const page = await stand.open('chromium');
      await add(page, stand.attributes({ [name]: value, lang: 'en' }));
      const { words } = await reaches(page, 'one', 'unavailable', name);
      assert.match(words, /not set up rightly/);
      assert.ok(await page.evaluate((words) => tests.text('one').includes(words), words));
      await set(page, name, stand.attributes()[name]);
      await reaches(page, 'one', 'loading'); // nobody has signed in
      await page.waitFor(() => /Not signed in/.test(tests.last('one').words));
      await leave(page);
    });
  }

  it('another account is another person, and each is there again when asked for', async () => {
    const [first, second] = [await stand.person(), await stand.person()];
    const { page } = await stand.openLive('chromium', { person: first, attributes: { account: 'first' } });
    await set(page, 'account', 'second');
    await page.evaluate((code) => { document.getElementById('one').preAuthorizedCode = code; }, second.code);
    await reaches(page, 'one', 'live');
    const shows = async (person, other) => {
      await page.waitFor((name) => tests.text('one').includes(name), person.name);
      assert.ok(!(await page.evaluate(() => tests.text('one'))).includes(other.name));
      await until(async () => readCode(await codeOnScreen(page)).documentNumber === person.number, `the code of ${person.name}`);
    };
    await shows(second, first);
    await set(page, 'account', 'first');
    await reaches(page, 'one', 'live');
    await shows(first, second);
    await leave(page);
  });

  it('an authority that is not there: it waits for it, and says so', async () => {
    const { page } = await stand.openLive('chromium', { attributes: { lang: 'en' } });
    const other = await Stand.start();
    try {
      // The page may not ask there: its policy lets it speak with its own origin alone.
      await set(page, 'authority', other.wire.origin);
      await page.evaluate(() => { document.getElementById('one').preAuthorizedCode = 'a-code'; });
      await reaches(page, 'one', 'stale');
      await set(page, 'authority', stand.wire.origin);
      await reaches(page, 'one', 'live');
      assert.ok((await page.evaluate(() => device.violations)).every((text) => text.startsWith('connect-src ')));
      await page.close();
    } finally {
      await other.stop();
    }
  });

  it('the language changes without a start, and so does the page', async () => {
    const { page } = await stand.openLive('chromium');
    await page.waitFor(() => tests.text('one').includes('可使用'));
    const leases = stand.wire.to('/credential', 'live-code-lease').length;
    await set(page, 'lang', 'en');
    await page.waitFor(() => tests.controls('one').some(({ label }) => /code/i.test(label)));
    await page.waitFor(() => !tests.said('one').includes('可使用'));
    await set(page, 'page', 'endorsement');
    await page.waitFor(() => tests.controls('one').some(({ name }) => name === 'front'));
    assert.equal(await page.evaluate(() => tests.state('one')), 'live');
    assert.equal(stand.wire.to('/credential', 'live-code-lease').length, leases);
    await page.evaluate(() => {
      try {
        document.getElementById('one').showPage('back');
      } catch (error) {
        window.thrown = error.name;
      }
    });
    assert.equal(await page.evaluate(() => thrown), 'TypeError');
    await leave(page);
  });

  it('src-wasm that is not there: unavailable, and again when it is', async () => {
    const page = await stand.open('chromium');
    await add(page, stand.attributes({ 'src-wasm': '/dist/nothing.wasm' }));
    await reaches(page, 'one', 'unavailable', 'module-load');
    await set(page, 'src-wasm', '/dist/e-license.wasm');
    await reaches(page, 'one', 'loading');
    await page.waitFor(() => tests.text('one').includes('尚未登录'));
    await leave(page);
  });
});

describe('keys', () => {
  const codeIsValid = async (page) => assert.equal((await stand.verify(await codeOnScreen(page))).result, 'valid');

  it('of WebCrypto, that no script can read', async () => {
    const { page } = await stand.openLive('chromium');
    assert.deepEqual(await page.evaluate(() => [document.getElementById('one').keyStorage, document.getElementById('one').getAttribute('key-storage')]),
      ['non-extractable', 'non-extractable']);
    const extractable = await page.evaluate(async () => {
      const opened = indexedDB.open('e-license');
      const database = await new Promise((resolve) => { opened.onsuccess = () => resolve(opened.result); });
      const request = database.transaction('keys').objectStore('keys').getAll();
      const keys = await new Promise((resolve) => { request.onsuccess = () => resolve(request.result); });
      database.close();
      return keys.map(({ privateKey }) => privateKey.extractable);
    });
    assert.ok(extractable.length >= 2 && extractable.every((one) => one === false), String(extractable));
    await leave(page);
  });

  it('of libsodium in memory, where WebCrypto has no Ed25519', async () => {
    const { page } = await stand.openLive('chromium', { query: '?without=ed25519' });
    assert.equal(await page.evaluate(() => document.getElementById('one').keyStorage), 'memory');
    assert.ok(await page.evaluate(() => performance.getEntriesByType('resource').some(({ name }) => name.endsWith('/e-license-signer.wasm'))));
    await codeIsValid(page);
    // Out and in again: the same keys.
    await page.evaluate(async () => {
      const element = document.getElementById('one');
      element.remove();
      await new Promise((resolve) => { setTimeout(resolve); });
      tests.forget('one');
      document.getElementById('place').append(element);
    });
    await page.waitFor(() => tests.last('one')?.state === 'live');
    await leave(page);
  });

  it('of the host, whose signer is asked for the device key', async () => {
    const { code } = await stand.person();
    const page = await stand.open('chromium');
    await page.evaluate(async (settings) => {
      const pair = await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify']);
      const publicKey = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey));
      window.asked = 0;
      const { code, ...attributes } = settings;
      tests.add('one', attributes);
      document.getElementById('one').signer = { publicKey, sign: async (bytes) => {
        ++asked;
        return new Uint8Array(await crypto.subtle.sign('Ed25519', pair.privateKey, bytes));
      } };
      document.getElementById('one').preAuthorizedCode = code;
    }, stand.attributes({ code }));
    await reaches(page, 'one', 'live');
    assert.equal(await page.evaluate(() => document.getElementById('one').keyStorage), 'host');
    assert.ok(await page.evaluate(() => asked) >= 3);
    await codeIsValid(page);
    await leave(page);
  });

  it('of a host whose signer signs something else: no licence', async () => {
    const { code } = await stand.person();
    const page = await stand.open('chromium');
    await page.evaluate((settings) => {
      const { code, ...attributes } = settings;
      tests.add('one', attributes);
      document.getElementById('one').signer = { publicKey: new Uint8Array(32).fill(1), sign: async () => new Uint8Array(64) };
      document.getElementById('one').preAuthorizedCode = code;
    }, stand.attributes({ code }));
    await page.waitFor(() => tests.heard.one.some(({ state }) => state !== 'loading'));
    assert.ok(!(await page.evaluate(() => tests.heard.one.map(({ state }) => state))).includes('live'));
    assert.equal(await page.evaluate(() => {
      try {
        document.getElementById('one').signer = { publicKey: 'no bytes', sign() {} };
        return 'taken';
      } catch (error) {
        return error.name;
      }
    }), 'TypeError');
    await leave(page);
  });
});

describe('what the browser has not', () => {
  for (const missing of ['webgl2', 'webassembly']) {
    it(`no ${missing}: plain words say what to do instead`, async () => {
      const page = await stand.open('chromium', phone, `?without=${missing}`);
      await add(page, stand.attributes({ lang: 'en' }));
      const { words } = await reaches(page, 'one', 'unavailable', missing);
      assert.match(words, /paper licence/);
      await leave(page);
    });
  }
});

it('moved on the page: the same session goes on', async () => {
  const { page } = await stand.openLive('chromium');
  const leases = stand.wire.to('/credential', 'live-code-lease').length;
  await page.evaluate(() => {
    const box = document.createElement('div');
    document.getElementById('place').append(box);
    box.append(document.getElementById('one'));
  });
  await codeOnScreen(page);
  assert.equal(await page.evaluate(() => tests.state('one')), 'live');
  assert.equal(stand.wire.to('/credential', 'live-code-lease').length, leases);
  await leave(page);
});

it('properties that were set before the element was defined count', async () => {
  const { code } = await stand.person();
  const page = await stand.open('chromium');
  await page.evaluate((settings) => {
    const { code, ...attributes } = settings;
    // As before its definition: own properties that hide the accessors.
    const element = document.createElement('e-license');
    Object.defineProperty(element, 'preAuthorizedCode', { value: code, writable: true, configurable: true, enumerable: true });
    element.id = 'one';
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    document.getElementById('place').append(element);
  }, stand.attributes({ code }));
  await reaches(page, 'one', 'live');
  await leave(page);
});
