// A SQLite store that may not grow any more: writes are refused, what is there can be read, and with room they go on.
import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';

import { auditHead } from './support/hostility.mjs';
import { claims, Operator, portrait } from './support/operator.mjs';
import { mint, Phone, rootKey, trustList } from './support/phone.mjs';
import { Server } from './support/server.mjs';

const unlimited = ['--demo', '--log-level', 'error', '--rate-address', '0/60', '--rate-phone', '0/60', '--rate-partner', '0/60'];
let server;
before(async () => { server = await Server.start([...unlimited, '--store-limit', `${1024 * 1024}`]); });
after(async () => assert.deepEqual(await server.stop(), { code: 0, signal: null }));

it('full: 503 for what has to be written, the rest goes on; with room, all of it', { timeout: 120_000 }, async () => {
  const operator = new Operator(server);
  const partner = await operator.partner();
  const document = await operator.create();
  const phone = await Phone.activate(server, await operator.code(document));
  const [lease] = await phone.leases(1);
  const root = await rootKey(server);
  const isFull = (answer) => answer.status === 503 && JSON.parse(answer.text).code === 'store-full' && Number(answer.headers['retry-after']) >= 1;

  // Until nothing of any kind has room: pages of one kind may have some when those of another have none.
  const writes = [
    () => operator.send('/admin/licence/create', { claims: claims(), portrait }),
    () => operator.send('/admin/licence/code', { document_number: document }),
    () => partner.send('X'),
    () => phone.send('GET', '/checks'),
    () => server.fetch('/nonce', { method: 'POST', agent: server.agent }),
  ];
  for (const write of writes) {
    for (let answer = await write(), i = 0; !isFull(answer); answer = await write(), ++i) assert.ok(answer.status === 200 && i < 20_000,
      `${answer.status} ${answer.text}`);
  }

  const head = await auditHead(server);
  for (const write of [...writes, () => partner.send(mint(lease))]) {
    const answer = await write();
    assert.ok(isFull(answer), `${write}: ${answer.status} ${answer.text}`);
  }
  for (const path of ['/trust-list', '/status/0', '/.well-known/jwks.json', '/.well-known/openid-credential-issuer', '/healthz', '/demo/people'])
    assert.equal((await server.fetch(path)).status, 200, path);
  assert.equal((await operator.ask('/admin/partners')).partners.length >= 1, true);
  assert.equal((await trustList(server, root)).production, false);
  assert.equal(await auditHead(server), head);

  await server.end('SIGTERM');
  server = await server.restart(unlimited);
  assert.equal((await partner.at(server).verify(mint(lease))).result, 'valid');
  assert.equal((await operator.at(server).licence(document)).status, 'A');
  assert.equal(await operator.at(server).create().then(() => true), true);
});
