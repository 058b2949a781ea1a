// The viewer's module: what every core's module has, and pictures. One WebGL context at a time.
import makeInstance, { type ViewerGlue } from 'glue:e-license';
import { CoreModule, Instances } from './core.js';
import type { ModuleEffect, ModuleEvent } from './messages.js';

const instances = new Instances(makeInstance);

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

export class ViewerModule extends CoreModule<ViewerGlue, ModuleEvent, ModuleEffect> {
  #attached = false;

  static async load(url: string): Promise<ViewerModule> {
    return new ViewerModule(instances, url, await instances.take(url));
  }

  attach(context: WebGL2RenderingContext): void {
    this.glue.useContext(context);
    this.#attached = true;
    this.glue._elicense_attach(this.self);
  }

  sendGlyph(id: number, { coverage, width, height, left, top, advance }: Glyph): void {
    this.lend(coverage, (pointer, size) => {
      this.glue._elicense_send_glyph(this.self, id, pointer, size, width, height, left, top, advance);
    });
  }

  frame(monotonic: number, wall: number): void {
    this.glue._elicense_frame(this.self, monotonic, wall);
  }

  texture(name: number): WebGLTexture | null {
    return this.glue.texture(name);
  }

  protected override end(): void {
    if (this.#attached) this.glue._elicense_detach(this.self);
    super.end();
    if (this.#attached) this.glue.forgetContext();
  }
}
