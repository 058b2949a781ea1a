// The viewfinder: the camera's picture with a frame and its controls, and what is read from it. The camera runs while it is
// wanted and can be seen, and at no other time.
import type { Language } from '../messages.js';
import { element, say } from '../mirror.js';
import { WakeLock } from '../wake-lock.js';
import { Camera, isCameraAllowed, type CameraTrouble } from './camera.js';
import { couldBeCode } from './codes.js';
import { watchFrames } from './video-frames.js';
import { icon, type IconName } from './icons.js';
import { Presence } from './presence.js';
import type { Reader } from './reader.js';
import { watchSight } from './sight.js';
import { words } from './words.js';

export interface FinderListener {
  code(text: string): void;
  /** The phone that was checked is still there. */
  same(): void;
  /** A QR code that is none of ours. */
  stranger(): void;
  /** By somebody's click. */
  touched(): void;
}

export function iconButton(name: IconName): HTMLButtonElement {
  const button = element('button', `tool ${name}`);
  button.type = 'button';
  button.append(icon(name));
  return button;
}

export class Finder {
  readonly box = element('section', 'window');
  /** The holder is tapping: each new code of the phone that lies before it is checked. */
  isTapping = false;

  readonly #listener: FinderListener;
  readonly #reader: Reader;
  #presence = new Presence();
  readonly #video = element('video');
  readonly #camera = new Camera(this.#video, () => void this.#turnOff('failed'));
  readonly #wakeLock = new WakeLock();
  readonly #hint = element('p', 'hint');
  readonly #start = element('button', 'start');
  readonly #startWords = element('span');
  readonly #trouble = element('p', 'trouble');
  readonly #tools = element('div', 'tools');
  readonly #stop = iconButton('stop');
  readonly #other = iconButton('other');
  readonly #torch = iconButton('torch');
  readonly #zoom = element('input', 'zoom');
  #language: Language = 'zh-CN';
  #says: CameraTrouble | 'scanner' | null = null;
  #wanted = false;
  #seen = false;
  #chosen: string | null = null;
  #run: AbortController | null = null;
  #life: AbortController | null = null;

  constructor(reader: Reader, listener: FinderListener) {
    this.#reader = reader;
    this.#listener = listener;
    this.box.setAttribute('part', 'viewfinder');
    this.#video.setAttribute('aria-hidden', 'true');
    this.#start.type = 'button';
    this.#start.append(icon('camera'), this.#startWords);
    Object.assign(this.#zoom, { type: 'range' });
    this.#tools.append(this.#torch, this.#zoom, this.#other, this.#stop);
    const corners = element('div', 'corners');
    corners.append(element('i'), element('i'), element('i'), element('i'));
    this.box.append(this.#video, corners, this.#hint, this.#trouble, this.#start, this.#tools);
    this.#listen();
    this.#show('off');
  }

  /** Begins to watch whether it can be seen; opens the camera without a click where that is allowed already. */
  open(): void {
    if (this.#life) return;
    const { signal } = (this.#life = new AbortController());
    watchSight(this.box, (seen) => {
      this.#seen = seen;
      void this.#adjust();
    }, signal);
    void isCameraAllowed().then((allowed) => {
      if (!allowed || signal.aborted || this.#says) return;
      this.#wanted = true;
      void this.#adjust();
    });
  }

  close(): void {
    this.#life?.abort();
    this.#life = null;
    this.#wanted = this.#seen = false;
    this.#chosen = null;
    this.#complain(null);
    void this.#adjust();
  }

  get isOn(): boolean { return this.#run !== null; }

  /** The phone that lies before it may be checked again, by another code. */
  next(): void { this.#presence.next(); }

  speak(language: Language): void {
    this.#language = language;
    const { camera, trouble } = words[language];
    this.box.setAttribute('aria-label', camera.title);
    say(this.#hint, camera.hint);
    say(this.#startWords, camera.start);
    say(this.#trouble, this.#says ? trouble[this.#says] : '');
    for (const [control, name] of [
      [this.#stop, camera.stop], [this.#other, camera.other], [this.#torch, camera.torch], [this.#zoom, camera.zoom],
    ] as const) {
      control.setAttribute('aria-label', name);
      control.title = name;
    }
  }

  #listen(): void {
    this.#start.addEventListener('click', () => {
      this.#listener.touched();
      this.#complain(null);
      this.#wanted = true;
      void this.#adjust().then(() => { if (this.isOn) this.#stop.focus({ preventScroll: true }); });
    });
    this.#stop.addEventListener('click', () => {
      this.#wanted = false;
      void this.#adjust().then(() => this.#start.focus({ preventScroll: true }));
    });
    this.#other.addEventListener('click', () => void this.#switch());
    this.#torch.addEventListener('click', async () => {
      const on = this.#torch.getAttribute('aria-pressed') !== 'true';
      if (await this.#camera.setTorch(on)) this.#torch.setAttribute('aria-pressed', String(on));
    });
    this.#zoom.addEventListener('input', () => void this.#camera.setZoom(this.#zoom.valueAsNumber));
  }

  async #switch(): Promise<void> {
    const all = await this.#camera.choices();
    const now = all.findIndex(({ id }) => id === this.#camera.id);
    this.#chosen = all[(now + 1) % all.length]?.id ?? null;
    this.#halt();
    await this.#adjust();
  }

  // As it should be now, and nothing when it is so already.
  async #adjust(): Promise<void> {
    const should = this.#wanted && this.#seen && this.#life !== null;
    if (!should) {
      this.#halt();
      this.#show('off');
      return;
    }
    if (this.#run) return;
    const run = (this.#run = new AbortController());
    this.#show('starting');
    this.#reader.prepare();
    const trouble = await this.#camera.open(this.#chosen);
    if (run.signal.aborted) return;
    if (trouble) {
      this.#turnOff(trouble);
      return;
    }
    this.#show('on');
    void this.#offer();
    watchFrames(this.#video, this.#reader, (texts) => this.#look(texts), run.signal)
      .catch(() => { if (!run.signal.aborted) this.#turnOff('scanner'); });
  }

  #look(texts: string[]): void {
    const ours = texts.find(couldBeCode) ?? null;
    if (ours === null && texts.length > 0) this.#listener.stranger();
    if (this.isTapping) this.#presence.next();
    const text = this.#presence.look(ours, performance.now());
    if (text !== null) this.#listener.code(text);
    else if (ours !== null && !this.isTapping) this.#listener.same();
  }

  #turnOff(why: CameraTrouble | 'scanner'): void {
    this.#wanted = false;
    this.#halt();
    this.#complain(why);
    this.#show('off');
  }

  #halt(): void {
    this.#run?.abort();
    this.#run = null;
    this.#presence = new Presence();
    this.#camera.close();
  }

  #complain(why: CameraTrouble | 'scanner' | null): void {
    this.#says = why;
    this.speak(this.#language);
  }

  // The controls that this camera has.
  async #offer(): Promise<void> {
    const { zoom, hasTorch, isMirrored } = this.#camera;
    this.#video.classList.toggle('mirrored', isMirrored);
    this.#torch.hidden = !hasTorch;
    this.#torch.setAttribute('aria-pressed', 'false');
    this.#zoom.hidden = !zoom;
    if (zoom) {
      Object.assign(this.#zoom, { min: String(zoom.min), max: String(zoom.max), step: String(zoom.step) });
      this.#zoom.value = String(zoom.value);
    }
    this.#other.hidden = (await this.#camera.choices()).length < 2;
  }

  #show(state: 'off' | 'starting' | 'on'): void {
    if (this.box.dataset['camera'] === state) return;
    this.box.dataset['camera'] = state;
    this.#start.hidden = state !== 'off';
    this.#tools.hidden = this.#hint.hidden = state !== 'on';
    this.#trouble.hidden = state !== 'off';
    void this.#wakeLock.want(state === 'on');
  }
}
