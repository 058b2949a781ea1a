// What travels between the verification widget and its wasm module, as JSON texts: events go in, effects come out. The
// rules live in C++ (src/verifier); this file is the contract. Moments and waits are milliseconds.
import type { CheckCard, CheckWord, Readiness, TwoWords } from './e-license-verifier.d.ts';
import type { Language, Moment } from './messages.js';

// What pages hear of as well has its types there.
export type { CheckCard, CheckWord, Readiness, TwoWords };

export type CheckMode = 'auto' | 'online' | 'offline';

// --- events: from the page to the module, each with its moment ------------------------------------------------------

export interface CheckSettings {
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
}

export type CheckEvent =
  /** `kept`: what `keep` effects have kept. */
  | ({ event: 'start'; kept: Record<string, string> } & CheckSettings)
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

export type CheckEffect =
  | { effect: 'fetch'; id: number; method: 'GET' | 'POST'; url: string; headers: Record<string, string>; body: string | null; timeout: number; limit: number }
  | { effect: 'abort'; id: number }
  | { effect: 'keep'; name: string; text: string | null } // null: forget it
  | { effect: 'wake'; at: number } // monotonic; the latest one counts
  /** Whether it can check now, and how: in `words`. `error`: why not ('root-key', 'trust-list-expired' …); null while the
   * authority has not answered yet. */
  | ({ effect: 'readiness' } & Readiness)
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
