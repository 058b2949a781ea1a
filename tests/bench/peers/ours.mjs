// Our part of the rounds in Node: ours.cpp, native and wasm.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { tree } from '../../browser/support/demo_site.mjs';

export const wasm = process.env.ELICENSE_WASM ?? join(tree, 'build/wasm');
const programs = {
  native: [process.env.ELICENSE_PEERS ?? join(tree, 'build/native/elicense_peers')],
  wasm: [process.execPath, join(wasm, 'elicense_peers.js')],
};
export const [inWasm, natively] = ['ours in WebAssembly', 'ours in native code'];

/** One round: what ours.cpp says of the work in the file. */
function ours(kind, task) {
  const [program, ...words] = programs[kind];
  const { status, stdout, stderr, error } = spawnSync(program, [...words, task], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program}: ${error ?? stderr}`);
  return JSON.parse(stdout);
}

/** Both as contenders. `timeOf` throws at an answer that is not right. */
export const oursOf = (task, timeOf) => ({
  [inWasm]: () => timeOf(ours('wasm', task)),
  [natively]: () => timeOf(ours('native', task)),
});
