// Three engines with one face: launch('chromium' | 'firefox' | 'webkit') gives a browser whose pages can be opened, asked,
// looked at and closed. Every wait is for a condition, with a limit.
import { spawn } from 'node:child_process';
import { accessSync, constants, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright-core';
import puppeteer from 'puppeteer-core';
import { until } from '../../authority/support/server.mjs';
import { endWithUs } from './children.mjs';
import { Display } from './display.mjs';
import { WebDriver } from './webdriver.mjs';

export const engines = (process.env.ELICENSE_BROWSERS ?? 'chromium firefox webkit').split(' ');

/**
 * @typedef {{width?: number, height?: number, ratio?: number, initScript?: string, reducedMotion?: boolean}} View
 *   initScript runs before the page's own scripts, not in WebKit; reducedMotion in Chromium alone
 * @typedef {{
 *   open(url: string, view?: View): Promise<Page>,
 *   close(): Promise<void>,
 * }} Browser
 * @typedef {{
 *   evaluate(work: Function, ...args: unknown[]): Promise<any>,
 *   waitFor(condition: Function, ...args: unknown[]): Promise<any>,
 *   goTo(url: string): Promise<void>,
 *   reload(): Promise<void>,
 *   press(key: string): Promise<void>,
 *   drag(...points: [number, number][]): Promise<void>,
 *   screenshot(path: string): Promise<void>,
 *   picture(): Promise<Buffer>,
 *   setOffline(offline: boolean): Promise<void>,
 *   close(): Promise<void>,
 *   engine: string, raw: any,
 * }} Page
 *   press takes names as in KeyboardEvent.key; setOffline is not in WebKit; raw is the engine's own page
 */

export function programOf(names, variable, folders = (process.env.PATH ?? '').split(delimiter)) {
  const named = process.env[variable];
  if (named) return named;
  for (const folder of folders) {
    for (const name of names) {
      const path = join(folder, name);
      try {
        accessSync(path, constants.X_OK);
        return path;
      } catch {
        // The next one.
      }
    }
  }
  throw new Error(`none of ${names.join(', ')} is installed, and ${variable} names none`);
}

const screenOf = ({ width = 1280, height = 800, ratio = 1 } = {}) => ({ width, height, ratio });
const patience = 60_000; // software that draws, on a machine that has other things to do

const waitForIn = (page) => (condition, ...args) =>
  until(() => page.evaluate(condition, ...args), String(condition).slice(0, 200), patience);

// --- Chromium -----------------------------------------------------------------------------------------------------------

// What playwright and puppeteer call by the same names.
const driven = (engine, page) => ({
  engine,
  raw: page,
  evaluate: (work, ...args) => page.evaluate(`(${work})(...${JSON.stringify(args)})`),
  async waitFor(condition, ...args) { return waitForIn(this)(condition, ...args); },
  goTo: async (to) => { await page.goto(to); },
  reload: async () => { await page.reload(); },
  press: (key) => page.keyboard.press(key),
  async drag(...points) {
    const [[x, y], ...rest] = points;
    await page.mouse.move(x, y);
    await page.mouse.down();
    for (const [toX, toY] of rest) await page.mouse.move(toX, toY);
    await page.mouse.up();
  },
  screenshot: async (path) => { await page.screenshot({ path }); },
});

async function launchChromium(words) {
  const browser = await chromium.launch({
    executablePath: programOf(['chromium', 'chromium-browser', 'google-chrome'], 'ELICENSE_CHROMIUM'),
    // Its sandbox does not start for root, as in containers. WebGL without a graphics card.
    args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), '--enable-unsafe-swiftshader', ...words],
  });
  return {
    async open(url, view = {}) {
      const { width, height, ratio } = screenOf(view);
      const context = await browser.newContext({
        viewport: { width, height },
        deviceScaleFactor: ratio,
        reducedMotion: view.reducedMotion ? 'reduce' : 'no-preference',
      });
      if (view.initScript) await context.addInitScript(view.initScript);
      const page = await context.newPage();
      await page.goto(url);
      return {
        ...driven('chromium', page),
        picture: () => page.screenshot(),
        setOffline: (offline) => context.setOffline(offline),
        close: () => context.close(),
      };
    },
    close: () => browser.close(),
  };
}

// --- Firefox ------------------------------------------------------------------------------------------------------------

async function launchFirefox() {
  const display = await Display.start();
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath: programOf(['firefox-esr', 'firefox'], 'ELICENSE_FIREFOX'),
    headless: false,
    env: { ...process.env, DISPLAY: display.name },
  });
  return {
    async open(url, view = {}) {
      if (view.reducedMotion) throw new Error('Firefox takes no such wish over WebDriver BiDi');
      const { width, height, ratio } = screenOf(view);
      const context = await browser.createBrowserContext();
      const page = await context.newPage();
      await page.setViewport({ width, height, deviceScaleFactor: ratio });
      if (view.initScript) await page.evaluateOnNewDocument(view.initScript);
      await page.goto(url);
      return {
        ...driven('firefox', page),
        picture: async () => Buffer.from(await page.screenshot()),
        setOffline: (offline) => page.setOfflineMode(offline),
        close: () => context.close(),
      };
    },
    async close() {
      await browser.close();
      display.stop();
    },
  };
}

// --- WebKitGTK ----------------------------------------------------------------------------------------------------------

// As WebDriver names the keys that print nothing.
const driverKeys = {
  Enter: '\uE007', Escape: '\uE00C', Tab: '\uE004', ArrowLeft: '\uE012', ArrowRight: '\uE014', ArrowUp: '\uE013', ArrowDown: '\uE015',
};

// Its bar of buttons keeps the window wider than a phone.
const slimToolbar = '* { padding: 0; margin: 0; min-width: 0; border-width: 0; } window toolbar * { font-size: 1px; }';

export const freePort = () => new Promise((resolve, reject) => {
  const server = createServer().once('error', reject).listen(0, '127.0.0.1', () => {
    const { port } = server.address();
    server.close(() => resolve(port));
  });
});

// Beside WebKit's library, below the folder of the machine's kind; never on PATH.
function miniBrowser() {
  const kinds = readdirSync('/usr/lib', { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => `/usr/lib/${name}`);
  const folders = [...kinds, '/usr/lib', '/usr/libexec'].flatMap((folder) => ['4.1', '4.0'].map((version) => `${folder}/webkit2gtk-${version}`));
  return programOf(['MiniBrowser'], 'ELICENSE_MINIBROWSER', folders);
}

// A driver has one session, and the ratio of pixels belongs to the process: each page has its own.
async function launchWebKit() {
  const display = await Display.start();
  const open = new Set();
  return {
    // Its driver, now and then, never answers to the first request: then another one does.
    async open(url, view = {}) {
      for (let left = 2; ; --left) {
        try {
          return await this.openOnce(url, view);
        } catch (error) {
          if (error.name !== 'TimeoutError' || left === 0) throw error;
        }
      }
    },
    async openOnce(url, view) {
      if (view.initScript || view.reducedMotion) throw new Error('WebKitGTK takes no script beforehand and no such wish');
      const { width, height, ratio } = screenOf(view);
      const port = await freePort();
      const home = mkdtempSync(join(tmpdir(), 'elicense-webkit-'));
      mkdirSync(join(home, 'gtk-3.0'));
      writeFileSync(join(home, 'gtk-3.0/gtk.css'), slimToolbar);
      const child = spawn(programOf(['WebKitWebDriver'], 'ELICENSE_WEBKIT_DRIVER'), [`--port=${port}`, '--host=127.0.0.1'], {
        stdio: 'ignore',
        env: {
          ...process.env, DISPLAY: display.name, GDK_BACKEND: 'x11', GDK_SCALE: String(ratio),
          XDG_DATA_HOME: home, XDG_CACHE_HOME: home, XDG_CONFIG_HOME: home,
          ...(process.getuid?.() === 0 ? { WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1' } : {}),
        },
      });
      endWithUs(child);
      const driver = new WebDriver(`http://127.0.0.1:${port}`);
      const page = {
        engine: 'webkit',
        raw: driver,
        evaluate: (work, ...args) => driver.run(String(work), args),
        // WebKitGTK loses an answer now and then; whoever waits looks again.
        waitFor: (condition, ...args) => waitForIn({
          evaluate: (...words) => page.evaluate(...words).catch((error) => {
            if (!error.message.includes('Could not parse script result')) throw error;
          }),
        })(condition, ...args),
        goTo: (to) => driver.goTo(to),
        reload: () => driver.run('() => location.reload()', []),
        press: (key) => driver.press(driverKeys[key] ?? key),
        drag: (...points) => driver.drag(points),
        screenshot: async (path) => writeFileSync(path, await page.picture()),
        picture: async () => Buffer.from(await driver.screenshot(), 'base64'),
        setOffline: async () => { throw new Error('WebKitGTK cannot be cut off'); },
        async close() {
          open.delete(page);
          await driver.end().catch(() => {});
          child.kill();
          // Its processes may still be writing there.
          await until(() => {
            try {
              rmSync(home, { recursive: true, force: true });
              return true;
            } catch {
              return false;
            }
          }, `the end of the browser that uses ${home}`);
        },
      };
      open.add(page);
      try {
        await driver.start({ 'webkitgtk:browserOptions': { binary: miniBrowser(), args: ['--automation'] } });
      } catch (error) {
        await page.close();
        throw error;
      }
      await driver.goTo(url);
      // The window has bars around the page.
      await driver.setWindow(width, height);
      await page.waitFor((width, height) => outerWidth === width && outerHeight === height, width, height);
      const bars = await driver.run('() => [outerWidth - innerWidth, outerHeight - innerHeight]', []);
      await driver.setWindow(width + bars[0], height + bars[1]);
      await page.waitFor((width, height) => innerWidth === width && innerHeight === height, width, height);
      return page;
    },
    async close() {
      for (const page of [...open]) await page.close();
      display.stop();
    },
  };
}

/** @returns {Promise<Browser>} `words`: for Chromium's command line */
export function launch(engine, words = []) {
  const launchers = { chromium: launchChromium, firefox: launchFirefox, webkit: launchWebKit };
  return launchers[engine](words);
}
