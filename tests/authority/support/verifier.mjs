// A verifier who has the command line tool, the root key, and what the authority published.
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { run } from '../../interop/support.mjs';
import { rootKey } from './phone.mjs';
import { folder } from './server.mjs';

export class Verifier {
  static async of(server) {
    const verifier = new Verifier();
    Object.assign(verifier, { server, folder: folder('verifier'), root: await rootKey(server) });
    await verifier.fetch();
    return verifier;
  }
  remove() { rmSync(this.folder, { recursive: true, force: true }); }

  async fetch() {
    this.trust = ['--trust-list', await this.#save('trust-list', '/trust-list'), '--root', this.root];
    this.statuses = ['--status-list', `${this.server.origin}/status/0=${await this.#save('status', '/status/0')}`];
  }
  async #save(name, path) {
    const { status, text } = await this.server.fetch(path);
    if (status !== 200) throw new Error(`${path}: ${status}`);
    writeFileSync(join(this.folder, name), text);
    return join(this.folder, name);
  }

  // The tool's answer in JSON, whatever it is; what it could not decide is an error.
  async #ask(words, input) {
    const { code, out, err } = await run([...words, ...this.trust, '--json'], input);
    if (code !== 0 && code !== 1) throw new Error(`elicense ${words.join(' ')}: ${err}`);
    return JSON.parse(out);
  }
  code(text, { now = undefined, more = [] } = {}) {
    return this.#ask(['code', 'verify', ...this.statuses, ...(now === undefined ? [] : ['--now', `${now}`]), ...more], text);
  }
  licence(text) { return this.#ask(['licence', 'verify', ...this.statuses], text); }
  receipt(text, audience, more = []) { return this.#ask(['receipt', 'verify', '--audience', audience, ...more], text); }
}
