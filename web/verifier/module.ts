// The one file that touches the verifier's wasm memory. An instance serves one verifier at a time and is used again for the
// next; an instance that has trapped is never used again.
import makeInstance, { type VerifierGlue } from 'glue:e-license-verifier';
import { instanceOf } from '../compile.js';
import type { CheckEffect, TimedCheckEvent } from '../verifier-messages.js';

const abiVersion = 1;
// Each has megabytes of address space; garbage collection is slow to see them.
const mostIdle = 4;
const idle = new Map<string, VerifierGlue[]>();

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export class VerifierModule {
  readonly #url: string;
  readonly #glue: VerifierGlue;
  readonly #verifier: number;
  #open = true;

  static async load(url: string): Promise<VerifierModule> {
    const glue = idle.get(url)?.pop() ?? (await instanceOf(makeInstance, url));
    return new VerifierModule(url, glue);
  }

  private constructor(url: string, glue: VerifierGlue) {
    if (glue._elicense_abi_version() !== abiVersion) throw new Error('another version of the module');
    this.#url = url;
    this.#glue = glue;
    this.#verifier = glue._elicense_create();
    if (!this.#verifier) throw new Error('no memory');
  }

  send(event: TimedCheckEvent): void {
    const bytes = encoder.encode(JSON.stringify(event));
    const pointer = this.#glue._elicense_alloc(bytes.length);
    if (!pointer) throw new Error('no memory');
    try {
      this.#glue.HEAPU8.set(bytes, pointer);
      this.#glue._elicense_send(this.#verifier, pointer, bytes.length);
    } finally {
      this.#glue._elicense_free(pointer);
    }
  }

  nextEffect(): CheckEffect | null {
    const pointer = this.#glue._elicense_next_message(this.#verifier);
    if (!pointer) return null;
    const size = this.#glue._elicense_message_size(this.#verifier);
    return JSON.parse(decoder.decode(this.#glue.HEAPU8.subarray(pointer, pointer + size))) as CheckEffect;
  }

  /** Ends the verifier; another may have the instance. */
  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#glue._elicense_destroy(this.#verifier);
    const others = idle.get(this.#url) ?? [];
    if (others.length < mostIdle) idle.set(this.#url, [...others, this.#glue]);
  }

  /** After a trap nothing in it can be relied on. */
  abandon(): void {
    this.#open = false;
  }
}
