// Proofs of possession and tokens that are not what they should be: each refused by its own reason, and nothing written.
import assert from 'node:assert/strict';
import { createHmac, randomUUID, sign } from 'node:crypto';
import { after, before, describe, it } from 'node:test';

import { Operator } from './support/operator.mjs';
import { Refusals } from './support/hostility.mjs';
import { accessTokenHash, dpop, jws, keyProof, newKey, Phone, preAuthorized, seconds } from './support/phone.mjs';
import { Server } from './support/server.mjs';

let server;
let operator;
let phone;
let other;
let refusals;
const keys = { ec: newKey('ec', { namedCurve: 'P-256' }), rsa: newKey('rsa', { modulusLength: 2048 }), ed448: newKey('ed448') };
const newPhone = async () => Phone.activate(server, await operator.code(await operator.create()));

before(async () => {
  server = await Server.start(['--demo', '--log-level', 'warning', '--rate-address', '0/60', '--rate-phone', '0/60', '--rate-partner', '0/60']);
  operator = new Operator(server);
  phone = await newPhone();
  other = await newPhone();
  refusals = new Refusals(server);
});
after(async () => {
  refusals.print('proofs and tokens');
  assert.deepEqual(await phone.checks(), []);
  assert.deepEqual(await server.stop(), { code: 0, signal: null });
});

const part = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const order = (1n << 252n) + 27742317777372353535851937790883648493n;

// S + L in the place of S: the same signature in a second encoding.
function withGreaterS(token) {
  const [header, payload, signature] = token.split('.');
  const bytes = Buffer.from(signature, 'base64url');
  const s = BigInt(`0x${Buffer.from(bytes.subarray(32)).reverse().toString('hex')}`) + order;
  const greater = Buffer.from(s.toString(16).padStart(64, '0'), 'hex').reverse();
  return `${header}.${payload}.${Buffer.concat([bytes.subarray(0, 32), greater]).toString('base64url')}`;
}

// What is wrong with a JWS, whatever it is for: from its header, claims and key, a text. `typ` of the other kind of proof.
const broken = {
  'no signature': (header, payload) => `${part({ ...header, alg: 'none' })}.${part(payload)}.`,
  'alg NONE with a signature': (header, payload, key) => jws({ ...header, alg: 'NONE' }, payload, key),
  'no alg': (header, payload, key) => jws({ ...header, alg: undefined }, payload, key),
  'ES256 by a P-256 key': (header, payload) => {
    const input = `${part({ ...header, alg: 'ES256', jwk: keys.ec.jwk })}.${part(payload)}`;
    return `${input}.${sign('sha256', Buffer.from(input), { key: keys.ec.secret, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
  },
  'RS256 by an RSA key': (header, payload) => {
    const input = `${part({ ...header, alg: 'RS256', jwk: keys.rsa.jwk })}.${part(payload)}`;
    return `${input}.${sign('sha256', Buffer.from(input), keys.rsa.secret).toString('base64url')}`;
  },
  'HS256 by the public key': (header, payload, key) => {
    const input = `${part({ ...header, alg: 'HS256' })}.${part(payload)}`;
    return `${input}.${createHmac('sha256', Buffer.from(key.jwk.x, 'base64url')).update(input).digest('base64url')}`;
  },
  'an Ed448 key as EdDSA': (header, payload) => jws({ ...header, jwk: keys.ed448.jwk }, payload, keys.ed448),
  'a P-256 key as EdDSA': (header, payload, key) => jws({ ...header, jwk: keys.ec.jwk }, payload, key),
  'another key in the header': (header, payload, key) => jws({ ...header, jwk: newKey().jwk }, payload, key),
  'its private key in the header': (header, payload, key) => jws({ ...header, jwk: key.secret.export({ format: 'jwk' }) }, payload, key),
  'no key': (header, payload, key) => jws({ ...header, jwk: undefined }, payload, key),
  'a kid beside the key': (header, payload, key) => jws({ ...header, kid: 'x' }, payload, key),
  'a kid in the place of the key': (header, payload, key) => jws({ ...header, jwk: undefined, kid: key.jwk.x }, payload, key),
  'a list of keys': (header, payload, key) => jws({ ...header, jwk: [key.jwk] }, payload, key),
  'a key of 31 bytes': (header, payload, key) => jws({ ...header, jwk: { ...key.jwk,
    x: Buffer.from(key.jwk.x, 'base64url').subarray(1).toString('base64url') } }, payload, key),
  'a point of small order': (header, payload) => {
    const [x, signature] = [32, 64].map((size) => Buffer.concat([Buffer.of(1), Buffer.alloc(size - 1)]).toString('base64url'));
    return `${part({ ...header, jwk: { kty: 'OKP', crv: 'Ed25519', x } })}.${part(payload)}.${signature}`;
  },
  'a critical header': (header, payload, key) => jws({ ...header, crit: ['x'], x: 1 }, payload, key),
  'typ JWT': (header, payload, key) => jws({ ...header, typ: 'JWT' }, payload, key),
  'no typ': (header, payload, key) => jws({ ...header, typ: undefined }, payload, key),
  'typ of the other kind': (header, payload, key) => jws({ ...header, typ: header.typ === 'dpop+jwt' ? 'openid4vci-proof+jwt' : 'dpop+jwt' }, payload, key),
  'a flipped signature': (header, payload, key) => jws(header, payload, key).replace(/.{4}$/,
    (end) => (end.startsWith('A') ? `B${end.slice(1)}` : `A${end.slice(1)}`)),
  'S not below the group order': (header, payload, key) => withGreaterS(jws(header, payload, key)),
  'a changed payload': (header, payload, key) => jws(header, payload, key).replace(/\.[^.]+\./, `.${part({ ...payload, more: 1 })}.`),
  'two parts': (header, payload, key) => jws(header, payload, key).split('.').slice(0, 2).join('.'),
  'four parts': (header, payload, key) => `${jws(header, payload, key)}.x`,
  'padding': (header, payload, key) => `${jws(header, payload, key)}==`,
  'a space inside': (header, payload, key) => jws(header, payload, key).replace('.', ' .'),
  'a payload that is a list': (header, payload, key) => jws(header, [payload], key),
  'a payload that is no JSON': (header, _payload, key) => {
    const input = `${part(header)}.${part('{"iat":')}`;
    return `${input}.${sign(null, Buffer.from(input), key.secret).toString('base64url')}`;
  },
  'a member twice': (header, payload, key) => {
    const input = `${part(header)}.${part(JSON.stringify(payload).replace('{', '{"iat":1,'))}`;
    return `${input}.${sign(null, Buffer.from(input), key.secret).toString('base64url')}`;
  },
  'nothing': () => 'x',
  'its own JSON form': (header, payload) => JSON.stringify({ protected: part(header), payload: part(payload), signature: 'x' }),
};

describe('DPoP', () => {
  const url = () => `${server.url}/checks`;
  // Claims that are wrong, and by what reason.
  const claims = {
    'htm of another method': [{ htm: 'POST' }, 'dpop-method'], 'htm in small letters': [{ htm: 'get' }, 'dpop-method'],
    'htm that is no text': [{ htm: 7 }, 'dpop-shape'], 'no htm': [{ htm: undefined }, 'dpop-shape'],
    'another path': [() => ({ htu: `${server.url}/events` }), 'dpop-url'], 'a longer path': [() => ({ htu: `${url()}/` }), 'dpop-url'],
    'capital letters': [() => ({ htu: url().replace('checks', 'CHECKS') }), 'dpop-url'],
    'another host': [() => ({ htu: 'http://evil.example/checks' }), 'dpop-url'],
    'a host name for the address': [() => ({ htu: url().replace('127.0.0.1', 'localhost') }), 'dpop-url'],
    'another port': [() => ({ htu: 'http://127.0.0.1:1/checks' }), 'dpop-url'], 'another scheme': [() => ({ htu: url().replace('http', 'https') }), 'dpop-url'],
    'the path alone': [{ htu: '/checks' }, 'dpop-url'],
    'the path in a query': [() => ({ htu: `${server.url}/?/checks` }), 'dpop-url'],
    'user and password': [() => ({ htu: url().replace('//', '//a:b@') }), 'dpop-url'], 'no htu': [{ htu: undefined }, 'dpop-shape'],
    'a list of URLs': [() => ({ htu: [url()] }), 'dpop-shape'],
    '61 s ago': [() => ({ iat: seconds() - 61 }), 'dpop-time'], '63 s ahead': [() => ({ iat: seconds() + 63 }), 'dpop-time'],
    'in 1970': [{ iat: 0 }, 'dpop-time'], 'far ahead': [{ iat: 253_402_300_799 }, 'dpop-time'],
    'beyond time': [{ iat: 1e18 }, 'dpop-shape'], 'before time': [{ iat: -1 }, 'dpop-shape'], 'a time as text': [() => ({ iat: `${seconds()}` }), 'dpop-shape'],
    'half a second': [() => ({ iat: seconds() + 0.5 }), 'dpop-shape'], 'no time': [{ iat: undefined }, 'dpop-shape'],
    'no jti': [{ jti: undefined }, 'dpop-shape'], 'an empty jti': [{ jti: '' }, 'dpop-shape'], 'a jti of 257 bytes': [{ jti: 'x'.repeat(257) }, 'dpop-shape'],
    'a jti that is a number': [{ jti: 7 }, 'dpop-shape'],
    'no ath': [{ ath: undefined }, 'dpop-token'], 'ath of another token': [() => ({ ath: accessTokenHash(other.access) }), 'dpop-token'],
    'ath that is the token': [() => ({ ath: phone.access }), 'dpop-token'], 'ath that is no text': [{ ath: 7 }, 'dpop-token'],
    'an empty nonce': [{ nonce: '' }, 'dpop-shape'],
  };
  const send = (proof, access = phone.access) => server.fetch('/checks',
    { agent: server.agent, headers: { Authorization: `DPoP ${access}`, ...(proof === undefined ? {} : { DPoP: proof }) } });
  const refuse = async (kind, name, answer, code) => {
    refusals.expect(kind, name, answer, 401, { code });
    assert.match(answer.headers['www-authenticate'], /^DPoP error="invalid_dpop_proof"/);
  };
  const claimsNow = () => ({ jti: randomUUID(), htm: 'GET', htu: url(), iat: seconds(), ath: accessTokenHash(phone.access) });
  const header = () => ({ typ: 'dpop+jwt', alg: 'EdDSA', jwk: phone.key.jwk });

  it('wrong claims', () => refusals.nothingWritten(async () => {
    for (const [name, [wrong, code]] of Object.entries(claims)) {
      const more = typeof wrong === 'function' ? wrong() : wrong;
      await refuse('DPoP claims', name, await send(dpop(phone.key, { method: 'GET', url: url(), token: phone.access, claims: more })), code);
    }
  }));
  it('broken tokens', () => refusals.nothingWritten(async () => {
    for (const [name, make] of Object.entries(broken)) await refuse('DPoP tokens', name, await send(make(header(), claimsNow(), phone.key)),
      /^(algorithm|signature|jw[sk]-|key-|dpop-|json-|base64url-)/);
  }));
  it('none, two, empty, used before, by another key', () => refusals.nothingWritten(async () => {
    await refuse('DPoP tokens', 'none', await send(undefined), 'dpop-shape');
    await refuse('DPoP tokens', 'empty', await send(''), /^(dpop|jws)-shape$/);
    const [one, two] = [1, 2].map(() => jws(header(), claimsNow(), phone.key));
    refusals.expect('DPoP tokens', 'two headers', await send([one, two]), [400, 401], { code: /^(header-duplicate|dpop-shape)$/ });
    await refuse('DPoP tokens', 'two in one header', await send(`${one}, ${two}`), /./);
    assert.equal((await send(one)).status, 200);
    for (let i = 0; i < 3; ++i) await refuse('DPoP used again', 'the same proof', await send(one), 'dpop-used');
    const { jti } = JSON.parse(Buffer.from(one.split('.')[1], 'base64url'));
    await refuse('DPoP used again', 'the same jti in another proof', await send(dpop(phone.key,
      { method: 'GET', url: url(), token: phone.access, claims: { jti, iat: seconds() - 5 } })), 'dpop-used');
    await refuse('DPoP tokens', 'by another key', await send(dpop(other.key, { method: 'GET', url: url(), token: phone.access })), 'dpop-key');
  }));
  it('one of twenty at once', async () => {
    const proof = dpop(phone.key, { method: 'GET', url: url(), token: phone.access });
    const answers = await Promise.all(Array.from({ length: 20 }, () => send(proof)));
    assert.equal(answers.filter(({ status }) => status === 200).length, 1);
    for (const answer of answers.filter(({ status }) => status !== 200)) await refuse('DPoP used again', 'at once', answer, 'dpop-used');
  });
  it('queries and fragments do not count, and a minute either way does (RFC 9449 4.3)', async () => {
    for (const more of [{ htu: `${url()}?a=b` }, { htu: `${url()}#c` }, { iat: seconds() - 55 }, { iat: seconds() + 55 }])
      assert.equal((await send(dpop(phone.key, { method: 'GET', url: url(), token: phone.access, claims: more }))).status, 200);
  });
  it('at /token', () => refusals.nothingWritten(async () => {
    const code = { grant_type: preAuthorized, 'pre-authorized_code': 'x'.repeat(43) };
    const token = (proof, form = code) => server.fetch('/token', { method: 'POST', agent: server.agent, body: new URLSearchParams(form).toString(),
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...(proof === undefined ? {} : { DPoP: proof }) } });
    const here = { method: 'POST', url: `${server.url}/token` };
    for (const [name, [wrong]] of Object.entries(claims)) {
      const more = typeof wrong === 'function' ? wrong() : wrong;
      if ('ath' in more || more.htm === 'POST') continue;
      refusals.expect('DPoP at /token', name, await token(dpop(phone.key, { ...here, claims: more })), 400, { error: 'invalid_dpop_proof' });
    }
    for (const [name, make] of Object.entries(broken))
      refusals.expect('DPoP at /token', name, await token(make(header(), { jti: randomUUID(), htm: 'POST', htu: here.url, iat: seconds() }, phone.key)), 400,
        { error: 'invalid_dpop_proof' });
    refusals.expect('DPoP at /token', 'none', await token(undefined), 400, { error: 'invalid_dpop_proof' });
    const proof = dpop(phone.key, here);
    refusals.expect('DPoP at /token', 'an unknown code', await token(proof), 400, { error: 'invalid_grant' });
    refusals.expect('DPoP at /token', 'used again', await token(proof), 400, { error: 'invalid_dpop_proof', code: 'dpop-used' });
  }));
});

describe('forms at /token', () => {
  it('are refused as OAuth says', () => refusals.nothingWritten(async () => {
    const send = (body, type = 'application/x-www-form-urlencoded') => server.fetch('/token', { method: 'POST', agent: server.agent, body,
      headers: { ...(type ? { 'Content-Type': type } : {}), DPoP: dpop(phone.key, { method: 'POST', url: `${server.url}/token` }) } });
    const grant = `grant_type=${encodeURIComponent(preAuthorized)}`;
    for (const [name, body, error] of [['nothing', '', 'invalid_request'], ['no grant', 'pre-authorized_code=x', 'invalid_request'],
      ['an empty grant', 'grant_type=', 'invalid_request'], ['another grant', 'grant_type=password&username=a&password=b', 'unsupported_grant_type'],
      ['a grant twice', `${grant}&${grant}&pre-authorized_code=x`, 'invalid_request'],
      ['a code twice', `${grant}&pre-authorized_code=x&pre-authorized_code=y`, 'invalid_request'], ['no code', grant, 'invalid_grant'],
      ['a long code', `${grant}&pre-authorized_code=${'x'.repeat(5000)}`, 'invalid_grant'],
      ['half an escape', `${grant}&pre-authorized_code=%4`, 'invalid_request'], ['invalid UTF-8', `${grant}&pre-authorized_code=%ff`, 'invalid_request'],
      ['NUL', `${grant}&pre-authorized_code=%00`, /invalid_(request|grant)/],
      ['a transaction code', `${grant}&pre-authorized_code=x&tx_code=1`, 'invalid_grant'],
      ['10,000 fields', `${grant}&${'a=b&'.repeat(10_000)}`, 'invalid_request'],
      ['an access token to refresh', `grant_type=refresh_token&refresh_token=${phone.access}`, 'invalid_grant'],
      ['the refresh token of another', `grant_type=refresh_token&refresh_token=${other.refreshSecret}`, 'invalid_grant']])
      refusals.expect('forms', name, await send(body), 400, { error });
    for (const type of ['application/json', 'text/plain', 'multipart/form-data; boundary=x', undefined]) refusals.expect('forms', `${type}`,
      await send(`${grant}&pre-authorized_code=x`, type), [400, 415]);
  }));
});

describe('access tokens', () => {
  it('of nobody, of another, of another kind', () => refusals.nothingWritten(async () => {
    const proof = (key, token) => dpop(key, { method: 'GET', url: `${server.url}/checks`, token });
    const send = (authorization, dpopProof) => server.fetch('/checks', { agent: server.agent,
      headers: { ...(authorization === undefined ? {} : { Authorization: authorization }), DPoP: dpopProof } });
    const unknown = 'x'.repeat(43);
    for (const [name, authorization, key, token] of [['none', undefined, phone.key, ''], ['unknown', `DPoP ${unknown}`, phone.key, unknown],
      ['empty', 'DPoP ', phone.key, ''], ['as Bearer', `Bearer ${phone.access}`, phone.key, phone.access],
      ['without a scheme', phone.access, phone.key, phone.access],
      ['a refresh token', `DPoP ${phone.refreshSecret}`, phone.key, phone.refreshSecret],
      ['in capital letters', `DPoP ${phone.access.toUpperCase()}`, phone.key, phone.access.toUpperCase()],
      ['with a tail', `DPoP ${phone.access}x`, phone.key, `${phone.access}x`], ['two', `DPoP ${phone.access}, DPoP ${phone.access}`, phone.key, phone.access],
      ['an operator key', `DPoP ${operator.key}`, phone.key, operator.key]]) {
      const answer = await send(authorization, proof(key, token));
      refusals.expect('access tokens', name, answer, 401, { code: 'access-token' });
      assert.match(answer.headers['www-authenticate'], /^DPoP error="invalid_token"/);
    }
    refusals.expect('access tokens', 'of another, with the proof of one\'s own', await send(`DPoP ${phone.access}`, proof(other.key, phone.access)), 401,
      { code: 'dpop-key' });
    refusals.expect('access tokens', 'of one\'s own, with the proof of another', await send(`DPoP ${other.access}`, proof(phone.key, other.access)), 401,
      { code: 'dpop-key' });
    for (const path of ['/credential', '/events', '/checks']) {
      const method = path === '/credential' ? 'POST' : 'GET';
      refusals.expect('access tokens', `no token at ${path}`, await server.fetch(path, { method }), 401, { code: 'access-token' });
    }
  }));
});

describe('key proofs', () => {
  const ask = (jwt, configuration = 'live-code-lease', more = {}) => phone.send('POST', '/credential',
    { credential_configuration_id: configuration, proofs: { jwt }, ...more });
  const proofBy = async (key, claims = {}) => keyProof(key, { origin: server.url, nonce: await phone.nonce(), claims });
  const claims = {
    'another audience': [{ aud: 'https://evil.example' }, 'key-proof-audience'],
    'a list of audiences': [() => ({ aud: [server.url] }), /^key-proof-(audience|shape)$/], 'no audience': [{ aud: undefined }, 'key-proof-shape'],
    'the audience with a slash': [() => ({ aud: `${server.url}/` }), 'key-proof-audience'],
    '61 s ago': [() => ({ iat: seconds() - 61 }), 'key-proof-time'], '63 s ahead': [() => ({ iat: seconds() + 63 }), 'key-proof-time'],
    'no time': [{ iat: undefined }, 'key-proof-shape'], 'a time as text': [() => ({ iat: `${seconds()}` }), 'key-proof-shape'],
    'no nonce': [{ nonce: undefined }, 'key-proof-shape'], 'an empty nonce': [{ nonce: '' }, 'key-proof-shape'],
    'a nonce of 257 bytes': [{ nonce: 'x'.repeat(257) }, 'key-proof-shape'], 'a nonce that is a number': [{ nonce: 7 }, 'key-proof-shape'],
  };
  it('wrong claims', () => refusals.nothingWritten(async () => {
    for (const [name, [wrong, code]] of Object.entries(claims))
      refusals.expect('key proof claims', name, await ask([await proofBy(newKey(), typeof wrong === 'function' ? wrong() : wrong)]), 400,
        { error: 'invalid_proof', code });
  }));
  it('broken tokens', () => refusals.nothingWritten(async () => {
    for (const [name, make] of Object.entries(broken)) {
      const key = newKey();
      const jwt = make({ typ: 'openid4vci-proof+jwt', alg: 'EdDSA', jwk: key.jwk }, { aud: server.url, iat: seconds(), nonce: await phone.nonce() }, key);
      refusals.expect('key proof tokens', name, await ask([jwt]), 400, { error: 'invalid_proof' });
    }
  }));
  it('nonces that nobody gave, or that were used', () => refusals.nothingWritten(async () => {
    const nonce = await phone.nonce();
    const by = (value) => keyProof(newKey(), { origin: server.url, nonce: value });
    assert.equal((await ask([by(nonce)])).status, 200);
    for (const [name, value] of [['used', nonce], ['unknown', 'x'.repeat(43)], ['in capital letters', (await phone.nonce()).toUpperCase()],
      ['with a tail', `${await phone.nonce()}x`], ['SQL', "' OR 1=1 --"]])
      refusals.expect('nonces', name, await ask([by(value)]), 400, { error: 'invalid_nonce' });
    refusals.expect('nonces', 'one of two unknown', await ask([by(await phone.nonce()), by('x'.repeat(43))]), 400, { error: 'invalid_nonce' });
    const shared = await phone.nonce();
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask([by(shared)])));
    assert.equal(answers.filter(({ status }) => status === 200).length, 1);
    for (const answer of answers.filter(({ status }) => status !== 200)) refusals.expect('nonces', 'of twenty at once', answer, 400,
      { error: 'invalid_nonce' });
  }));
  it('keys twice, too many proofs, misshapen lists', () => refusals.nothingWritten(async () => {
    const key = newKey();
    refusals.expect('key proof lists', 'two proofs by one key', await ask([await proofBy(key), await proofBy(key)]), 400,
      { error: 'invalid_proof', code: 'key-proof-twice' });
    const nine = await Promise.all(Array.from({ length: 9 }, () => proofBy(newKey())));
    for (const [name, proofs] of [['none', { jwt: [] }], ['nine', { jwt: nine }], ['a text', { jwt: nine[0] }], ['numbers', { jwt: [7] }],
      ['nested', { jwt: [[nine[0]]] }], ['another type', { ldp_vp: [nine[0]] }], ['two types', { jwt: [nine[0]], cwt: [nine[0]] }], ['null', null],
      ['a list', [nine[0]]], ['a proof of 5,000 bytes', { jwt: ['x'.repeat(5000)] }]])
      refusals.expect('key proof lists', name, await phone.send('POST', '/credential', { credential_configuration_id: 'live-code-lease', proofs }), 400,
        { error: 'invalid_proof' });
    refusals.expect('key proof lists', 'missing', await phone.send('POST', '/credential', { credential_configuration_id: 'live-code-lease' }), 400,
      { error: 'invalid_proof' });
    for (const [name, body, error] of [['an unknown configuration', { credential_configuration_id: 'passport', proofs: { jwt: [nine[0]] } },
      'unknown_credential_configuration'], ['an identifier', { credential_identifier: 'x', proofs: { jwt: [nine[0]] } }, 'unknown_credential_identifier'],
      ['neither', { proofs: { jwt: [nine[0]] } }, 'invalid_credential_request'],
      ['a number', { credential_configuration_id: 7, proofs: { jwt: [nine[0]] } }, 'invalid_credential_request']])
      refusals.expect('key proof lists', name, await phone.send('POST', '/credential', body), 400, { error });
    refusals.expect('key proof lists', 'the licence for another key', await ask([await proofBy(newKey())], 'driving-licence'), 400,
      { error: 'invalid_proof', code: 'key-proof-device' });
    refusals.expect('key proof lists', 'the licence twice', await ask([await proofBy(phone.key), await proofBy(newKey())], 'driving-licence'), 400,
      { error: 'invalid_proof' });
    refusals.expect('key proof lists', 'a lease for the device key', await ask([await proofBy(phone.key)]), 400,
      { error: 'invalid_proof', code: 'key-proof-device' });
  }));
});
