// One life of the element on a page: joins the module to the stage, the keys, the network and the browser's events. It hands
// events in, carries out the effects that come out, and decides nothing. A module that fails is not asked again.
import type { ControlName, Language, ModuleEffect, PageName, SessionEvent, ViewEvent } from './messages.js';
import type { Checked, DeviceSigner, StateChange } from './e-license.d.ts';
import { watchAttention } from './attention.js';
import { moment, Work } from './core.js';
import { Frames } from './frames.js';
import { watchGestures } from './gestures.js';
import { drawGlyph } from './glyphs.js';
import { KeyStore } from './keys.js';
import { ViewerModule } from './module.js';
import { Network } from './network.js';
import { decodePortrait, uploadPicture } from './portrait.js';
import type { Layout, Stage } from './stage.js';
import { WakeLock } from './wake-lock.js';
import type { Obstacle } from './words.js';

export interface Settings {
  authority: string;
  roots: string[];
  account: string;
  language: Language;
  page: PageName | null;
  module: string; // URL
  signer: DeviceSigner | null;
  concealed: boolean;
}

/** What the viewer has to say to the element. */
export interface Listener {
  /** What the host has handed in by now. From now on it is handed on at once. */
  opened(): SessionEvent[];
  state(change: StateChange): void;
  page(page: PageName): void;
  checked(checked: Checked): void;
  error(code: string, words: string): void;
  storage(keys: KeyStore): void;
  failed(obstacle: Obstacle): void;
}

export class Viewer {
  readonly #stage: Stage;
  readonly #settings: Settings;
  readonly #listener: Listener;
  readonly #life = new AbortController();
  readonly #network = new Network((event) => this.send(event));
  readonly #frames = new Frames(() => this.#draw());
  readonly #wakeLock = new WakeLock();
  readonly #stillness = matchMedia('(prefers-reduced-motion: reduce)');
  readonly #work = new Work<ViewerModule, ModuleEffect>({
    carryOut: (effect) => this.#carryOut(effect),
    done: () => this.#tellChange(),
    wake: () => this.send({ event: 'wake' }),
    failed: () => this.#fail('module-failed'),
  });
  #keys: KeyStore | null = null;
  #context: WebGL2RenderingContext | null = null;
  #layout: Layout = { width: 0, height: 0, ratio: 1 };
  #inFront = false;
  #concealed: boolean;
  #shown = false; // in front and not concealed
  #current = false; // live or offline
  #change: StateChange | null = null;

  constructor(stage: Stage, settings: Settings, listener: Listener) {
    this.#stage = stage;
    this.#settings = settings;
    this.#concealed = settings.concealed;
    this.#listener = listener;
  }

  async open(): Promise<void> {
    const { authority, account, signer, module: url } = this.#settings;
    if (typeof WebAssembly !== 'object') return this.#fail('webassembly');
    const loading = Promise.all([ViewerModule.load(url), KeyStore.open(authority, account, signer)]);
    // Takes long where the processor draws: done while the module is on its way.
    const opened = this.#stage.open();
    if (!opened) {
      loading.then(([module]) => module.close(), () => {});
      return this.#fail('webgl2');
    }
    try {
      const [module, keys] = await loading;
      if (this.#life.signal.aborted) {
        module.close();
        keys.close();
        return;
      }
      this.#work.module = module;
      this.#keys = keys;
      this.#context = opened.context;
    } catch {
      return this.#fail('module-load');
    }
    this.#begin(opened.canvas);
  }

  close(): void {
    if (this.#life.signal.aborted) return;
    this.#life.abort();
    this.#network.abortAll();
    this.#frames.pause();
    void this.#wakeLock.want(false);
    this.#work.close();
    this.#keys?.close();
    this.#stage.close();
  }

  /** As if something lay over the element: blank when this returns. */
  conceal(concealed: boolean): void {
    this.#concealed = concealed;
    this.#attend();
  }

  send(event: SessionEvent | ViewEvent): void {
    this.#sendAll([event]);
  }

  #sendAll(events: (SessionEvent | ViewEvent)[]): void {
    this.#work.ask((module) => { for (const event of events) module.send({ ...event, at: moment() }); });
  }

  #begin(canvas: HTMLCanvasElement): void {
    const { signal } = this.#life;
    const { authority, roots, language, page } = this.#settings;
    const keys = this.#keys as KeyStore;
    this.#listener.storage(keys);
    this.#work.ask((module) => module.attach(this.#context as WebGL2RenderingContext));
    this.#watchContext(canvas);
    this.#stage.watchLayout((layout) => this.#relayout(layout), signal);
    this.#stillness.addEventListener('change', () => this.#relayout(this.#layout), { signal });
    if (signal.aborted) return;
    // Together, so that nobody hears of an account that is missing only until the next event.
    this.#sendAll([
      { event: 'start', authority, roots, language, kept: { ...keys.kept }, keys: keys.publicKeys() },
      ...this.#listener.opened(),
    ]);
    if (page) this.send({ event: 'page', page });
    this.#stage.onControl = (control: ControlName) => this.send({ event: 'control', control });
    watchGestures(this.#stage.root, this.#stage.box, { send: (event) => this.send(event), has: (name) => this.#stage.has(name) }, signal);
    window.addEventListener('online', () => this.send({ event: 'network' }), { signal });
    watchAttention(this.#stage.root.host, {
      shown: () => { this.#inFront = true; this.#attend(); },
      hidden: () => { this.#inFront = false; this.#attend(); },
      disturbed: () => this.send({ event: 'disturbed' }),
    }, signal);
  }

  #watchContext(canvas: HTMLCanvasElement): void {
    const { signal } = this.#life;
    canvas.addEventListener('webglcontextlost', (event) => {
      event.preventDefault(); // else it is never restored
      this.#frames.pause();
      this.#stage.blank();
      this.send({ event: 'context-lost' });
    }, { signal });
    canvas.addEventListener('webglcontextrestored', () => {
      this.send({ event: 'context-restored' });
      if (!this.#shown) return;
      this.#frames.want(0);
      this.#frames.run();
    }, { signal });
  }

  #attend(): void {
    const shown = this.#inFront && !this.#concealed;
    if (shown === this.#shown) return;
    this.#shown = shown;
    if (shown) {
      this.send({ event: 'shown' });
      this.#frames.want(0);
      if (!this.#context?.isContextLost()) this.#frames.run();
    } else {
      this.#frames.pause();
      this.#stage.blank(); // before anything that could fail
      this.send({ event: 'hidden' });
    }
    this.#stayAwake();
  }

  #relayout(layout: Layout): void {
    this.#layout = layout;
    this.send({ event: 'layout', ...layout, reducedMotion: this.#stillness.matches });
    // In the same turn, so that nobody sees the old picture stretched.
    this.#frames.drawNow();
  }

  #draw(): void {
    const { monotonic, wall } = moment();
    const { ratio } = this.#layout;
    this.#stage.fit(ratio);
    this.#work.ask((module) => module.frame(monotonic, wall));
    // Drawing told of another size: the canvas is empty again.
    if (this.#stage.fit(ratio)) this.#work.ask((module) => module.frame(monotonic, wall));
    if (this.#work.module && this.#shown && !this.#context?.isContextLost()) this.#stage.reveal();
  }

  #stayAwake(): void {
    void this.#wakeLock.want(this.#shown && this.#current);
  }

  #carryOut(effect: ModuleEffect): void {
    const keys = this.#keys as KeyStore;
    switch (effect.effect) {
      case 'make-key': return this.#answer(effect.id, keys.make(effect.slot), (key, id) => ({ event: 'key-made', id, key }));
      case 'sign':
        return this.#answer(effect.id, keys.sign(effect.slot, effect.bytes), (signature, id) => ({ event: 'signed', id, signature }));
      case 'forget-key': return keys.forget(effect.slot);
      case 'keep': return keys.keep(effect.name, effect.text);
      case 'fetch': return this.#network.fetch(effect);
      case 'listen': return this.#network.listen(effect);
      case 'abort': return this.#network.abort(effect.id);
      case 'wake': return this.#work.wakeAt(effect.at);
      case 'state': {
        const { state, error, words } = effect;
        this.#change = { state, error, words };
        return;
      }
      case 'checked': {
        const { partner, origin, result, asked, echo, at } = effect;
        return this.#listener.checked({ partner, origin, result, asked, echo, at });
      }
      case 'error':
        // The context cannot do what the pages need: the shaders did not compile.
        if (effect.code === 'graphics') return this.#fail('webgl2');
        return this.#listener.error(effect.code, effect.words);
      case 'frame': return this.#frames.want(effect.at);
      case 'size':
        this.#stage.resize(effect.width, effect.height);
        return this.#frames.want(0);
      case 'page': return this.#listener.page(effect.page);
      case 'controls': return this.#stage.placeControls(effect.controls);
      case 'mirror': return this.#stage.mirror(effect.mirror);
      case 'portrait': return void this.#showPortrait(effect.id, effect.texture, effect.uri);
      case 'glyph': {
        const glyph = drawGlyph(effect);
        return this.#work.ask((module) => module.sendGlyph(effect.id, glyph));
      }
    }
  }

  // Of several in one row the last.
  #tellChange(): void {
    const change = this.#change;
    if (!change) return;
    this.#change = null;
    this.#current = change.state === 'live' || change.state === 'offline';
    this.#stayAwake();
    this.#listener.state(change);
  }

  #answer(id: number, work: Promise<string>, event: (text: string, id: number) => SessionEvent): void {
    work
      .then((text) => this.send(event(text, id)), () => this.send({ event: 'failed', id, why: 'key' }))
      .finally(() => { if (!this.#life.signal.aborted && this.#keys) this.#listener.storage(this.#keys); });
  }

  async #showPortrait(id: number, name: number, uri: string): Promise<void> {
    let size = { width: 0, height: 0 };
    try {
      const picture = await decodePortrait(uri);
      const texture = this.#work.module?.texture(name);
      if (texture && this.#context) {
        uploadPicture(this.#context, texture, picture);
        size = { width: picture.width, height: picture.height };
      }
      picture.close();
    } catch {
      // Told as 0 × 0.
    }
    this.send({ event: 'portrait', id, ...size });
  }

  #fail(obstacle: Obstacle): void {
    if (this.#life.signal.aborted) return;
    this.close();
    this.#listener.failed(obstacle);
  }
}
