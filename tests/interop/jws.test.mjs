// Keys, trust lists and receipts: ours verified by jose, jose's by us, other algorithms refused by name.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { calculateJwkThumbprint, generateKeyPair, importJWK, jwtVerify, SignJWT, UnsecuredJWT } from 'jose';

import { ask, Authority, must, now, origin } from './support.mjs';

const partner = 'https://rental.example';
const at = (/** @type {number} */ seconds) => new Date(seconds * 1000);

/** @type {Authority} */
let authority;
before(async () => { authority = await Authority.make('root', 'receipt'); });
after(() => authority.remove());

const trustList = () => ({
  iss: origin, iat: now - 60, exp: now + 86_400, seq: 7, production: false,
  keys: [{ ...authority.keys.receipt, use: ['receipt'], nbf: now - 60, exp: now + 86_400 }],
});
const receipt = () => ({ iss: origin, aud: partner, iat: now, exp: now + 300, jti: '0123456789abcdef', result: 'valid' });

/** @param {string} text */
const verifyTrustList = (text) => ask(['trust-list', 'verify', '--root', authority.keys.root.x, '--now', `${now}`], text);
/** @param {string} text */
const verifyReceipt = (text) => ask(['receipt', 'verify', '--audience', partner, '--now', `${now}`, ...authority.trust('receipt')], text);

const kinds = [
  { name: 'trust list', typ: 'trust-list+jwt', signer: 'root', claims: trustList, verify: verifyTrustList },
  { name: 'receipt', typ: 'verification-receipt+jwt', signer: 'receipt', claims: receipt, verify: verifyReceipt },
];

/** @param {string} text */
function tampered(text) {
  const [header, payload, signature] = text.split('.');
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
  return [header, Buffer.from(JSON.stringify({ ...claims, iss: `${origin}.evil` })).toString('base64url'), signature].join('.');
}

it('a key is named by the start of the thumbprint that jose computes', async () => {
  const key = authority.keys.root;
  assert.ok((await calculateJwkThumbprint(key)).startsWith(key.kid));
});

describe('ours, verified by jose', () => {
  const cases = [
    { ...kinds[0], verb: ['trust-list', 'sign'], options: {} },
    { ...kinds[1], verb: ['receipt', 'issue'], options: { audience: partner } },
  ];
  for (const { name, typ, signer, claims, verb, options } of cases) {
    it(`a ${name}`, async () => {
      const text = await must([...verb, '--claims', authority.write('claims.json', claims()), '--key', authority.secret(signer)]);
      const key = await importJWK(authority.keys[signer], 'EdDSA');
      const wanted = { typ, algorithms: ['EdDSA'], issuer: origin, currentDate: at(now), ...options };
      const { payload, protectedHeader } = await jwtVerify(text, key, wanted);
      assert.deepEqual(protectedHeader, { alg: 'EdDSA', typ, kid: authority.keys[signer].kid });
      assert.deepEqual(payload, claims());
      await assert.rejects(jwtVerify(tampered(text), key, wanted), { code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED' });
    });
  }
});

describe('jose\'s, verified by us', () => {
  for (const { name, typ, signer, claims, verify } of kinds) {
    const header = (/** @type {string} */ alg) => ({ alg, typ, kid: authority.keys[signer].kid });

    for (const alg of ['EdDSA', 'Ed25519']) {
      it(`a ${name} by ${alg}`, async () => {
        const text = await new SignJWT(claims()).setProtectedHeader(header(alg)).sign(await importJWK(authority.secretJwk(signer), alg));
        assert.equal((await verify(text)).result, 'valid');
        assert.equal((await verify(tampered(text))).error, 'signature');
      });
    }

    for (const alg of ['ES256', 'PS256', 'HS256']) {
      it(`no ${name} by ${alg}`, async () => {
        const key = alg === 'HS256' ? Buffer.from(authority.keys[signer].x, 'base64url') : (await generateKeyPair(alg)).privateKey;
        const text = await new SignJWT(claims()).setProtectedHeader(header(alg)).sign(key);
        assert.equal((await verify(text)).error, 'algorithm');
      });
    }

    it(`no ${name} by none`, async () => {
      const unsecured = new UnsecuredJWT(claims()).encode();
      assert.equal((await verify(unsecured)).error, 'algorithm');
      const named = Buffer.from(JSON.stringify(header('none'))).toString('base64url');
      assert.equal((await verify([named, unsecured.split('.')[1], ''].join('.'))).error, 'algorithm');
    });
  }
});
