// A short sound and a vibration for a result. Both can be turned off, which this device remembers where it may.

export type SignalKind = 'sound' | 'vibration';

// Hertz, begin and length in seconds. What may be used rises, what may not stays low: told apart without a look.
const tones: Record<'usable' | 'refused', [number, number, number][]> = {
  usable: [[880, 0, 0.09], [1319, 0.1, 0.16]],
  refused: [[233, 0, 0.16], [196, 0.2, 0.3]],
};
const shakes = { usable: [60], refused: [120, 80, 120] };
const loudness = 0.18;
const name = (kind: SignalKind) => `e-license-verifier ${kind}`;

export class Signals {
  quiet = false;
  #off = new Set<SignalKind>();
  #audio: AudioContext | null = null;

  constructor() {
    for (const kind of ['sound', 'vibration'] as const) {
      try {
        if (globalThis.localStorage?.getItem(name(kind)) === 'off') this.#off.add(kind);
      } catch {
        // Storage is not allowed here.
      }
    }
  }

  static has(kind: SignalKind): boolean {
    return kind === 'sound' ? 'AudioContext' in globalThis : typeof navigator?.vibrate === 'function';
  }

  isOn(kind: SignalKind): boolean { return !this.#off.has(kind); }

  set(kind: SignalKind, on: boolean): void {
    if (on) this.#off.delete(kind);
    else this.#off.add(kind);
    try {
      if (on) localStorage.removeItem(name(kind));
      else localStorage.setItem(name(kind), 'off');
    } catch {
      // For this page's life only.
    }
  }

  /** Within somebody's click: later the browser would let it make no sound. */
  wake(): void {
    if (this.quiet || !this.isOn('sound') || !Signals.has('sound')) return;
    this.#audio ??= new AudioContext();
    void this.#audio.resume().catch(() => {});
  }

  give(kind: 'usable' | 'refused'): void {
    if (this.quiet) return;
    if (this.isOn('vibration') && Signals.has('vibration')) navigator.vibrate(shakes[kind]);
    const audio = this.#audio;
    if (this.isOn('sound') && audio?.state === 'running') for (const tone of tones[kind]) this.#play(audio, ...tone);
  }

  close(): void {
    void this.#audio?.close().catch(() => {});
    this.#audio = null;
  }

  #play(audio: AudioContext, pitch: number, begin: number, length: number): void {
    const at = audio.currentTime + begin;
    const source = audio.createOscillator();
    const volume = audio.createGain();
    source.type = 'triangle';
    source.frequency.value = pitch;
    volume.gain.setValueAtTime(0, at);
    volume.gain.linearRampToValueAtTime(loudness, at + 0.01);
    volume.gain.exponentialRampToValueAtTime(0.001, at + length);
    source.connect(volume).connect(audio.destination);
    source.start(at);
    source.stop(at + length);
  }
}
