// The same licence by a page in plain DOM, as a good developer would write it in a week: the packages one would pick, every
// signature verified, nothing slow that need not be. What it leaves out against the viewer stands in docs/performance.md.
// Bundled by page.mjs; it shares with the viewer the reading of base64 alone, and counts it as its own.
import { verifyAsync } from '@noble/ed25519';
import base45 from 'base45';
import { Encoder } from 'cbor-x';
import QRCode from 'qrcode';
import { type Bytes, fromBase64, toBase64url } from '../../../web/bytes.js';

type Claims = Record<string, unknown>;
interface ListedKey { kid: string; x: string; use: string[]; nbf: number; exp: number; revoked?: number }
interface Key { sign(bytes: Bytes): Promise<Bytes>; x: string }

const lifeOfCode = 5000; // ms
const tag18 = 0xd2;
const hidden = ['_sd', '_sd_alg', 'cnf', 'status', 'vct', 'portrait'];
const cbor = new Encoder({ mapsAsObjects: false, useRecords: false, tagUint8Array: false, useTag259ForMaps: false } as object);
const utf8 = new TextEncoder();
const encode = (text: string): Bytes => utf8.encode(text);
const seconds = (): number => Math.floor(Date.now() / 1000);
const { authority = '', root = '', code = '' } = document.body.dataset;

const sha256 = async (bytes: Bytes): Promise<Bytes> => new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
const textOf = (base64url: string): string => new TextDecoder().decode(fromBase64(base64url));

function must(isSo: unknown, what: string): asserts isSo {
  if (!isSo) throw new Error(what);
}

// --- keys and tokens --------------------------------------------------------------------------------------------------

async function newKey(): Promise<Key> {
  const pair = await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify']) as CryptoKeyPair;
  const x = toBase64url(new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey)));
  return { x, sign: async (bytes) => new Uint8Array(await crypto.subtle.sign('Ed25519', pair.privateKey, bytes)) };
}

async function proof(key: Key, typ: string, claims: Claims): Promise<string> {
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: key.x };
  const input = [{ typ, alg: 'EdDSA', jwk }, { iat: seconds(), ...claims }].map((part) => toBase64url(encode(JSON.stringify(part)))).join('.');
  return `${input}.${toBase64url(await key.sign(encode(input)))}`;
}

async function readJws(token: string, typ: string, keyOf: (kid: string) => string): Promise<Claims> {
  const [header = '', payload = '', signature = ''] = token.split('.');
  const { alg, typ: said, kid } = JSON.parse(textOf(header)) as Record<string, string>;
  must((alg === 'EdDSA' || alg === 'Ed25519') && said === typ, 'header');
  must(await verifyAsync(fromBase64(signature), encode(`${header}.${payload}`), fromBase64(keyOf(kid ?? ''))), 'signature');
  return JSON.parse(textOf(payload)) as Claims;
}

function expectValid(claims: Claims): void {
  must(claims['iss'] === authority && Number(claims['iat']) <= seconds() + 60 && seconds() < Number(claims['exp']), 'issuer or time');
}

function keyIn(list: Claims, use: string): (kid: string) => string {
  return (kid) => {
    const now = seconds();
    const key = (list['keys'] as ListedKey[]).find((each) => each.kid === kid && each.use.includes(use));
    must(key && !key.revoked && key.nbf <= now && now < key.exp, 'issuer key');
    return key.x;
  };
}

/** An SD-JWT whose disclosures all have their digest. */
async function readLicence(token: string, list: Claims, device: Key): Promise<Claims> {
  const [jws = '', ...disclosures] = token.split('~');
  const open = await readJws(jws, 'dc+sd-jwt', keyIn(list, 'licence'));
  expectValid(open);
  must((open['cnf'] as { jwk: { x: string } }).jwk.x === device.x, 'device key');
  const digests = open['_sd'] as string[];
  const claims: Claims = {};
  for (const disclosure of disclosures.filter(Boolean)) {
    must(digests.includes(toBase64url(await sha256(encode(disclosure)))), 'digest');
    const [, name, value] = JSON.parse(textOf(disclosure)) as [string, string, unknown];
    must(!(name in open) && !(name in claims), 'claim');
    claims[name] = value;
  }
  return claims;
}

// --- the lease and its codes ------------------------------------------------------------------------------------------

interface Lease { parts: [Bytes, unknown, Bytes, Bytes]; key: Key }

async function readLease(text: string, list: Claims, key: Key, portrait: Bytes): Promise<Lease> {
  const token = fromBase64(text);
  must(token[0] === tag18, 'tag');
  const parts = cbor.decode(token.subarray(1)) as Lease['parts'];
  const [head, , payload, signature] = parts;
  const header = cbor.decode(head) as Map<number, unknown>;
  must(header.get(1) === -8, 'algorithm');
  const issuer = keyIn(list, 'lease')(new TextDecoder().decode(header.get(4) as Bytes));
  must(await verifyAsync(signature, cbor.encode(['Signature1', head, new Uint8Array(), payload]), fromBase64(issuer)), 'signature');
  const claims = cbor.decode(payload) as Map<number, unknown>;
  expectValid({ iss: claims.get(1), exp: claims.get(4), iat: claims.get(6) });
  const holder = (claims.get(8) as Map<number, Map<number, Bytes>>).get(1)?.get(-2);
  must(holder && toBase64url(holder) === key.x, 'holder key');
  const digest = (claims.get(169) as Map<number, Bytes>).get(79);
  must(digest && toBase64url(digest) === toBase64url((await sha256(portrait)).subarray(0, 16)), 'portrait');
  return { parts, key };
}

// The browser's own deflate: no bytes to download. Written and read by hand: by way of a Blob and a Response it takes ten times as long.
async function deflated(bytes: Bytes): Promise<number[]> {
  const { writable, readable } = new CompressionStream('deflate');
  const writer = writable.getWriter();
  void writer.write(bytes);
  void writer.close();
  const reader = readable.getReader();
  const all: number[] = [];
  for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) all.push(...(value ?? []));
  return all;
}

async function mint({ parts: [head, , payload, signature], key }: Lease): Promise<string> {
  const signHead = cbor.encode(new Map<number, unknown>([[1, -8], [15, new Map([[6, seconds()]])]]));
  const message = cbor.encode(['CounterSignatureV2', head, signHead, new Uint8Array(), payload, [signature]]);
  const countersignature = [signHead, new Map(), await key.sign(new Uint8Array(message))];
  const body = cbor.encode([head, new Map([[11, countersignature]]), payload, signature]);
  return base45.encode(new Uint8Array(await deflated(new Uint8Array([tag18, ...body]))));
}

const canvas = document.querySelector('canvas') as HTMLCanvasElement;

async function showCode(lease: Lease): Promise<void> {
  const data = await mint(lease);
  // Mode named: the package would else look for the best mix of modes, which takes three times as long.
  QRCode.toCanvas(canvas, [{ data, mode: 'alphanumeric' }], { errorCorrectionLevel: 'L', scale: 4 });
  canvas.hidden = false;
}

// --- the authority ----------------------------------------------------------------------------------------------------

async function ask(path: string, init: RequestInit = {}): Promise<string> {
  const answer = await fetch(authority + path, { ...init, cache: 'no-store', credentials: 'omit' });
  must(answer.ok, `${path}: ${answer.status}`);
  return answer.text();
}

const post = (path: string, type: string, body: string, headers: Record<string, string>): Promise<string> =>
  ask(path, { method: 'POST', body, headers: { 'Content-Type': type, ...headers } });

async function nonce(): Promise<string> {
  return (JSON.parse(await ask('/nonce', { method: 'POST' })) as { c_nonce: string }).c_nonce;
}

const dpop = (key: Key, path: string, more: Claims = {}): Promise<string> =>
  proof(key, 'dpop+jwt', { jti: crypto.randomUUID(), htm: 'POST', htu: authority + path, ...more });

async function accessToken(device: Key): Promise<string> {
  const form = new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:pre-authorized_code', 'pre-authorized_code': code });
  const answer = await post('/token', 'application/x-www-form-urlencoded', String(form), { DPoP: await dpop(device, '/token') });
  return (JSON.parse(answer) as { access_token: string }).access_token;
}

async function credential(name: string, token: string, device: Key, key: Key, c_nonce: string): Promise<string> {
  const ath = toBase64url(await sha256(encode(token)));
  const jwt = [await proof(key, 'openid4vci-proof+jwt', { aud: authority, nonce: c_nonce })];
  const answer = await post('/credential', 'application/json', JSON.stringify({ credential_configuration_id: name, proofs: { jwt } }),
    { Authorization: `DPoP ${token}`, DPoP: await dpop(device, '/credential', { ath }) });
  return (JSON.parse(answer) as { credentials: [{ credential: string }] }).credentials[0].credential;
}

// --- the page ---------------------------------------------------------------------------------------------------------

const wordsOf = (value: unknown): string => (typeof value === 'object' ? JSON.stringify(value) : String(value));

function showLicence(claims: Claims): void {
  const list = document.querySelector('dl') as HTMLElement;
  for (const [name, value] of Object.entries(claims).filter(([name]) => !hidden.includes(name))) {
    list.append(Object.assign(document.createElement('dt'), { textContent: name }));
    list.append(Object.assign(document.createElement('dd'), { textContent: wordsOf(value) }));
  }
  (document.querySelector('img') as HTMLImageElement).src = String(claims['portrait']);
}

async function start(): Promise<Lease> {
  // All that does not wait for each other at once.
  const [device, key] = await Promise.all([newKey(), newKey()]);
  const [listText, token, first, second] = await Promise.all([ask('/trust-list'), accessToken(device), nonce(), nonce()]);
  const [licenceText, leaseText] = await Promise.all([
    credential('driving-licence', token, device, device, first),
    credential('live-code-lease', token, device, key, second),
  ]);
  const list = await readJws(listText, 'trust-list+jwt', () => root);
  expectValid(list);
  const claims = await readLicence(licenceText, list, device);
  const portrait = fromBase64(String(claims['portrait']).replace(/^data:[^,]*,/, ''));
  const lease = await readLease(leaseText, list, key, portrait);
  showLicence(claims);
  await showCode(lease);
  setInterval(() => void showCode(lease), lifeOfCode);
  return lease;
}

const started = start();

/** Milliseconds of one new code, on the canvas. */
async function newCodes(count: number): Promise<number> {
  const lease = await started;
  const from = performance.now();
  for (let done = 0; done < count; ++done) await showCode(lease);
  return (performance.now() - from) / count;
}

declare global {
  interface Window { newCodes: typeof newCodes }
}
window.newCodes = newCodes;
