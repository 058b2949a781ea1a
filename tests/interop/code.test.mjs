// The live code, as others read it: MOSIP PixelPass (Claim 169), @auth0/cose (COSE_Sign1), ZXing (QR); and made by them, read by us.
// No package does RFC 9338: the countersignature is taken apart and put together here, with cbor-x and node:crypto.
import assert from 'node:assert/strict';
import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { deflateSync, inflateSync } from 'node:zlib';

import { Sign1 } from '@auth0/cose';
import pixelpass from '@mosip/pixelpass';
import base45 from 'base45-web';
import { Encoder } from 'cbor-x';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';

import { ask, Authority, flipped, must, now, origin, publicKey, signWith, verifyWith } from './support.mjs';

// Plain maps and byte strings, without cbor-x's own tags. (useTag259ForMaps is missing from its types.)
const cbor = new Encoder(/** @type {any} */ ({ mapsAsObjects: false, useRecords: false, tagUint8Array: false, useTag259ForMaps: false }));
const tag18 = 0xd2;
const eddsa = -8;
const label = { algorithm: 1, kid: 4, countersignature: 11, cwtClaims: 15, issuedAt: 6, challenge: 10 };

/** @type {Authority} */
let authority;
/** @type {string} */
let code;

const person = {
  document_number: '3710012345678', name: '欧阳测试', nationality: '中国', licence_number: '370102199003071234', valid_until: '2031-05-31',
  driving_privileges: [
    { vehicle_category_code: 'A1', issue_date: '2015-06-01', expiry_date: '2031-05-31' },
    { vehicle_category_code: 'C1', issue_date: '2012-02-29' },
  ],
};
const lease = (more = {}) => ({
  iss: origin, iat: now - 60, exp: now + 86_340, cti: '0102030405060708', holder_key: authority.keys.holder.x, ...person,
  status: 'A', portrait: '00112233445566778899aabbccddeeff', ...more,
});

/** @param {object} claims */
async function mint(claims) {
  const words = ['--claims', authority.write('lease.json', claims), '--key', authority.secret('lease'), '--out', authority.path('lease')];
  await must(['lease', 'issue', ...words]);
  return must(['code', 'mint', '--lease', authority.path('lease'), '--key', authority.secret('holder'), '--now', `${now}`, '--challenge', '42']);
}

/** @param {string} text */
const unpack = (text) => inflateSync(Uint8Array.from(base45.decode(text)));
/** @param {Uint8Array} cose */
const pack = (cose) => base45.encode(deflateSync(cose));
/** @param {string} text */
const verify = (text, more = ['--challenge', '42']) =>
  ask(['code', 'verify', '--now', `${now + 2}`, ...authority.trust('lease'), ...more], text);

/** @param {[unknown, unknown][]} entries */
const map = (...entries) => new Map(entries);

/**
 * What a countersignature covers (RFC 9338 3.3): the body's headers, payload and signature, and its own headers.
 * @param {{bodyProtected: Uint8Array, signProtected: Uint8Array, payload: Uint8Array, signature: Uint8Array}} parts
 */
const toBeCountersigned = ({ bodyProtected, signProtected, payload, signature }) =>
  cbor.encode(['CounterSignatureV2', bodyProtected, signProtected, new Uint8Array(), payload, [signature]]);

before(async () => {
  authority = await Authority.make('lease', 'holder', 'stranger');
  code = await mint(lease());
});
after(() => authority.remove());

describe('@mosip/pixelpass reads our code', () => {
  const cwt = { 1: 'iss', 4: 'exp', 5: 'nbf', 6: 'iat', 7: 'cti', 8: 'cnf', 169: 'identity' };
  const claim169 = { 1: 'id', 3: 'language', 4: 'fullName', 13: 'nationality' };

  it('as JSON of the COSE_Sign1, and its claims by name', () => {
    const token = JSON.parse(pixelpass.decode(code));
    assert.equal(token.tag, 18);
    const [, , payload] = token.value;
    const claims = pixelpass.decodeMappedData(Buffer.from(payload.data), cwt);
    assert.deepEqual([claims.iss, claims.iat, claims.nbf, claims.exp], [origin, now - 60, now - 60, now + 86_340]);
    assert.equal(claims.cti.toString('hex'), '0102030405060708');
    const { 79: digest, ...others } = pixelpass.decodeMappedData(claims.identity, claim169);
    assert.equal(digest.toString('hex'), '00112233445566778899aabbccddeeff');
    assert.deepEqual(others, {
      id: person.document_number, language: 'zho', fullName: person.name, nationality: person.nationality,
      75: '3701**********1234', 76: [['A1', '20150601', '20310531'], ['C1', '20120229']], 77: '20310531', 78: 'A',
    });
  });

  const few = { iss: 'https://a', document_number: '1', name: '王', nationality: 'X', licence_number: '1', driving_privileges: [] };
  const many = {
    name: '阿布都热西提·买买提',
    driving_privileges: ['A1', 'B1', 'D', 'M'].map((held) => ({ vehicle_category_code: held, issue_date: '2015-06-01' })),
  };
  for (const [name, more] of Object.entries({ few, many })) {
    it(`with ${name} claims as well`, async () => {
      assert.equal(JSON.parse(pixelpass.decode(await mint(lease(more)))).tag, 18);
    });
  }
});

describe('@auth0/cose', () => {
  it('verifies our issuer signature, the countersignature being there', async () => {
    const token = Sign1.decode(unpack(code));
    assert.equal(token.alg, eddsa);
    assert.equal(Buffer.from(token.kid ?? []).toString(), authority.keys.lease.kid);
    assert.ok(token.unprotectedHeaders.has(label.countersignature));
    await token.verify(/** @type {any} */ (publicKey(authority.keys.lease)));
  });

  it('refuses another key, and our code with one bit turned over', async () => {
    const token = Sign1.decode(unpack(code));
    await assert.rejects(token.verify(/** @type {any} */ (publicKey(authority.keys.stranger))));
    const tampered = new Sign1(token.protectedHeaders, token.unprotectedHeaders, flipped(token.payload, 40), token.signature);
    await assert.rejects(tampered.verify(/** @type {any} */ (publicKey(authority.keys.lease))));
  });

  it('signs a lease and node:crypto countersigns it: valid to us, until a bit is turned over', async () => {
    const { payload } = Sign1.decode(unpack(code));
    const kid = Buffer.from(authority.keys.lease.kid);
    const key = createPrivateKey({ key: { ...authority.secretJwk('lease') }, format: 'jwk' });
    const { signature } = await Sign1.sign([[label.algorithm, eddsa], [label.kid, kid]], undefined, payload, /** @type {any} */ (key));
    const bodyProtected = cbor.encode(map([label.algorithm, eddsa], [label.kid, kid]));
    const presentation = map([label.issuedAt, now], [label.challenge, Buffer.from('07')]);
    const signProtected = cbor.encode(map([label.algorithm, eddsa], [label.cwtClaims, presentation]));
    const message = toBeCountersigned({ bodyProtected, signProtected, payload, signature });
    const countersignature = signWith(authority.secretJwk('holder'), message);
    const whole = (/** @type {Uint8Array} */ last) => pack(Buffer.concat([
      Buffer.of(tag18),
      cbor.encode([bodyProtected, map([label.countersignature, [signProtected, map(), last]]), payload, signature]),
    ]));

    const answer = await verify(whole(countersignature), ['--challenge', '07']);
    assert.equal(answer.result, 'valid');
    assert.equal(answer.age, 2);
    assert.equal(answer.licence.name, person.name);
    const tampered = await verify(whole(flipped(countersignature, 63)), ['--challenge', '07']);
    assert.deepEqual([tampered.result, tampered.error], ['forged', 'countersignature']);
  });
});

describe('the countersignature (RFC 9338), by cbor-x and node:crypto', () => {
  const takeApart = () => {
    const token = unpack(code);
    assert.equal(token[0], tag18); // taken off, because @auth0/cose has taught cbor-x to read it
    const [bodyProtected, unprotected, payload, signature] = cbor.decode(token.subarray(1));
    const [signProtected, signUnprotected, countersignature] = unprotected.get(label.countersignature);
    return { bodyProtected, unprotected, payload, signature, signProtected, signUnprotected, countersignature };
  };

  it('stands alone under label 11 and says when, and the challenge', () => {
    const { unprotected, signProtected, signUnprotected, countersignature } = takeApart();
    assert.deepEqual([...unprotected.keys()], [label.countersignature]);
    assert.deepEqual(signUnprotected, map());
    assert.equal(countersignature.length, 64);
    const header = cbor.decode(signProtected);
    assert.equal(header.get(label.algorithm), eddsa);
    assert.deepEqual(header.get(label.cwtClaims), map([label.issuedAt, now], [label.challenge, Buffer.from('42')]));
  });

  it('is signed by the key in cnf, over body, signature and its own header', () => {
    const { bodyProtected, payload, signature, signProtected, countersignature } = takeApart();
    const cnf = cbor.decode(payload).get(8).get(1);
    const holder = { ...authority.keys.holder, x: Buffer.from(cnf.get(-2)).toString('base64url') };
    assert.equal(holder.x, authority.keys.holder.x);
    const message = toBeCountersigned({ bodyProtected, signProtected, payload, signature });
    assert.ok(verifyWith(holder, message, countersignature));
    assert.ok(verifyWith(authority.keys.lease, cbor.encode(['Signature1', bodyProtected, new Uint8Array(), payload]), signature));
    assert.ok(!verifyWith(holder, flipped(message, message.length - 1), countersignature));
    assert.ok(!verifyWith(authority.keys.lease, message, countersignature));
  });
});

describe('zxing-wasm', () => {
  before(() => {
    const wasmBinary = readFileSync(fileURLToPath(import.meta.resolve('zxing-wasm/reader/zxing_reader.wasm')));
    prepareZXingModule({ overrides: { wasmBinary: /** @type {any} */ (wasmBinary) } });
  });

  for (const [level, scale] of [['L', 4], ['M', 3], ['H', 8]]) {
    it(`reads our QR code, level ${level}, ${scale} pixels a module`, async () => {
      const png = authority.path('code.png');
      const answer = await must(['qr', '--png', png, '--level', `${level}`, '--scale', `${scale}`, '--json'], code);
      const found = await readBarcodes(readFileSync(png), { formats: ['QRCode'] });
      assert.deepEqual(found.map(({ text, error }) => ({ text, error })), [{ text: code, error: '' }]);
      assert.equal(found[0].version, `${JSON.parse(answer).version}`);
    });
  }
});
