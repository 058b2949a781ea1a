// What travels between the verification widget and its wasm module, as JSON texts: events go in, effects come out. The
// rules live in C++ (src/verifier); this file is the contract. Moments and waits are milliseconds.
import type { Language, Moment } from './messages.js';

export type CheckMode = 'auto' | 'online' | 'offline';
export type CheckWord =
  | 'valid' | 'stale' | 'clock' | 'not-live' | 'expired' | 'not-usable' | 'already-used' | 'revoked' | 'forged'
  | 'unknown-issuer' | 'malformed'
  /** No answer could be had: not the code's fault. */
  | 'unchecked';

// --- events: from the page to the module, each with its moment ------------------------------------------------------

export type CheckEvent =
  | {
      event: 'start';
      authority: string; // its origin
      roots: string[]; // base64url of each pinned root key
      mode: CheckMode;
      /** The class question, 'C1' or null. */
      requires: string | null;
      /** The partner's publishable key; null: no online check can be asked for. */
      partner: string | null;
      /** This page's origin: what receipts have to be made out to. */
      origin: string;
      /** The partner's own transaction, at most 64 characters: comes back in the receipt as `nonce`. null: one is made up. */
      nonce: string | null;
      /** Seconds since the authority confirmed the licence, from which on a check without network says so. */
      maxConfirmationAge: number;
      language: Language;
      /** What `keep` effects have kept. */
      kept: Record<string, string>;
    }
  | { event: 'code'; text: string }
  | { event: 'answered'; id: number; status: number; date: string | null; body: string }
  | { event: 'failed'; id: number; why: 'network' | 'timeout' | 'too-large' }
  /** The person asks for a tap challenge, or takes it back. */
  | { event: 'challenge'; wanted: boolean }
  | { event: 'language'; language: Language }
  | { event: 'network' } // the browser says that it is online again
  | { event: 'wake' }; // a `wake` effect's time has come

export type TimedCheckEvent = CheckEvent & { at: Moment };

// --- effects: from the module to the page ---------------------------------------------------------------------------

/** Words for people, in the page's language first, without personal data. */
export interface TwoWords {
  first: string;
  second: string;
}

/** What is shown and told of a check. Personal data stands in `person` alone, which is null unless `result` is valid. */
export interface CheckCard {
  result: CheckWord;
  /** Stable code of what failed. */
  error: string | null;
  online: boolean;
  tone: 'usable' | 'noted' | 'refused';
  /** The large word, and the line below it ("8 秒前由发证机关确认"). */
  title: TwoWords;
  line: string;
  /** What it means and what to do next. */
  meaning: TwoWords;
  /** Seconds since the code was shown; since the authority last confirmed the licence: its lease or, when that is older
   * than maxConfirmationAge, this online check itself (0). */
  age: number | null;
  confirmed: number | null;
  /** The status, not normal: its letters and words. */
  status: { letters: string; words: TwoWords } | null;
  person: {
    name: string;
    licenceNumber: string; // masked
    classes: string[];
    validUntil: string; // YYYY-MM-DD
    portrait: string | null; // data: URI whose digest the code carries
    rows: { label: TwoWords; value: string }[]; // the same, with labels
  } | null;
  answer: { asked: string; mayDrive: boolean; question: TwoWords; title: TwoWords; because: TwoWords } | null;
  echo: { digits: string; words: TwoWords } | null;
  /** What could not be checked: the status list, whether it was used before, this device's clock … */
  unchecked: TwoWords[];
  receipt: string | null;
}

export type CheckEffect =
  | { effect: 'fetch'; id: number; method: 'GET' | 'POST'; url: string; headers: Record<string, string>; body: string | null; timeout: number; limit: number }
  | { effect: 'abort'; id: number }
  | { effect: 'keep'; name: string; text: string | null } // null: forget it
  | { effect: 'wake'; at: number } // monotonic; the latest one counts
  /** Whether it can check now, and how: in `words`. `error`: why not ('root-key', 'trust-list-expired' …); null while the
   * authority has not answered yet. */
  | { effect: 'readiness'; ready: boolean; online: boolean; error: string | null; words: TwoWords }
  /** A new code is being checked. Not said while a challenge is waited for: for a minute, codes without the digits are
   * passed over in silence. */
  | { effect: 'checking' }
  | { effect: 'card'; card: CheckCard; sound: 'usable' | 'refused' }
  /** Two digits for the holder to tap in, until a code carries them or they are taken back (null). */
  | { effect: 'challenge'; digits: string | null; words: TwoWords | null };

// --- the module's functions (src/wasm/verifier.cpp) -----------------------------------------------------------------
//
//   elicense_abi_version()                                 1
//   elicense_create() → verifier, elicense_destroy(verifier)
//   elicense_alloc(size) → pointer, elicense_free(pointer)
//   elicense_send(verifier, pointer, size)                 one event, JSON
//   elicense_next_message(verifier) → pointer or 0         one effect, JSON; copied at once, valid until the next call
//   elicense_message_size(verifier)
