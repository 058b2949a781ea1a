// One life of the module behind the element: hands events in, carries out the effects that come out, and decides nothing. One
// code is checked after the other. A module that fails is not asked again.
import { moment, Work } from '../core.js';
import type { Language } from '../messages.js';
import { Network } from '../network.js';
import type { CheckCard, CheckEffect, CheckEvent, TwoWords } from '../verifier-messages.js';
import { Memory } from './memory.js';
import { VerifierModule } from './module.js';
import type { Settings } from './settings.js';

export type Obstacle = 'webassembly' | 'module-load' | 'module-failed';
export interface Readiness { ready: boolean; online: boolean; error: string | null; words: TwoWords }

export interface Listener {
  readiness(readiness: Readiness): void;
  checking(): void;
  card(card: CheckCard, sound: 'usable' | 'refused'): void;
  challenge(digits: string | null, words: TwoWords | null): void;
  failed(obstacle: Obstacle): void;
}

interface Check {
  text: string;
  done(card: CheckCard): void;
  undone(why: Error): void;
}

const mostChecks = 16; // that wait
const gone = () => new DOMException('The check was given up.', 'AbortError');

export class Verifier {
  readonly #settings: Settings;
  readonly #listener: Listener;
  readonly #life = new AbortController();
  readonly #memory: Memory;
  // It reports what a CheckEvent has too.
  readonly #network = new Network((event) => {
    if ('id' in event) this.#asked.delete(event.id);
    this.#send(event as CheckEvent);
  });
  readonly #waiting: Check[] = [];
  readonly #work = new Work<VerifierModule, CheckEffect>({
    carryOut: (effect) => this.#carryOut(effect),
    done: () => this.#passOver(),
    wake: () => this.#send({ event: 'wake' }),
    failed: () => this.#fail('module-failed'),
  });
  #current: Check | null = null;
  readonly #asked = new Set<number>(); // requests without an answer yet

  constructor(settings: Settings, listener: Listener) {
    this.#settings = settings;
    this.#listener = listener;
    this.#memory = new Memory(settings.authority);
  }

  async open(): Promise<void> {
    if (typeof WebAssembly !== 'object') return this.#fail('webassembly');
    const { module: url, ...settings } = this.#settings;
    try {
      const module = await VerifierModule.load(url);
      if (this.#life.signal.aborted) return module.close();
      this.#work.module = module;
    } catch {
      return this.#fail('module-load');
    }
    this.#send({ event: 'start', ...settings, kept: { ...this.#memory.kept } });
    window.addEventListener('online', () => this.#send({ event: 'network' }), { signal: this.#life.signal });
    this.#next();
  }

  close(): void {
    if (this.#life.signal.aborted) return;
    this.#life.abort();
    this.#network.abortAll();
    this.#work.close();
    for (const check of [this.#current, ...this.#waiting.splice(0)]) check?.undone(gone());
    this.#current = null;
  }

  /** When all earlier ones are done. Rejected when there will be no answer. */
  check(text: string): Promise<CheckCard> {
    return new Promise((done, undone) => {
      if (this.#life.signal.aborted || this.#waiting.length >= mostChecks) return undone(gone());
      this.#waiting.push({ text, done, undone });
      this.#next();
    });
  }

  get isChecking(): boolean { return this.#current !== null; }

  challenge(wanted: boolean): void { this.#send({ event: 'challenge', wanted }); }
  speak(language: Language): void { this.#send({ event: 'language', language }); }

  #next(): void {
    if (!this.#work.module || this.#current) return;
    const check = this.#waiting.shift();
    if (!check) return;
    this.#current = check;
    this.#send({ event: 'code', text: check.text });
  }

  // Without an answer and with nothing to wait for: the module has nothing to say to this one.
  #passOver(): void {
    const check = this.#current;
    if (!check || this.#asked.size > 0) return;
    this.#current = null;
    check.undone(new DOMException('The code was passed over.', 'OperationError'));
    queueMicrotask(() => this.#next());
  }

  #send(event: CheckEvent): void {
    this.#work.ask((module) => module.send({ ...event, at: moment() }));
  }

  #carryOut(effect: CheckEffect): void {
    switch (effect.effect) {
      case 'fetch':
        this.#asked.add(effect.id);
        return this.#network.fetch(effect);
      case 'abort':
        this.#asked.delete(effect.id);
        return this.#network.abort(effect.id);
      case 'keep': return this.#memory.keep(effect.name, effect.text);
      case 'wake': return this.#work.wakeAt(effect.at);
      case 'readiness': {
        const { ready, online, error, words } = effect;
        return this.#listener.readiness({ ready, online, error, words });
      }
      case 'checking': return this.#listener.checking();
      case 'challenge': return this.#listener.challenge(effect.digits, effect.words);
      case 'card': {
        const check = this.#current;
        this.#current = null;
        this.#listener.card(effect.card, effect.sound);
        check?.done(effect.card);
        queueMicrotask(() => this.#next());
      }
    }
  }

  #fail(obstacle: Obstacle): void {
    if (this.#life.signal.aborted) return;
    this.close();
    this.#listener.failed(obstacle);
  }
}
