// Whether the camera sees a phone that is new. The same phone lies before it for seconds, its code changes every five: it
// is checked once, until it was taken away or the next one is asked for.

// Shorter gaps are frames that could not be read.
const away = 1500; // ms without a code
const enough = 4; // frames without one

export class Presence {
  #checked = '';
  #seen = -Infinity;
  #missed = 0;
  #waits = false;

  /** The text to check, if any, of what was read at `now`. */
  look(text: string | null, now: number): string | null {
    if (this.#missed >= enough && now - this.#seen > away) {
      this.#checked = '';
      this.#waits = false;
    }
    if (text === null) {
      ++this.#missed;
      return null;
    }
    this.#missed = 0;
    this.#seen = now;
    if (this.#waits || text === this.#checked) return null;
    this.#checked = text;
    this.#waits = true;
    return text;
  }

  /** The next code is checked even if the phone was not taken away, unless it is the very same code. */
  next(): void {
    this.#waits = false;
  }
}
