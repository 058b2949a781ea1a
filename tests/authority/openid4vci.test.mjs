// Wallets of other people: @openid4vc/openid4vci obtains a licence and leases as it is, @sd-jwt/sd-jwt-vc verifies the
// licence, jose the trust list and a receipt.
import assert from 'node:assert/strict';
import { createHash, createPublicKey, randomBytes, verify } from 'node:crypto';
import { after, before, describe, it } from 'node:test';

import { clientAuthenticationAnonymous, setGlobalConfig } from '@openid4vc/oauth2';
import { Openid4vciClient } from '@openid4vc/openid4vci';
import { SDJwtVcInstance } from '@sd-jwt/sd-jwt-vc';
import { importJWK, jwtVerify, SignJWT } from 'jose';

import { Operator } from './support/operator.mjs';
import { mint, newKey, readLease, rootKey, trustList, verified } from './support/phone.mjs';
import { Server, until } from './support/server.mjs';

let server;
let operator;
before(async () => {
  setGlobalConfig({ allowInsecureUrls: true }); // loopback, without TLS
  server = await Server.start(['--demo']);
  operator = new Operator(server);
});
after(async () => assert.deepEqual(await server.stop(), { code: 0, signal: null }));

const signer = (key) => ({ method: 'jwk', alg: 'EdDSA', publicJwk: key.jwk });

// The wallet's own part: keys, hashes, random numbers, HTTP.
function wallet(...keys) {
  return new Openid4vciClient({ callbacks: {
    fetch,
    hash: (data, algorithm) => createHash(algorithm.replace('-', '')).update(data).digest(),
    generateRandom: (length) => randomBytes(length),
    clientAuthentication: clientAuthenticationAnonymous(),
    signJwt: async ({ publicJwk }, { header, payload }) => {
      const { secret } = keys.find(({ jwk }) => jwk.x === publicJwk.x);
      return { jwt: await new SignJWT(payload).setProtectedHeader(header).sign(secret), signerJwk: publicJwk };
    },
    verifyJwt: () => { throw new Error('not called'); },
    decryptJwe: () => { throw new Error('not called'); },
    encryptJwe: () => { throw new Error('not called'); },
  } });
}

const offerOf = (offer) => `openid-credential-offer://?credential_offer=${encodeURIComponent(JSON.stringify(offer))}`;

async function begin(client, device, document_number) {
  const { credential_offer } = await operator.ask('/admin/licence/code', { document_number });
  const credentialOffer = await client.resolveCredentialOffer(offerOf(credential_offer));
  const issuerMetadata = await client.resolveIssuerMetadata(credentialOffer.credential_issuer);
  const { accessTokenResponse, dpop } = await client.retrievePreAuthorizedCodeAccessTokenFromOffer({ credentialOffer, issuerMetadata,
    dpop: { signer: signer(device) } });
  assert.equal(accessTokenResponse.token_type, 'DPoP');
  const { c_nonce: nonce } = await client.requestNonce({ issuerMetadata });
  return { issuerMetadata, accessToken: accessTokenResponse.access_token, dpop, nonce };
}

async function obtain(client, { issuerMetadata, accessToken, dpop, nonce }, credentialConfigurationId, keys) {
  const jwt = await Promise.all(keys.map(async (key) =>
    (await client.createCredentialRequestJwtProof({ issuerMetadata, credentialConfigurationId, signer: signer(key), nonce, issuedAt: new Date() })).jwt));
  const { credentialResponse } = await client.retrieveCredentials({ issuerMetadata, accessToken, dpop, credentialConfigurationId, proofs: { jwt } });
  return credentialResponse.credentials.map(({ credential }) => credential);
}

describe('@openid4vc/openid4vci', () => {
  it('reads the metadata', async () => {
    const { credentialIssuer, authorizationServers, knownCredentialConfigurations } = await wallet().resolveIssuerMetadata(server.url);
    assert.equal(credentialIssuer.credential_issuer, server.url);
    assert.equal(credentialIssuer.batch_credential_issuance.batch_size, 8);
    assert.deepEqual(Object.keys(credentialIssuer.credential_configurations_supported), ['driving-licence', 'live-code-lease']);
    assert.deepEqual(Object.keys(knownCredentialConfigurations), ['driving-licence']); // a lease's format is nobody else's
    assert.equal(authorizationServers[0].issuer, server.url);
    assert.deepEqual(authorizationServers[0].dpop_signing_alg_values_supported, ['EdDSA', 'Ed25519']);
  });

  it('obtains a licence, and @sd-jwt/sd-jwt-vc verifies it, with its status', async () => {
    const document = await operator.create();
    const device = newKey();
    const client = wallet(device);
    const [licence] = await obtain(client, await begin(client, device, document), 'driving-licence', [device]);

    const { keys } = JSON.parse((await server.fetch('/.well-known/jwks.json')).text);
    const verifier = (text, signature) => {
      const token = Buffer.from(text.split('.')[0], 'base64url');
      const { kid } = JSON.parse(token);
      const key = createPublicKey({ key: keys.find((found) => found.kid === kid), format: 'jwk' });
      return verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64url'));
    };
    const fetched = [];
    const peer = new SDJwtVcInstance({
      hashAlg: 'sha-256', hasher: (text, name) => createHash(name.replace('-', '')).update(text).digest(), verifier, statusVerifier: verifier,
      statusListFetcher: async (uri) => {
        fetched.push(uri);
        return (await server.fetch(new URL(uri).pathname)).text;
      },
    });
    const { payload } = await peer.verify(licence);
    const recorded = await operator.licence(document);
    assert.deepEqual([payload.vct, payload.iss, payload.cnf.jwk.x], ['urn:e-license:driving-licence:1', server.url, device.jwk.x]);
    assert.deepEqual(fetched, [`${server.url}/status/0`]);
    for (const [name, value] of Object.entries(recorded.claims)) assert.deepEqual(payload[name], value, name);
    assert.match(payload.portrait, /^data:image\/webp;base64,/);

    await operator.change(document, { status: 'J' });
    await operator.ask('/admin/status/publish');
    // A list may be a second old after its publication.
    const refusal = await until(() => peer.verify(licence).then(() => undefined, (error) => error), 'a status list that says so', 5000);
    assert.match(refusal.message, /status/i);
  });

  it('obtains leases, and a code made with one is valid; jose verifies the receipt', async () => {
    const document = await operator.create();
    const [device, ...keys] = Array.from({ length: 4 }, () => newKey());
    const client = wallet(device, ...keys);
    const credentials = await obtain(client, await begin(client, device, document), 'live-code-lease', keys);
    const partner = await operator.partner();
    const list = await trustList(server, await rootKey(server));
    for (const [i, credential] of credentials.entries()) {
      const { result, receipt } = await partner.verify(mint(readLease(credential, keys[i])));
      assert.equal(result, 'valid');
      assert.equal((await verified(receipt, list, 'receipt', { typ: 'verification-receipt+jwt', audience: partner.origin })).result, 'valid');
    }
  });

  it('hears why, when it is refused', async () => {
    const document = await operator.create();
    const device = newKey();
    const client = wallet(device);
    const session = await begin(client, device, document);
    await operator.change(document, { status: 'J' });
    await assert.rejects(obtain(client, session, 'driving-licence', [device]), (error) => {
      const { credentialErrorResponseResult, response } = error.response ?? error;
      assert.equal((response ?? error.response.response).status, 400);
      assert.equal(credentialErrorResponseResult.data.error, 'credential_request_denied');
      return true;
    });
    await assert.rejects(obtain(client, session, 'driving-licence', [device]), (error) => {
      assert.equal((error.response ?? error).credentialErrorResponseResult.data.error, 'invalid_nonce');
      return true;
    });
  });
});

describe('jose', () => {
  it('verifies the trust list by the root key, and by no other', async () => {
    const { text } = await server.fetch('/trust-list');
    const wanted = { typ: 'trust-list+jwt', algorithms: ['EdDSA'], issuer: server.url };
    const root = await importJWK({ kty: 'OKP', crv: 'Ed25519', x: await rootKey(server) }, 'EdDSA');
    const { payload } = await jwtVerify(text, root, wanted);
    assert.equal(payload.production, false);
    assert.deepEqual([...new Set(payload.keys.flatMap(({ use }) => use))].sort(), ['lease', 'licence', 'receipt', 'status']);
    await assert.rejects(jwtVerify(text, await importJWK(payload.keys[0], 'EdDSA'), wanted), { code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED' });
  });
});
