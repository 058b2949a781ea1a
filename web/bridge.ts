// dist/e-license-bridge.js: joins one <e-license> to the app around its page, in a webview. Texts go both ways (docs/hosts.md); what
// comes from the app is taken apart as anything from outside is, and what goes to it names nobody.
import { type Bytes, fromBase64, toBase64url } from './bytes.js';
import type { Asked, HostMessage, Said } from './e-license-bridge.d.ts';
import type { ELicenseElement } from './e-license.d.ts';

const longestText = 16_384;
const longestCode = 4096;
const longestSetting = 1024;
const mostSigning = 64;

// What the app may set: attributes of the element.
const settable = ['authority', 'root-key', 'account', 'lang', 'page', 'src-wasm'] as const;

/** The app's end: texts to it, and texts from it, each of which says whether it was taken. */
interface Line {
  say(text: string): void;
  hear(take: (text: unknown) => boolean): void;
}

/** What a WebView has by addWebMessageListener, in the app's pages alone. */
interface AndroidObject {
  postMessage(text: string): void;
  onmessage: ((event: { data: unknown }) => void) | null;
}

// In WebKit no object of the app is in reach of any page: a script in a world of its own (examples/hosts/webkit/relay.js) listens
// for events of this document, which no frame of another origin can send.
const toHost = 'e-license-say';
const fromHost = 'e-license-hear';
const isTaken = (type: string, detail: unknown): boolean => !document.dispatchEvent(new CustomEvent(type, { detail, cancelable: true }));

function findLine(): Line | null {
  const android = (globalThis as { eLicense?: AndroidObject }).eLicense;
  if (typeof android?.postMessage === 'function') {
    return {
      say: (text) => android.postMessage(text),
      hear: (take) => { android.onmessage = ({ data }) => { take(data); }; },
    };
  }
  // Without text: whether anybody is there.
  if (!isTaken(toHost, null)) return null;
  return {
    say: (text) => { isTaken(toHost, text); },
    hear: (take) => document.addEventListener(fromHost, (event) => { if (take((event as CustomEvent).detail)) event.preventDefault(); }),
  };
}

type Refused = 'size' | 'json' | 'type' | 'version' | 'shape';

function read(text: unknown): Asked | Refused {
  if (typeof text !== 'string') return 'type';
  if (text.length > longestText) return 'size';
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch {
    return 'json';
  }
  if (typeof message !== 'object' || message === null) return 'shape';
  const { type, version, ...rest } = message as Record<string, unknown>;
  if (type !== 'e-license') return 'type';
  if (version !== 1) return 'version';
  return isAsked(rest) ? rest : 'shape';
}

const isText = (value: unknown, most: number): value is string => typeof value === 'string' && value.length <= most;

// Bytes of one length, in base64url.
function bytesOf(value: unknown, size: number): Bytes | null {
  if (typeof value !== 'string' || !/^[A-Za-z0-9_-]+$/.test(value)) return null;
  try {
    const bytes = fromBase64(value);
    return bytes.length === size ? bytes : null;
  } catch {
    return null;
  }
}

function isSettings(settings: unknown): boolean {
  return typeof settings === 'object' && settings !== null && Object.entries(settings).every(([name, value]) =>
    settable.some((one) => one === name) && (value === null || isText(value, longestSetting)));
}

function isAsked(message: Record<string, unknown>): message is Record<string, unknown> & Asked {
  const { ask, ...rest } = message;
  const has = (...names: string[]) => Object.keys(rest).every((name) => names.includes(name));
  switch (ask) {
    case 'set': return has('settings', 'signer') && isSettings(rest['settings']) && (rest['signer'] === undefined || bytesOf(rest['signer'], 32) !== null);
    case 'code': return has('code') && isText(rest['code'], longestCode);
    case 'cover': case 'uncover': case 'refresh': return has();
    case 'signed': return has('id', 'signature') && Number.isSafeInteger(rest['id']) && (rest['signature'] === null || bytesOf(rest['signature'], 64) !== null);
    default: return false;
  }
}

class Bridge {
  readonly #element: ELicenseElement;
  readonly #line: Line;
  readonly #signing = new Map<number, { resolve(signature: Bytes): void; reject(reason: Error): void }>();
  #lastId = 0;
  #set: () => void = () => {};
  readonly set = new Promise<void>((resolve) => { this.#set = resolve; });

  constructor(element: ELicenseElement, line: Line) {
    this.#element = element;
    this.#line = line;
    element.addEventListener('state-change', ({ detail }) => this.#say({ event: 'state-change', detail }));
    element.addEventListener('checked', ({ detail }) => this.#say({ event: 'checked', detail }));
    element.addEventListener('error', ({ detail }) => this.#say({ event: 'error', detail }));
    line.hear((text) => this.#take(text));
    this.#say({ event: 'ready' });
  }

  #say(said: Said): void {
    this.#line.say(JSON.stringify({ type: 'e-license', version: 1, ...said } satisfies HostMessage<Said>));
  }

  #take(text: unknown): boolean {
    const asked = read(text);
    if (typeof asked === 'string') {
      this.#say({ event: 'refused', detail: { why: asked } });
      return false;
    }
    this.#carryOut(asked);
    return true;
  }

  #carryOut(asked: Asked): void {
    switch (asked.ask) {
      case 'set':
        for (const [name, value] of Object.entries(asked.settings)) {
          if (value === null) this.#element.removeAttribute(name);
          else this.#element.setAttribute(name, value);
        }
        if (asked.signer !== undefined) this.#element.signer = { publicKey: fromBase64(asked.signer), sign: (bytes) => this.#sign(bytes) };
        return this.#set();
      case 'code':
        this.#element.preAuthorizedCode = asked.code;
        return;
      // The canvas is blank when this returns, and so when the app's call does.
      case 'cover': case 'uncover':
        this.#element.concealed = asked.ask === 'cover';
        return this.#say({ event: 'cover', detail: { covered: this.#element.concealed } });
      case 'refresh': return this.#element.refresh();
      case 'signed': return this.#signed(asked.id, asked.signature);
    }
  }

  #sign(bytes: Uint8Array): Promise<Bytes> {
    if (this.#signing.size >= mostSigning) return Promise.reject(new Error('the host does not sign'));
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#signing.set(id, { resolve, reject });
      this.#say({ event: 'sign', detail: { id, bytes: toBase64url(bytes) } });
    });
  }

  #signed(id: number, signature: string | null): void {
    const waiting = this.#signing.get(id);
    this.#signing.delete(id);
    if (signature === null) waiting?.reject(new Error('the host did not sign'));
    else waiting?.resolve(fromBase64(signature));
  }
}

let joined = false;

/**
 * Joins the element to the app around this page. Resolves when the app has said what to show and whom to trust: then the element
 * may be put into the page. Throws where there is no such app, or another element is joined to it.
 */
export function joinHost(element: ELicenseElement): Promise<void> {
  if (joined) throw new DOMException('one element of a page', 'InvalidStateError');
  const line = findLine();
  if (!line) throw new DOMException('no app around this page', 'NotSupportedError');
  joined = true;
  return new Bridge(element, line).set;
}
