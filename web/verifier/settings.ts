// The host's attributes, checked. What is not as it should be stops the element: a question that was asked is never left out,
// a limit that was set never guessed.
import { authorityOf, languageOf, rootsOf } from '../settings.js';
import type { CheckMode, CheckSettings } from '../verifier-messages.js';

export const attributes = ['authority', 'root-key', 'mode', 'requires', 'partner', 'max-confirmation-age', 'transaction', 'origin', 'src-wasm'] as const;

export interface Settings extends CheckSettings {
  module: string; // URL
}

/** Where codes come from. */
export interface Sources { camera: boolean; image: boolean; text: boolean }

const defaultAge = 15 * 60; // seconds
/** Written as browsers write it: https, or http of this machine. */
export const isOrigin = (text: string | null): text is string => text !== null && authorityOf(text) === text;
const isMode = (text: string): text is CheckMode => ['auto', 'online', 'offline'].includes(text);

/** The settings, or the name of the first attribute that is wrong. */
export function settingsOf(element: Element, defaultModule: URL): Settings | string {
  const get = (name: (typeof attributes)[number]) => element.getAttribute(name)?.trim() || null;
  const authority = authorityOf(get('authority'));
  const roots = rootsOf(get('root-key'));
  const mode = get('mode') ?? 'auto';
  const [requires, partner] = [get('requires'), get('partner')];
  const nonce = get('transaction'); // not by its own name: browsers hide that attribute
  const age = get('max-confirmation-age') ?? String(defaultAge);
  const origin = get('origin') ?? location.origin;
  if (!authority) return 'authority';
  if (!roots) return 'root-key';
  if (!isMode(mode)) return 'mode';
  if (requires && !/^[A-Z][1-9]?$/.test(requires)) return 'requires';
  if (partner && !/^[\x21-\x7e]{1,128}$/.test(partner)) return 'partner';
  if (mode === 'online' && !partner) return 'partner';
  if (nonce && nonce.length > 64) return 'transaction';
  if (!/^\d{1,9}$/.test(age)) return 'max-confirmation-age';
  if (!isOrigin(origin)) return 'origin';
  const module = new URL(get('src-wasm') ?? defaultModule, document.baseURI).href;
  const language = languageOf(element.getAttribute('lang'));
  return { authority, roots, mode, requires, partner, origin, nonce, maxConfirmationAge: Number(age), language, module };
}

export function sourcesOf(text: string | null): Sources {
  const named = (text ?? 'camera image text').split(/\s+/);
  return { camera: named.includes('camera'), image: named.includes('image'), text: named.includes('text') };
}
