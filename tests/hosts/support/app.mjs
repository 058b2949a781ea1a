// The program elicense-host on a display: what it says, what it is told, and what stands in its window.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { until, within } from '../../authority/support/server.mjs';
import { endWithUs } from '../../browser/support/children.mjs';
import { tree } from '../../browser/support/demo_site.mjs';

export const program = process.env.ELICENSE_HOST ?? join(tree, 'build/native/elicense-host');
/** Without WebKitGTK's headers there is no program. */
export const missing = !existsSync(program) && 'elicense-host is not built here: there is no webkit2gtk-4.1';
const patience = 60_000; // software that draws
// WebKit's sandbox wants namespaces of its own, which not every container gives.
const hasSandbox = spawnSync('bwrap', ['--unshare-all', '--ro-bind', '/', '/', 'true']).status === 0;

export class App {
  /** @type {any[]} */
  said = [];
  err = '';
  #folder = mkdtempSync(join(tmpdir(), 'elicense-app-'));
  #pictures = 0;

  /** options: as the program's, without the dashes */
  static start(display, options) {
    const app = new App();
    const words = Object.entries(options).filter(([, value]) => value !== undefined).map(([name, value]) => `--${name}=${value}`);
    app.child = spawn(program, words, {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: {
        ...process.env, DISPLAY: display.name, GDK_BACKEND: 'x11', NO_AT_BRIDGE: '1',
        XDG_DATA_HOME: app.#folder, XDG_CACHE_HOME: app.#folder, XDG_CONFIG_HOME: app.#folder,
        ...(hasSandbox ? {} : { WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1' }),
      },
    });
    endWithUs(app.child);
    app.ended = new Promise((resolve) => app.child.once('close', (code, signal) => resolve({ code, signal })));
    app.child.stdin.on('error', () => {});
    createInterface({ input: app.child.stdout }).on('line', (line) => app.said.push({ ...JSON.parse(line), at: Date.now() }));
    app.child.stderr.setEncoding('utf8').on('data', (text) => { app.err += text; });
    return app;
  }

  tell(line) { this.child.stdin.write(`${line}\n`); }

  /** Until it has said something that fits, from the place `from` in all it has said; that. */
  hears(fits, what, from = 0) {
    return until(() => this.said.slice(from).find(fits), `${what}; it said ${JSON.stringify(this.said.slice(-12))} ${this.err}`, patience)
      .catch((error) => { throw new Error(`${error.message} now: ${JSON.stringify(this.said.slice(-12))} ${this.err}`); });
  }
  refuses(why, from = 0) { return this.hears(({ refused }) => refused === why, `refused: ${why}`, from); }
  reaches(state, from = 0) {
    return this.hears(({ event, detail }) => event === 'state-change' && detail.state === state, state, from);
  }
  /** The page has taken what the app told it. */
  took(ask, from = 0) { return this.hears(({ told, taken }) => told === ask && taken, `${ask} taken`, from); }

  /** The window as it is on the screen now. */
  async picture() {
    const path = join(this.#folder, `${++this.#pictures}.png`);
    const from = this.said.length;
    this.tell(`picture ${path}`);
    await this.hears(({ done }) => done === 'picture', 'a picture', from);
    return { path, png: readFileSync(path) };
  }

  async stop() {
    this.tell('quit');
    try {
      return await within(this.ended, 'the end of the app');
    } finally {
      this.child.kill('SIGKILL');
      // WebKit's processes may still be writing there.
      await until(() => {
        try {
          rmSync(this.#folder, { recursive: true, force: true });
          return true;
        } catch {
          return false;
        }
      }, 'the folder let go');
    }
  }
}
