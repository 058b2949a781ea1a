// What comes between, in each engine: the page is hidden, printed or reloaded without the authority, or the graphics card
// takes its context back.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { engines } from './support/browsers.mjs';
import { coloursIn, difference, readCode } from './support/picture.mjs';
import { codeOnScreen, leave, reaches, Stand, until } from './support/stand.mjs';

/** @type {Stand} */
let stand;
before(async () => { stand = await Stand.start(); });
after(() => stand.stop());
afterEach(() => stand.wire.mend());

const isBlank = async (page) => coloursIn(await page.picture()) <= 2; // the ground and the page around it

// The current time ticks on: nothing else does where motion is reduced.
const onlyTheTime = ({ width, height }) => width <= 130 && height <= 30;

// Puts another page in front, where the engine has a front; → how to bring this one back, or null.
async function coverUp(page) {
  if (page.engine === 'firefox') {
    const other = await page.raw.browserContext().newPage();
    await other.bringToFront();
    return async () => {
      await page.raw.bringToFront();
      await other.close();
    };
  }
  return null; // Chromium without a window is always in front; so is WebKitGTK without a window manager
}

for (const engine of engines) {
  describe(engine, () => {
    it('hidden by another page: a blank canvas, and live afterwards', async (test) => {
      const { page } = await stand.openLive(engine);
      await page.waitFor(() => !tests.isBlank('one'));
      const uncover = await coverUp(page);
      if (!uncover) {
        test.skip(`${engine}: nothing can be put in front of its page here; what the page would hear is tested below`);
        return leave(page);
      }
      await page.waitFor(() => document.visibilityState === 'hidden' && tests.isBlank('one'));
      await until(() => isBlank(page), 'a blank picture');
      await uncover();
      await page.waitFor(() => !tests.isBlank('one'));
      await reaches(page, 'one', 'live');
      await codeOnScreen(page);
      return leave(page);
    });

    it('told that it is hidden, or not in front: a blank canvas within the event', async () => {
      const { page } = await stand.openLive(engine);
      await codeOnScreen(page);
      const [hide, show] = [
        () => {
          Object.defineProperty(document, 'visibilityState', { configurable: true, value: 'hidden' });
          document.dispatchEvent(new Event('visibilitychange'));
          return tests.isBlank('one');
        },
        () => {
          delete document.visibilityState;
          document.dispatchEvent(new Event('visibilitychange'));
        },
      ];
      assert.equal(await page.evaluate(hide), true);
      await until(() => isBlank(page), 'a blank picture');
      await page.evaluate(show);
      await page.waitFor(() => !tests.isBlank('one'));
      const blur = () => {
        document.hasFocus = () => false;
        // The engine's own word about focus, which comes when a picture is taken, is kept from the element.
        window.keepFocus = (event) => event.stopImmediatePropagation();
        window.addEventListener('focus', window.keepFocus, true);
        window.dispatchEvent(new Event('blur'));
        return tests.isBlank('one');
      };
      assert.equal(await page.evaluate(blur), true);
      await until(() => isBlank(page), 'a blank picture');
      await page.evaluate(() => {
        window.removeEventListener('focus', window.keepFocus, true);
        delete document.hasFocus;
        window.dispatchEvent(new Event('focus'));
      });
      await page.waitFor(() => !tests.isBlank('one'));
      await reaches(page, 'one', 'live');
      await codeOnScreen(page);
      await leave(page);
    });

    it('concealed by its host: a blank canvas when the assignment returns, also of an element that begins anew, and live afterwards', async () => {
      const { page } = await stand.openLive(engine);
      await codeOnScreen(page);
      const conceal = () => {
        document.getElementById('one').concealed = true;
        return [tests.isBlank('one'), document.getElementById('one').matches('[concealed]')];
      };
      assert.deepEqual(await page.evaluate(conceal), [true, true]);
      await until(() => isBlank(page), 'a blank picture');
      // What says that it is shown does not uncover it.
      await page.evaluate(() => window.dispatchEvent(new Event('focus')));
      const before = await page.evaluate(() => {
        document.getElementById('one').setAttribute('account', '');
        return tests.heard.one.length;
      });
      await page.waitFor((before) => tests.heard.one.slice(before).some(({ state }) => state === 'loading'), before);
      assert.equal(await page.evaluate(() => tests.isBlank('one')), true);
      const renewals = () => stand.wire.to('/credential', 'live-code-lease').length;
      const had = renewals();
      await page.evaluate(() => { document.getElementById('one').concealed = false; });
      await reaches(page, 'one', 'live');
      await codeOnScreen(page);
      await until(() => renewals() > had, 'a renewal');
      await leave(page);
    });

    it('printed: a blank canvas', async () => {
      const { page } = await stand.openLive(engine);
      await codeOnScreen(page);
      const printing = () => {
        window.dispatchEvent(new Event('beforeprint'));
        return tests.isBlank('one');
      };
      assert.equal(await page.evaluate(printing), true);
      await until(() => isBlank(page), 'a blank picture');
      await page.evaluate(() => window.dispatchEvent(new Event('afterprint')));
      await codeOnScreen(page);
      if (engine === 'chromium') {
        // Without the event, too: by the style alone.
        await page.raw.emulateMedia({ media: 'print' });
        await until(() => isBlank(page), 'a blank picture');
        await page.raw.emulateMedia({ media: 'screen' });
        await codeOnScreen(page);
      }
      await leave(page);
    });

    it('reloaded without the authority: offline with a code, for fifteen minutes; then stale', async () => {
      const { page, person } = await stand.openLive(engine);
      const again = async (wall, state) => {
        await page.goTo(`${stand.wire.origin}/site/page.html?wall=${wall}`);
        await page.waitFor(() => window.ready);
        await page.evaluate((settings) => tests.add('one', settings), stand.attributes());
        await reaches(page, 'one', state);
      };
      await page.waitFor(async () => (await tests.kept()).includes('licence'));
      stand.wire.cut();
      await again(0, 'offline');
      const code = readCode(await codeOnScreen(page));
      assert.deepEqual([code.name, code.presented % 5], [person.name, 0]);
      assert.ok(code.presented <= Date.now() / 1000);
      await again(14 * 60_000, 'offline');
      await again(16 * 60_000, 'stale');
      assert.ok(!(await page.evaluate(() => tests.controls('one').map(({ name }) => name))).includes('enlarge'));
      await again(-60_000, 'stale'); // a clock behind what it was has no say either
      stand.wire.mend();
      await page.evaluate(() => document.getElementById('one').refresh());
      await reaches(page, 'one', 'live');
      await leave(page);
    });

    it('its module fails: begun anew by itself, once a minute', async () => {
      const { page } = await stand.openLive(engine);
      const fail = () => page.evaluate(() => {
        const { drawElements } = WebGL2RenderingContext.prototype;
        WebGL2RenderingContext.prototype.drawElements = () => {
          WebGL2RenderingContext.prototype.drawElements = drawElements;
          throw new Error('a trap');
        };
        tests.heard.one.length = 0;
      });
      await fail();
      await page.waitFor(() => tests.heard.one.some(({ state }) => state === 'loading'));
      await reaches(page, 'one', 'live');
      assert.ok(!(await page.evaluate(() => tests.heard.one.some(({ state }) => state === 'unavailable'))));
      await fail();
      await reaches(page, 'one', 'unavailable', 'module-failed');
      await page.evaluate(() => document.getElementById('one').refresh());
      await reaches(page, 'one', 'live');
      await leave(page);
    });

    it('its context is lost and restored: the picture is the same', async () => {
      const { page } = await stand.openLive(engine, { query: '?still' });
      await codeOnScreen(page);
      await page.evaluate(() => document.getElementById('one').showPage('endorsement'));
      await page.waitFor(() => tests.controls('one').some(({ name }) => name === 'front'));
      // The portrait and the characters of its own come a little later than the first picture.
      let before = await page.picture();
      await until(async () => {
        const now = await page.picture();
        const isStill = onlyTheTime(difference(before, now));
        before = now;
        return isStill;
      }, 'a picture that stands still');
      await page.evaluate(() => {
        const canvas = document.getElementById('one').shadowRoot.querySelector('canvas');
        window.context = canvas.getContext('webgl2');
        window.taking = context.getExtension('WEBGL_lose_context');
        taking.loseContext();
      });
      await page.waitFor(() => tests.isBlank('one') && context.isContextLost());
      await until(() => isBlank(page), 'a blank picture');
      await page.evaluate(() => taking.restoreContext());
      await page.waitFor(() => !tests.isBlank('one') && !context.isContextLost());
      await until(async () => {
        const now = await page.picture();
        return coloursIn(now) > 2 && onlyTheTime(difference(before, now));
      }, 'the same picture');
      // And the codes go on.
      await page.evaluate(() => document.getElementById('one').showPage('front'));
      await codeOnScreen(page);
      await reaches(page, 'one', 'live');
      await leave(page);
    });
  });
}
