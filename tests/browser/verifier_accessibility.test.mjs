// The verification widget for everybody: axe, names, room for fingers, the focus, and no sound for those who want none.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { mint, seconds } from '../authority/support/phone.mjs';
import { check, Checking, leave, shows } from './support/checking.mjs';

/** @type {Checking} */
let checking;
before(async () => { checking = await Checking.start(); });
after(() => checking?.stop());
afterEach(() => checking.stand.wire.mend());

describe('for everybody', () => {
  async function isClean(page, where) {
    const found = await page.evaluate(async () => {
      if (!window.axe) {
        const script = document.createElement('script');
        script.src = '/axe-core/axe.min.js';
        await new Promise((resolve, reject) => {
          Object.assign(script, { onload: resolve, onerror: reject });
          document.head.append(script);
        });
      }
      // The page around it is ours alone.
      const { violations, passes } = await axe.run('e-license-verifier', { resultTypes: ['violations'] });
      return [passes.length > 3, ...violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)];
    });
    assert.deepEqual(found, [true], where);
  }

  for (const lang of ['zh-CN', 'en']) {
    it(`axe, ${lang}: idle, valid, no, refused, offline, challenge, text, not set up`, async () => {
      const person = await checking.holder();
      const page = await checking.open({ lang, requires: 'C1' });
      await isClean(page, 'idle');
      await check(page, mint(await person.device.lease()));
      await isClean(page, 'valid');
      await check(page, mint(await person.device.lease(), seconds() - 60));
      await isClean(page, 'stale');
      await page.evaluate(() => { counter.press('.action'); counter.press('.actions .action:nth-of-type(3)'); });
      await isClean(page, 'challenge and text');
      await page.evaluate(() => counter.press('.tap .plain'));
      checking.stand.wire.cut();
      await check(page, mint(await person.lease));
      assert.equal(await page.evaluate(() => counter.tone()), 'noted');
      await isClean(page, 'offline');
      checking.stand.wire.mend();
      await checking.place(page, { lang, requires: 'P' });
      await check(page, mint(await person.device.lease()));
      await isClean(page, 'no');
      await checking.place(page, { lang, 'root-key': 'none' });
      await page.waitFor(() => counter.isShown('.obstacle'));
      await isClean(page, 'not set up');
      await leave(page);
    });
  }

  it('every control has a name and room for a finger, from 320 to 1280 pixels', async () => {
    const { device } = await checking.holder();
    for (const width of [320, 390, 768, 1280]) {
      const page = await checking.open({ view: { width, height: 800, ratio: 1 }, lang: 'en' });
      const look = () => page.evaluate(() => ({
        wide: document.documentElement.scrollWidth,
        controls: [...counter.element.shadowRoot.querySelectorAll('button, input, textarea')].filter((one) => one.checkVisibility())
          .map((one) => [one.getAttribute('aria-label') || one.textContent, one.offsetWidth, one.offsetHeight]),
      }));
      for (const state of ['idle', 'valid']) {
        const { wide, controls } = await look();
        assert.equal(wide, width, state);
        assert.ok(controls.length >= 4);
        for (const [name, wide, high] of controls) assert.ok(name && wide >= 44 && high >= 44, `${name}: ${wide} by ${high}`);
        await check(page, mint(await device.lease()));
        await shows(page, 'valid');
      }
      await leave(page);
    }
  });

  it('the focus is not taken by a result', async () => {
    const { lease } = await checking.holder();
    const page = await checking.open();
    await page.evaluate(() => counter.element.shadowRoot.querySelector('.tool.sound').focus());
    await check(page, mint(lease));
    await shows(page, 'valid');
    assert.match(await page.evaluate(() => counter.focused()), /sound/);
    await leave(page);
  });

  it('sound can be turned off, which the device remembers; quiet has neither', async () => {
    const page = await checking.open();
    const pressed = () => page.evaluate(() => counter.element.shadowRoot.querySelector('.tool.sound').getAttribute('aria-pressed'));
    assert.equal(await pressed(), 'true');
    await page.evaluate(() => counter.press('.tool.sound'));
    assert.equal(await pressed(), 'false');
    await checking.place(page);
    assert.equal(await pressed(), 'false');
    await page.evaluate(() => counter.element.setAttribute('quiet', ''));
    assert.equal(await page.evaluate(() => counter.isShown('.tool.sound')), false);
    await leave(page);
  });
});
