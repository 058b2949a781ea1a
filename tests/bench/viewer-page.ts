// The page's part played for the bench: a real module, a real WebGL2 context, real keys and a real authority, but a clock
// that the bench moves on itself, so that an hour of codes takes seconds. Bundled by viewer.mjs.
import makeInstance, { type ViewerGlue } from 'glue:e-license';
import { instanceOf } from '../../web/compile.js';
import { drawGlyph } from '../../web/glyphs.js';
import { KeyStore } from '../../web/keys.js';
import type { ModuleEffect, SessionEvent, ViewEvent } from '../../web/messages.js';
import { Network } from '../../web/network.js';
import { decodePortrait, uploadPicture } from '../../web/portrait.js';

type Effect<N extends ModuleEffect['effect']> = Extract<ModuleEffect, { effect: N }>;
type AnyEvent = SessionEvent | ViewEvent;

const encoder = new TextEncoder();
const decoder = new TextDecoder();
// The ratio counts for the graphics alone, which is not what is measured, and would take minutes at 3 where the processor draws.
const layout = { width: 390, height: 844, ratio: 1 };

const turn = () => new Promise<void>((resolve) => { setTimeout(resolve); });

class Host {
  state = '';
  codes = 0; // signed
  inModule = 0; // ms in calls of the module that begin or finish a code
  signing = 0; // ms from asking the browser for a signature to having it
  readonly #glue: ViewerGlue;
  readonly #viewer: number;
  readonly #keys: KeyStore;
  readonly #canvas: HTMLCanvasElement;
  readonly #context: WebGL2RenderingContext;
  readonly #network = new Network((event) => this.send(event));
  readonly #pending = new Set<Promise<void>>();
  #offset = 0; // ms that the clock has been moved on
  #online = true;
  #wake = Infinity;

  constructor(glue: ViewerGlue, keys: KeyStore, canvas: HTMLCanvasElement) {
    this.#glue = glue;
    this.#keys = keys;
    this.#canvas = canvas;
    const context = canvas.getContext('webgl2', { alpha: true, antialias: false, depth: false, stencil: false });
    if (!context) throw new Error('no WebGL2');
    this.#context = context;
    this.#viewer = glue._elicense_create();
    glue.useContext(context);
    glue._elicense_attach(this.#viewer);
  }

  get renderer(): string {
    const info = this.#context.getExtension('WEBGL_debug_renderer_info');
    return String(info ? this.#context.getParameter(info.UNMASKED_RENDERER_WEBGL) : 'unknown');
  }

  begin(authority: string, root: string, code: string): void {
    this.send({ event: 'layout', ...layout, reducedMotion: false });
    this.send({ event: 'start', authority, roots: [root], language: 'zh-CN', kept: { ...this.#keys.kept }, keys: this.#keys.publicKeys() });
    this.send({ event: 'code', code });
    this.send({ event: 'shown' });
  }

  cutNetwork(): void {
    this.#online = false;
    this.#network.abortAll();
  }

  /** Moves the clock on, and rings what was to ring meanwhile. */
  async advance(milliseconds: number): Promise<void> {
    this.#offset += milliseconds;
    while (this.#wake <= this.#moment().monotonic) {
      this.#wake = Infinity;
      this.send({ event: 'wake' });
      await this.settle();
      await turn(); // it may be waiting for an answer of the network
    }
  }

  async settle(): Promise<void> {
    while (this.#pending.size > 0) await Promise.all(this.#pending);
  }

  send(event: AnyEvent): void {
    const before = this.codes;
    const from = performance.now();
    this.#lend({ ...event, at: this.#moment() });
    const effects: ModuleEffect[] = [];
    for (let effect = this.#next(); effect; effect = this.#next()) effects.push(effect);
    const spent = performance.now() - from;
    for (const effect of effects) this.#carryOut(effect);
    if (event.event === 'signed' || this.codes > before) this.inModule += spent;
  }

  /** One frame; the effects that it leaves are carried out by drain(). */
  frame(): void {
    const { monotonic, wall } = this.#moment();
    this.#glue._elicense_frame(this.#viewer, monotonic, wall);
  }

  /** → whether the frame told the time anew */
  drain(): boolean {
    let told = false;
    for (let effect = this.#next(); effect; effect = this.#next()) {
      told ||= effect.effect === 'mirror';
      this.#carryOut(effect);
    }
    return told;
  }

  finish(): void {
    this.#context.finish();
  }

  /** Bytes of the module's memory, and where its heap ends: as far up as a large block has to go. */
  memory(): { pages: number; top: number } {
    const size = 262_144;
    const block = this.#glue._elicense_alloc(size);
    this.#glue._elicense_free(block);
    return { pages: this.#glue.HEAPU8.length, top: block + size };
  }

  #moment(): { monotonic: number; wall: number } {
    return { monotonic: Math.floor(performance.now() + this.#offset), wall: Math.floor(Date.now() + this.#offset) };
  }

  #lend(event: object): void {
    const bytes = encoder.encode(JSON.stringify(event));
    const pointer = this.#glue._elicense_alloc(bytes.length);
    this.#glue.HEAPU8.set(bytes, pointer);
    this.#glue._elicense_send(this.#viewer, pointer, bytes.length);
    this.#glue._elicense_free(pointer);
  }

  #next(): ModuleEffect | null {
    const pointer = this.#glue._elicense_next_message(this.#viewer);
    if (!pointer) return null;
    const size = this.#glue._elicense_message_size(this.#viewer);
    return JSON.parse(decoder.decode(this.#glue.HEAPU8.subarray(pointer, pointer + size))) as ModuleEffect;
  }

  #later(work: Promise<void>): void {
    const done = work.finally(() => { this.#pending.delete(done); });
    this.#pending.add(done);
  }

  #carryOut(effect: ModuleEffect): void {
    switch (effect.effect) {
      case 'make-key':
        return this.#later(this.#keys.make(effect.slot).then((key) => this.send({ event: 'key-made', id: effect.id, key })));
      case 'sign': return this.#sign(effect);
      case 'keep': return this.#keys.keep(effect.name, effect.text);
      case 'forget-key': return this.#keys.forget(effect.slot);
      case 'fetch':
        if (this.#online) return this.#network.fetch(effect);
        return this.#later(Promise.resolve().then(() => this.send({ event: 'failed', id: effect.id, why: 'network' })));
      case 'listen':
        if (this.#online) this.#network.listen(effect);
        else this.#later(Promise.resolve().then(() => this.send({ event: 'failed', id: effect.id, why: 'network' })));
        return;
      case 'abort': return this.#network.abort(effect.id);
      case 'wake':
        this.#wake = effect.at;
        return;
      case 'state':
        this.state = effect.state;
        return;
      case 'size':
        this.#canvas.width = Math.round(effect.width * layout.ratio);
        this.#canvas.height = Math.round(effect.height * layout.ratio);
        return;
      case 'glyph': return this.#sendGlyph(effect);
      case 'portrait': return this.#later(this.#showPortrait(effect));
      default:
    }
  }

  #sign({ id, slot, bytes }: Effect<'sign'>): void {
    const isCode = slot.startsWith('lease');
    if (isCode) this.codes += 1;
    const from = performance.now();
    this.#later(this.#keys.sign(slot, bytes).then((signature) => {
      if (isCode) this.signing += performance.now() - from;
      this.send({ event: 'signed', id, signature });
    }));
  }

  #sendGlyph(effect: Effect<'glyph'>): void {
    const { coverage, width, height, left, top, advance } = drawGlyph(effect);
    const pointer = this.#glue._elicense_alloc(coverage.length || 1);
    this.#glue.HEAPU8.set(coverage, pointer);
    this.#glue._elicense_send_glyph(this.#viewer, effect.id, pointer, coverage.length, width, height, left, top, advance);
    this.#glue._elicense_free(pointer);
  }

  async #showPortrait({ id, texture, uri }: Effect<'portrait'>): Promise<void> {
    const picture = await decodePortrait(uri);
    const place = this.#glue.texture(texture);
    if (place) uploadPicture(this.#context, place, picture);
    this.send({ event: 'portrait', id, width: picture.width, height: picture.height });
    picture.close();
  }
}

let host: Host;

const bench = {
  async begin(authority: string, root: string, account: string, code: string): Promise<string> {
    const glue = await instanceOf(makeInstance, new URL('e-license.wasm', document.baseURI).href);
    const canvas = document.body.appendChild(document.createElement('canvas'));
    host = new Host(glue, await KeyStore.open(authority, account, null), canvas);
    host.begin(authority, root, code);
    return host.renderer;
  },
  state: () => host.state,
  cutNetwork: () => host.cutNetwork(),

  /** Frames as they come thirty times a second. → microseconds of each; `whole`: those that lay out the text, once a second */
  async frames(count: number): Promise<{ moving: number[]; whole: number[] }> {
    const took: { moving: number[]; whole: number[] } = { moving: [], whole: [] };
    for (let done = 0; done < count; ++done) {
      await host.advance(33);
      const from = performance.now();
      host.frame();
      const spent = (performance.now() - from) * 1000;
      (host.drain() ? took.whole : took.moving).push(spent);
      // What was handed to the graphics is carried out outside the time that counts.
      if (done % 4 === 0) host.finish();
    }
    return took;
  },

  /** → milliseconds of one code, and of a frame that shows a new one; how many codes there were */
  async codes(count: number): Promise<{ inModule: number; signing: number; drawing: number; codes: number }> {
    host.codes = host.inModule = host.signing = 0;
    const frames: number[] = [];
    while (host.codes < count) {
      await host.advance(5000);
      if (host.codes % 10 !== 0) continue; // a frame takes long where the processor draws
      const from = performance.now();
      host.frame();
      frames.push(performance.now() - from);
      host.drain();
      host.finish();
    }
    const drawing = frames.reduce((sum, one) => sum + one, 0) / frames.length;
    return { inModule: host.inModule / host.codes, signing: host.signing / host.codes, drawing, codes: host.codes };
  },

  memory: () => host.memory(),
  isolated: () => crossOriginIsolated,
};

declare global {
  interface Window { bench: typeof bench }
}
window.bench = bench;
