// Runs the built program, and makes the keys and tokens of an authority in a folder of its own. Time is always --now.
import { spawn } from 'node:child_process';
import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const program = process.env.ELICENSE_CLI ?? fileURLToPath(new URL('../../build/native/elicense', import.meta.url));
if (!existsSync(program)) throw new Error(`${program} is not there: ./dev build, or set ELICENSE_CLI`);

export const now = 1_800_000_000;
export const origin = 'https://authority.example';
export const shard = `${origin}/status/0`;

/**
 * An Ed25519 key as JWK, the secret one with its d.
 * @typedef {{kty: string, crv: string, x: string, kid: string, d?: string}} Jwk
 * @typedef {{code: number | null, out: string, err: string}} Done
 */

/**
 * The text, if any, goes to standard input.
 * @param {string[]} words
 * @param {string} [input]
 * @returns {Promise<Done>}
 */
export function run(words, input = '') {
  return new Promise((resolve, reject) => {
    const child = spawn(program, words);
    let out = '';
    let err = '';
    child.stdout.setEncoding('utf8').on('data', (text) => { out += text; });
    child.stderr.setEncoding('utf8').on('data', (text) => { err += text; });
    child.stdin.on('error', () => {}); // it may exit without reading all of it
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, out, err }));
    child.stdin.end(input);
  });
}

/**
 * What it prints when it has to succeed.
 * @param {string[]} words
 * @param {string} [input]
 */
export async function must(words, input) {
  const done = await run(words, input);
  if (done.code !== 0) throw new Error(`elicense ${words.join(' ')}: exit ${done.code}\n${done.out}${done.err}`);
  return done.out.trimEnd();
}

/**
 * Its JSON answer, good or refused.
 * @param {string[]} words
 * @param {string} [input]
 * @returns {Promise<any>}
 */
export async function ask(words, input) {
  const done = await run([...words, '--json'], input);
  if (done.code !== 0 && done.code !== 1) throw new Error(`elicense ${words.join(' ')}: exit ${done.code}\n${done.err}`);
  const answer = JSON.parse(done.out);
  const good = answer.error === null;
  if (good !== (done.code === 0)) throw new Error(`exit ${done.code} with ${done.out}`);
  return answer;
}

export class Authority {
  folder = mkdtempSync(join(tmpdir(), 'elicense-interop-'));
  /** @type {Record<string, Jwk>} */
  keys = {};

  /** @param {string[]} names */
  static async make(...names) {
    const authority = new Authority();
    for (const name of names) authority.keys[name] = JSON.parse(await must(['keys', 'new', '--out', authority.secret(name), '--json']));
    return authority;
  }

  remove() { rmSync(this.folder, { recursive: true, force: true }); }
  /** @param {string} name */
  path(name) { return join(this.folder, name); }
  /** @param {string} name */
  secret(name) { return this.path(`${name}.jwk`); }
  /**
   * @param {string} name
   * @returns {Jwk}
   */
  secretJwk(name) { return JSON.parse(readFileSync(this.secret(name), 'utf8')); }
  /** @param {string} name */
  trust(name) { return ['--issuer-key', `${this.keys[name].kid}=${this.keys[name].x}`]; }
  /**
   * @param {string} name
   * @param {unknown} content a text as it is, anything else as JSON
   */
  write(name, content) {
    writeFileSync(this.path(name), typeof content === 'string' ? content : JSON.stringify(content));
    return this.path(name);
  }
}

/** @param {Jwk} jwk */
export const publicKey = (jwk) => createPublicKey({ key: { kty: jwk.kty, crv: jwk.crv, x: jwk.x }, format: 'jwk' });

/**
 * Ed25519 by node:crypto, that is OpenSSL.
 * @param {Jwk} jwk
 * @param {Uint8Array} message
 */
export const signWith = (jwk, message) => sign(null, message, createPrivateKey({ key: { ...jwk }, format: 'jwk' }));

/**
 * @param {Jwk} jwk
 * @param {Uint8Array} message
 * @param {Uint8Array} signature
 */
export const verifyWith = (jwk, message, signature) => verify(null, message, publicKey(jwk), signature);

/**
 * The bytes with one bit turned over.
 * @param {Uint8Array} bytes
 * @param {number} at
 */
export function flipped(bytes, at) {
  const copy = Uint8Array.from(bytes);
  copy[at] ^= 1;
  return copy;
}
