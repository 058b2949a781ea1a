// What the module asks to keep, for one authority, in this device's storage; where there is none, for the page's life.
// Without personal data: signed lists, and what the module says was spent.

export class Memory {
  readonly kept: Record<string, string> = {};
  readonly #prefix: string;

  constructor(authority: string) {
    this.#prefix = `e-license-verifier ${authority} `;
    try {
      for (let index = 0; index < localStorage.length; ++index) {
        const place = localStorage.key(index);
        const text = place?.startsWith(this.#prefix) ? localStorage.getItem(place) : null;
        if (place && text !== null) this.kept[place.slice(this.#prefix.length)] = text;
      }
    } catch {
      // Storage is not allowed here.
    }
  }

  keep(name: string, text: string | null): void {
    if (text === null) delete this.kept[name];
    else this.kept[name] = text;
    try {
      if (text === null) localStorage.removeItem(this.#prefix + name);
      else localStorage.setItem(this.#prefix + name, text);
    } catch {
      // Not allowed, or full: an older one must not come back instead.
      try { localStorage.removeItem(this.#prefix + name); } catch { /* nothing was there */ }
    }
  }
}
