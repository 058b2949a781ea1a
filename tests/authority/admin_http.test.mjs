// What operators and partners do over HTTP, and what everybody may fetch: keys, lists, partners and their pages, the audit
// record, the demo.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';

import { claims, Operator, portrait } from './support/operator.mjs';
import { mint, Phone, rootKey, seconds, trustList } from './support/phone.mjs';
import { run, Server, until } from './support/server.mjs';
import { Verifier } from './support/verifier.mjs';

const unlimited = ['--demo', '--rate-phone', '0/60', '--rate-partner', '0/60', '--rate-address', '0/60'];
let server;
let operator;
let partner;
before(async () => {
  server = await Server.start([...unlimited, '--log-level', 'debug']);
  operator = new Operator(server);
  partner = await operator.partner();
});
after(async () => assert.deepEqual(await server.stop(), { code: 0, signal: null }));
const newPhone = async () => {
  const document = await operator.create();
  return Object.assign(await Phone.activate(server, await operator.code(document)), { document });
};

async function wholeRecord() {
  const entries = [];
  for (let page; page === undefined || page.length > 0;) {
    page = (await operator.ask('/admin/audit', { after: entries.at(-1)?.sequence ?? 0, limit: 200 })).entries;
    entries.push(...page);
  }
  return entries;
}

describe('what everybody may fetch', () => {
  for (const [path, type] of [['/.well-known/openid-credential-issuer', /^application\/json/],
    ['/.well-known/oauth-authorization-server', /^application\/json/],
    ['/.well-known/jwt-vc-issuer', /^application\/json/], ['/.well-known/jwks.json', /^application\/json/], ['/trust-list', /^application\/trust-list\+jwt$/],
    ['/status/0', /^application\/statuslist\+jwt$/]]) {
    it(`${path}, by any cache`, async () => {
      const answer = await server.fetch(path);
      assert.equal(answer.status, 200);
      assert.match(answer.headers['content-type'], type);
      assert.match(answer.headers['cache-control'], /^public, max-age=\d+$/);
    });
  }
  for (const path of ['/status/1', '/status/00', '/status/-1', '/status/x', '/status/99999999999999999999', '/status/']) {
    it(`${path} is not there`, async () => assert.equal((await server.fetch(path)).status, 404));
  }
  for (const path of ['/trust-list', '/status/0']) {
    it(`${path} by its tag`, async () => {
      const { etag } = (await server.fetch(path)).headers;
      assert.match(etag, /^"[\w-]+"$/);
      for (const tag of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
        const same = await server.fetch(path, { headers: { 'If-None-Match': tag } });
        assert.deepEqual([same.status, same.text, same.headers.etag], [304, '', etag], tag);
      }
      assert.equal((await server.fetch(path, { headers: { 'If-None-Match': '"other"' } })).status, 200);
    });
  }
  it('a status list gets another tag when it says something else, and none otherwise', async () => {
    const { headers: { etag: before } } = await server.fetch('/status/0');
    assert.deepEqual(await operator.ask('/admin/status/publish'), { shards: 0 });
    const document = await operator.create();
    await operator.change(document, { status: 'U' });
    assert.deepEqual(await operator.ask('/admin/status/publish'), { shards: 1 });
    const answer = await until(async () => {
      const found = await server.fetch('/status/0', { headers: { 'If-None-Match': before } });
      return found.status === 200 && found;
    }, 'another status list', 3000);
    assert.notEqual(answer.headers.etag, before);
  });
});

describe('keys', () => {
  const signing = async (use) => (await operator.ask('/admin/keys')).keys.find((key) => key.use === use && key.signs).kid;
  let verifier;
  before(async () => { verifier = await Verifier.of(server); });
  after(() => verifier.remove());

  it('the list of a demo says that it is not for production; jwks has the same keys', async () => {
    const list = await trustList(server, verifier.root);
    assert.deepEqual([list.production, list.exp - list.iat], [false, 86_400]);
    assert.equal((await operator.ask('/admin/keys')).root, verifier.root);
    const { keys } = JSON.parse((await server.fetch('/.well-known/jwks.json')).text);
    assert.deepEqual(keys.map(({ kid, x }) => [kid, x]), list.keys.map(({ kid, x }) => [kid, x]));
    assert.ok(keys.every((key) => key.d === undefined));
  });

  it('a rotated key is published at once and signs when every list knows it', async () => {
    const former = await signing('lease');
    const { kid, signs_from } = await operator.ask('/admin/keys/rotate', { use: 'lease' });
    assert.ok(Math.abs(signs_from - seconds() - 86_400) <= 3);
    const list = await trustList(server, verifier.root);
    assert.ok(list.keys.some((key) => key.kid === kid) && list.keys.some((key) => key.kid === former));
    assert.equal((await (await newPhone()).lease()).kid, former);
  });

  it('rotated at once it signs, and what the one before has signed stays good', async () => {
    const phone = await newPhone();
    const earlier = await phone.lease();
    const { kid } = await operator.ask('/admin/keys/rotate', { use: 'lease', at_once: true });
    const later = await phone.lease();
    assert.deepEqual([later.kid, earlier.kid !== kid, await signing('lease')], [kid, true, kid]);
    await verifier.fetch();
    for (const lease of [earlier, later]) {
      assert.equal((await verifier.code(mint(lease))).result, 'valid');
      assert.equal((await partner.verify(mint(lease))).result, 'valid');
    }
  });

  it('a revoked key is worth nothing, at once, for everybody; another signs', async () => {
    const phone = await newPhone();
    const lease = await phone.lease();
    await verifier.fetch();
    const seq = (await trustList(server, verifier.root)).seq;
    const { trust_list_sequence } = await operator.ask('/admin/keys/revoke', { kid: lease.kid });
    assert.ok(trust_list_sequence > seq);
    const older = await verifier.code(mint(lease), { more: ['--seq-seen', `${trust_list_sequence}`] });
    assert.deepEqual([older.result, older.error], ['unknown-issuer', 'trust-list-rollback']);
    await verifier.fetch();
    for (const answer of [await verifier.code(mint(lease)), await partner.verify(mint(lease))])
      assert.deepEqual([answer.result, answer.error, answer.licence], ['revoked', 'key-revoked', null]);
    const next = await phone.lease();
    assert.notEqual(next.kid, lease.kid);
    assert.equal((await verifier.code(mint(next))).result, 'valid');
    const { keys } = JSON.parse((await server.fetch('/.well-known/jwks.json')).text);
    assert.ok(!keys.some(({ kid }) => kid === lease.kid));
    assert.ok((await operator.ask('/admin/keys')).keys.find(({ kid }) => kid === lease.kid).revoked);
  });

  for (const use of ['licence', 'status', 'receipt']) {
    it(`the ${use} key revoked: what is signed from then on verifies`, async () => {
      const phone = await newPhone();
      await operator.ask('/admin/keys/revoke', { kid: await signing(use) });
      await until(async () => {
        await verifier.fetch();
        return verifier.licence(await phone.licence()).then(({ result }) => result === 'valid', () => false);
      }, 'a licence that verifies', 5000);
      const { receipt } = await partner.verify(mint(await phone.lease()));
      assert.equal((await verifier.receipt(receipt, partner.origin)).result, 'valid');
    });
  }

  it('as many keys as a trust list holds, and none that nobody could know', async () => {
    const crowded = await Server.start(unlimited);
    try {
      const boss = new Operator(crowded);
      const root = await rootKey(crowded);
      let known = [];
      for (let i = 0; i < 70; ++i) {
        const answer = await boss.send('/admin/keys/rotate', { use: 'lease', at_once: true });
        known = (await trustList(crowded, root)).keys.map(({ kid }) => kid);
        if (answer.status === 200) assert.ok(known.includes(JSON.parse(answer.text).kid), `rotation ${i} is not in the list`);
        else assert.equal(answer.status, 409, answer.text);
      }
      const phone = await Phone.activate(crowded, await boss.code(await boss.create()));
      assert.ok(known.includes((await phone.lease()).kid));
    } finally {
      await crowded.stop();
    }
  });

  it('unknown keys and uses are refused', async () => {
    await assert.rejects(operator.ask('/admin/keys/revoke', { kid: 'nobody' }), { status: 404, code: 'key-unknown' });
    await assert.rejects(operator.ask('/admin/keys/rotate', { use: 'root' }), { status: 400, code: 'key-use' });
  });
});

describe('licences', () => {
  it('are there once, change by revision, and are listed by number', async () => {
    const document = await operator.create({ document_number: '0000000000001' });
    await assert.rejects(operator.create({ document_number: document }), { status: 409, code: 'exists' });
    const { revision } = await operator.licence(document);
    const changed = await operator.ask('/admin/licence/change', { document_number: document, revision, address: '北京市测试路 2 号' });
    assert.deepEqual([changed.revision, changed.claims.address], [revision + 1, '北京市测试路 2 号']);
    await assert.rejects(operator.ask('/admin/licence/change', { document_number: document, revision, address: '别处' }), { status: 409, code: 'revision' });
    const { licences } = await operator.ask('/admin/licences', { limit: 1 });
    assert.deepEqual(licences.map(({ document_number }) => document_number), [document]);
    await assert.rejects(operator.licence('0000000000002'), { status: 404, code: 'licence-unknown' });
  });
  for (const [name, changes] of [['unknown claims', { claims: claims({ colour: 'red' }) }],
    ['an incomplete claim', { claims: { ...claims(), name: undefined } }],
    ['a portrait that is none', { portrait: 'data:image/png;base64,AAAA' }], ['a status that is none', { status: 'X' }], ['A beside another', { status: 'AB' }],
    ['a postponement without its end', { status: 'N' }], ['an end without a postponement', { postponed_until: '2030-01-01' }],
    ['a day that is none', { status: 'N', postponed_until: '2030-02-30' }], ['points below zero', { claims: claims({ points: -1 }) }],
    ['a number that no barcode can hold', { claims: claims({ document_number: '证芯编号' }) }]]) {
    it(`${name}: refused`, async () => {
      await assert.rejects(operator.ask('/admin/licence/create', { claims: claims(), portrait, ...changes }), ({ status }) => status === 400);
    });
  }
});

describe('partners and their pages', () => {
  const preflight = (origin, target = server) => target.fetch('/verify', { method: 'OPTIONS',
    headers: { Origin: origin, 'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': 'content-type' } });

  it('the page of a partner may ask, as long as it is one', async () => {
    const origin = 'https://insurer.example';
    assert.equal((await preflight(origin)).status, 403);
    const insurer = await operator.partner('Insurer', origin);
    assert.ok((await operator.ask('/admin/partners')).partners.some((known) => known.name === 'Insurer' && known.origin === origin));
    const allowed = await preflight(origin);
    assert.deepEqual([allowed.status, allowed.headers['access-control-allow-origin']], [204, origin]);
    const answer = await insurer.send(mint(await (await newPhone()).lease()));
    assert.deepEqual([answer.status, answer.headers['access-control-allow-origin']], [200, origin]);
    await operator.ask('/admin/partner/remove', { name: 'Insurer' });
    assert.equal((await preflight(origin)).status, 403);
    assert.equal((await insurer.send('X')).status, 401);
    await assert.rejects(operator.ask('/admin/partner/remove', { name: 'Insurer' }), { status: 404 });
  });
  it('its key is for its own origin, and for the authority\'s own page', async () => {
    const code = mint(await (await newPhone()).lease());
    const other = await partner.send(code, {}, { Origin: 'https://evil.example' });
    assert.deepEqual([other.status, JSON.parse(other.text).code], [403, 'origin']);
    assert.equal(other.headers['access-control-allow-origin'], undefined);
    assert.equal(JSON.parse((await partner.send(code, {}, { Origin: server.url })).text).result, 'valid');
    assert.equal((await partner.send(code, {}, {})).status, 200); // a backend
  });
  it('a partner put again has a new key, and the former is worth nothing', async () => {
    const former = await operator.partner('Renewed', 'https://renewed.example');
    const renewed = await operator.partner('Renewed', 'https://renewed.example');
    assert.equal((await former.send('X')).status, 401);
    assert.equal((await renewed.send('X')).status, 200);
  });
  for (const origin of ['https://a.example/', 'a.example', 'https://*.example', 'ftp://a.example', 'https://A.example', 'javascript:0']) {
    it(`${origin} is no origin`, () => assert.rejects(operator.partner('Odd', origin), { status: 400, code: 'origin' }));
  }
});

describe('the audit record', () => {
  it('has every act and every check, names nobody, and verifies', async () => {
    const phone = await newPhone();
    const document = phone.document;
    await partner.verify(mint(await phone.lease()));
    await operator.change(document, { points: 3 });
    const entries = await wholeRecord();
    assert.deepEqual(entries.map(({ sequence }) => sequence), entries.map((_, i) => i + 1));
    for (const [i, { previous }] of entries.entries()) assert.equal(previous, i === 0 ? '0'.repeat(64) : entries[i - 1].hash);
    const { subject } = entries.findLast(({ action }) => action === 'licence.change');
    assert.deepEqual(entries.filter((entry) => entry.subject === subject).map(({ action }) => action),
      ['licence.create', 'licence.code', 'code.redeem', 'phone.activate', 'check', 'licence.read', 'licence.change']);
    assert.ok(!JSON.stringify(entries).includes(document));
    const { code, out } = await run(['audit', 'verify', '--demo', '--data', server.data]);
    assert.equal(code, 0);
    assert.match(out, /^(\d+) entries, head [0-9a-f]{64}$/m);
    assert.ok(Number(/^\d+/.exec(out)[0]) >= entries.length);
  });
});

describe('secrets', () => {
  it('are in files of the owner alone, and in no log', async () => {
    const phone = await newPhone();
    const { licence_number, name } = (await operator.licence(phone.document)).claims;
    const code = mint(await phone.lease());
    await partner.verify(code);
    await partner.send(code, { partner: 'nobody' });
    await assert.rejects(new Operator(server, 'wrong').ask('/admin/keys'), { status: 401 });
    const files = readdirSync(server.data, { withFileTypes: true, recursive: true }).filter((entry) => entry.isFile());
    for (const { parentPath, name: file } of files) assert.equal(statSync(join(parentPath, file)).mode & 0o077, 0, `${parentPath}/${file}`);
    for (const secret of [operator.key, partner.key, phone.access, phone.refreshSecret, phone.document, licence_number, name, code, '127.0.0.1'])
      assert.ok(!server.err.includes(secret), secret);
    const database = readFileSync(join(server.data, 'authority.db'), 'latin1') + readFileSync(join(server.data, 'authority.db-wal'), 'latin1');
    for (const secret of [operator.key, partner.key, phone.access, phone.refreshSecret]) assert.ok(!database.includes(secret), secret);
    const keys = files.filter(({ name: file }) => file.endsWith('.jwk')).map(({ parentPath, name: file }) => readFileSync(join(parentPath, file), 'utf8'));
    assert.ok(keys.length >= 5); // a root and one for each use
    for (const { d } of keys.map((text) => JSON.parse(text)))
      assert.ok(!database.includes(d) && !database.includes(Buffer.from(d, 'base64url').toString('latin1')) && !server.err.includes(d));
  });
});

describe('the demo', () => {
  it('has people of every state, each with a code that lasts', async () => {
    const { people } = JSON.parse((await server.fetch('/demo/people')).text);
    assert.ok(people.length >= 8);
    for (const { pre_authorized_code, name, status } of people) {
      for (let i = 0; i < 2; ++i) {
        const phone = await Phone.activate(server, pre_authorized_code);
        const lease = await phone.lease();
        assert.deepEqual([lease.name, lease.status], [name, status]);
        const answer = await partner.verify(mint(lease));
        if (/[JLEFGC]/.test(status)) await assert.rejects(phone.licence(), { code: 'status-refused' });
        else assert.ok(await phone.licence());
        assert.equal(answer.result, /^[AHINPT]+$/.test(status) ? 'valid' : 'not-usable', `${name}, ${status}: ${answer.error}`);
      }
    }
    assert.ok(new Set(people.map(({ status }) => status)).size >= 6);
  });
  it('its pages do to its people what an operator can, the phone hears it, and the record tells who it was', async () => {
    const act = (person, action, headers = { Origin: server.url }) => server.fetch('/demo/act', {
      method: 'POST', headers: { 'Content-Type': 'application/json', ...headers }, body: JSON.stringify({ person, action }) });
    const phone = await Phone.activate(server, 'demo-normal');
    const stream = await phone.events();
    try {
      for (const [person, action, status] of [['normal', 'points', 'B'], ['normal', 'lock', 'BL'], ['normal', 'restore', 'A'],
        ['postponed', 'points', 'BN'], ['postponed', 'lock', 'BLM'], ['postponed', 'restore', 'N'], ['several', 'restore', 'BDJ']]) {
        const answer = await act(person, action);
        assert.equal(answer.status, 200, answer.text);
        const shown = JSON.parse(answer.text);
        assert.deepEqual([shown.key, shown.status], [person, status]);
        if (person === 'normal') await stream.next('status', (event) => event.status === status);
        assert.deepEqual(JSON.parse((await server.fetch('/demo/people')).text).people.find(({ key }) => key === person), shown);
      }
    } finally {
      stream.close();
    }
    assert.equal((await act('normal', 'lock', { Origin: 'http://localhost:1' })).status, 200);
    for (const origin of ['https://elsewhere.example', 'http://elsewhere.example', 'null', undefined]) {
      const refused = await act('normal', 'restore', origin ? { Origin: origin } : {});
      assert.deepEqual([refused.status, JSON.parse(refused.text).code], [403, 'origin-not-allowed'], origin);
    }
    for (const [person, action, status] of [['nobody', 'lock', 404], ['normal', 'praise', 400], ['', 'lock', 400], [7, 'lock', 400]])
      assert.equal((await act(person, action)).status, status);
    assert.equal(JSON.parse((await act('normal', 'restore')).text).status, 'A');
    const ours = (await wholeRecord()).filter(({ actor, action }) => actor === 'demo' && action === 'licence.change');
    assert.deepEqual(JSON.parse(ours.at(-1).details), { fields: ['status', 'postponed_until', 'points'], status: { from: 'L', to: 'A' }, points: { from: 0, to: 0 } });
  });
  it('one address does so a minute\'s worth of times', async () => {
    const answers = new Set();
    for (let i = 0; i < 61 && !answers.has(429); ++i) answers.add((await server.fetch('/demo/act', { method: 'POST',
      headers: { 'Content-Type': 'application/json', Origin: server.url }, body: '{}' })).status);
    assert.deepEqual([...answers], [400, 429]);
  });
  it('is nowhere without --demo, and neither takes the other\'s data', async () => {
    const plain = await Server.start();
    try {
      assert.equal((await plain.fetch('/demo/people')).status, 404);
      assert.equal((await plain.fetch('/demo/act', { method: 'POST', headers: { Origin: plain.url } })).status, 404);
      assert.equal((await trustList(plain, (await run(['root-key', '--data', plain.data])).out.trim())).production, true);
      const { people } = JSON.parse((await server.fetch('/demo/people')).text);
      await assert.rejects(Phone.activate(plain, people[0].pre_authorized_code), ({ status }) => status === 400);
      await plain.end('SIGTERM');
      assert.equal((await run(['--demo', '--data', plain.data, '--listen', '127.0.0.1:0'])).code, 1);
    } finally {
      await plain.stop();
    }
  });
});

describe('rate limits', () => {
  for (const [who, option, ask] of [
    ['a phone', '--rate-phone', async (limited) => {
      const boss = new Operator(limited);
      const phone = await Phone.activate(limited, await boss.code(await boss.create()));
      return () => phone.send('GET', '/checks');
    }],
    ['a partner', '--rate-partner', async (limited) => {
      const asking = await new Operator(limited).partner();
      return () => asking.send('X');
    }],
    ['an address', '--rate-address', async (limited) => () => limited.fetch('/nonce', { method: 'POST' })],
  ]) {
    it(`${who} that asks too often hears 429 and when to come back`, async () => {
      const limited = await Server.start(['--demo', option, '20/60']);
      try {
        const one = await ask(limited);
        const answers = [];
        while (answers.at(-1)?.status !== 429 && answers.length < 30) answers.push(await one());
        const last = answers.at(-1);
        assert.deepEqual([last.status, JSON.parse(last.text).code], [429, 'rate-limit']);
        assert.ok(Number(last.headers['retry-after']) >= 1 && Number(last.headers['retry-after']) <= 60);
        assert.ok(answers.slice(0, -1).every(({ status }) => status === 200) && answers.length <= 21);
        if (option === '--rate-phone') assert.equal(answers.length, 21);
        assert.equal((await limited.fetch('/healthz')).status, 200);
      } finally {
        await limited.stop();
      }
    });
  }
  it('as many streams as are allowed, four of one phone, and all end when it stops', async () => {
    const limited = await Server.start(['--demo', '--streams', '6']);
    const boss = new Operator(limited);
    const [first, second] = await Promise.all([1, 2].map(async () => Phone.activate(limited, await boss.code(await boss.create()))));
    const oldest = await first.events();
    const streams = [];
    for (let i = 0; i < 4; ++i) streams.push(await first.events());
    await oldest.ended;
    for (let i = 0; i < 2; ++i) streams.push(await second.events());
    await assert.rejects(second.events(), ({ status, code, headers }) => status === 503 && code === 'overloaded' && Number(headers['retry-after']) > 0);
    assert.deepEqual(await limited.stop(), { code: 0, signal: null });
    await Promise.all(streams.map(({ ended }) => ended));
  });
  it('one phone\'s requests are not another\'s', async () => {
    const limited = await Server.start(['--demo', '--rate-phone', '5/60']);
    try {
      const boss = new Operator(limited);
      const [phone, other] = await Promise.all([1, 2].map(async () => Phone.activate(limited, await boss.code(await boss.create()))));
      for (let i = 0; i < 5; ++i) await phone.checks();
      await assert.rejects(phone.checks(), { status: 429 });
      assert.deepEqual(await other.checks(), []);
    } finally {
      await limited.stop();
    }
  });
});
