// How long a result stays: a bar that shrinks, and waits while somebody points at the result or has the focus in it.

const stays = 20_000; // ms
const longest = 120_000; // even under a pointer: nobody's data is left lying

export class Countdown {
  readonly #bar: HTMLElement;
  readonly #done: () => void;
  #running: Animation | null = null;
  #limit: ReturnType<typeof setTimeout> | undefined;
  #holds = new Set<string>();

  /** A pointer over `result` holds it, and the focus in `result` or `controls`. */
  constructor(bar: HTMLElement, result: HTMLElement, controls: HTMLElement, done: () => void) {
    this.#bar = bar;
    this.#done = done;
    result.addEventListener('pointerenter', ({ pointerType }) => { if (pointerType === 'mouse') this.#hold('pointer', true); });
    result.addEventListener('pointerleave', () => this.#hold('pointer', false));
    for (const area of [result, controls]) {
      area.addEventListener('focusin', () => this.#hold('focus', true));
      area.addEventListener('focusout', () => this.#hold('focus', false));
    }
  }

  start(): void {
    this.stop();
    const full = { transform: 'scaleX(1)' };
    const easing = matchMedia('(prefers-reduced-motion: reduce)').matches ? 'steps(10)' : 'linear';
    this.#running = this.#bar.animate([full, { transform: 'scaleX(0)' }], { duration: stays, fill: 'forwards', easing });
    this.#running.onfinish = () => this.#end();
    this.#limit = setTimeout(() => this.#end(), longest);
    if (this.#holds.size > 0) this.#running.pause();
  }

  stop(): void {
    clearTimeout(this.#limit);
    if (this.#running) this.#running.onfinish = null;
    this.#running?.cancel();
    this.#running = null;
  }

  #end(): void {
    this.stop();
    this.#holds.clear();
    this.#done();
  }

  #hold(what: string, on: boolean): void {
    if (on) this.#holds.add(what);
    else this.#holds.delete(what);
    if (this.#holds.size > 0) this.#running?.pause();
    else if (this.#running?.playState === 'paused') this.#running.play();
  }
}
