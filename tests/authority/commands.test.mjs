// What the machine's own operator does at the command line: the root's key, operators, the audit record, a copy. And the
// options of serving that other tests do not meet.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { Server, folder, run } from './support/server.mjs';

const made = [];
const place = (name) => { made.push(folder(name)); return made.at(-1); };
after(() => made.forEach((path) => rmSync(path, { recursive: true, force: true })));

const key = /^[\w-]{43}\n$/;
const ask = (server, secret, path, body = {}) => server.fetch(path, { method: 'POST', body: JSON.stringify(body),
  headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${secret}` } });
function assertRefused(done, code, reason) {
  assert.deepEqual([done.code, done.out], [code, ''], done.err);
  assert.match(done.err, /^elicense-authority: [^\n]+\n$/);
  assert.match(done.err, reason);
}

describe('root-key', () => {
  it('prints the root\'s public key, the same each time, and makes the keys at the first', async () => {
    const data = join(place('root'), 'data');
    const { code, out, err } = await run(['root-key', '--data', data]);
    assert.deepEqual([code, err], [0, '']);
    assert.match(out, key);
    assert.equal((await run(['root-key', '--data', data])).out, out);
    assert.equal(statSync(data).mode & 0o777, 0o700);
    for (const name of ['keys', 'keys/ring.json']) assert.equal(statSync(join(data, name)).mode & 0o077, 0, name);
    assert.ok(!existsSync(join(data, 'authority.db')));
  });
  it('of another folder with --keys', async () => {
    const data = place('root');
    const keys = join(place('keys'), 'ring');
    const { out } = await run(['root-key', '--data', data, '--keys', keys]);
    assert.ok(existsSync(join(keys, 'ring.json')) && !existsSync(join(data, 'keys')));
    assert.equal((await run(['root-key', '--data', data], { ELICENSE_AUTHORITY_KEYS: keys })).out, out);
  });
  it('a ring that is damaged, or that others may read, is refused', async () => {
    const data = place('root');
    await run(['root-key', '--data', data]);
    const ring = join(data, 'keys/ring.json');
    const before = readFileSync(ring);
    chmodSync(ring, 0o644);
    assertRefused(await run(['root-key', '--data', data]), 2, /ring\.json/);
    chmodSync(ring, 0o600);
    writeFileSync(ring, '{}');
    assertRefused(await run(['root-key', '--data', data]), 2, /ring\.json is damaged/);
    writeFileSync(ring, before);
    assert.equal((await run(['root-key', '--data', data])).code, 0);
  });
});

describe('operators', () => {
  let server;
  before(async () => { server = await Server.start(); });
  after(() => server.stop());
  const operators = (words) => run(['operator', ...words, '--data', server.data]);

  it('a new one\'s key is good at once, while the authority serves, and worth nothing when they are removed', async () => {
    const { code, out } = await operators(['add', 'li']);
    assert.equal(code, 0);
    assert.match(out, key);
    assert.equal((await ask(server, out.trim(), '/admin/keys')).status, 200);
    assertRefused(await operators(['add', 'li']), 1, /of that name/);
    assert.equal((await ask(server, out.trim(), '/admin/keys')).status, 200);
    assert.match((await operators(['add', 'wang@window-3.example'])).out, key);
    assert.deepEqual((await operators(['list'])).out, 'li\nwang@window-3.example\n');
    assert.deepEqual(await operators(['remove', 'li']), { code: 0, signal: null, out: '', err: '' });
    assert.equal((await ask(server, out.trim(), '/admin/keys')).status, 401);
    assertRefused(await operators(['remove', 'li']), 1, /no operator of that name/);
    assert.deepEqual((await operators(['list'])).out, 'wang@window-3.example\n');
  });
  for (const name of ['', ' ', 'a b', 'a\nb', "x'; drop table operators; --", '李', 'x'.repeat(65)]) {
    it(`${JSON.stringify(name).slice(0, 40)} cannot be a name`, async () => assertRefused(await operators(['add', name]), 2, /name/));
  }
  it('who did it is on the record', async () => {
    const secret = (await operators(['add', 'reader'])).out.trim();
    const { entries } = JSON.parse((await ask(server, secret, '/admin/audit')).text);
    const acts = entries.filter(({ actor }) => actor === 'console').map(({ action, details }) => [action, JSON.parse(details).name]);
    assert.deepEqual(acts, [['operator.add', 'li'], ['operator.add', 'wang@window-3.example'], ['operator.remove', 'li'], ['operator.add', 'reader']]);
    assert.ok(!JSON.stringify(entries).includes(secret));
  });
});

describe('audit verify', () => {
  it('tells how long the record is and its head, and where it is broken', async () => {
    const data = place('audit');
    assert.match((await run(['audit', 'verify', '--data', data])).out, /^0 entries, head 0{64}\n$/);
    await run(['operator', 'add', 'li', '--data', data]);
    await run(['operator', 'add', 'wang', '--data', data]);
    const { code, out } = await run(['audit', 'verify', '--data', data]);
    assert.equal(code, 0);
    assert.match(out, /^2 entries, head [0-9a-f]{64}\n$/);
    // The name of an operator in the middle of the file, without telling the database.
    const file = join(data, 'authority.db');
    const bytes = readFileSync(file);
    let at = -1;
    while ((at = bytes.indexOf('{"name":"li"}', at + 1)) >= 0) bytes.write('{"name":"lu"}', at);
    writeFileSync(file, bytes);
    assertRefused(await run(['audit', 'verify', '--data', data]), 1, /broken at 1$/m);
  });
});

describe('backup', () => {
  it('while it serves; the copy is a store that starts', async () => {
    const server = await Server.start();
    const copies = place('backup');
    try {
      const secret = (await run(['operator', 'add', 'li', '--data', server.data])).out.trim();
      const copy = join(copies, 'authority-2026-11-21.db');
      assert.deepEqual(await run(['backup', copy, '--data', server.data]), { code: 0, signal: null, out: '', err: '' });
      assert.equal(statSync(copy).mode & 0o777, 0o600);
      assertRefused(await run(['backup', copy, '--data', server.data]), 1, /is there already/);
      assertRefused(await run(['backup', join(copies, 'none/x.db'), '--data', server.data]), 2, /store/);
      const { entries } = JSON.parse((await ask(server, secret, '/admin/audit')).text);
      assert.equal(entries.filter(({ action }) => action === 'backup').length, 1);

      const data = join(copies, 'restored');
      mkdirSync(join(data, 'keys'), { recursive: true, mode: 0o700 });
      copyFileSync(copy, join(data, 'authority.db'));
      assert.match((await run(['audit', 'verify', '--data', data])).out, /^\d+ entries, head /);
      assert.equal((await run(['operator', 'list', '--data', data])).out, 'li\n');
    } finally {
      await server.stop();
    }
  });
});

describe('commands and their options', () => {
  for (const [words, reason] of [
    [['word'], /no such command: word/], [['operator'], /no such command: operator/], [['operator', 'sing', 'li'], /no such command: operator sing/],
    [['operator', 'add'], /operator add needs NAME/], [['operator', 'remove'], /operator remove needs NAME/], [['operator', 'list', 'li'], /a word too many for operator list: li/],
    [['operator', 'add', 'li', 'wang'], /a word too many for operator add: wang/], [['root-key', 'x'], /a word too many/], [['backup'], /backup needs FILE/],
    [['audit'], /no such command: audit/], [['audit', 'verify', '--data', '/tmp', 'x'], /a word that belongs to no option: x/], [['root-key'], /--data is needed/],
    [['--data', '/tmp', 'root-key'], /a word that belongs to no option: root-key/],
  ]) {
    it(`${words.join(' ')} is refused by name`, async () => assertRefused(await run(words), 2, reason));
  }
  for (const [option, ...values] of [
    ['lease-seconds', '299', '604801', 'x', '', '-1', '1.5'], ['licence-seconds', '0'], ['access-seconds', '0'], ['trust-seconds', '299'], ['status-seconds', '0'],
    ['status-life-seconds', '1'], ['rate-address', '10', '/60', '10/0', '10/', '-1/60', '10/60/60'], ['rate-phone', 'x'], ['rate-partner', ' 1/60'], ['workers', '-1', '100000'],
    ['streams', 'many'], ['store-limit', '1'], ['keys', ''], ['demo-partner-origin', 'http://a.example', 'x'],
  ]) {
    for (const value of values) {
      it(`--${option} '${value}' is refused`, async () => assertRefused(await run(['--data', '/tmp', `--${option}`, value]), 2, new RegExp(`--${option} cannot be`)));
    }
  }
  it('what PostgreSQL cannot do is refused', async () => {
    const words = ['--data', place('postgresql'), '--store', 'postgresql:///nowhere'];
    assertRefused(await run([...words, '--workers', '0']), 1, /--workers cannot be 0 with PostgreSQL/);
    assertRefused(await run([...words, '--store-limit', '1048576']), 1, /--store-limit is for SQLite/);
  });
  it('a second server over one folder is refused', async () => {
    const server = await Server.start();
    try {
      assertRefused(await run(['--data', server.data, '--listen', '127.0.0.1:0']), 1, /another authority serves from this data folder/);
    } finally {
      await server.stop();
    }
  });
  it('a store\'s URL is never repeated', async () => {
    for (const url of ['mysql://root:TOPSECRET@db/x', 'TOPSECRET', '']) {
      const done = await run(['--data', '/tmp'], { ELICENSE_AUTHORITY_STORE: url });
      assertRefused(done, 2, /--store cannot be/);
      assert.ok(!done.err.includes('TOPSECRET'));
    }
  });
  it('--help helps in the middle of a command', async () => {
    for (const words of [['operator', '--help'], ['operator', 'add', '--data', '/tmp', '--help'], ['sing', '--help']])
      assert.deepEqual((await run(words)).out, (await run(['--help'])).out);
  });
  it('--help names the commands and every option', async () => {
    const { out } = await run(['--help']);
    for (const text of ['root-key', 'operator add NAME', 'operator remove NAME', 'operator list', 'audit verify', 'backup FILE', '--store URL', '--keys DIR', '--lease-seconds',
      '--licence-seconds', '--access-seconds', '--trust-seconds', '--status-seconds', '--status-life-seconds', '--rate-address REQUESTS/SECONDS', '--rate-phone', '--rate-partner',
      '--workers', '--store-limit', '--streams', '--config FILE']) assert.ok(out.includes(text), text);
  });
  it('a store for production is not opened for a demo, nor the other way round', async () => {
    const data = place('purpose');
    await run(['operator', 'list', '--data', data]);
    assertRefused(await run(['operator', 'list', '--data', data, '--demo']), 2, /the store/);
  });
});
