// The one file that touches the viewer's wasm memory. An instance serves one viewer and one WebGL context at a time and
// is used again for the next; an instance that has trapped is never used again.
import makeInstance, { type ViewerGlue } from 'glue:e-license';
import { instanceOf } from './compile.js';
import type { ModuleEffect, ModuleEvent } from './messages.js';

const abiVersion = 1;
// Each has 16 MB of address space and more; garbage collection is slow to see them.
const mostIdle = 4;
const idle = new Map<string, ViewerGlue[]>();

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export interface Glyph {
  /** One byte a pixel, rows from the top. */
  coverage: Uint8Array;
  width: number; // 0: the browser has no such glyph
  height: number;
  /** Of the first pixel, from the pen on the baseline; top is negative above it. Device pixels, as all here. */
  left: number;
  top: number;
  advance: number;
}

export class ViewerModule {
  readonly #url: string;
  readonly #glue: ViewerGlue;
  readonly #viewer: number;
  #open = true;
  #attached = false;

  static async load(url: string): Promise<ViewerModule> {
    const glue = idle.get(url)?.pop() ?? (await instanceOf(makeInstance, url));
    return new ViewerModule(url, glue);
  }

  private constructor(url: string, glue: ViewerGlue) {
    if (glue._elicense_abi_version() !== abiVersion) throw new Error('another version of the module');
    this.#url = url;
    this.#glue = glue;
    this.#viewer = glue._elicense_create();
    if (!this.#viewer) throw new Error('no memory');
  }

  attach(context: WebGL2RenderingContext): void {
    this.#glue.useContext(context);
    this.#attached = true;
    this.#glue._elicense_attach(this.#viewer);
  }

  send(event: ModuleEvent): void {
    this.#lend(encoder.encode(JSON.stringify(event)), (pointer, size) => {
      this.#glue._elicense_send(this.#viewer, pointer, size);
    });
  }

  sendGlyph(id: number, { coverage, width, height, left, top, advance }: Glyph): void {
    this.#lend(coverage, (pointer, size) => {
      this.#glue._elicense_send_glyph(this.#viewer, id, pointer, size, width, height, left, top, advance);
    });
  }

  nextEffect(): ModuleEffect | null {
    const pointer = this.#glue._elicense_next_message(this.#viewer);
    if (!pointer) return null;
    const size = this.#glue._elicense_message_size(this.#viewer);
    return JSON.parse(decoder.decode(this.#glue.HEAPU8.subarray(pointer, pointer + size))) as ModuleEffect;
  }

  frame(monotonic: number, wall: number): void {
    this.#glue._elicense_frame(this.#viewer, monotonic, wall);
  }

  texture(name: number): WebGLTexture | null {
    return this.#glue.texture(name);
  }

  /** Ends the viewer; another may have the instance. */
  close(): void {
    if (!this.#open) return;
    this.#open = false;
    if (this.#attached) this.#glue._elicense_detach(this.#viewer);
    this.#glue._elicense_destroy(this.#viewer);
    if (this.#attached) this.#glue.forgetContext();
    const others = idle.get(this.#url) ?? [];
    if (others.length < mostIdle) idle.set(this.#url, [...others, this.#glue]);
  }

  /** After a trap nothing in it can be relied on. */
  abandon(): void {
    this.#open = false;
  }

  #lend(bytes: Uint8Array, use: (pointer: number, size: number) => void): void {
    const pointer = this.#glue._elicense_alloc(bytes.length || 1);
    if (!pointer) throw new Error('no memory');
    try {
      this.#glue.HEAPU8.set(bytes, pointer);
      use(pointer, bytes.length);
    } finally {
      this.#glue._elicense_free(pointer);
    }
  }
}
