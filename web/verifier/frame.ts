// The widget as a page of its own, for an <iframe>: dist/verifier.html#origin=https://partner.example&partner=KEY&requires=C1
// It speaks with the page around it and with that one alone: what is not from the origin that it was opened for is not heard,
// and what it says goes to no other. Whom it trusts stands in its own page. It never navigates.
import '../e-license-verifier.js';
import { languageOf } from '../settings.js';
import type { CheckCard } from '../verifier-messages.js';
import { isOrigin } from './settings.js';

// What the page around it may set, at first by the fragment of the frame's address, later by a message.
const settable = ['partner', 'mode', 'requires', 'transaction', 'max-confirmation-age', 'sources', 'lang', 'quiet'] as const;

/** Both ways: `type` and `version` of every message. */
interface Envelope { type: 'e-license'; version: 1 }

/** To the page around it. Heights are CSS pixels. */
type Said =
  | { event: 'ready' }
  | { event: 'readiness' | 'result'; detail: unknown }
  | { event: 'height'; height: number }
  | { event: 'answer'; id: string; card: CheckCard | null; error: string | null };

/** From the page around it. null takes a setting away. */
type Asked =
  | { ask: 'verify'; id: string; text: string }
  | { ask: 'set'; settings: Record<string, string | null> };

const longestText = 8192;
const longestSetting = 256;

const meta = (name: string): string => document.querySelector<HTMLMetaElement>(`meta[name="${name}"]`)?.content.trim() ?? '';

function isAsked(data: unknown): data is Envelope & Asked {
  if (typeof data !== 'object' || data === null) return false;
  const { type, version, ask, id, text, settings } = data as Record<string, unknown>;
  if (type !== 'e-license' || version !== 1) return false;
  if (ask === 'verify') return typeof id === 'string' && id.length <= 64 && typeof text === 'string' && text.length <= longestText;
  return ask === 'set' && typeof settings === 'object' && settings !== null;
}

class Frame {
  readonly #element = document.createElement('e-license-verifier');
  readonly #origin: string;

  constructor(origin: string, wishes: URLSearchParams) {
    this.#origin = origin;
    this.#element.setAttribute('authority', meta('authority') || location.origin);
    this.#element.setAttribute('root-key', meta('root-key'));
    this.#element.setAttribute('origin', origin);
    this.#set(Object.fromEntries(wishes));
    for (const type of ['readiness', 'result'] as const) {
      this.#element.addEventListener(type, ({ detail }) => this.#say({ event: type, detail }));
    }
    window.addEventListener('message', ({ source, origin: from, data }) => {
      if (source === window.parent && from === this.#origin && isAsked(data)) void this.#hear(data);
    });
    document.body.append(this.#element);
    new ResizeObserver(() => this.#say({ event: 'height', height: Math.ceil(this.#element.getBoundingClientRect().height) })).observe(this.#element);
    this.#say({ event: 'ready' });
  }

  async #hear(asked: Asked): Promise<void> {
    if (asked.ask === 'set') return this.#set(asked.settings);
    const { id, text } = asked;
    try {
      this.#say({ event: 'answer', id, card: await this.#element.verify(text), error: null });
    } catch (error) {
      this.#say({ event: 'answer', id, card: null, error: (error as DOMException).name });
    }
  }

  #set(settings: Record<string, unknown>): void {
    for (const name of settable) {
      if (!Object.hasOwn(settings, name)) continue;
      const value = settings[name];
      if (value === null) this.#element.removeAttribute(name);
      else if (typeof value === 'string' && value.length <= longestSetting) this.#element.setAttribute(name, value);
    }
    document.documentElement.lang = languageOf(this.#element.getAttribute('lang'));
  }

  #say(said: Said): void {
    window.parent.postMessage({ type: 'e-license', version: 1, ...said } satisfies Envelope & Said, this.#origin);
  }
}

// The margin that a page has by itself.
const sheet = new CSSStyleSheet();
sheet.replaceSync('body { margin: 0; }');
document.adoptedStyleSheets = [sheet];

const wishes = new URLSearchParams(location.hash.slice(1));
const origin = wishes.get('origin');
if (window.parent !== window && isOrigin(origin)) {
  new Frame(origin, wishes);
} else {
  // Not set up: the widget says so itself.
  const element = document.createElement('e-license-verifier');
  element.setAttribute('lang', wishes.get('lang') ?? '');
  document.body.append(element);
}
