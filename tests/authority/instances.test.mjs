// Two instances on one PostgreSQL, with one folder of keys: what one knows, the other knows. And PostgreSQL gone for a while.
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';

import { Operator } from './support/operator.mjs';
import { auditHead } from './support/hostility.mjs';
import { dpop, keyProof, mint, newKey, Phone, rootKey, seconds, trustList } from './support/phone.mjs';
import { isInstalled, Postgres } from './support/postgres.mjs';
import { folder, run, Server, until } from './support/server.mjs';

const origin = 'https://dl.example';
const phoneRate = 60;

describe('two instances on PostgreSQL', { skip: isInstalled ? false : 'PostgreSQL is not installed' }, () => {
  let postgres;
  let keys;
  let one;
  let other;
  let operator;
  let partner;
  const words = () => ['--store', postgres.url, '--keys', keys, '--origin', origin, '--log-level', 'warning',
    '--rate-address', '0/60', '--rate-phone', `${phoneRate}/60`, '--rate-partner', '0/60'];
  const newPhone = async () => {
    const document = await operator.create();
    return Object.assign(await Phone.activate(one, await operator.code(document)), { document });
  };

  before(async () => {
    postgres = await Postgres.start();
    keys = folder('keys');
    // Both at once over an empty database and an empty folder of keys: one lays out the tables and makes the keys, the other waits.
    [one, other] = await Promise.all([Server.start(words()), Server.start(words())]);
    const { code, out, err } = await run(['operator', 'add', 'li', '--data', one.data, '--store', postgres.url]);
    assert.equal(code, 0, err);
    operator = new Operator(one, out.trim());
    partner = await operator.partner();
  });
  after(async () => {
    for (const server of [one, other]) if (server) assert.deepEqual(await server.stop(), { code: 0, signal: null });
    await postgres?.remove();
    if (keys) rmSync(keys, { recursive: true, force: true });
  });

  it('they publish the same trust list, by the same root', async () => {
    const root = (await operator.ask('/admin/keys')).root;
    assert.equal((await operator.at(other).ask('/admin/keys')).root, root);
    const lists = await Promise.all([one, other].map((server) => trustList(server, root)));
    assert.deepEqual(lists[0].keys, lists[1].keys);
    assert.equal((await run(['root-key', '--data', one.data, '--keys', keys])).out.trim(), root);
  });

  it('two more start at once beside them, and the tables are as they were', async () => {
    const count = async () => Number(await postgres.sql("SELECT count(*) FROM information_schema.columns WHERE table_schema NOT IN ('pg_catalog', 'information_schema')"));
    const before = await count();
    const more = await Promise.all([Server.start(words()), Server.start(words())]);
    for (const server of more) assert.deepEqual(await server.stop(), { code: 0, signal: null });
    assert.ok(before > 0);
    assert.equal(await count(), before);
  });

  it('a code spent at one is spent at the other: of 200 checks at once, one is valid', async () => {
    const phone = await newPhone();
    for (const lease of await phone.leases(3)) {
      const code = mint(lease);
      const answers = await Promise.all(Array.from({ length: 200 }, (_, i) => partner.at(i % 2 ? one : other).verify(code)));
      const results = answers.map(({ result }) => result);
      assert.deepEqual([results.filter((result) => result === 'valid').length, results.filter((result) => result === 'already-used').length], [1, 199]);
    }
    assert.equal((await phone.at(other).checks()).length, 3);
  });

  it('a pre-authorized code is redeemed once, a nonce and a proof are used once', async () => {
    const code = await operator.code(await operator.create());
    const phones = await Promise.allSettled([one, other, one, other].map((server) => Phone.activate(server, code)));
    assert.equal(phones.filter(({ status }) => status === 'fulfilled').length, 1);

    const phone = await newPhone();
    const proof = { Authorization: `DPoP ${phone.access}`, DPoP: dpop(phone.key, { method: 'GET', url: `${origin}/checks`, token: phone.access }) };
    assert.equal((await one.fetch('/checks', { headers: proof })).status, 200);
    const again = await other.fetch('/checks', { headers: proof });
    assert.deepEqual([again.status, JSON.parse(again.text).code], [401, 'dpop-used']);

    const nonce = await phone.nonce();
    const ask = (server) => phone.at(server).send('POST', '/credential',
      { credential_configuration_id: 'live-code-lease', proofs: { jwt: [keyProof(newKey(), { origin, nonce })] } });
    assert.equal((await ask(other)).status, 200);
    const used = await ask(one);
    assert.deepEqual([used.status, JSON.parse(used.text).error], [400, 'invalid_nonce']);
  });

  it('tokens of one are good at the other, and a phone ended at one is ended at the other', async () => {
    const first = await newPhone();
    const lease = await first.at(other).lease();
    const shown = seconds();
    assert.equal((await partner.verify(mint(lease, shown))).result, 'valid');
    const there = first.at(other);
    await there.refresh();
    const events = await there.events();
    const second = await Phone.activate(one, await operator.code(first.document));
    assert.equal((await events.next('ended')).reason, 'another-phone');
    await events.ended;
    await assert.rejects(first.at(other).checks(), { code: 'phone-ended' });
    assert.equal((await partner.at(other).verify(mint(lease, shown - 1))).result, 'revoked');
    assert.equal((await partner.at(other).verify(mint(await second.lease()))).result, 'valid');
  });

  it('an event raised at one reaches a phone at the other within a second', async () => {
    const phone = await newPhone();
    const streams = [await phone.events(), await phone.at(other).events()];
    for (const [server, status] of [[one, 'H'], [other, 'I'], [one, 'A']]) {
      const asked = Date.now();
      await operator.at(server).change(phone.document, { status });
      for (const events of streams) {
        const event = await events.next('status', (found) => found.status === status);
        assert.ok(event.arrived - asked < 1000, `${event.arrived - asked} ms`);
      }
    }
    const { echo } = await partner.at(other).verify(mint(await phone.lease()));
    for (const events of streams) {
      assert.equal((await events.next('checked')).echo, echo);
      await events.close();
    }
  });

  it('a phone has one rate limit for both', async () => {
    const phone = await newPhone();
    const statuses = [];
    for (let i = 0; i < phoneRate + 2; ++i) statuses.push((await phone.at(i % 2 ? one : other).send('GET', '/checks')).status);
    assert.deepEqual([statuses.filter((status) => status === 200).length, ...statuses.slice(-2)], [phoneRate, 429, 429]);
  });

  it('a key rotated or revoked at one is so at the other', async () => {
    const phone = await newPhone();
    const root = (await operator.ask('/admin/keys')).root;
    const { kid } = await operator.ask('/admin/keys/rotate', { use: 'lease', at_once: true });
    const lease = await until(async () => {
      const found = await phone.at(other).lease();
      return found.kid === kid && found;
    }, 'a lease by the new key', 10_000);
    assert.equal((await partner.at(one).verify(mint(lease))).result, 'valid');
    const { trust_list_sequence } = await operator.ask('/admin/keys/revoke', { kid });
    await until(async () => (await trustList(other, root)).seq >= trust_list_sequence, 'the other list', 10_000);
    const answer = await partner.at(other).verify(mint(lease));
    assert.deepEqual([answer.result, answer.error], ['revoked', 'key-revoked']);
    const next = await phone.at(other).lease();
    assert.equal((await partner.at(one).verify(mint(next))).result, 'valid');
    const signing = await Promise.all([one, other].map(async (server) =>
      (await operator.at(server).ask('/admin/keys')).keys.find((key) => key.use === 'lease' && key.signs).kid));
    assert.equal(signing[0], signing[1]);
  });

  it('a status list published by one is the list of both', async () => {
    await operator.change((await newPhone()).document, { status: 'U' });
    await operator.ask('/admin/status/publish');
    await until(async () => {
      const [mine, theirs] = await Promise.all([one, other].map((server) => server.fetch('/status/0')));
      return mine.status === 200 && mine.text === theirs.text;
    }, 'the same list', 5000);
  });

  it('changes of one licence at both: one revision after the other', async () => {
    const document_number = await operator.create();
    const { revision } = await operator.licence(document_number);
    const answers = await Promise.all(Array.from({ length: 20 }, (_, i) =>
      operator.at(i % 2 ? one : other).send('/admin/licence/change', { document_number, revision, points: i % 12 })));
    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [200, ...Array(19).fill(409)]);
    assert.equal((await operator.licence(document_number)).revision, revision + 1);
  });

  it('PostgreSQL gone: 503, and back by itself; streams go on', async () => {
    const phone = await newPhone();
    const lease = await phone.lease();
    const streams = [await phone.events(), await phone.at(other).events()];
    await postgres.suspend();
    for (const server of [one, other]) {
      for (const ask of [() => server.fetch('/nonce', { method: 'POST' }), () => partner.at(server).send(mint(lease)),
        () => phone.at(server).send('GET', '/checks'), () => operator.at(server).send('/admin/partners')]) {
        const answer = await ask();
        assert.deepEqual([answer.status, JSON.parse(answer.text).code], [503, 'store-unavailable']);
        assert.ok(Number(answer.headers['retry-after']) >= 1);
      }
      await until(async () => (await server.fetch('/healthz')).status === 503, 'illness', 5000);
      assert.equal((await server.fetch('/trust-list')).status, 200);
      assert.equal((await server.fetch('/.well-known/openid-credential-issuer')).status, 200);
    }
    await postgres.resume();
    for (const server of [one, other]) await until(async () => (await server.fetch('/healthz')).status === 200, 'health', 15_000);
    assert.equal((await partner.at(other).verify(mint(await phone.lease()))).result, 'valid');
    await operator.change(phone.document, { status: 'H' });
    for (const events of streams) {
      assert.equal((await events.next('status', () => true, 15_000)).status, 'H');
      await events.close();
    }
  });

  it('PostgreSQL killed, and a connection cut: the next request is answered', async () => {
    await postgres.suspend('SIGQUIT');
    assert.equal((await one.fetch('/nonce', { method: 'POST' })).status, 503);
    await postgres.resume();
    await until(async () => (await one.fetch('/nonce', { method: 'POST' })).status === 200, 'a nonce', 15_000);
    await postgres.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'");
    const statuses = await until(async () => {
      const answers = await Promise.all(Array.from({ length: 40 }, (_, i) => (i % 2 ? one : other).fetch('/nonce', { method: 'POST' })));
      assert.ok(answers.every(({ status }) => status === 200 || status === 503));
      return answers.every(({ status }) => status === 200);
    }, 'nonces', 15_000);
    assert.ok(statuses);
    const phone = await newPhone();
    const events = await phone.at(other).events();
    await operator.change(phone.document, { status: 'H' });
    assert.equal((await events.next('status', () => true, 15_000)).status, 'H');
    await events.close();
  });

  it('the audit chain of both verifies', async () => {
    assert.match(await auditHead(one, ['--store', postgres.url]), /^\d+ entries, head [0-9a-f]{64}$/);
    assert.ok(await rootKey(one, ['--keys', keys]));
  });
});
