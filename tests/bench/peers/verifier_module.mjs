// e-license-verifier.wasm as a page has it, in Node, with its clock in our hands.
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

export class Module {
  cards = [];
  isReady = false;
  #glue;
  #verifier;
  wall = Date.now();

  /** From a folder with the module and its glue. */
  static async load(wasm) {
    const folder = mkdtempSync(join(tmpdir(), 'elicense-bench-'));
    try {
      copyFileSync(join(wasm, 'e-license-verifier.js'), join(folder, 'glue.mjs'));
      const { default: make } = await import(pathToFileURL(join(folder, 'glue.mjs')).href);
      const module = new Module();
      module.#glue = await make({ wasmBinary: readFileSync(join(wasm, 'e-license-verifier.wasm')) });
      module.#verifier = module.#glue._elicense_create();
      return module;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  send(event) {
    const bytes = Buffer.from(JSON.stringify({ ...event, at: { monotonic: Math.floor(performance.now()), wall: this.wall } }));
    const pointer = this.#glue._elicense_alloc(bytes.length);
    this.#glue.HEAPU8.set(bytes, pointer);
    this.#glue._elicense_send(this.#verifier, pointer, bytes.length);
    this.#glue._elicense_free(pointer);
    for (let at = this.#next(); at; at = this.#next()) this.#carryOut(at);
  }

  #next() {
    const pointer = this.#glue._elicense_next_message(this.#verifier);
    if (!pointer) return null;
    return JSON.parse(Buffer.from(this.#glue.HEAPU8.subarray(pointer, pointer + this.#glue._elicense_message_size(this.#verifier))).toString());
  }

  #carryOut(effect) {
    if (effect.effect === 'card') this.cards.push(effect.card);
    if (effect.effect === 'readiness') this.isReady = effect.ready;
    if (effect.effect !== 'fetch') return;
    const { id, url, method, headers, body } = effect;
    fetch(url, { method, headers, body }).then(
      async (answer) => this.send({ event: 'answered', id, status: answer.status, date: new Date(this.wall).toUTCString(), body: await answer.text() }),
      () => this.send({ event: 'failed', id, why: 'network' }),
    );
  }
}
