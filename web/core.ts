// The core's modules at work. The one file that touches their wasm memory: text in, effects out. An instance serves one viewer or
// verifier at a time and is used again for the next. After a trap nothing in it can be relied on: it is never used again, nor is
// what the browser compiled (an engine that compiles wrongly, which was seen, does it once).
import { forgetModule, instanceOf } from './compile.js';

const abiVersion = 1;
// Each has megabytes of address space; garbage collection is slow to see them.
const mostIdle = 4;
const longestTimer = 2 ** 31 - 1; // ms; a longer one would ring at once
const revivalGap = 60_000; // ms

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Takes and gives back instances of one module. */
export class Instances<G extends CoreGlue> {
  readonly #make: MakeInstance<G>;
  readonly #idle = new Map<string, G[]>();

  constructor(make: MakeInstance<G>) {
    this.#make = make;
  }

  async take(url: string): Promise<G> {
    return this.#idle.get(url)?.pop() ?? (await instanceOf(this.#make, url));
  }

  giveBack(url: string, glue: G): void {
    const others = this.#idle.get(url) ?? [];
    if (others.length < mostIdle) this.#idle.set(url, [...others, glue]);
  }
}

export class CoreModule<G extends CoreGlue, Event, Effect> {
  protected readonly glue: G;
  protected readonly self: number;
  readonly #url: string;
  readonly #instances: Instances<G>;
  #open = true;

  constructor(instances: Instances<G>, url: string, glue: G) {
    if (glue._elicense_abi_version() !== abiVersion) throw new Error('another version of the module');
    this.#instances = instances;
    this.#url = url;
    this.glue = glue;
    this.self = glue._elicense_create();
    if (!this.self) throw new Error('no memory');
  }

  send(event: Event): void {
    this.lend(encoder.encode(JSON.stringify(event)), (pointer, size) => this.glue._elicense_send(this.self, pointer, size));
  }

  nextEffect(): Effect | null {
    const pointer = this.glue._elicense_next_message(this.self);
    if (!pointer) return null;
    const size = this.glue._elicense_message_size(this.self);
    return JSON.parse(decoder.decode(this.glue.HEAPU8.subarray(pointer, pointer + size))) as Effect;
  }

  /** Ends what it served; another may have the instance. */
  close(): void {
    if (!this.#open) return;
    try {
      this.end();
      this.#open = false;
      this.#instances.giveBack(this.#url, this.glue);
    } catch {
      this.abandon();
    }
  }

  abandon(): void {
    this.#open = false;
    forgetModule(this.#url);
  }

  protected end(): void {
    this.glue._elicense_destroy(this.self);
  }

  protected lend(bytes: Uint8Array, use: (pointer: number, size: number) => void): void {
    const pointer = this.glue._elicense_alloc(bytes.length || 1);
    if (!pointer) throw new Error('no memory');
    try {
      this.glue.HEAPU8.set(bytes, pointer);
      use(pointer, bytes.length);
    } finally {
      this.glue._elicense_free(pointer);
    }
  }
}

/** Who has a module at work: carries out its effects, is told when a row of them is done, and of a failure. */
interface Host<Effect> {
  carryOut(effect: Effect): void;
  done(): void;
  wake(): void;
  failed(): void;
}

/** One call into a module, then all effects that came of it. What an effect asks meanwhile only adds to the row. */
export class Work<M extends { nextEffect(): Effect | null; close(): void; abandon(): void }, Effect> {
  module: M | null = null;
  readonly #host: Host<Effect>;
  #draining = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: Host<Effect>) {
    this.#host = host;
  }

  ask(question: (module: M) => void): void {
    if (!this.module) return;
    try {
      question(this.module);
      if (this.#draining) return;
      this.#draining = true;
      for (let effect = this.#next(); effect; effect = this.#next()) this.#host.carryOut(effect);
      this.#host.done();
    } catch (error) {
      console.error('e-license:', error); // a trap and where it happened; what a module holds is not in it
      this.module?.abandon();
      this.module = null;
      this.#host.failed();
    } finally {
      this.#draining = false;
    }
  }

  wakeAt(at: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#host.wake(), Math.min(Math.max(0, Math.ceil(at - performance.now())), longestTimer));
  }

  close(): void {
    clearTimeout(this.#timer);
    this.module?.close();
    this.module = null;
  }

  #next(): Effect | null {
    return this.module?.nextEffect() ?? null;
  }
}

/** A module that failed is begun anew by itself, but not again and again. */
export class Revival {
  #last = -Infinity;

  isDue(): boolean {
    if (performance.now() - this.#last <= revivalGap) return false;
    this.#last = performance.now();
    return true;
  }
}

export function moment(): { monotonic: number; wall: number } {
  return { monotonic: Math.floor(performance.now()), wall: Date.now() };
}
