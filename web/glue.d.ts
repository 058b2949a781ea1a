// What Emscripten's glue gives to the page: web/build.mjs finds it in the folder that CMake builds the modules in.

interface Glue {
  HEAPU8: Uint8Array<ArrayBuffer>; // another one after the memory has grown
}

/** `instantiateWasm` of Emscripten: we bring the compiled module along. */
type MakeInstance<G extends Glue> = (options: {
  instantiateWasm(imports: WebAssembly.Imports, done: (instance: WebAssembly.Instance) => void): object;
}) => Promise<G>;

/** Of the modules with the core's sessions in them. */
interface CoreGlue extends Glue {
  _elicense_abi_version(): number;
  _elicense_create(): number;
  _elicense_destroy(self: number): void;
  _elicense_alloc(size: number): number;
  _elicense_free(pointer: number): void;
  _elicense_send(self: number, pointer: number, size: number): void;
  _elicense_next_message(self: number): number;
  _elicense_message_size(self: number): number;
}

declare module 'glue:e-license' {
  export interface ViewerGlue extends CoreGlue {
    useContext(context: WebGL2RenderingContext): void;
    forgetContext(): void;
    texture(name: number): WebGLTexture | null;
    _elicense_send_glyph(
      viewer: number, id: number, pointer: number, size: number,
      width: number, height: number, left: number, top: number, advance: number,
    ): void;
    _elicense_attach(viewer: number): void;
    _elicense_detach(viewer: number): void;
    _elicense_frame(viewer: number, monotonic: number, wall: number): void;
  }
  const makeInstance: MakeInstance<ViewerGlue>;
  export default makeInstance;
}

declare module 'glue:e-license-verifier' {
  export type VerifierGlue = CoreGlue;
  const makeInstance: MakeInstance<VerifierGlue>;
  export default makeInstance;
}

declare module 'glue:e-license-signer' {
  export interface SignerGlue extends Glue {
    _elicense_signer_create(): number;
    _elicense_signer_destroy(key: number): void;
    _elicense_signer_alloc(size: number): number;
    _elicense_signer_free(pointer: number): void;
    _elicense_signer_public_key(key: number, to: number): void;
    _elicense_signer_sign(key: number, pointer: number, size: number, to: number): void;
  }
  const makeInstance: MakeInstance<SignerGlue>;
  export default makeInstance;
}

declare module 'glue:e-license-receipt' {
  export interface ReceiptGlue extends Glue {
    _elicense_receipt_alloc(size: number): number;
    _elicense_receipt_free(pointer: number): void;
    _elicense_receipt_check(question: number, size: number): number;
    _elicense_receipt_answer_size(): number;
  }
  const makeInstance: MakeInstance<ReceiptGlue>;
  export default makeInstance;
}

/** All of Node that this folder knows: web/receipt.ts runs there. */
declare module 'node:fs/promises' {
  export function readFile(path: URL): Promise<Uint8Array<ArrayBuffer>>;
}
