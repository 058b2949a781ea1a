// The types of dist/e-license-receipt.js, for a partner's backend in Node 20 or later.

export interface SpentReceipts {
  /** Remembers the id until `expires` (seconds); false when it was there already. */
  spend(id: string, expires: number): boolean | Promise<boolean>;
}

export interface ReceiptDeskSettings {
  /** the authority's origin */
  authority: string;
  /** its root keys, base64url */
  roots: string[];
  /** this site's origin, as the authority knows it: receipts for others are refused */
  origin: string;
  /** where used receipts are remembered; without one, in this process */
  spent?: SpentReceipts;
}

export interface ReceiptQuestion {
  /** The receipt must say that the holder may drive this class. */
  requires?: string | null;
  /** It must be of the check with this nonce: the widget's attribute `transaction`. */
  nonce?: string | null;
}

/** Of a code that was valid. No personal data. */
export interface ReceiptContent {
  id: string;
  issuer: string;
  issued: number; // seconds
  expires: number;
  nonce: string | null;
  answer: { asked: string; mayDrive: boolean; because: string } | null;
}

/** Why a receipt is worth nothing: `code` is stable, the same as `elicense receipt verify` has. */
export declare class ReceiptRefused extends Error {
  readonly code: string;
}

/** Checks receipts that are made out to one origin, with the authority's trust list, fetched and renewed. */
export declare class ReceiptDesk {
  constructor(settings: ReceiptDeskSettings);
  /** The receipt's content, once; else a ReceiptRefused. Any other error means that it could not be checked. */
  check(receipt: string, question?: ReceiptQuestion): Promise<ReceiptContent>;
}
