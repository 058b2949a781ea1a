// Reads QR codes from pictures: with the browser's own reader where it has one that works, else with our scanner, in a worker
// where the page allows one. Nothing is loaded before it is wanted.
import type { Answer, Question } from './scanner.js';

type Read = (picture: ImageData, harder: boolean) => Promise<string[]>;

// Of both files the address is found here: a bundler that has put them elsewhere, under other names, has written it into this
// file, but not into the copy of the scanner that a worker is made of.
const scannerModule = () => new URL('./e-license-scanner.wasm', import.meta.url).href;

/** Not everywhere, and not in TypeScript's library. */
interface NativeDetector {
  detect(picture: ImageData): Promise<{ rawValue: string }[]>;
}
interface NativeDetectors {
  new (options: { formats: string[] }): NativeDetector;
  getSupportedFormats(): Promise<string[]>;
}

async function nativeReader(): Promise<Read | null> {
  const Detectors = (globalThis as { BarcodeDetector?: NativeDetectors }).BarcodeDetector;
  try {
    if (!(await Detectors?.getSupportedFormats())?.includes('qr_code') || !Detectors) return null;
    const detector = new Detectors({ formats: ['qr_code'] });
    await detector.detect(new ImageData(8, 8)); // some only say here that they do not work
    return async (picture) => (await detector.detect(picture)).map(({ rawValue }) => rawValue);
  } catch {
    return null;
  }
}

// A page may want trusted types, and then by name those it allows: this one makes the address of our scanner alone.
interface Policies {
  createPolicy(name: string, rules: { createScriptURL(): string }): { createScriptURL(input: string): string };
}
let trusted: string | null = null;
function scannerAddress(): string {
  const address = new URL('./e-license-scanner.js', import.meta.url).href;
  const policies = (globalThis as { trustedTypes?: Policies }).trustedTypes;
  trusted ??= policies ? policies.createPolicy('e-license-scanner', { createScriptURL: () => address }).createScriptURL('') : address;
  return trusted;
}

/** Throws where the page allows no worker. */
async function startWorker(): Promise<Worker> {
  const worker = new Worker(scannerAddress(), { type: 'module', name: 'e-license-scanner' });
  await new Promise<void>((resolve, reject) => {
    worker.addEventListener('message', () => resolve(), { once: true });
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      worker.terminate();
      reject(new Error('no worker'));
    }, { once: true });
  });
  return worker;
}

function ask(worker: Worker, question: Question, life: AbortSignal): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const once = new AbortController();
    const { signal } = once;
    const end = (texts: string[] | null) => {
      once.abort();
      if (texts) resolve(texts);
      else reject(new Error('the scanner has failed'));
    };
    worker.addEventListener('message', ({ data }: MessageEvent<Answer>) => end(data.texts), { signal });
    worker.addEventListener('error', () => end(null), { signal });
    life.addEventListener('abort', () => end(null), { signal });
    if (life.aborted) return end(null);
    worker.postMessage(question, [question.picture.data.buffer]);
  });
}

export class Reader {
  #life = new AbortController();
  #native: Promise<Read | null> | null = null;
  #scanner: Promise<Read> | null = null;
  #last: Promise<unknown> = Promise.resolve();

  /** Whether reading takes the page's own time. */
  inPage = false;

  /** The texts of the codes in it. The picture may be gone afterwards. Throws when there is no way to read. */
  read(picture: ImageData, harder: boolean): Promise<string[]> {
    const next = this.#last.then(() => this.#read(picture, harder));
    this.#last = next.catch(() => {});
    return next;
  }

  /** Loads what reading needs, so that the first picture need not wait for it. */
  prepare(): void {
    void this.read(new ImageData(8, 8), false).catch(() => {}); // the first picture tells
  }

  /** As `read`, and no reader is left out. */
  async readWell(picture: ImageData): Promise<string[]> {
    const copy = new ImageData(new Uint8ClampedArray(picture.data), picture.width, picture.height);
    const texts = await this.read(copy, true);
    if (texts.length > 0 || !(await this.#native)) return texts;
    const own = this.#last.then(async () => (await this.#ownScanner())(picture, true));
    this.#last = own.catch(() => {});
    return own;
  }

  /** Gives back what it holds; the next picture begins anew. What is being read is given up. */
  close(): void {
    this.#life.abort();
    this.#life = new AbortController();
    this.#native = this.#scanner = null;
    this.#last = Promise.resolve();
    this.inPage = false;
  }

  async #read(picture: ImageData, harder: boolean): Promise<string[]> {
    this.#native ??= nativeReader();
    const native = await this.#native;
    if (native) {
      try {
        return await native(picture, harder);
      } catch {
        this.#native = Promise.resolve(null); // never again
      }
    }
    return (await this.#ownScanner())(picture, harder);
  }

  #ownScanner(): Promise<Read> {
    if (!this.#scanner) {
      const scanner = this.#load(this.#life.signal);
      this.#scanner = scanner;
      scanner.catch(() => { if (this.#scanner === scanner) this.#scanner = null; }); // the next picture tries again
    }
    return this.#scanner;
  }

  async #load(life: AbortSignal): Promise<Read> {
    let worker: Worker;
    try {
      worker = await startWorker();
    } catch {
      this.inPage = !life.aborted;
      const { read } = await import('./scanner.js');
      return (picture, harder) => read({ picture, harder, module: scannerModule() });
    }
    if (life.aborted) worker.terminate();
    else life.addEventListener('abort', () => worker.terminate());
    return (picture, harder) => ask(worker, { picture, harder, module: scannerModule() }, life);
  }
}
