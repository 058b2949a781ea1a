// dist/e-license-signer.js, loaded only where WebCrypto has no Ed25519: keys in the memory of a small wasm module.
import makeInstance, { type SignerGlue } from 'glue:e-license-signer';
import type { Bytes } from './bytes.js';
import { instanceOf } from './compile.js';

export interface MemoryKey {
  publicKey: Bytes;
  sign(bytes: Uint8Array): Promise<Bytes>;
  /** Overwrites it. */
  wipe(): void;
}

let loading: Promise<SignerGlue> | undefined;

export async function makeMemoryKey(): Promise<MemoryKey> {
  loading ??= instanceOf(makeInstance, new URL('./e-license-signer.wasm', import.meta.url).href).catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  const glue = await loading;
  const key = glue._elicense_signer_create();
  if (!key) throw new Error('no memory');

  // Calls `use` with room for `bytes` and, behind it, for an answer of `size` bytes.
  const answered = (bytes: Uint8Array, size: number, use: (pointer: number, to: number) => void): Bytes => {
    const pointer = glue._elicense_signer_alloc(bytes.length + size);
    if (!pointer) throw new Error('no memory');
    try {
      const to = pointer + bytes.length;
      glue.HEAPU8.set(bytes, pointer);
      use(pointer, to);
      return glue.HEAPU8.slice(to, to + size);
    } finally {
      glue._elicense_signer_free(pointer);
    }
  };

  let wiped = false;
  return {
    publicKey: answered(new Uint8Array(), 32, (_, to) => glue._elicense_signer_public_key(key, to)),
    async sign(bytes) {
      if (wiped) throw new Error('wiped');
      return answered(bytes, 64, (pointer, to) => glue._elicense_signer_sign(key, pointer, bytes.length, to));
    },
    wipe() {
      if (!wiped) glue._elicense_signer_destroy(key);
      wiped = true;
    },
  };
}
