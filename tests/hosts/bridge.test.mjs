// The page's side of the app: dist/e-license-bridge.js in Chromium. The app is a stand-in: the object that an Android WebView puts
// into its pages by addWebMessageListener, with this test behind it. (A real app: webkitgtk.test.mjs.)
import assert from 'node:assert/strict';
import { generateKeyPairSync, sign } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { until } from '../authority/support/server.mjs';
import { engines, launch } from '../browser/support/browsers.mjs';
import { codesOn, coloursIn } from '../browser/support/picture.mjs';
import { Stage } from './support/stage.mjs';

const phone = { width: 390, height: 844 };
const standIn = `window.eLicense = { said: [], onmessage: null, postMessage(text) { this.said.push(text); } };`;
const patience = 60_000;
const missing = !engines.includes('chromium') && 'Chromium is not here';

describe('the bridge in a page', () => {
  /** @type {Stage} */
  let stage;
  let browser;
  before(async () => { if (!missing) [stage, browser] = [await Stage.start({ display: false }), await launch('chromium')]; });
  after(async () => {
    await browser?.close();
    await stage?.stop();
  });

  class Device {
    static async open(path = '/licence.html', initScript = standIn) {
      const device = new Device();
      device.page = await browser.open(stage.pages.origin + path, { ...phone, initScript });
      return device;
    }
    said() { return this.page.evaluate(() => window.eLicense.said.map((text) => JSON.parse(text))); }
    hears(fits, what) { return until(async () => (await this.said()).find(fits), what, patience); }
    /** As the app would; what stands on the page when that has returned. */
    send(data) {
      return this.page.evaluate((data) => {
        window.eLicense.onmessage({ data });
        const element = document.querySelector('e-license');
        return { isBlank: element?.shadowRoot.querySelector('.stage').matches('.blank, [hidden]'), said: window.eLicense.said.length };
      }, data);
    }
    ask(ask, more = {}) { return this.send(JSON.stringify({ type: 'e-license', version: 1, ask, ...more })); }
    set(more = {}) {
      const { authority, 'root-key': root } = stage.settings();
      return this.ask('set', { settings: { authority, 'root-key': root }, ...more });
    }
    code() { return until(async () => (await codesOn(await this.page.picture()))[0], 'a code on the screen', patience); }
  }

  it('takes what the app says, reports what comes of it, and is blank when the call that covers it returns', { skip: missing }, async () => {
    const device = await Device.open();
    await device.hears(({ event }) => event === 'ready', 'ready');
    await device.set();
    const { code, secrets } = await stage.person();
    await device.ask('code', { code });
    await device.hears(({ event, detail }) => event === 'state-change' && detail.state === 'live', 'live');
    await device.code();
    const before = (await device.said()).length;
    const covered = await device.ask('cover');
    assert.equal(covered.isBlank, true);
    assert.deepEqual((await device.said()).slice(before), [{ type: 'e-license', version: 1, event: 'cover', detail: { covered: true } }]);
    await until(async () => coloursIn(await device.page.picture()) <= 2, 'a blank picture');
    const had = stage.wire.to('/credential', 'live-code-lease').length;
    await device.ask('uncover');
    await device.code();
    await until(() => stage.wire.to('/credential', 'live-code-lease').length > had, 'a renewal');
    const all = JSON.stringify(await device.said());
    for (const secret of [code, ...secrets]) assert.ok(!all.includes(secret));
    await device.page.close();
  });

  it('has the app sign, and shows nothing when the app does not', { skip: missing }, async () => {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    // For the second of them the person says no once: it is asked again.
    for (const [signs, refused] of [[true, 0], [true, 1], [false, Infinity]]) {
      const device = await Device.open();
      await device.hears(({ event }) => event === 'ready', 'ready');
      await device.set({ signer: publicKey.export({ format: 'jwk' }).x });
      await device.ask('code', { code: (await stage.person()).code });
      const answered = new Set();
      await until(async () => {
        const said = await device.said();
        for (const { event, detail } of said) {
          if (event !== 'sign' || answered.has(detail.id)) continue;
          answered.add(detail.id);
          const signature = sign(null, Buffer.from(detail.bytes, 'base64url'), privateKey).toString('base64url');
          await device.ask('signed', { id: detail.id, signature: answered.size > refused ? signature : null });
        }
        return said.some(({ detail }) => detail?.state === (signs ? 'live' : 'refused'));
      }, signs ? 'live' : 'refused', patience);
      assert.equal(await device.page.evaluate(() => document.querySelector('e-license').keyStorage), 'host');
      assert.equal((await device.said()).some(({ detail }) => detail?.state === (signs ? 'refused' : 'live')), false);
      assert.ok(answered.size > 0);
      await device.page.close();
    }
  });

  it('refuses by name what no app says, and nothing comes of it', { skip: missing }, async () => {
    const device = await Device.open();
    await device.hears(({ event }) => event === 'ready', 'ready');
    const envelope = { type: 'e-license', version: 1 };
    const asked = (more) => JSON.stringify({ ...envelope, ...more });
    const key = Buffer.alloc(32).toString('base64url');
    const cases = [
      ['type', 5], ['type', null], ['type', {}], ['type', { ...envelope, ask: 'cover' }],
      ['size', ' '.repeat(16_385)], ['size', asked({ ask: 'code', code: 'x'.repeat(1_000_000) })],
      ['json', ''], ['json', '{'], ['shape', 'null'], ['shape', '5'],
      ['type', JSON.stringify({ version: 1, ask: 'cover' })], ['version', JSON.stringify({ type: 'e-license', ask: 'cover' })],
      ['version', asked({ version: 2, ask: 'cover' })], ['version', asked({ version: '1', ask: 'cover' })],
      ['shape', asked({})], ['shape', asked({ ask: 'eval' })], ['shape', asked({ ask: 'cover', more: 1 })],
      ['shape', asked({ ask: 'code' })], ['shape', asked({ ask: 'code', code: 5 })], ['shape', asked({ ask: 'code', code: 'x'.repeat(4097) })],
      ['shape', asked({ ask: 'set' })], ['shape', asked({ ask: 'set', settings: null })], ['shape', asked({ ask: 'set', settings: { onclick: 'alert(1)' } })],
      ['shape', asked({ ask: 'set', settings: { authority: 5 } })], ['shape', asked({ ask: 'set', settings: { lang: 'x'.repeat(1025) } })],
      ['shape', asked({ ask: 'set', settings: {}, signer: 'short' })], ['shape', asked({ ask: 'set', settings: {}, signer: `${key}*` })],
      ['shape', asked({ ask: 'signed', id: 1 })], ['shape', asked({ ask: 'signed', id: '1', signature: null })],
      ['shape', asked({ ask: 'signed', id: 1, signature: key })],
    ];
    for (const [, data] of cases) await device.send(data);
    const said = await device.said();
    assert.deepEqual(said.filter(({ event }) => event === 'refused').map(({ detail }) => detail.why), cases.map(([why]) => why));
    assert.deepEqual(said.filter(({ event }) => event !== 'refused' && event !== 'ready'), []);
    // Nothing was set, so there is no element yet.
    assert.equal(await device.page.evaluate(() => document.querySelector('e-license')), null);
    await device.page.close();
  });

  it('joins one element, and none where there is no app', { skip: missing }, async () => {
    stage.pages.texts['/joining.html'] = '<!doctype html><script type="module" src="/joining.js"></script>';
    stage.pages.texts['/joining.js'] = `
      import './e-license.js';
      import { joinHost } from './e-license-bridge.js';
      window.outcomes = [1, 2].map(() => { try { joinHost(document.createElement('e-license')); return 'joined'; } catch ({ name }) { return name; } });`;
    const outcomes = async (script) => {
      const { page } = await Device.open('/joining.html', script);
      await page.waitFor(() => Boolean(window.outcomes));
      const all = await page.evaluate(() => window.outcomes);
      await page.close();
      return all;
    };
    assert.deepEqual(await outcomes(standIn), ['joined', 'InvalidStateError']);
    assert.deepEqual(await outcomes(''), ['NotSupportedError', 'NotSupportedError']);
  });
});
