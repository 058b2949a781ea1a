// Tries: tokens that talk the verifier into another algorithm or another key: none, HS256 by the public key, ES256, a key or its
//   name where the forger may write.
// Must: each is refused, by the algorithm or by the key, whatever else is right about it.
// Why: there is one algorithm; a key is found by its name in the protected header and in the trust list, and nowhere else.
import assert from 'node:assert/strict';
import { createHmac, sign } from 'node:crypto';
import { after, before } from 'node:test';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { newKey, seconds } from '../authority/support/phone.mjs';
import { Verifier } from '../authority/support/verifier.mjs';
import { tree } from '../browser/support/demo_site.mjs';
import { attack } from './support/attack.mjs';
import { ed25519, leaseClaims, liveCode, map, receipt, stolenKeys } from './support/forge.mjs';
import { Verifiers } from './support/verifiers.mjs';

const { ReceiptDesk } = await import(pathToFileURL(join(process.env.ELICENSE_DIST ?? join(tree, 'dist'), 'e-license-receipt.js')).href);

/** @type {Verifiers} */
let verifiers;
let keys; // the genuine ones, so that nothing but the confusion is wrong
let backend;
const ec = newKey('ec', { namedCurve: 'P-256' });
before(async () => {
  verifiers = await Verifiers.start();
  keys = await stolenKeys(verifiers.stand.authority, verifiers.stand.operator);
  backend = await Verifier.of(verifiers.stand.authority);
});
after(async () => {
  backend?.remove();
  await verifiers?.stop();
});

const es256 = (bytes) => sign('sha256', bytes, { key: ec.secret, dsaEncoding: 'ieee-p1363' });
const hmacByPublicKey = (key) => (bytes) => createHmac('sha256', Buffer.from(key.jwk.x, 'base64url')).update(bytes).digest();

attack({ name: 'a code with another algorithm or another place for its key', outcome: 'refused' }, async (attempt) => {
  const holder = newKey();
  const kid = Buffer.from(keys.lease.kid);
  const good = { claims: leaseClaims({ iss: verifiers.stand.wire.origin, holder }), holder, body: map([1, -8], [4, kid]), sealBody: ed25519(keys.lease) };
  attempt.control((await verifiers.stand.verify(liveCode(good))).result);
  attempt.control((await verifiers.stand.verify(liveCode({ ...good, body: map([1, -19], [4, kid]) }))).result);
  const presented = seconds();
  const x = Buffer.from(holder.jwk.x, 'base64url');
  for (const [name, wrong, ...allowed] of [
    ['ES256', { body: map([1, -7], [4, kid]), sealBody: es256 }, 'algorithm'],
    ['ES256 said of an Ed25519 signature', { body: map([1, -7], [4, kid]) }, 'algorithm'],
    ['HMAC by the public key', { body: map([1, 5], [4, kid]), sealBody: hmacByPublicKey(keys.lease) }, 'algorithm'],
    ['no algorithm', { body: map([4, kid]) }, 'algorithm', 'cose-header'],
    ['an algorithm as text', { body: map([1, 'none'], [4, kid]) }, 'algorithm', 'cose-header'],
    ['the algorithm unprotected', { body: map([4, kid]), unprotected: [[1, -8]] }, 'algorithm', 'cose-header'],
    ['the name of the key unprotected', { body: map([1, -8]), unprotected: [[4, kid]] }, 'issuer-unknown', 'cose-header'],
    ['a second name of the key, unprotected', { unprotected: [[4, Buffer.from(keys.receipt.kid)]] }, 'cose-header'],
    ['a key within the token', { body: map([1, -8], [4, Buffer.from('mine-own')], [-1, x]), sealBody: ed25519(holder) }, 'issuer-unknown', 'cose-header'],
    ['a certificate within the token', { body: map([1, -8], [33, Buffer.alloc(64)]), sealBody: ed25519(holder) }, 'issuer-unknown', 'cose-header'],
    ['something critical', { body: map([1, -8], [2, [99]], [4, kid], [99, true]) }, 'cose-header'],
    ['a countersignature by ES256', { counter: map([1, -7], [15, map([6, presented])]), sealCounter: es256 }, 'algorithm', 'presentation-shape'],
    ['an empty signature', { sealBody: () => Buffer.alloc(0) }, 'cose-shape', 'signature'],
    ['a signature of zeros', { sealBody: () => Buffer.alloc(64) }, 'signature'],
    ['an empty countersignature', { sealCounter: () => Buffer.alloc(0) }, 'presentation-shape', 'countersignature', 'cose-shape'],
  ]) {
    for (const answer of await verifiers.of(liveCode({ ...good, ...wrong }))) {
      assert.notEqual(answer.result, 'valid', name);
      attempt.refused(answer, ...allowed);
    }
  }
});

const part = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

attack({ name: 'a receipt with another algorithm or key', outcome: 'refused' }, async (attempt) => {
  const { origin } = verifiers.checking.counter;
  const { wire, root } = verifiers.stand;
  const desk = new ReceiptDesk({ authority: wire.origin, roots: [root], origin });
  const of = (more) => ({ iss: wire.origin, aud: origin, key: keys.receipt, ...more });
  const atDesk = (text) => desk.check(text).then(() => 'valid', ({ code }) => code);
  const atCommand = async (text) => {
    const { result, error } = await backend.receipt(text, origin);
    return error ?? result;
  };
  attempt.control(await atDesk(receipt(of())));
  attempt.control(await atCommand(receipt(of())));
  const [head, claims] = receipt(of()).split('.');
  const header = JSON.parse(Buffer.from(head, 'base64url'));
  const sealed = (more, seal) => {
    const input = `${part({ ...header, ...more })}.${claims}`;
    return `${input}.${seal(Buffer.from(input)).toString('base64url')}`;
  };
  const own = newKey();
  for (const [text, ...allowed] of [
    [`${part({ ...header, alg: 'none' })}.${claims}.`, 'algorithm', 'jws-shape'],
    [sealed({ alg: 'HS256' }, hmacByPublicKey(keys.receipt)), 'algorithm'],
    [sealed({ alg: 'ES256' }, es256), 'algorithm'],
    [sealed({ alg: ['EdDSA'] }, ed25519(keys.receipt)), 'algorithm', 'jws-header'],
    [receipt(of({ key: { ...own, kid: keys.receipt.kid } })), 'signature'],
    [receipt(of({ key: { ...own, kid: keys.receipt.kid }, header: { jwk: own.jwk } })), 'signature', 'jws-header'],
    [receipt(of({ key: { ...own, kid: 'mine-own' }, header: { jwk: own.jwk, jku: `${origin}/keys`, x5c: ['AA=='] } })), 'issuer-unknown', 'jws-header'],
    [receipt(of({ key: keys.lease })), 'key-use'],
    [receipt(of({ header: { typ: 'statuslist+jwt' } })), 'jws-type'],
    [receipt(of({ header: { crit: ['b64'], b64: false } })), 'jws-header'],
  ]) {
    attempt.stopped(await atDesk(text), ...allowed);
    attempt.stopped(await atCommand(text), ...allowed);
  }
});
