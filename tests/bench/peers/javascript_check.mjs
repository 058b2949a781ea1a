// The check of a live code with the packages that one would pick in JavaScript: whether it is signed, countersigned, and of
// now (docs/protocol.md 4). That is less than the core checks: no limits, no strict forms, no status, no replay, no trust list's times.
import { createHash } from 'node:crypto';
import * as ed25519 from '@noble/ed25519';
import base45 from 'base45';
import { Encoder } from 'cbor-x';
import { inflate } from 'pako';

ed25519.hashes.sha512 = (message) => createHash('sha512').update(message).digest(); // the fastest that there is here
const cbor = new Encoder({ mapsAsObjects: false, useRecords: false, tagUint8Array: false, useTag259ForMaps: false });

/** The authority's keys of a trust list that is taken as it is, by their names. */
export function keysOf(list) {
  const { keys } = JSON.parse(Buffer.from(list.split('.')[1], 'base64url').toString());
  return new Map(keys.map(({ kid, x }) => [kid, new Uint8Array(Buffer.from(x, 'base64url'))]));
}

function takeApart(text) {
  const token = inflate(base45.decode(text));
  const [bodyProtected, unprotected, payload, signature] = cbor.decode(token.subarray(1));
  const [signProtected, , countersignature] = unprotected.get(11);
  const claims = cbor.decode(payload);
  return {
    kid: Buffer.from(cbor.decode(bodyProtected).get(4)).toString(),
    signature,
    signed: cbor.encode(['Signature1', bodyProtected, new Uint8Array(), payload]),
    holder: claims.get(8).get(1).get(-2),
    countersignature,
    countersigned: cbor.encode(['CounterSignatureV2', bodyProtected, signProtected, new Uint8Array(), payload, [signature]]),
    name: claims.get(169).get(4),
    isOf(now) {
      const presented = cbor.decode(signProtected).get(15).get(6);
      return presented <= now && now - presented <= 10 && claims.get(6) <= now && now < claims.get(4);
    },
  };
}

/** By @noble/ed25519. → the holder's name, or null */
export function nameByNoble(text, keys, now) {
  const code = takeApart(text);
  const key = keys.get(code.kid);
  const isGood = key && ed25519.verify(code.signature, code.signed, key) && ed25519.verify(code.countersignature, code.countersigned, code.holder);
  return isGood && code.isOf(now) ? code.name : null;
}

const imported = (bytes) => crypto.subtle.importKey('raw', bytes, 'Ed25519', false, ['verify']);
const issuers = new WeakMap();

/** By WebCrypto. The issuer's keys are imported once, the holder's, another with each phone, with each code. → name or null */
export async function nameByWebCrypto(text, keys, now) {
  const code = takeApart(text);
  const key = keys.get(code.kid);
  if (!key) return null;
  if (!issuers.has(key)) issuers.set(key, await imported(key));
  const [isIssued, isHeld] = await Promise.all([
    crypto.subtle.verify('Ed25519', issuers.get(key), code.signature, code.signed),
    imported(code.holder).then((holder) => crypto.subtle.verify('Ed25519', holder, code.countersignature, code.countersigned)),
  ]);
  return isIssued && isHeld && code.isOf(now) ? code.name : null;
}
