// The forger's workshop: leases and live codes of any make, of public libraries alone, right but for what is asked to be wrong.
import { createPrivateKey, sign } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';

import base45 from 'base45-web';
import { Encoder } from 'cbor-x';
import { jws, seconds } from '../../authority/support/phone.mjs';

export const cbor = new Encoder({ mapsAsObjects: false, useRecords: false, tagUint8Array: false, useTag259ForMaps: false });
export const map = (...entries) => new Map(entries);

export const textOf = (token) => base45.encode(deflateSync(token));
export const ed25519 = (key) => (bytes) => sign(null, bytes, key.secret);

/** The authority's own secret keys, as somebody who broke in would take them: {kid, secret, jwk} of each use. */
export async function stolenKeys(authority, operator) {
  const { keys } = await operator.ask('/admin/keys');
  const folder = join(authority.data, 'keys');
  const files = readdirSync(folder);
  const taken = {};
  for (const { kid, use, signs } of keys) {
    if (!signs || !files.includes(`${kid}.jwk`)) continue;
    const { d, x, kty, crv } = JSON.parse(readFileSync(join(folder, `${kid}.jwk`), 'utf8'));
    taken[use] = { kid, jwk: { kty, crv, x }, secret: createPrivateKey({ key: { kty, crv, x, d }, format: 'jwk' }) };
  }
  return taken;
}

/** The claims of a lease (protocol.md 3) for a key of the forger's. */
export function leaseClaims({ iss, holder, name = '王伪造', number = '3700000000001', more = [], from = seconds() - 30 }) {
  return map([1, iss], [4, from + 86_000], [5, from], [6, from], [7, Buffer.from('forged00')],
    [8, map([1, map([1, 1], [-1, 6], [-2, Buffer.from(holder.jwk.x, 'base64url')])])],
    [169, map([1, number], [3, 'zho'], [4, name], [13, '中国'], [75, '3701**********1234'], [76, [['A1', '20150601']]],
      [77, '20410531'], [78, 'A'], [79, Buffer.alloc(16)], ...more)]);
}

/**
 * The text of a live code. `body` and `counter`: the protected headers, maps; `sealBody`, `sealCounter`: how each is signed.
 * @param {{claims: Map<number, unknown>, holder: {secret: object}, body: Map<number, unknown>, sealBody: (bytes: Buffer) => Buffer,
 *   unprotected?: [number, unknown][], counter?: Map<number, unknown>, sealCounter?: (bytes: Buffer) => Buffer, presented?: number}} made
 */
export function liveCode({ claims, holder, body, sealBody, unprotected = [], presented = seconds(),
  counter = map([1, -8], [15, map([6, presented])]), sealCounter = ed25519(holder) }) {
  const [bodyProtected, payload, counterProtected] = [body, claims, counter].map((part) => (Buffer.isBuffer(part) ? part : cbor.encode(part)));
  const signature = sealBody(cbor.encode(['Signature1', bodyProtected, new Uint8Array(), payload]));
  const countersigned = cbor.encode(['CounterSignatureV2', bodyProtected, counterProtected, new Uint8Array(), payload, [signature]]);
  const token = cbor.encode([bodyProtected, map([11, [counterProtected, map(), sealCounter(countersigned)]], ...unprotected), payload, signature]);
  return textOf(Buffer.concat([Buffer.of(0xd2), token]));
}

/** A receipt of any header and claims (protocol.md 6). */
export const receipt = ({ iss, aud, key, header = {}, claims = {} }) => jws(
  { alg: 'EdDSA', typ: 'verification-receipt+jwt', kid: key.kid, ...header },
  { iss, aud, iat: seconds(), exp: seconds() + 300, jti: 'made-up-00000000000000', result: 'valid', ...claims }, key);
