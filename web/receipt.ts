// dist/e-license-receipt.js, for a partner's backend in Node: what a receipt from <e-license-verifier> is worth. The rules are
// the core's own, in e-license-receipt.wasm; here are the trust list, its renewal, and what was used before.
import { readFile } from 'node:fs/promises';
import makeInstance, { type ReceiptGlue } from 'glue:e-license-receipt';
import { readText } from './network.js';
import type { ReceiptContent, ReceiptDeskSettings, ReceiptQuestion, SpentReceipts } from './e-license-receipt.d.ts';

const renewAfter = 60_000; // ms: as long as the authority lets a trust list be cached
const retryAfter = 2_000;
const longestTrustList = 256 * 1024;

interface Answer {
  error?: string;
  sequence?: number;
  receipt?: ReceiptContent;
}

/** Why a receipt is worth nothing: `code` is stable, the same as `elicense receipt verify` has. */
export class ReceiptRefused extends Error {
  override readonly name = 'ReceiptRefused';
  readonly code: string;
  constructor(code: string) {
    super(`receipt refused: ${code}`);
    this.code = code;
  }
}

let loading: Promise<ReceiptGlue> | undefined;

async function load(): Promise<ReceiptGlue> {
  const module = await WebAssembly.compile(await readFile(new URL('./e-license-receipt.wasm', import.meta.url)));
  return makeInstance({
    instantiateWasm(imports, done) {
      void WebAssembly.instantiate(module, imports).then(done);
      return {};
    },
  });
}

function ask(glue: ReceiptGlue, question: object): Answer {
  const bytes = new TextEncoder().encode(JSON.stringify(question));
  const pointer = glue._elicense_receipt_alloc(bytes.length);
  if (!pointer) throw new Error('no memory');
  try {
    glue.HEAPU8.set(bytes, pointer);
    const answer = glue._elicense_receipt_check(pointer, bytes.length);
    return JSON.parse(new TextDecoder().decode(glue.HEAPU8.slice(answer, answer + glue._elicense_receipt_answer_size()))) as Answer;
  } finally {
    glue._elicense_receipt_free(pointer);
  }
}

/** Receipts used by this process. Several processes need a store of their own in common. */
class SpentHere implements SpentReceipts {
  readonly #until = new Map<string, number>();
  spend(id: string, expires: number): boolean {
    const now = Date.now() / 1000;
    for (const [old, end] of this.#until) if (end < now) this.#until.delete(old);
    if (this.#until.has(id)) return false;
    this.#until.set(id, expires);
    return true;
  }
}

/** Checks receipts that are made out to one origin, with the authority's trust list, fetched and renewed. */
export class ReceiptDesk {
  readonly #settings: ReceiptDeskSettings;
  readonly #spent: SpentReceipts;
  #list = '';
  #sequence = 0;
  #fetched = -Infinity;
  #tried = -Infinity;
  #fetching: Promise<void> | null = null;

  constructor(settings: ReceiptDeskSettings) {
    this.#settings = settings;
    this.#spent = settings.spent ?? new SpentHere();
  }

  /** The receipt's content, once; else a ReceiptRefused. Any other error means that it could not be checked. */
  async check(receipt: string, question: ReceiptQuestion = {}): Promise<ReceiptContent> {
    if (typeof receipt !== 'string') throw new ReceiptRefused('jws-shape');
    const now = performance.now();
    if (now - this.#fetched > renewAfter && now - this.#tried > retryAfter) await this.#renew();
    let answer = await this.#ask(receipt, question);
    if (answer.error === 'issuer-unknown' && performance.now() - this.#tried > retryAfter) {
      await this.#renew(); // the authority may have a new key since
      answer = await this.#ask(receipt, question);
    }
    const content = answer.receipt;
    if (answer.error || !content) throw new ReceiptRefused(answer.error ?? 'receipt-shape');
    if (!(await this.#spent.spend(content.id, content.expires))) throw new ReceiptRefused('already-used');
    return content;
  }

  async #ask(receipt: string, { requires = null, nonce = null }: ReceiptQuestion, list = this.#list): Promise<Answer> {
    loading ??= load();
    const glue = await loading;
    const { authority, roots, origin } = this.#settings;
    return ask(glue, {
      authority, roots, origin, trustList: list, sequence: this.#sequence, receipt, requires, nonce, now: Math.floor(Date.now() / 1000),
    });
  }

  // Once at a time. A list that cannot be renewed is used on: it is refused when it is over.
  async #renew(): Promise<void> {
    this.#fetching ??= this.#fetch().finally(() => { this.#fetching = null; });
    await this.#fetching.catch((error: unknown) => { if (!this.#list) throw error; });
  }

  async #fetch(): Promise<void> {
    this.#tried = performance.now();
    const answer = await fetch(`${this.#settings.authority}/trust-list`, { redirect: 'error', signal: AbortSignal.timeout(5000) });
    if (!answer.ok) throw new Error(`the trust list: HTTP ${answer.status}`);
    let list = '';
    await readText(answer, longestTrustList, (piece) => { list += piece; });
    const { error, sequence } = await this.#ask('', {}, list);
    if (error || sequence === undefined) throw new ReceiptRefused(error ?? 'trust-list-shape');
    this.#list = list;
    this.#sequence = sequence;
    this.#fetched = performance.now();
  }
}
