declare module 'glue:e-license-verifier' {
  export interface VerifierGlue extends Glue {
    _elicense_abi_version(): number;
    _elicense_create(): number;
    _elicense_destroy(verifier: number): void;
    _elicense_alloc(size: number): number;
    _elicense_free(pointer: number): void;
    _elicense_send(verifier: number, pointer: number, size: number): void;
    _elicense_next_message(verifier: number): number;
    _elicense_message_size(verifier: number): number;
  }
  const makeInstance: MakeInstance<VerifierGlue>;
  export default makeInstance;
}
