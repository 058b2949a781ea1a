// The types of dist/e-license-bridge.js: what joins an <e-license> to the app around its page. docs/hosts.md
import type { Checked, ELicenseElement, StateChange } from './e-license.js';

/** Of every text that goes either way, as JSON. */
export type HostMessage<Content> = { type: 'e-license'; version: 1 } & Content;

/** From the page to the app. */
export type Said =
  | { event: 'ready' }
  | { event: 'state-change'; detail: StateChange }
  | { event: 'checked'; detail: Checked }
  | { event: 'error'; detail: { code: string; words: string } }
  /** The canvas is blank, or may be drawn again. */
  | { event: 'cover'; detail: { covered: boolean } }
  /** To be answered by `signed`; base64url. */
  | { event: 'sign'; detail: { id: number; bytes: string } }
  /** What the app has said was not understood. */
  | { event: 'refused'; detail: { why: 'size' | 'json' | 'type' | 'version' | 'shape' } };

/** From the app to the page. */
export type Asked =
  /** Attributes of the element, null takes one away; the public key of a device key that the app keeps, base64url. */
  | { ask: 'set'; settings: Record<string, string | null>; signer?: string }
  | { ask: 'code'; code: string }
  | { ask: 'cover' | 'uncover' | 'refresh' }
  | { ask: 'signed'; id: number; signature: string | null };

/**
 * Resolves when the app has said whom to trust: put the element into the page then. Throws `NotSupportedError` where there is no
 * app, `InvalidStateError` when another element is joined already.
 */
export declare function joinHost(element: ELicenseElement): Promise<void>;
