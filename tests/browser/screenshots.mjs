// Pictures of what people see, to be looked at: both pages of every demo person, every state, the portal, in each browser.
//   ./dev screenshots → build/screenshots/ENGINE/NAME.png and sheets of twelve, build/screenshots/ENGINE-N.png
// A second word takes only the pictures whose names contain it. Exit 1: something could not be pictured.
import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { engines, launch } from './support/browsers.mjs';
import { Operator } from '../authority/support/operator.mjs';
import { Host } from './support/host.mjs';
import { codesOn } from './support/picture.mjs';
import { DemoSite, tree } from './support/demo_site.mjs';

const out = join(tree, 'build/screenshots');
const only = process.argv[2] ?? '';
const perSheet = 12;

// WebKit takes its ratio from the display: whole numbers, and 3 makes a window that the display has no room for. Only Chromium
// can be asked for stillness.
const screens = (engine) => {
  const still = engine === 'chromium' ? { reducedMotion: true } : {};
  return {
    phone: { width: 390, height: 844, ratio: engine === 'webkit' ? 2 : 3, ...still },
    narrow: { width: 320, height: 640, ratio: 2, ...still },
    desktop: { width: 1280, height: 800, ratio: 1, ...still },
  };
};

class Photographer {
  constructor(browser, engine, site) {
    Object.assign(this, { browser, engine, site, folder: join(out, engine), failures: [] });
  }

  // In a page of its own each, so that one that fails leaves the others alone.
  async with(view, work) {
    const host = await Host.open(this.browser, this.site, view);
    try {
      await work(host);
    } finally {
      await host.close();
    }
  }

  async take(name, page, arrange) {
    if (!name.includes(only)) return;
    try {
      await arrange();
      await page.screenshot(join(this.folder, `${name}.png`));
    } catch (error) {
      this.failures.push(`${this.engine}/${name}: ${error instanceof Error ? error.message : error}`);
    }
  }

  people(view) {
    return this.with(view, async (host) => {
      for (const { key } of this.site.people) {
        await this.take(`phone-${key}-1-front`, host.page, async () => {
          await host.show(key);
          await host.settled();
        });
        await this.take(`phone-${key}-2-endorsement`, host.page, async () => {
          if (only) await host.show(key);
          await host.turn('endorsement');
        });
      }
    });
  }

  desktop(view) {
    return this.with(view, async (host) => {
      for (const { key } of this.site.people) {
        await this.take(`desktop-${key}`, host.page, async () => {
          await host.show(key);
          await host.settled();
        });
      }
    });
  }

  // What the viewer shows when something is in its way, or asked for.
  states(view, prefix) {
    const somebody = this.site.people[0].key;
    const shots = {
      loading: async (host) => {
        await host.network({ held: '/token' });
        await host.show(somebody, { account: 'loading', states: ['loading'] });
      },
      untrusted: async (host) => {
        await host.network({ broken: '/trust-list' });
        await host.show(somebody, { account: 'untrusted', states: ['untrusted'] });
      },
      unavailable: (host) => host.show(somebody, { 'src-wasm': 'missing.wasm', states: ['unavailable'] }),
      revealed: async (host) => {
        await host.show(somebody);
        await host.settled();
        await host.use('reveal');
      },
      enlarged: async (host) => {
        await host.show(somebody);
        await host.settled();
        await host.use('enlarge');
      },
      offline: async (host) => {
        await host.show(somebody);
        await host.network({ cut: true });
        await host.page.evaluate(() => window.viewer.refresh());
        await host.reached('offline');
      },
      stale: async (host) => {
        await host.show(somebody);
        await host.network({ cut: true });
        await host.shiftClock(3_600_000);
        await host.reached('stale');
      },
      'stale-endorsement': async (host) => {
        await host.show(somebody);
        await host.network({ cut: true });
        await host.shiftClock(3_600_000);
        await host.reached('stale');
        await host.turn('endorsement');
      },
      english: (host) => host.show(somebody, { lang: 'en' }),
      'english-endorsement': async (host) => {
        await host.show(somebody, { lang: 'en' });
        await host.turn('endorsement');
      },
      keypad: async (host) => {
        await host.show(somebody);
        await host.settled();
        for (const control of ['enlarge', 'keypad', 'digit-4']) await host.use(control);
      },
      'challenge-answered': async (host) => {
        await host.show(somebody);
        await host.settled();
        for (const control of ['enlarge', 'keypad', 'digit-4', 'digit-2']) await host.use(control);
      },
      checked: async (host) => {
        await host.show(somebody);
        await host.settled();
        await this.check(host.page, { requires: 'C1' });
        await host.page.waitFor(() => Boolean(window.host.control('dismiss')));
      },
      'checks-none': async (host) => {
        await host.show('foreigner');
        await host.turn('endorsement');
        await host.use('checks');
      },
      checks: async (host) => {
        await host.show(somebody);
        await host.turn('endorsement');
        await host.use('checks');
        await host.page.waitFor(() => document.querySelector('e-license').shadowRoot.textContent.includes('rental.example'));
      },
      'english-refused': (host) => host.show('points', { lang: 'en' }),
      'english-locked': (host) => host.show('locked', { lang: 'en' }),
    };
    return this.with(view, async (host) => {
      for (const [name, arrange] of Object.entries(shots)) {
        await this.take(`${prefix}-${name}`, host.page, async () => {
          await host.network({ cut: false, held: '', broken: '' });
          await host.keepClock();
          await arrange(host);
          await host.settled();
        });
      }
    });
  }

  // What a partner does with the code on the screen, once.
  async check(page, more) {
    this.partner ??= await new Operator(this.site.server).partner('示例租车 Demo Rental');
    for (let spent = true; spent;) {
      const [code] = await codesOn(await page.picture());
      const { result } = code ? await this.partner.verify(code, more) : {};
      spent = result !== 'valid';
    }
  }

  narrow(view) {
    return this.with(view, async (host) => {
      for (const key of ['normal', 'classes', 'foreigner', 'points']) {
        await this.take(`narrow-${key}-1-front`, host.page, async () => {
          await host.show(key);
          await host.settled();
        });
        await this.take(`narrow-${key}-2-endorsement`, host.page, async () => {
          if (only) await host.show(key);
          await host.turn('endorsement');
        });
      }
    });
  }

  async portal(name, view) {
    const places = ['licence', 'people-title', 'tricks-title', 'state-title', 'interface-title'];
    if (!places.some((place) => `portal-${name}-${place}`.includes(only))) return;
    const page = await this.browser.open(`${this.site.url}/`, view);
    try {
      await page.waitFor(() => document.querySelector('e-license')?.state === 'live');
      await page.waitFor(() => Boolean(document.querySelector('e-license')?.shadowRoot.querySelector('[part~="enlarge"]')));
      for (const [index, place] of places.entries()) {
        await this.take(`portal-${name}-${index + 1}-${place}`, page, async () => {
          await page.evaluate((id, first) => {
            if (first) scrollTo(0, 0);
            else document.getElementById(id).scrollIntoView();
          }, place, index === 0);
          // Two frames: scrolled, and drawn by the viewer.
          await page.evaluate(() => new Promise((done) => { requestAnimationFrame(() => requestAnimationFrame(() => done(true))); }));
        });
      }
    } finally {
      await page.close();
    }
  }

  // Sheets are pages of the same site: pictures with their names below.
  async sheets() {
    const names = readdirSync(this.folder).filter((name) => name.endsWith('.png')).sort();
    cpSync(this.folder, join(this.site.folder, 'pictures', this.engine), { recursive: true });
    const wide = (name) => name.startsWith('desktop') || name.startsWith('portal-desktop');
    const groups = [names.filter((name) => !wide(name)), names.filter(wide)];
    const sheets = groups.flatMap((group, kind) =>
      Array.from({ length: Math.ceil(group.length / perSheet) }, (_, i) => ({ kind, names: group.slice(i * perSheet, (i + 1) * perSheet) })));
    for (const [index, sheet] of sheets.entries()) {
      const columns = sheet.kind === 0 ? 6 : 3;
      const body = sheet.names.map((name) => `<figure><img src="pictures/${this.engine}/${name}" alt=""><figcaption>${name.slice(0, -4)}</figcaption></figure>`);
      writeFileSync(join(this.site.folder, 'sheet.css'),
        `body { margin: 12px; background: #fff; display: grid; grid-template-columns: repeat(${columns}, 1fr); gap: 12px; font: 13px monospace; }
         figure { margin: 0; } img { display: block; width: 100%; border: 1px solid #999; }`);
      writeFileSync(join(this.site.folder, 'sheet.html'), `<!doctype html><meta charset="utf-8"><link rel="stylesheet" href="sheet.css">${body.join('')}`);
      const page = await this.browser.open(`${this.site.url}/sheet.html`, { width: 1800, height: sheet.kind === 0 ? 1340 : 1560, ratio: 1 });
      await page.evaluate(async () => {
        await Promise.all([...document.images].map((image) => image.decode()));
        await new Promise((done) => { requestAnimationFrame(() => requestAnimationFrame(() => done(true))); });
      });
      await page.screenshot(join(out, `${this.engine}-${index + 1}.png`));
      await page.close();
    }
    return sheets.length;
  }
}

const site = await DemoSite.start();
const failures = [];
try {
  for (const engine of (process.env.ELICENSE_BROWSERS ?? engines.join(' ')).split(/\s+/)) {
    const browser = await launch(engine);
    const photographer = new Photographer(browser, engine, site);
    if (!only) rmSync(photographer.folder, { recursive: true, force: true });
    mkdirSync(photographer.folder, { recursive: true });
    const { phone, narrow, desktop } = screens(engine);
    try {
      await photographer.people(phone);
      await photographer.states(phone, 'state');
      await photographer.narrow(narrow);
      await photographer.desktop(desktop);
      await photographer.portal('phone', { ...phone, ratio: Math.min(2, phone.ratio) });
      await photographer.portal('desktop', desktop);
      const count = await photographer.sheets();
      console.log(`${engine}: ${readdirSync(photographer.folder).length} pictures, ${count} sheets: ${join(out, engine)}-1.png …`);
    } finally {
      failures.push(...photographer.failures);
      await browser.close();
    }
  }
} finally {
  await site.stop();
}
for (const failure of failures) console.log(`FAILED ${failure}`);
process.exitCode = failures.length > 0 ? 1 : 0;
