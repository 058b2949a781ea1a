// When to draw: only when asked, at most 30 times a second, never while paused.

const shortest = 33; // ms between two frames; two of a 60 Hz display's take 33.3

export class Frames {
  readonly #draw: () => void;
  #wanted = Infinity; // performance.now()
  #last = -Infinity;
  #running = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #request = 0;

  constructor(draw: () => void) {
    this.#draw = draw;
  }

  /** The earliest wish counts until a frame has been drawn. */
  want(at: number): void {
    this.#wanted = Math.min(this.#wanted, at);
    this.#schedule();
  }

  run(): void {
    this.#running = true;
    this.#schedule();
  }

  pause(): void {
    this.#running = false;
    this.#cancel();
  }

  /** At once: what was drawn no longer fits. */
  drawNow(): void {
    if (!this.#running) return;
    this.#cancel();
    this.#wanted = Infinity;
    this.#last = performance.now();
    this.#draw();
  }

  #cancel(): void {
    clearTimeout(this.#timer);
    cancelAnimationFrame(this.#request);
    this.#timer = undefined;
    this.#request = 0;
  }

  #schedule(): void {
    if (!this.#running || this.#wanted === Infinity || this.#request) return;
    clearTimeout(this.#timer);
    // A display's frame that comes a little before its time is as good.
    const wait = Math.max(this.#wanted, this.#last + shortest) - performance.now() - 16;
    if (wait > 0) {
      this.#timer = setTimeout(() => this.#onDisplay(), wait);
    } else {
      this.#onDisplay();
    }
  }

  #onDisplay(): void {
    this.#request = requestAnimationFrame((now) => {
      this.#request = 0;
      if (now < Math.max(this.#wanted, this.#last + shortest)) {
        this.#onDisplay();
        return;
      }
      this.#wanted = Infinity;
      this.#last = now;
      this.#draw();
    });
  }
}
