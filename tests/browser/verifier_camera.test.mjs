// The verification widget with a camera: Chromium's, which plays a film of what lies before it.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { mint, seconds } from '../authority/support/phone.mjs';
import { launch } from './support/browsers.mjs';
import { Checking } from './support/checking.mjs';
import { film } from './support/film.mjs';
import { until } from './support/stand.mjs';

/** @type {Checking} */
let checking;
let device;
before(async () => {
  checking = await Checking.start();
  ({ device } = await checking.holder());
});
after(() => checking?.stop());

/** A browser whose camera sees the scenes; `work` gets a page with the widget, ready. */
async function withCamera(scenes, work, options = {}) {
  await withWords(await film(join(checking.folder, 'film.y4m'), scenes), work, options);
}

async function withWords(words, work, { allowed = true, initScript = undefined, ...attributes } = {}) {
  const browser = await launch('chromium', words);
  try {
    const page = await browser.open('about:blank', { width: 390, height: 844, initScript });
    if (allowed) await page.raw.context().grantPermissions(['camera'], { origin: checking.counter.origin });
    await page.goTo(checking.counter.page);
    await page.waitFor(() => window.ready);
    await checking.place(page, attributes);
    await work(page);
    assert.deepEqual(await page.evaluate(() => device.violations), [], 'violations of the content security policy');
  } finally {
    await browser.close();
  }
}
const camera = (page, state) => page.waitFor((state) => counter.element.shadowRoot.querySelector('.window').dataset.camera === state, state);
const results = (page) => page.evaluate(() => counter.heard.result.map(({ result }) => result));

describe('the camera', () => {
  it('opens without a click where it is allowed, reads the code once, and is ready for the next', async () => {
    await withCamera([[mint(await device.lease()), 1]], async (page) => {
      await page.waitFor(() => counter.result() === 'valid');
      assert.deepEqual(await results(page), ['valid']);
      assert.ok(await page.evaluate(() => counter.isShown('video')), 'it runs, and is seen');
      // The same phone lies there: it is not checked once more.
      await page.evaluate(() => counter.press('.next .primary'));
      await page.waitFor(() => counter.isShown('.notice'));
      assert.deepEqual(await results(page), ['valid']);
      assert.equal(await page.evaluate(() => counter.view()), 'idle');
    });
  });

  it('one phone after the other, whose codes change meanwhile: each is checked once', async () => {
    const [first, { lease: second }] = [await device.lease(), await checking.holder()];
    const now = seconds();
    const scenes = [[mint(first, now), 3], [mint(first, now + 1), 3], [null, 4], [mint(second, now + 2), 3], [null, 6]];
    await withCamera(scenes, async (page) => {
      await page.waitFor(() => counter.heard.result.length === 2);
      const names = await page.evaluate(() => counter.heard.result.map(({ person, result }) => person?.name ?? result));
      assert.equal(names.length, 2);
      assert.equal(names[0], first.name);
      assert.ok([second.name, 'stale'].includes(names[1]), names[1]); // stale where the film took long
    });
  });

  it('what failed is checked anew as soon as the same phone shows another code', async () => {
    await withCamera([['A'.repeat(500), 3], [mint(await device.lease()), 20]], async (page) => {
      await page.waitFor(() => counter.heard.result.length >= 2);
      const [first, second] = await results(page);
      assert.equal(first, 'malformed');
      assert.ok(['valid', 'stale'].includes(second), second); // stale where the film took long
    });
  });

  it('runs only while it can be seen', async () => {
    await withCamera([[null, 1]], async (page) => {
      const track = () => page.evaluate(() => window.track.readyState);
      const keep = () => page.evaluate(() => { window.track = counter.element.shadowRoot.querySelector('video').srcObject.getVideoTracks()[0]; });
      await camera(page, 'on');
      await keep();
      assert.equal(await track(), 'live');
      await page.evaluate(() => { document.body.style.paddingTop = '300vh'; });
      await camera(page, 'off');
      assert.equal(await track(), 'ended');
      await page.evaluate(() => { document.body.style.paddingTop = ''; });
      await camera(page, 'on');
      await keep();
      await page.evaluate(() => counter.press('.tool.stop'));
      await camera(page, 'off');
      assert.equal(await track(), 'ended');
      await page.evaluate(() => counter.press('.start'));
      await camera(page, 'on');
      await keep();
      await page.evaluate(() => counter.close());
      await page.waitFor(() => window.track.readyState === 'ended');
    });
  });

  it('another camera, where there are several', async () => {
    await withWords(['--use-fake-device-for-media-stream=device-count=2'], async (page) => {
      const id = () => page.evaluate(() => counter.element.shadowRoot.querySelector('video').srcObject?.getVideoTracks()[0]?.getSettings().deviceId ?? null);
      await camera(page, 'on');
      const first = await id();
      assert.ok(first);
      await page.waitFor(() => counter.isShown('.tool.other'));
      await page.evaluate(() => counter.press('.tool.other'));
      await until(async () => ![first, null].includes(await id()), 'another camera');
      await camera(page, 'on');
      // The first again.
      await page.evaluate(() => counter.press('.tool.other'));
      await until(async () => (await id()) === first, 'the first camera');
    });
  });

  // No camera here has them: what the browser would say of one that does, and what it is told.
  it('torch and zoom, where the camera offers them', async () => {
    const initScript = `globalThis.told = [];
      const { getCapabilities, getSettings } = MediaStreamTrack.prototype;
      Object.assign(MediaStreamTrack.prototype, {
        getCapabilities() { return { ...getCapabilities.call(this), torch: true, zoom: { min: 1, max: 5, step: 0.5 } }; },
        getSettings() { return { ...getSettings.call(this), zoom: 2 }; },
        async applyConstraints({ advanced: [wish] }) {
          if (globalThis.refuses) throw new OverconstrainedError('torch');
          told.push(wish);
        },
      });`;
    await withCamera([[null, 1]], async (page) => {
      await camera(page, 'on');
      const pressed = () => page.evaluate(() => counter.element.shadowRoot.querySelector('.torch').getAttribute('aria-pressed'));
      await page.waitFor(() => counter.isShown('.torch') && counter.isShown('input.zoom'));
      const zoom = await page.evaluate(() => {
        const { min, max, step, value } = counter.element.shadowRoot.querySelector('input.zoom');
        return [min, max, step, value];
      });
      assert.deepEqual(zoom, ['1', '5', '0.5', '2']);
      await page.evaluate(() => counter.press('.torch'));
      await until(async () => (await pressed()) === 'true', 'the torch on');
      await page.evaluate(() => { globalThis.refuses = true; counter.press('.torch'); });
      await page.evaluate(() => { globalThis.refuses = false; });
      assert.equal(await pressed(), 'true', 'the camera would not');
      await page.evaluate(() => counter.press('.torch'));
      await until(async () => (await pressed()) === 'false', 'the torch off');
      await page.evaluate(() => {
        const input = counter.element.shadowRoot.querySelector('input.zoom');
        input.value = '3.5';
        input.dispatchEvent(new Event('input'));
      });
      await page.waitFor(() => told.length === 3);
      assert.deepEqual(await page.evaluate(() => told), [{ torch: true }, { torch: false }, { zoom: 3.5 }]);
    }, { initScript });
  });

  it('a code that is none of ours: a hint, and its text is nowhere', async () => {
    await withCamera([['https://example.org/follow-me', 1]], async (page) => {
      await page.waitFor(() => counter.isShown('.notice'));
      assert.deepEqual(await results(page), []);
      assert.ok(!(await page.evaluate(() => counter.everything())).includes('follow-me'));
      assert.equal(page.raw.url(), checking.counter.page);
    });
  });

  it('not allowed: it says so, and other ways are there', async () => {
    await withCamera([[null, 1]], async (page) => {
      await camera(page, 'off');
      await page.evaluate(() => counter.press('.start'));
      await page.waitFor(() => counter.isShown('.trouble') && counter.text('.trouble').includes('not allowed'));
      assert.ok(await page.evaluate(() => counter.isShown('.start')));
    }, { allowed: false, lang: 'en' });
  });
});

describe('what reads', () => {
  const broken = `globalThis.BarcodeDetector = class {
    static async getSupportedFormats() { return ['qr_code']; }
    async detect({ width }) { if (width > 8) throw new DOMException('not today', 'OperationError'); return []; }
  };`;
  // Linux has none: one that finds what the test has put before the camera.
  const working = `globalThis.BarcodeDetector = class {
    static async getSupportedFormats() { return ['ean_13', 'qr_code']; }
    async detect({ width }) { return width > 8 && globalThis.lies ? [{ rawValue: globalThis.lies }] : []; }
  };`;
  for (const [what, initScript, workers] of [
    ['no worker: in the page', 'delete globalThis.Worker;', 0],
    ["a browser's reader that fails: ours instead", broken, 1],
  ]) {
    it(what, async () => {
      await withCamera([[mint(await device.lease()), 1]], async (page) => {
        await page.waitFor(() => counter.result() === 'valid');
        assert.equal(page.raw.workers().length, workers);
      }, { initScript });
    });
  }

  it("a browser's reader that works: nothing of ours is loaded", async () => {
    checking.counter.asked.length = 0;
    await withCamera([[null, 1]], async (page) => {
      await camera(page, 'on');
      await page.evaluate((text) => { globalThis.lies = text; }, mint(await device.lease()));
      await page.waitFor(() => counter.result() === 'valid');
      assert.ok(!checking.counter.asked.some((path) => path.includes('scanner')));
    }, { initScript: working });
  });
});
