// The shadow DOM: the canvas with the buttons over it, the plain words for when there is no canvas, and the mirror. Knows
// sizes and places, and nothing of what is drawn.
import type { Control, ControlName, Language, Mirror } from './messages.js';
import { element, makeMirror, say, writeMirror } from './mirror.js';
import { applyStyle } from './style.js';
import { type Obstacle, words } from './words.js';

export interface Layout {
  width: number;
  height: number; // 0: the host has none of its own
  ratio: number;
}

const contextOptions: WebGLContextAttributes = {
  alpha: true,
  antialias: false,
  depth: false,
  stencil: false,
  premultipliedAlpha: true,
  preserveDrawingBuffer: false, // nothing is left to be read after a frame
  powerPreference: 'low-power',
};

export class Stage {
  readonly root: ShadowRoot;
  readonly box: HTMLElement;
  onControl: (name: ControlName) => void = () => {};
  onRetry: () => void = () => {};

  readonly #frame = element('div', 'frame');
  readonly #probe = element('div', 'probe');
  readonly #controls = element('div', 'controls');
  readonly #mirror = makeMirror();
  readonly #status = element('p', 'said');
  readonly #loading = element('slot');
  readonly #unavailable = element('slot');
  readonly #loadingWords = element('p');
  readonly #unavailableWords = element('p');
  readonly #retry = element('button');
  readonly #buttons = new Map<ControlName, HTMLButtonElement>();
  #canvas = element('canvas');
  #context: WebGL2RenderingContext | null = null;
  #size = { width: 0, height: 0 };

  constructor(host: HTMLElement) {
    this.root = host.attachShadow({ mode: 'open' });
    this.box = element('div', 'stage');
    this.box.hidden = true;
    this.box.setAttribute('role', 'group');
    const plain = (slot: HTMLSlotElement, name: string, ...content: HTMLElement[]) => {
      const box = element('div', 'plain');
      box.setAttribute('part', name);
      box.append(...content);
      slot.name = name;
      slot.hidden = true;
      slot.append(box);
    };
    plain(this.#loading, 'loading', this.#loadingWords);
    plain(this.#unavailable, 'unavailable', this.#unavailableWords, this.#retry);
    this.#retry.hidden = true;
    this.#retry.addEventListener('click', () => this.onRetry());
    this.#frame.setAttribute('part', 'frame');
    this.#status.setAttribute('role', 'status');
    this.box.setAttribute('part', 'stage');
    this.box.append(this.#canvas, this.#controls);
    this.#frame.append(this.#probe, this.box, this.#loading, this.#unavailable, this.#mirror, this.#status);
    this.root.append(this.#frame);
    applyStyle(this.root);
  }

  /** A fresh canvas: a context that was let go does not come back. null: no WebGL2. */
  open(): { canvas: HTMLCanvasElement; context: WebGL2RenderingContext } | null {
    const canvas = element('canvas');
    canvas.setAttribute('part', 'canvas');
    canvas.setAttribute('aria-hidden', 'true'); // the mirror says it
    const context = canvas.getContext('webgl2', contextOptions);
    if (!context) return null;
    this.#canvas.replaceWith(canvas);
    this.#canvas = canvas;
    this.#context = context;
    this.#size = { width: 0, height: 0 };
    this.blank();
    return { canvas, context };
  }

  /** Gives the context back to the browser, which has few of them, and takes all content away. */
  close(): void {
    this.blank();
    this.#context?.getExtension('WEBGL_lose_context')?.loseContext();
    this.#context = null;
    this.#canvas.width = this.#canvas.height = 0;
    this.box.hidden = true;
    this.placeControls([]);
    writeMirror(this.#mirror, this.#status, { language: 'zh-CN', heading: '', status: '', sections: [] });
  }

  showLoading(language: Language): void {
    this.#frame.lang = language;
    say(this.#loadingWords, words[language].loading);
    this.#loading.hidden = !this.box.hidden;
    this.#unavailable.hidden = this.#retry.hidden = true;
  }

  showUnavailable(language: Language, obstacle: Obstacle): void {
    this.#frame.lang = language;
    say(this.#unavailableWords, words[language].obstacle[obstacle]);
    say(this.#retry, words[language].retry);
    this.#retry.hidden = !obstacle.startsWith('module');
    this.#loading.hidden = true;
    this.#unavailable.hidden = false;
    say(this.#status, words[language].obstacle[obstacle]);
  }

  /** Nothing of the content can be seen from now on. */
  blank(): void {
    this.box.classList.add('blank');
    const context = this.#context;
    if (!context || context.isContextLost()) return;
    context.bindFramebuffer(context.DRAW_FRAMEBUFFER, null);
    context.disable(context.SCISSOR_TEST);
    context.colorMask(true, true, true, true);
    context.clearColor(0, 0, 0, 0);
    context.clear(context.COLOR_BUFFER_BIT);
  }

  /** After a frame. */
  reveal(): void {
    this.box.classList.remove('blank');
  }

  /** CSS pixels that the canvas takes. */
  resize(width: number, height: number): void {
    this.#size = { width, height };
    this.box.hidden = false;
    this.box.style.width = `${width}px`;
    this.box.style.height = `${height}px`;
    this.#loading.hidden = true;
  }

  /** The canvas' own pixels, right before a frame: setting them clears it. Whether they have changed. */
  fit(ratio: number): boolean {
    const width = Math.round(this.#size.width * ratio);
    const height = Math.round(this.#size.height * ratio);
    if (this.#canvas.width === width && this.#canvas.height === height) return false;
    this.#canvas.width = width;
    this.#canvas.height = height;
    return true;
  }

  placeControls(controls: Control[]): void {
    const focused = this.root.activeElement;
    const gone = new Set(this.#buttons.keys());
    for (const { name, label, x, y, width, height, pressed } of controls) {
      gone.delete(name);
      const button = this.#buttons.get(name) ?? this.#makeButton(name);
      const place = { left: `${x}px`, top: `${y}px`, width: `${width}px`, height: `${height}px` };
      Object.assign(button.style, place);
      if (button.ariaLabel !== label) button.setAttribute('aria-label', label);
      if (pressed !== undefined) button.setAttribute('aria-pressed', String(pressed));
      else button.removeAttribute('aria-pressed');
    }
    let lost = false;
    for (const name of gone) {
      const button = this.#buttons.get(name);
      lost ||= button === focused;
      button?.remove();
      this.#buttons.delete(name);
    }
    // In the order of the module, which is the order of the tab key. Moving a button would take the focus from it.
    controls.forEach(({ name }, index) => {
      const button = this.#buttons.get(name);
      const there = this.#controls.children[index];
      if (button && there !== button) this.#controls.insertBefore(button, there ?? null);
    });
    if (lost) (this.#buttons.get('close') ?? this.#buttons.get('enlarge') ?? [...this.#buttons.values()][0])?.focus();
    else if (focused instanceof HTMLElement && this.#controls.contains(focused)) focused.focus();
  }

  has(name: ControlName): boolean {
    return this.#buttons.has(name);
  }

  mirror(mirror: Mirror): void {
    this.box.setAttribute('aria-label', mirror.heading);
    writeMirror(this.#mirror, this.#status, mirror);
  }

  /** Until `signal`: the room there is, now and whenever it changes. */
  watchLayout(report: (layout: Layout) => void, signal: AbortSignal): void {
    if (signal.aborted) return;
    let last = '';
    let devicePixels = 0;
    const look = () => {
      const ratio = devicePixelRatio;
      const { width } = this.#frame.getBoundingClientRect();
      // Whole device pixels, so that what is drawn is not scaled.
      const pixels = devicePixels && Math.abs(devicePixels - width * ratio) < 2 ? devicePixels : Math.floor(width * ratio);
      const layout = { width: pixels / ratio, height: this.#probe.clientHeight, ratio };
      const now = JSON.stringify(layout);
      if (pixels === 0 || now === last || signal.aborted) return;
      last = now;
      report(layout);
    };
    const observer = new ResizeObserver((entries) => {
      for (const entry of entries) {
        if (entry.target === this.#frame) devicePixels = entry.devicePixelContentBoxSize?.[0]?.inlineSize ?? 0;
      }
      look();
    });
    try {
      observer.observe(this.#frame, { box: 'device-pixel-content-box' });
    } catch {
      observer.observe(this.#frame); // WebKit
    }
    observer.observe(this.#probe);
    const watchRatio = () => {
      if (signal.aborted) return;
      matchMedia(`(resolution: ${devicePixelRatio}dppx)`)
        .addEventListener('change', () => { look(); watchRatio(); }, { once: true, signal });
    };
    watchRatio();
    signal.addEventListener('abort', () => observer.disconnect());
    look();
  }

  adopted(): void {
    applyStyle(this.root);
  }

  #makeButton(name: ControlName): HTMLButtonElement {
    const button = element('button', 'control');
    button.type = 'button';
    button.setAttribute('part', `control ${name}`);
    button.addEventListener('click', () => this.onControl(name));
    this.#buttons.set(name, button);
    return button;
  }
}
