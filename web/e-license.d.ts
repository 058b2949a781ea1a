// The types of dist/e-license.js, for pages written in TypeScript.

export type ViewerState = 'loading' | 'live' | 'offline' | 'stale' | 'refused' | 'untrusted' | 'unavailable';
export type KeyStorage = 'non-extractable' | 'memory' | 'host';
export type PageName = 'front' | 'endorsement';

/** A device key that the host keeps, for example in the phone's secure element. */
export interface DeviceSigner {
  /** Ed25519, 32 bytes */
  publicKey: Uint8Array;
  /** An Ed25519 signature over exactly these bytes: 64 bytes. */
  sign(bytes: Uint8Array): Promise<Uint8Array>;
}

/** `error` is a stable code; `words` are for people, without personal data. */
export interface StateChange {
  state: ViewerState;
  error: string | null;
  words: string;
}

/** Somebody has checked the licence. */
export interface Checked {
  partner: string;
  origin: string;
  result: string;
  /** the class that was asked about */
  asked: string | null;
  /** the number that the inspector's screen shows too */
  echo: number | null;
  /** when, by the authority's clock: seconds since 1970 */
  at: number;
}

export interface ELicenseEventMap {
  'state-change': CustomEvent<StateChange>;
  'page-change': CustomEvent<{ page: PageName }>;
  checked: CustomEvent<Checked>;
  error: CustomEvent<{ code: string; words: string }>;
}

export interface ELicenseAttributes {
  /** the authority's origin */
  authority: string;
  /** its root key, base64url; several apart by spaces */
  'root-key': string;
  /** which of several holders on this origin */
  account?: string;
  /** zh-CN or en */
  lang?: string;
  page?: PageName;
  /** where e-license.wasm is, when it is not beside e-license.js */
  'src-wasm'?: string;
  /** while it is there nothing is drawn */
  concealed?: boolean;
}

/** `<e-license authority="https://dl.example.org" root-key="…">`: a driver's licence, live. */
export declare class ELicenseElement extends HTMLElement {
  /** From the authority, after the person check; good once. null when it has been used. */
  preAuthorizedCode: string | null;
  /** Bound to the device key; null when it has been handed on. */
  accessToken: string | null;
  signer: DeviceSigner | null;
  /** While true nothing is drawn: the canvas is blank when the assignment returns. Also the attribute `concealed`. */
  concealed: boolean;
  readonly state: ViewerState;
  /** How safe the device key is; also the attribute `key-storage`. */
  readonly keyStorage: KeyStorage;
  /** Asks the authority at once; after `unavailable` tries to load again. */
  refresh(): void;
  showPage(name: PageName): void;
  addEventListener<K extends keyof ELicenseEventMap>(
    type: K, listener: (this: ELicenseElement, event: ELicenseEventMap[K]) => unknown, options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | AddEventListenerOptions): void;
  removeEventListener<K extends keyof ELicenseEventMap>(
    type: K, listener: (this: ELicenseElement, event: ELicenseEventMap[K]) => unknown, options?: boolean | EventListenerOptions,
  ): void;
  removeEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | EventListenerOptions): void;
}

declare global {
  interface HTMLElementTagNameMap {
    'e-license': ELicenseElement;
  }
}
