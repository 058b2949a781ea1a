// What travels between this page and the wasm module, as JSON texts: events go in, effects come out. The rules live in
// C++ (src/client, src/view); this file is the contract. Bytes are base64url. Moments and waits are milliseconds.

/** The device's two clocks. Neither is believed: the authority's time comes from what it signs. */
export interface Moment {
  /** performance.now(), rounded down */
  monotonic: number;
  /** Date.now() */
  wall: number;
}

export type KeyStorage = 'non-extractable' | 'memory' | 'host';
export type ViewerState = 'loading' | 'live' | 'offline' | 'stale' | 'refused' | 'untrusted' | 'unavailable';
export type Language = 'zh-CN' | 'en';

// --- events: from the page to the module, each with its moment ------------------------------------------------------

export type SessionEvent =
  | {
      event: 'start';
      /** The authority's origin, and where it is reached when that is another URL. */
      authority: string;
      roots: string[]; // base64url of each pinned root key
      language: Language;
      /** What `keep` effects of this account have kept. */
      kept: Record<string, string>;
      /** The public keys of the slots that the key store still has: 'device', 'lease-…' */
      keys: Record<string, string>;
    }
  | { event: 'code'; code: string } // a pre-authorized code from the host
  | { event: 'token'; token: string } // an access token from the host, bound to the device key
  | { event: 'key-made'; id: number; key: string }
  | { event: 'signed'; id: number; signature: string }
  | { event: 'answered'; id: number; status: number; date: string | null; body: string }
  | { event: 'received'; id: number; text: string } // a piece of a stream
  | { event: 'failed'; id: number; why: 'network' | 'timeout' | 'too-large' | 'key' }
  | { event: 'shown' } // on screen and in front
  | { event: 'hidden' }
  | { event: 'disturbed' } // resumed from freeze or from the back/forward cache: no time is known any more
  | { event: 'network' } // the browser says that it is online again
  | { event: 'refresh' } // by the person or the host
  | { event: 'wake' }; // a `wake` effect's time has come

export type ViewEvent =
  | { event: 'layout'; width: number; height: number; ratio: number; reducedMotion: boolean } // CSS pixels; height 0: as high as needed
  | { event: 'language'; language: Language }
  | { event: 'control'; control: ControlName } // a control of the `controls` effect was used
  | { event: 'page'; page: PageName }
  | { event: 'drag'; phase: 'begin' | 'move' | 'end' | 'cancel'; x: number } // CSS pixels, of one pointer that moves sideways
  | { event: 'portrait'; id: number; width: number; height: number } // decoded and in the texture; 0 × 0: could not be decoded
  | { event: 'context-lost' }
  | { event: 'context-restored' };

export type ModuleEvent = (SessionEvent | ViewEvent) & { at: Moment };

export type PageName = 'front' | 'endorsement';
export type ControlName =
  | 'reveal' | 'enlarge' | 'close' | 'refresh' | 'front' | 'endorsement'
  | 'keypad' | 'clear' | `digit-${number}` // the inspector's two digits
  | 'checks' | 'newer' | 'older' // the list of who has checked
  | 'dismiss'; // the notice of a check

// --- effects: from the module to the page ---------------------------------------------------------------------------

export type SessionEffect =
  | { effect: 'make-key'; id: number; slot: string } // → key-made, failed
  | { effect: 'sign'; id: number; slot: string; bytes: string } // → signed, failed
  | { effect: 'forget-key'; slot: string }
  | { effect: 'fetch'; id: number; method: 'GET' | 'POST'; url: string; headers: Record<string, string>; body: string | null; timeout: number; limit: number }
  | { effect: 'listen'; id: number; url: string; headers: Record<string, string> } // → answered (not 200), received…, failed
  | { effect: 'abort'; id: number }
  | { effect: 'keep'; name: string; text: string | null } // null: forget it
  | { effect: 'wake'; at: number } // monotonic; the latest one counts
  /** The state or its reason has changed. `error` is a stable code; `words` are for people, without personal data. */
  | { effect: 'state'; state: ViewerState; error: string | null; words: string }
  | { effect: 'checked'; partner: string; origin: string; result: string; asked: string | null; echo: number | null; at: number }
  /** Something the host should know, without a change of state: 'access-token' (hand in a new one), 'storage' … */
  | { effect: 'error'; code: string; words: string };

/** Where a control lies on the canvas, in CSS pixels from its upper left corner. */
export interface Control {
  name: ControlName;
  label: string;
  x: number;
  y: number;
  width: number;
  height: number;
  pressed?: boolean;
}

/** The same content as on the canvas, for screen readers. */
export interface Mirror {
  language: Language;
  heading: string;
  /** Said when it changes: state and status, never the ticking time. */
  status: string;
  sections: { heading: string; rows: { label: string; value: string; of?: 'time' | 'code' }[] }[];
}

export type ViewEffect =
  | { effect: 'frame'; at: number } // when the next frame is wanted (monotonic; 0: at once)
  | { effect: 'size'; width: number; height: number } // CSS pixels that the canvas needs
  | { effect: 'page'; page: PageName }
  | { effect: 'controls'; controls: Control[] }
  | { effect: 'mirror'; mirror: Mirror }
  | { effect: 'portrait'; id: number; texture: number; uri: string } // decode, upload into GL texture, → portrait
  /** Text that the built-in font does not have: draw it in white with the browser's fonts, → send_glyph(id, …). */
  | { effect: 'glyph'; id: number; text: string; size: number; bold: boolean };

export type ModuleEffect = SessionEffect | ViewEffect;

// --- the module's functions (src/wasm/viewer.cpp) -------------------------------------------------------------------
//
//   elicense_abi_version()                               1
//   elicense_create() → viewer, elicense_destroy(viewer)
//   elicense_alloc(size) → pointer, elicense_free(pointer)
//   elicense_send(viewer, pointer, size)                 one event, JSON
//   elicense_send_glyph(viewer, id, pointer, size, width, height, left, top, advance)
//                                                        coverage, one byte a pixel; left and top from the pen on the
//                                                        baseline, in device pixels; width 0: the browser has no such glyph
//   elicense_next_message(viewer) → pointer or 0         one effect, JSON; copied at once, valid until the next call
//   elicense_message_size(viewer)
//   elicense_attach(viewer), elicense_detach(viewer)     its GL context is current; detach frees what it made there
//   elicense_frame(viewer, monotonic, wall)              draws, or blank while hidden
