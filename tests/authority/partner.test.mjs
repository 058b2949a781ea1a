// The partner's page of examples/partner at its own origin: what it serves, what its backend decides by a receipt alone.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

import { Phone, mint, rootKey, seconds } from './support/phone.mjs';
import { Server, within } from './support/server.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const elicense = process.env.ELICENSE_CLI ?? join(root, 'build/native/elicense');

async function freePort() {
  const probe = createServer();
  await new Promise((resolve) => { probe.listen(0, '127.0.0.1', resolve); });
  const { port } = probe.address();
  await new Promise((resolve) => { probe.close(resolve); });
  return port;
}

let authority;
let partner;
let origin;
let phone;
let lease;
before(async () => {
  const port = await freePort();
  origin = `http://127.0.0.1:${port}`;
  authority = await Server.start(['--demo', '--demo-partner-origin', origin, '--log-level', 'warning']);
  partner = spawn(process.execPath, [join(root, 'examples/partner/server.mjs'), '--port', String(port), '--authority', authority.url,
    '--partner-key', 'demo-rental', '--root', await rootKey(authority), '--elicense', elicense], { stdio: ['ignore', 'pipe', 'ignore'] });
  process.once('exit', () => partner.kill('SIGKILL'));
  await within(new Promise((resolve) => { partner.stdout.once('data', resolve); }), 'the partner listening');
  phone = await Phone.activate(authority, 'demo-normal');
  lease = await phone.lease();
});
after(async () => {
  partner?.kill('SIGKILL');
  await authority?.stop();
});

// As the page does: the code to the authority, then the receipt to the partner's own backend.
async function check(code, requires = 'C1') {
  const answer = await fetch(`${authority.url}/verify`, { method: 'POST', headers: { 'Content-Type': 'application/json', Origin: origin },
    body: JSON.stringify({ code, partner: 'demo-rental', requires }) });
  assert.equal(answer.headers.get('access-control-allow-origin'), origin);
  return answer.json();
}
function pickUp(receipt, more = {}, from = origin) {
  return fetch(`${origin}/pick-up`, { method: 'POST', headers: { 'Content-Type': 'application/json', Origin: from },
    body: JSON.stringify({ receipt, ...more }) });
}
const decision = async (receipt, more) => (await pickUp(receipt, more)).json();

describe("the partner's page", () => {
  it('is served with a policy that lets it speak to the authority and to itself alone', async () => {
    const answer = await fetch(`${origin}/`);
    assert.equal(answer.status, 200);
    const policy = answer.headers.get('content-security-policy');
    assert.match(policy, /default-src 'none'/);
    assert.ok(policy.includes(`connect-src 'self' ${authority.url}`) || policy.includes(`connect-src ${authority.url} 'self'`), policy);
    assert.doesNotMatch(policy, /unsafe-inline|unsafe-eval/);
    assert.equal((await fetch(`${origin}/server.mjs`)).status, 404);
  });
});

describe("the partner's backend", () => {
  it('hands over by the receipt of a valid code, once', async () => {
    const { result, receipt, portrait } = await check(mint(lease));
    assert.equal(result, 'valid');
    assert.match(portrait, /^data:image\/webp;base64,/);
    assert.equal((await decision(receipt)).hand_over, true);
    assert.equal((await decision(receipt)).hand_over, false);
  });

  it('does not by a receipt for a stale code, nor for one that was used', async () => {
    const stale = await check(mint(lease, seconds() - 30));
    assert.equal(stale.result, 'stale');
    assert.equal((await decision(stale.receipt)).hand_over, false);
    const code = mint(lease, seconds() - 1);
    await check(code);
    const used = await check(code);
    assert.equal(used.result, 'already-used');
    assert.equal((await decision(used.receipt)).hand_over, false);
  });

  it('does not for another class than was asked, nor for one that the holder has not', async () => {
    const { receipt } = await check(mint(lease, seconds() - 2), 'C1');
    assert.equal((await decision(receipt, { class: 'C6' })).hand_over, false);
    const other = await check(mint(lease, seconds() - 3), 'C6');
    assert.equal(other.answer.may_drive, false);
    assert.equal((await decision(other.receipt, { class: 'C6' })).hand_over, false);
  });

  it('takes no receipt from another page, and none that is made up', async () => {
    const { receipt } = await check(mint(lease, seconds() - 4));
    assert.equal((await pickUp(receipt, {}, 'https://evil.example')).status, 403);
    const [head, , signature] = receipt.split('.');
    const forged = `${head}.${Buffer.from(JSON.stringify({ result: 'valid' })).toString('base64url')}.${signature}`;
    assert.equal((await decision(forged)).hand_over, false);
    assert.equal((await pickUp('no receipt')).status, 400);
  });
});
