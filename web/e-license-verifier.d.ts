// The types of dist/e-license-verifier.js, for pages written in TypeScript.

/** Words for people, in the element's language first, without personal data. */
export interface TwoWords {
  first: string;
  second: string;
}

export type CheckWord =
  | 'valid' | 'stale' | 'clock' | 'not-live' | 'expired' | 'not-usable' | 'already-used' | 'revoked' | 'forged'
  | 'unknown-issuer' | 'malformed'
  /** No answer could be had: not the code's fault. */
  | 'unchecked';

/** What a code is worth. Personal data stands in `person` alone, which is null unless `result` is valid. */
export interface CheckCard {
  result: CheckWord;
  /** stable code of what failed */
  error: string | null;
  /** the authority was asked */
  online: boolean;
  tone: 'usable' | 'noted' | 'refused';
  title: TwoWords;
  line: string;
  meaning: TwoWords;
  /** seconds since the code was shown; since the authority last confirmed the licence */
  age: number | null;
  confirmed: number | null;
  status: { letters: string; words: TwoWords } | null;
  person: {
    name: string;
    licenceNumber: string; // masked
    classes: string[];
    validUntil: string; // YYYY-MM-DD
    portrait: string | null; // data: URI
    rows: { label: TwoWords; value: string }[];
  } | null;
  /** to `requires` */
  answer: { asked: string; mayDrive: boolean; question: TwoWords; title: TwoWords; because: TwoWords } | null;
  /** the number that the holder's screen shows too */
  echo: { digits: string; words: TwoWords } | null;
  unchecked: TwoWords[];
  /** for this site's backend, which believes it alone; null without the authority */
  receipt: string | null;
  /** the words to show when the authority is no production one: of a licence that nobody has */
  specimen: TwoWords | null;
}

/** Whether it can check now. `error` is a stable code. */
export interface Readiness {
  ready: boolean;
  online: boolean;
  error: string | null;
  words: TwoWords;
}

export interface ELicenseVerifierEventMap {
  result: CustomEvent<CheckCard>;
  readiness: CustomEvent<Readiness>;
}

export interface ELicenseVerifierAttributes {
  /** the authority's origin */
  authority: string;
  /** its root key, base64url; several apart by spaces */
  'root-key': string;
  /** this site's publishable key: without one there is no online check */
  partner?: string;
  mode?: 'auto' | 'online' | 'offline';
  /** a vehicle class: may the holder drive it today? */
  requires?: string;
  /** this site's own name for the check, comes back as the receipt's `nonce` */
  transaction?: string;
  /** seconds since the authority confirmed the licence, from which on an offline answer says so */
  'max-confirmation-age'?: number | string;
  /** of camera, image and text, apart by spaces */
  sources?: string;
  /** no sound, no vibration */
  quiet?: boolean;
  /** zh-CN or en */
  lang?: string;
  /** whom receipts are for, when that is not this page's own origin: the page around a frame */
  origin?: string;
  /** where e-license-verifier.wasm is, when it is not beside e-license-verifier.js */
  'src-wasm'?: string;
}

/** `<e-license-verifier authority="https://dl.example.org" root-key="…" partner="…">`: says what a driver's live code is worth. */
export declare class ELicenseVerifierElement extends HTMLElement {
  /**
   * Checks the text of a code, or the code in a picture, and shows the result as if it had been scanned. Rejected with a
   * NotFoundError when there is no licence code in the picture, an EncodingError when it is no picture, an InvalidStateError when the element is not on a page or not
   * set up, an AbortError when it was taken away meanwhile, and an OperationError when there is nothing to say: the very code
   * was checked a moment ago, or lacks the two digits that the holder was asked for.
   */
  verify(code: string | Blob | ImageData): Promise<CheckCard>;
  addEventListener<K extends keyof ELicenseVerifierEventMap>(
    type: K, listener: (this: ELicenseVerifierElement, event: ELicenseVerifierEventMap[K]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | AddEventListenerOptions): void;
  removeEventListener<K extends keyof ELicenseVerifierEventMap>(
    type: K, listener: (this: ELicenseVerifierElement, event: ELicenseVerifierEventMap[K]) => unknown,
    options?: boolean | EventListenerOptions,
  ): void;
  removeEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | EventListenerOptions): void;
}

declare global {
  interface HTMLElementTagNameMap {
    'e-license-verifier': ELicenseVerifierElement;
  }
}
