// A phone as a test client, of public libraries alone: keys and signatures by node:crypto, tokens verified by jose, CBOR
// by cbor-x, Base45 by base45-web. It shares no code with the product.
import { createHash, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { deflateSync } from 'node:zlib';

import base45 from 'base45-web';
import { Encoder } from 'cbor-x';
import { calculateJwkThumbprint, importJWK, jwtVerify } from 'jose';

import { run, within } from './server.mjs';

export const seconds = () => Math.floor(Date.now() / 1000);
export const preAuthorized = 'urn:ietf:params:oauth:grant-type:pre-authorized_code';

// --- keys and proofs

export function newKey(kind = 'ed25519', options = undefined) {
  const { privateKey, publicKey } = generateKeyPairSync(kind, options);
  return { secret: privateKey, jwk: publicKey.export({ format: 'jwk' }) };
}

const base64url = (content) => Buffer.from(content).toString('base64url');

// A compact JWS of any header and claims, fitting or not.
export function jws(header, claims, key) {
  const input = `${base64url(JSON.stringify(header))}.${base64url(JSON.stringify(claims))}`;
  return `${input}.${base64url(sign(null, Buffer.from(input), key.secret))}`;
}

export const accessTokenHash = (token) => createHash('sha256').update(token).digest('base64url');

export function dpop(key, { method, url, token = undefined, header = {}, claims = {} }) {
  const ath = token === undefined ? {} : { ath: accessTokenHash(token) };
  return jws({ typ: 'dpop+jwt', alg: 'EdDSA', jwk: key.jwk, ...header },
    { jti: randomUUID(), htm: method, htu: url, iat: seconds(), ...ath, ...claims }, key);
}

export function keyProof(key, { origin, nonce, header = {}, claims = {} }) {
  return jws({ typ: 'openid4vci-proof+jwt', alg: 'EdDSA', jwk: key.jwk, ...header },
    { aud: origin, iat: seconds(), nonce, ...claims }, key);
}

// --- leases and live codes

const cbor = new Encoder({ mapsAsObjects: false, useRecords: false, tagUint8Array: false, useTag259ForMaps: false });
const tag18 = 0xd2;
const map = (...entries) => new Map(entries);

// A lease as it came, with the key that it is bound to.
export function readLease(text, key) {
  const token = Buffer.from(text, 'base64url');
  if (token[0] !== tag18) throw new Error('a lease begins with tag 18');
  const [bodyProtected, , payload, signature] = cbor.decode(token.subarray(1));
  const claims = cbor.decode(payload);
  return { text, key, bodyProtected, payload, signature, claims, kid: cbor.decode(bodyProtected).get(4).toString(),
    id: claims.get(7).toString('hex'), issued: claims.get(6), expires: claims.get(4), status: claims.get(169).get(78), name: claims.get(169).get(4),
    holder: claims.get(8).get(1).get(-2).toString('base64url') };
}

// The text of the QR code (protocol.md 4): the lease, countersigned by its key (RFC 9338).
export function mint(lease, presented = seconds(), challenge = undefined) {
  const presentation = map([6, presented]);
  if (challenge !== undefined) presentation.set(10, Buffer.from(challenge));
  const signProtected = cbor.encode(map([1, -8], [15, presentation]));
  const { bodyProtected, payload, signature } = lease;
  const message = cbor.encode(['CounterSignatureV2', bodyProtected, signProtected, new Uint8Array(), payload, [signature]]);
  const countersignature = [signProtected, map(), sign(null, message, lease.key.secret)];
  const token = cbor.encode([bodyProtected, map([11, countersignature]), payload, signature]);
  return base45.encode(deflateSync(Buffer.concat([Buffer.of(tag18), token])));
}

// --- what the authority signs, verified by jose

export async function rootKey(server, words = []) {
  const { code, out, err } = await run(['root-key', '--data', server.data, ...words]);
  if (code !== 0) throw new Error(`root-key: ${err}`);
  return out.trim();
}

export async function trustList(server, root) {
  const { text } = await server.fetch('/trust-list');
  const key = await importJWK({ kty: 'OKP', crv: 'Ed25519', x: root }, 'EdDSA');
  const { payload } = await jwtVerify(text, key, { typ: 'trust-list+jwt', algorithms: ['EdDSA'], issuer: server.origin });
  return { text, ...payload };
}

// Claims of a token by a key of the trust list that has this use.
export async function verified(token, list, use, wanted) {
  const find = ({ kid }) => {
    const found = list.keys.find((key) => key.kid === kid && key.use.includes(use) && !key.revoked);
    if (!found) throw new Error(`no key ${kid} for ${use}`);
    return importJWK(found, 'EdDSA');
  };
  const { payload } = await jwtVerify(token, find, { algorithms: ['EdDSA'], issuer: list.iss, ...wanted });
  return payload;
}

// --- the phone

// An answer that was not 200.
export class Refused extends Error {
  constructor(answer, what) {
    super(`${what}: ${answer.status} ${answer.text}`);
    Object.assign(this, { status: answer.status, headers: answer.headers });
    try {
      Object.assign(this, { body: JSON.parse(answer.text) });
    } catch {
      this.body = {};
    }
    this.code = this.body.code;
  }
}

export class Phone {
  constructor(server, key = newKey()) {
    Object.assign(this, { server, key, origin: server.origin });
  }

  static async activate(server, code, key = undefined) {
    const phone = new Phone(server, key);
    await phone.redeem(code);
    return phone;
  }

  // Another instance, or the same one after a restart.
  at(server) { return Object.assign(new Phone(server, this.key), { access: this.access, refreshSecret: this.refreshSecret }); }

  thumbprint() { return calculateJwkThumbprint(this.key.jwk); }

  async #token(form) {
    const answer = await this.server.fetch('/token', { method: 'POST', body: new URLSearchParams(form).toString(), agent: this.server.agent,
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', DPoP: dpop(this.key, { method: 'POST', url: `${this.origin}/token` }) } });
    if (answer.status !== 200) throw new Refused(answer, '/token');
    const token = JSON.parse(answer.text);
    this.access = token.access_token;
    this.refreshSecret = token.refresh_token ?? this.refreshSecret;
    return token;
  }
  redeem(code) { return this.#token({ grant_type: preAuthorized, 'pre-authorized_code': code }); }
  refresh() { return this.#token({ grant_type: 'refresh_token', refresh_token: this.refreshSecret }); }

  // The headers that prove a request of this phone; `more` goes to dpop().
  proof(method, path, more = {}) {
    const url = `${this.origin}${path.split('?')[0]}`;
    return { Authorization: `DPoP ${this.access}`, DPoP: dpop(this.key, { method, url, token: this.access, ...more }) };
  }

  send(method, path, body = undefined) {
    const json = body === undefined ? {} : { 'Content-Type': 'application/json' };
    return this.server.fetch(path, { method, body: body === undefined ? undefined : JSON.stringify(body), agent: this.server.agent,
      headers: { ...json, ...this.proof(method, path) } });
  }
  async ask(method, path, body = undefined) {
    const answer = await this.send(method, path, body);
    if (answer.status !== 200) throw new Refused(answer, path);
    return JSON.parse(answer.text);
  }

  nonce() { return nonce(this.server); }

  async #credentials(configuration, keys) {
    const proofs = { origin: this.origin, nonce: await this.nonce() };
    const { credentials } = await this.ask('POST', '/credential',
      { credential_configuration_id: configuration, proofs: { jwt: keys.map((key) => keyProof(key, proofs)) } });
    return credentials.map(({ credential }) => credential);
  }
  async licence() { return (await this.#credentials('driving-licence', [this.key]))[0]; }
  async leases(count) {
    const keys = Array.from({ length: count }, () => newKey());
    return (await this.#credentials('live-code-lease', keys)).map((text, i) => readLease(text, keys[i]));
  }
  async lease() { return (await this.leases(1))[0]; }

  async checks() { return (await this.ask('GET', '/checks')).checks; }

  async events(after = undefined) {
    const path = after === undefined ? '/events' : `/events?after=${after}`;
    const closing = new AbortController();
    const answer = await within(fetch(`${this.server.url}${path}`, { headers: this.proof('GET', path), signal: closing.signal }), path);
    if (answer.status !== 200) throw new Refused({ status: answer.status, headers: Object.fromEntries(answer.headers), text: await answer.text() }, path);
    const events = new Events(answer, closing);
    await events.opened;
    return events;
  }
}

export async function nonce(server) {
  const answer = await server.fetch('/nonce', { method: 'POST', agent: server.agent });
  if (answer.status !== 200) throw new Refused(answer, '/nonce');
  return JSON.parse(answer.text).c_nonce;
}

// A stream of server-sent events, read as WHATWG HTML 9.2.6 says, as far as the authority uses it.
export class Events {
  #waiting = [];
  constructor(answer, closing) {
    this.all = [];
    this.closing = closing;
    this.opened = new Promise((resolve) => { this.open = resolve; });
    this.ended = this.#read(answer.body).catch(() => {}).finally(() => {
      this.open();
      for (const { reject } of this.#waiting) reject(new Error('the stream ended'));
      this.#waiting = [];
    });
  }

  async #read(body) {
    let text = '';
    for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        this.#take(text.slice(0, end));
        text = text.slice(end + 2);
      }
    }
  }
  #take(block) {
    this.open();
    const fields = Object.fromEntries(block.split('\n').filter((line) => /^\w/.test(line)).map((line) => line.split(/: (.*)/s)));
    if (fields.data === undefined) return;
    const event = { id: Number(fields.id), kind: fields.event, arrived: Date.now(), ...JSON.parse(fields.data) };
    this.all.push(event);
    this.#waiting = this.#waiting.filter(({ fits, resolve }) => !fits(event) || resolve(event));
  }

  // The first event of this kind, come already or still to come, that fits.
  next(kind, fits = (_event) => true, limit = 5000) {
    const wanted = (event) => event.kind === kind && fits(event);
    const found = this.all.find(wanted);
    if (found) return Promise.resolve(found);
    return within(new Promise((resolve, reject) => { this.#waiting.push({ fits: wanted, resolve, reject }); }), `event ${kind}`, limit);
  }

  close() {
    this.closing.abort();
    return this.ended;
  }
}
