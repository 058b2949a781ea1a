// Carries out `fetch`, `listen` and `abort`. Sends no cookies, follows no redirects, reads no more than it was told to.
import type { ModuleEffect, SessionEvent } from './messages.js';

type Fetch = Extract<ModuleEffect, { effect: 'fetch' }>;
type Listen = Extract<ModuleEffect, { effect: 'listen' }>;

class TooLarge extends Error {}
const late = 'late';
// A browser has six connections to a server without HTTP/2, for everything on a page. Who gets no stream asks every minute.
const mostStreams = 3;
let streams = 0;
const refusalLimit = 65_536; // bytes of an answer instead of a stream

// Not from a store of the browser's either: an answer that did not check would come from there again and again.
const options: RequestInit = { credentials: 'omit', redirect: 'error', referrerPolicy: 'no-referrer', mode: 'cors', cache: 'no-store' };

// Hands on each piece of the body as text. Characters may be cut between pieces of bytes.
export async function readText(answer: Response, limit: number, piece: (text: string) => void): Promise<void> {
  const reader = answer.body?.getReader();
  if (!reader) return;
  const decoder = new TextDecoder();
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > limit) {
      void reader.cancel();
      throw new TooLarge();
    }
    piece(decoder.decode(value, { stream: true }));
  }
}

async function wholeText(answer: Response, limit: number): Promise<string> {
  let text = '';
  await readText(answer, limit, (piece) => { text += piece; });
  return text;
}

export class Network {
  readonly #report: (event: SessionEvent) => void;
  readonly #open = new Map<number, AbortController>();

  constructor(report: (event: SessionEvent) => void) {
    this.#report = report;
  }

  fetch({ id, method, url, headers, body, timeout, limit }: Fetch): void {
    void this.#run(id, timeout, async (signal) => {
      const answer = await fetch(url, { ...options, method, headers, body, signal });
      const text = await wholeText(answer, limit);
      this.#report({ event: 'answered', id, status: answer.status, date: answer.headers.get('date'), body: text });
    });
  }

  /** Not EventSource: that sends no headers of ours. */
  listen({ id, url, headers }: Listen): void {
    void this.#run(id, null, async (signal) => {
      if (streams >= mostStreams) throw new Error('enough');
      ++streams;
      await this.#stream(id, url, headers, signal).finally(() => { --streams; });
    });
  }

  /** Nothing more is reported of it. */
  abort(id: number): void {
    this.#open.get(id)?.abort();
    this.#open.delete(id);
  }

  abortAll(): void {
    for (const id of [...this.#open.keys()]) this.abort(id);
  }

  async #stream(id: number, url: string, headers: Record<string, string>, signal: AbortSignal): Promise<void> {
    const answer = await fetch(url, { ...options, headers, signal });
    if (answer.status === 200) {
      await readText(answer, Infinity, (text) => {
        if (!signal.aborted) this.#report({ event: 'received', id, text });
      });
      throw new Error('ended');
    }
    const body = await wholeText(answer, refusalLimit);
    this.#report({ event: 'answered', id, status: answer.status, date: answer.headers.get('date'), body });
  }

  async #run(id: number, timeout: number | null, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const stop = new AbortController();
    this.#open.set(id, stop);
    const timer = timeout === null ? undefined : setTimeout(() => stop.abort(late), timeout);
    try {
      await work(stop.signal);
    } catch (error) {
      const ours = this.#open.get(id) === stop;
      const why = stop.signal.reason === late ? 'timeout' : error instanceof TooLarge ? 'too-large' : 'network';
      if (ours) this.#report({ event: 'failed', id, why });
    } finally {
      clearTimeout(timer);
      if (this.#open.get(id) === stop) this.#open.delete(id);
    }
  }
}
