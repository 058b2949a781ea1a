// What the tests of the npm package stand on: other people's projects that have installed it, what they are served by, and
// pages of theirs in a real browser with a licence of a real authority.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { delimiter, dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launch } from '../browser/support/browsers.mjs';
import { endWithUs } from '../browser/support/children.mjs';
import { readCode } from '../browser/support/picture.mjs';
import { codeOnScreen, phone, Stand, until } from '../browser/support/stand.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const tree = join(here, '../..');
const text = (...path) => readFileSync(join(...path), 'utf8');
const patience = 90_000;

export const version = /^project\(elicense VERSION (\S+)/m.exec(text(tree, 'CMakeLists.txt'))[1];
const built = process.env.ELICENSE_PACKAGES ?? join(tree, 'build');
export const tarball = join(built, `e-license-${version}.tgz`);

/** The policy that docs/NAME.md promises. */
export const promised = (name, authority) => /^ {4}(default-src .*)$/m.exec(text(tree, `docs/${name}.md`))[1].replace('AUTHORITY', authority);

/** A folder with a package.json of its own into which npm has installed the tarball. It lies below tests/package, so that the
 * tools there are found and installed once. */
export class Project {
  static async make(name, files) {
    const project = new Project();
    project.folder = join(here, `${name}.tmp`);
    project.remove();
    project.write({ 'package.json': '{ "private": true, "type": "module" }', ...files });
    await project.run('npm', ['install', '--offline', '--no-save', '--no-audit', '--no-fund', '--loglevel=error', tarball]);
    project.installed = join(project.folder, 'node_modules/e-license');
    return project;
  }

  write(files) {
    for (const [name, content] of Object.entries(files)) {
      const path = join(this.folder, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
    }
  }

  read(name) { return text(this.folder, name); }
  remove() { rmSync(this.folder, { recursive: true, force: true }); }

  #spawn(program, words, env) {
    const own = { NEXT_TELEMETRY_DISABLED: '1', NO_COLOR: '1', PATH: `${join(here, 'node_modules/.bin')}${delimiter}${process.env.PATH}` };
    const { NODE_ENV: _, NODE_TEST_CONTEXT: __, FORCE_COLOR: ___, ...outer } = process.env;
    const child = spawn(program, words, { cwd: this.folder, env: { ...outer, ...own, ...env } });
    endWithUs(child);
    const said = { all: '' };
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => { said.all += chunk; });
    return { child, said, ended: new Promise((resolve, reject) => { child.once('error', reject).once('close', resolve); }) };
  }

  /** To its end; what it printed. */
  async run(program, words, env = {}) {
    const { said, ended } = this.#spawn(program, words, env);
    const code = await ended;
    if (code !== 0) throw new Error(`${program} ${words.join(' ')}: exit ${code}\n${said.all}`);
    return said.all;
  }

  /** A server that takes requests at this port. */
  async serve(program, words, port, env = {}) {
    const { child, said, ended } = this.#spawn(program, words, env);
    let over = false;
    void ended.finally(() => { over = true; });
    const origin = `http://127.0.0.1:${port}`;
    await until(async () => {
      if (over) throw new Error(`${program} has ended\n${said.all}`);
      return fetch(origin).then(() => true, () => false);
    }, `${program} at its port`, patience);
    return { origin, said, stop: async () => { child.kill(); await ended; } };
  }
}

const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.wasm': 'application/wasm' };

/** A folder served as it is. */
export class Site {
  headers = {};
  /** paths that were asked for */
  asked = [];

  static async start(folder) {
    const site = new Site();
    site.server = createServer(({ url }, to) => {
      const path = url.split('?')[0];
      const file = join(folder, path.endsWith('/') ? `${path}index.html` : path); // URLs come without dots that lead out
      site.asked.push(path);
      if (!existsSync(file)) return to.writeHead(404).end();
      to.writeHead(200, { 'content-type': types[extname(file)] ?? 'text/plain', ...site.headers }).end(readFileSync(file));
    });
    await new Promise((resolve, reject) => { site.server.once('error', reject).listen(0, '127.0.0.1', resolve); });
    site.origin = `http://127.0.0.1:${site.server.address().port}`;
    return site;
  }

  stop() {
    this.server.close();
    this.server.closeAllConnections();
  }
}

// In every page, before its own scripts: a device that can be told to lack something, and what is told to the elements.
const device = text(tree, 'tests/browser/support/site/device.js');

export class Pages {
  static async start(words = []) {
    const pages = new Pages();
    pages.stand = await Stand.start(['--rate-partner', '0/60', ...words]);
    pages.authority = pages.stand.wire.origin;
    pages.browser = await launch('chromium');
    return pages;
  }

  async stop() {
    await this.browser?.close();
    await this.stand?.stop();
  }

  /** The page at this address once its licence is live, and whose it is. What is said to it is in `given`. */
  async live(url, { query = '', given = {} } = {}) {
    const person = await this.stand.person();
    const told = { authority: this.authority, rootKey: this.stand.root, code: person.code, ...given };
    const watch = `window.given = ${JSON.stringify(told)}; window.problems = [];
      addEventListener('error', ({ message }) => problems.push(message));
      addEventListener('unhandledrejection', ({ reason }) => problems.push(String(reason)));
      addEventListener('readiness', ({ detail }) => { window.readiness = detail; });`;
    const page = await this.browser.open(`${url}${query}`, { ...phone, initScript: `${device}\n${watch}` });
    const look = () => page.evaluate(() => [document.querySelector('e-license')?.state, problems, device.violations]);
    try {
      await until(async () => (await look())[0] === 'live', 'a live licence', patience);
    } catch (error) {
      throw new Error(`${error.message}: ${JSON.stringify(await look())}`);
    }
    return { page, person };
  }

  /** The licence is live, and its code is the holder's; nothing went wrong meanwhile. */
  async showsLive(url, options) {
    const { page, person } = await this.live(url, options);
    assert.equal(readCode(await codeOnScreen(page)).documentNumber, person.number);
    await this.leave(page);
  }

  /** All of the package on one page: the viewer's code, seen by the widget through its scanner; then keys without WebCrypto.
   * → the receipt; `also` looks at the page before it is left */
  async worksWhole(url, also = async (_page) => {}) {
    const partner = await this.stand.operator.partner('Page', new URL(url).origin);
    const { page, person } = await this.live(url, { given: { partner: partner.key } });
    assert.equal(readCode(await codeOnScreen(page)).documentNumber, person.number);
    await page.waitFor(() => window.readiness?.ready && window.readiness.online);
    const picture = (await page.picture()).toString('base64');
    const card = await page.evaluate(async (picture) => {
      const bytes = Uint8Array.from(atob(picture), (letter) => letter.charCodeAt(0));
      return document.querySelector('e-license-verifier').verify(new Blob([bytes], { type: 'image/png' }));
    }, picture);
    assert.equal(card.result, 'valid', card.error);
    assert.equal(card.person.name, person.name);
    assert.equal(await page.evaluate(() => document.querySelector('e-license').keyStorage), 'non-extractable');
    await also(page);
    await this.leave(page);

    const { page: old } = await this.live(url, { query: '?without=ed25519', given: { partner: partner.key } });
    assert.equal(await old.evaluate(() => document.querySelector('e-license').keyStorage), 'memory');
    await this.leave(old);
    return card.receipt;
  }

  async leave(page) {
    assert.deepEqual(await page.evaluate(() => [...problems, ...device.violations]), []);
    await page.close();
  }
}
