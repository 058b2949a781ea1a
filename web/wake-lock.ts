// Keeps the screen on while the licence is being shown, where the browser lets it.

export class WakeLock {
  #wanted = false;
  #held: WakeLockSentinel | null = null;

  async want(wanted: boolean): Promise<void> {
    if (wanted === this.#wanted) return;
    this.#wanted = wanted;
    void this.#held?.release().catch(() => {});
    this.#held = null;
    if (!wanted) return;
    try {
      const held = await navigator.wakeLock.request('screen');
      if (this.#wanted && !this.#held) this.#held = held;
      else void held.release();
    } catch {
      // Not there, or not allowed: a comfort only.
    }
  }
}
