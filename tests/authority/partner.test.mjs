// The partner's page of examples/partner at its own origin: what it serves, what its backend decides by a receipt alone.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

import { Phone, mint, rootKey, seconds } from './support/phone.mjs';
import { Server, within } from './support/server.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');

async function freePort() {
  const probe = createServer();
  await new Promise((resolve) => { probe.listen(0, '127.0.0.1', resolve); });
  const { port } = probe.address();
  await new Promise((resolve) => { probe.close(resolve); });
  return port;
}

let authority;
let site;
let partner;
let origin;
let phone;
let lease;
before(async () => {
  const port = await freePort();
  origin = `http://127.0.0.1:${port}`;
  site = mkdtempSync(join(tmpdir(), 'elicense-site-'));
  writeFileSync(join(site, 'verifier.html'), '<!doctype html>');
  writeFileSync(join(site, 'other.html'), '<!doctype html>');
  authority = await Server.start(['--demo', '--demo-partner-origin', origin, '--site', site, '--log-level', 'warning']);
  partner = spawn(process.execPath, [join(root, 'examples/partner/server.mjs'), '--port', String(port), '--authority', authority.url,
    '--partner-key', 'demo-rental', '--root', await rootKey(authority)], { stdio: ['ignore', 'pipe', 'ignore'] });
  process.once('exit', () => partner.kill('SIGKILL'));
  await within(new Promise((resolve) => { partner.stdout.once('data', resolve); }), 'the partner listening');
  phone = await Phone.activate(authority, 'demo-normal');
  lease = await phone.lease();
});
after(async () => {
  partner?.kill('SIGKILL');
  await authority?.stop();
  rmSync(site, { recursive: true, force: true });
});

const newTransaction = async () => (await (await fetch(`${origin}/transaction`)).json()).transaction;

// As the page's widget does: the code to the authority, then the receipt to the partner's own backend.
async function check(code, requires = 'C1', nonce = undefined) {
  const answer = await fetch(`${authority.url}/verify`, { method: 'POST', headers: { 'Content-Type': 'application/json', Origin: origin },
    body: JSON.stringify({ code, partner: 'demo-rental', requires, nonce }) });
  assert.equal(answer.headers.get('access-control-allow-origin'), origin);
  return answer.json();
}
function pickUp(receipt, more = {}, from = origin) {
  return fetch(`${origin}/pick-up`, { method: 'POST', headers: { 'Content-Type': 'application/json', Origin: from },
    body: JSON.stringify({ receipt, class: 'C1', transaction: '', ...more }) });
}
const decision = async (receipt, more) => (await pickUp(receipt, more)).json();

describe("the partner's page", () => {
  it('is served with a policy that lets it speak to the authority and to itself alone', async () => {
    const answer = await fetch(`${origin}/`);
    assert.equal(answer.status, 200);
    const policy = answer.headers.get('content-security-policy');
    assert.match(policy, /default-src 'none'/);
    assert.ok(policy.includes(`connect-src 'self' ${authority.url}`) || policy.includes(`connect-src ${authority.url} 'self'`), policy);
    assert.doesNotMatch(policy, /'unsafe-inline'|'unsafe-eval'/);
    for (const path of ['/server.mjs', '/e-license/../server.mjs', '/e-license/e-license-receipt.js']) assert.equal((await fetch(`${origin}${path}`)).status, 404);
    assert.equal((await fetch(`${origin}/e-license/e-license-verifier.wasm`)).headers.get('content-type'), 'application/wasm');
  });
});

describe('the page of the widget at the authority', () => {
  it('may be framed by partners, and no other page by anybody', async () => {
    const policy = async (path) => (await fetch(`${authority.url}${path}`)).headers.get('content-security-policy');
    assert.ok((await policy('/verifier.html')).endsWith(`frame-ancestors ${origin}`), await policy('/verifier.html'));
    assert.match(await policy('/other.html'), /frame-ancestors 'none'$/);
    assert.match(await policy('/healthz'), /frame-ancestors 'none'$/);
  });
});

describe("the partner's backend", () => {
  it('hands over by the receipt of a valid code, once', async () => {
    const transaction = await newTransaction();
    const { result, receipt, portrait } = await check(mint(lease), 'C1', transaction);
    assert.equal(result, 'valid');
    assert.match(portrait, /^data:image\/webp;base64,/);
    assert.deepEqual(await decision(receipt, { transaction }), { hand_over: true, reason: null, class: 'C1' });
    assert.deepEqual(await decision(receipt, { transaction }), { hand_over: false, reason: 'transaction', class: 'C1' });
  });

  it('does not by a good receipt of another transaction, or of none', async () => {
    const [first, second] = [await newTransaction(), await newTransaction()];
    const { receipt } = await check(mint(lease, seconds() - 5), 'C1', first);
    assert.equal((await decision(receipt, { transaction: second })).reason, 'receipt-nonce');
    assert.equal((await decision(receipt, { transaction: 'made-up' })).reason, 'transaction');
    const { receipt: without } = await check(mint(lease, seconds() - 6));
    assert.equal((await decision(without, { transaction: second })).reason, 'receipt-nonce');
    assert.equal((await decision(receipt, { transaction: first })).hand_over, true);
  });

  it('does not by a receipt for a stale code, nor for one that was used', async () => {
    const transaction = await newTransaction();
    const stale = await check(mint(lease, seconds() - 30), 'C1', transaction);
    assert.equal(stale.result, 'stale');
    assert.equal((await decision(stale.receipt, { transaction })).hand_over, false);
    const code = mint(lease, seconds() - 1);
    await check(code);
    const used = await check(code, 'C1', transaction);
    assert.equal(used.result, 'already-used');
    assert.equal((await decision(used.receipt, { transaction })).hand_over, false);
  });

  it('does not for another class than was asked, nor for one that the holder has not', async () => {
    const transaction = await newTransaction();
    const { receipt } = await check(mint(lease, seconds() - 2), 'C1', transaction);
    assert.equal((await decision(receipt, { class: 'C6', transaction })).hand_over, false);
    const other = await check(mint(lease, seconds() - 3), 'C6', transaction);
    assert.equal(other.answer.may_drive, false);
    assert.equal((await decision(other.receipt, { class: 'C6', transaction })).reason, 'receipt-result');
  });

  it('takes no receipt from another page, and none that is made up', async () => {
    const transaction = await newTransaction();
    const { receipt } = await check(mint(lease, seconds() - 4), 'C1', transaction);
    assert.equal((await pickUp(receipt, {}, 'https://evil.example')).status, 403);
    const [head, , signature] = receipt.split('.');
    const forged = `${head}.${Buffer.from(JSON.stringify({ result: 'valid' })).toString('base64url')}.${signature}`;
    assert.equal((await decision(forged, { transaction })).reason, 'signature');
    assert.equal((await decision('no receipt', { transaction })).reason, 'jws-shape');
    assert.equal((await pickUp(7)).status, 400);
    assert.equal((await pickUp(receipt, { class: 'X9' })).status, 400);
  });
});
