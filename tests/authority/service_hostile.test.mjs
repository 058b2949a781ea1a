// Clients that mean harm, or that do not know better, against the service: bodies, fields, keys of operators and partners,
// floods. Each gets its 4xx in bounded memory, and nothing is written.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';

import { claims, Operator, portrait } from './support/operator.mjs';
import { each, Refusals } from './support/hostility.mjs';
import { dpop, keyProof, newKey, Phone, preAuthorized } from './support/phone.mjs';
import { Server } from './support/server.mjs';

const bodyLimit = 65_536;
const floodRequests = Number(process.env.ELICENSE_FLOOD ?? 5000);
let server;
let operator;
let partner;
let phone;
let document_number;
let refusals;
let good; // for each path of JSON a body that would pass

before(async () => {
  server = await Server.start(['--demo', '--log-level', 'warning', '--body-limit', `${bodyLimit}`, '--request-timeout', '5',
    '--rate-address', '0/60', '--rate-phone', '0/60', '--rate-partner', '0/60']);
  operator = new Operator(server);
  partner = await operator.partner();
  document_number = await operator.create();
  phone = await Phone.activate(server, await operator.code(document_number));
  refusals = new Refusals(server);
  const { revision } = await operator.licence(document_number);
  good = {
    '/verify': { code: 'X', partner: partner.key, requires: 'C1', challenge: '42' },
    '/admin/licences': { after: '1', limit: 5 },
    '/admin/licence': { document_number },
    '/admin/licence/create': { claims: claims(), portrait, status: 'N', postponed_until: '2040-01-01' },
    '/admin/licence/change': { document_number, revision, status: 'N', points: 1, postponed_until: '2040-01-01', valid_until: '2040-01-01', address: '别处',
      driving_privileges: [], record: [], name: '王', portrait },
    '/admin/licence/code': { document_number, seconds: 60 },
    '/admin/licence/end-phone': { document_number },
    '/admin/licence/checks': { document_number, limit: 5 },
    '/admin/partners': {},
    '/admin/partner/put': { name: 'N', origin: 'https://n.example' },
    '/admin/partner/remove': { name: 'N' },
    '/admin/keys': {},
    '/admin/keys/rotate': { use: 'lease', at_once: false },
    '/admin/keys/revoke': { kid: 'nobody' },
    '/admin/status/publish': {},
    '/admin/audit': { after: 0, limit: 5 },
  };
});
after(async () => {
  refusals.print('the service');
  // It is as well as before.
  assert.equal((await server.fetch('/healthz')).status, 200);
  assert.equal((await operator.licence(document_number)).status, 'A');
  assert.deepEqual(await server.stop(), { code: 0, signal: null });
});

const json = { 'Content-Type': 'application/json' };
const post = (path, body, headers = json) => {
  const who = path.startsWith('/admin/') ? { Authorization: `Bearer ${operator.key}` } : path === '/credential' ? phone.proof('POST', path) : {};
  return server.fetch(path, { method: 'POST', body: typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body), agent: server.agent,
    headers: { ...who, ...headers } });
};
const jsonPaths = () => [...Object.keys(good), '/credential'];

describe('bodies', () => {
  it('over the limit', () => refusals.nothingWritten(() => each([...jsonPaths(), '/token', '/nonce'], async (path) => {
    const answer = await post(path, ' '.repeat(bodyLimit + 1));
    refusals.expect('bodies over the limit', path, answer, 413, { code: 'body-size' });
  })));
  it('of another type', () => refusals.nothingWritten(async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/jsonp',
      'application/json, text/plain', '']) {
      await each(jsonPaths(), async (path) =>
        refusals.expect('content types', `${path} ${type}`, await post(path, good[path] ?? {}, type === '' ? {} : { 'Content-Type': type }), 415));
    }
  }));
  const deep = (depth) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
  for (const [name, body] of [['nothing', ''], ['half an object', '{"a":'], ['two objects', '{}{}'], ['a list', '[]'], ['a text', '"x"'], ['null', 'null'],
    ['a number', '7'], ['a byte order mark', '\ufeff{}'], ['NaN', '{"a":NaN}'], ['a comment', '{/**/}'], ['single quotes', "{'a':1}"],
    ['a trailing comma', '{"a":1,}'],
    ['a control character', '{"a":"\n"}'], ['half a surrogate pair', '{"a":"\\ud800"}'], ['an escape that is none', '{"a":"\\x41"}'],
    ['a leading zero', '{"a":01}'],
    ['a number beyond numbers', `{"a":1e${'9'.repeat(400)}}`], ['invalid UTF-8', Buffer.from('{"a":"\xff\xfe"}', 'latin1')],
    ['an overlong slash', Buffer.from('{"a":"\xc0\xaf"}', 'latin1')],
    ['a surrogate in UTF-8', Buffer.from('{"a":"\xed\xa0\x80"}', 'latin1')], ['NUL', '{"a":"x"}\0'], ['a member twice', '{"partner":"a","partner":"b"}'],
    ['a member twice, one escaped', '{"code":"a","c\\u006fde":"b"}'], ['17 levels', `{"a":${deep(17)}}`], ['30,000 levels', deep(30_000)],
    ['30,000 open levels', '['.repeat(30_000)],
    ['30,000 objects', `${'{"a":'.repeat(10_000)}`],
    ['10,000 values', `{"a":[${'1,'.repeat(10_000)}1]}`],
    ['10,000 members', `{${Array.from({ length: 5000 }, (_, i) => `"m${i}":1`).join()}}`]]) {
    it(name, () => refusals.nothingWritten(() => each(jsonPaths(), async (path) =>
      refusals.expect('JSON', `${path}: ${name}`, await post(path, body), 400, { code: /^(json-|body-shape|unknown-field|key-proof|licence)/ }))));
  }
});

// What is wrong for a field of each kind, whatever it is called.
const wrong = {
  text: [null, true, 7, -1.5, [], {}, ['x'], { a: 'x' }, 'x'.repeat(5000), 'a\u0000b', '\u001b[2J', 'a\nb', '\u007f'],
  integer: [null, true, -1, 1.5, '5', '', [], {}, [5], 1e300, '0x5', -9007199254740993],
  boolean: [null, 0, 1, 'true', '', [], {}],
  object: [null, true, 7, 'x', '', [], [{}]],
  list: [null, true, 7, 'x', {}, [null], [7], ['C1'], [[]], [{}]],
};
const kindOf = (value) => (Array.isArray(value) ? 'list' : typeof value === 'number' ? 'integer' : typeof value === 'string' ? 'text' : typeof value);

describe('fields', () => {
  it('wrong types and values, in every field of every endpoint', () => refusals.nothingWritten(async () => {
    const tries = Object.entries(good).flatMap(([path, body]) => Object.entries(body).flatMap(([field, value]) =>
      wrong[kindOf(value)].filter((bad) => !(field === 'postponed_until' && bad === null)).map((bad) => [path, field, { ...body, [field]: bad }])));
    await each(tries, async ([path, field, body]) =>
      refusals.expect('wrong types in fields', `${path} ${field}: ${JSON.stringify(body[field]).slice(0, 60)}`, await post(path, body), 400));
  }));
  it('wrong types and values, in every claim of a licence', () => refusals.nothingWritten(async () => {
    const tries = Object.entries(claims()).flatMap(([name, value]) => wrong[kindOf(value)].map((bad) => [name, { ...claims(), [name]: bad }]));
    for (const [name, one] of [['driving_privileges', { vehicle_category_code: 'C1', issue_date: '2012-02-29' }],
      ['record', { date: '2021-06-01', text: '换证' }]]) {
      for (const member of Object.keys(one)) for (const bad of wrong.text) tries.push([`${name}.${member}`,
        { ...claims(), [name]: [{ ...one, [member]: bad }] }]);
      tries.push([`${name}: unknown member`, { ...claims(), [name]: [{ ...one, colour: 'red' }] }],
        [`${name}: 5,000 of them`, { ...claims(), [name]: Array(5000).fill(one) }]);
    }
    await each(tries, async ([name, bad]) =>
      refusals.expect('wrong claims', `${name}: ${JSON.stringify(bad[name] ?? '').slice(0, 60)}`,
        await post('/admin/licence/create', { claims: bad, portrait }), [400, 413]));
  }));
  it('fields that nobody knows', () => refusals.nothingWritten(() => each(Object.keys(good), async (path) => {
    for (const field of ['colour', '', 'Document_number', '__proto__', 'document_number ', '$ref'])
      refusals.expect('unknown fields', `${path} ${field}`, await post(path,
        `{${JSON.stringify(field)}:1,${JSON.stringify(good[path]).slice(1)}`.replace(/,}$/, '}')), 400, { code: 'unknown-field' });
  })));
  it('but /token and /credential leave them aside, as their standards say', async () => {
    const key = newKey();
    const token = await server.fetch('/token', { method: 'POST', headers: { 'Content-Type': 'application/x-www-form-urlencoded',
      DPoP: dpop(key, { method: 'POST', url: `${server.url}/token` }) },
      body: new URLSearchParams({ grant_type: preAuthorized, 'pre-authorized_code': await operator.code(await operator.create()),
        colour: 'red' }).toString() });
    assert.equal(token.status, 200, token.text);
    const proofs = { jwt: [keyProof(newKey(), { origin: server.url, nonce: await phone.nonce() })] };
    assert.equal((await phone.send('POST', '/credential', { credential_configuration_id: 'live-code-lease', proofs, colour: 'red',
      credential_response_encryption: null })).status, 200);
  });
});

describe('SQL', () => {
  const attempts = ["' OR 1=1 --", "'; DROP TABLE licence; --", '" UNION SELECT key FROM operator --', "1'); DELETE FROM audit; --", "\\'; --",
    "'||(SELECT 1)||'", '%27%20OR%201=1', '$1', '?1', '张\' OR \'\'=\''];
  it('in every field', () => refusals.nothingWritten(async () => {
    const tries = Object.entries(good).flatMap(([path, body]) => Object.keys(body).flatMap((field) => attempts.map((sql) => [path, field, sql])));
    // A name, an address and the start of a list are what they are; a code is read, and that is on the record.
    const free = ['/admin/licence/change address', '/admin/licence/change name', '/admin/partner/put name', '/admin/licences after', '/verify code'];
    await each(tries.filter(([path, field]) => !free.includes(`${path} ${field}`)), async ([path, field, sql]) =>
      refusals.expect('SQL in fields', `${path} ${field}: ${sql}`, await post(path, { ...good[path], [field]: sql }), [400, 401, 404]));
  }));
  it('in forms, tokens, queries and paths', () => refusals.nothingWritten(() => each(attempts, async (sql) => {
    const key = newKey();
    const form = (fields) => server.fetch('/token', { method: 'POST', headers: { 'Content-Type': 'application/x-www-form-urlencoded',
      DPoP: dpop(key, { method: 'POST', url: `${server.url}/token` }) }, body: new URLSearchParams(fields).toString() });
    const quoted = encodeURIComponent(sql);
    const ascii = Buffer.from(sql).toString('latin1');
    const kind = 'SQL in forms, tokens, queries, paths';
    refusals.expect(kind, `code ${sql}`, await form({ grant_type: preAuthorized, 'pre-authorized_code': sql }), 400, { error: 'invalid_grant' });
    refusals.expect(kind, `refresh token ${sql}`, await form({ grant_type: 'refresh_token', refresh_token: sql }), 400, { error: 'invalid_grant' });
    refusals.expect(kind, `grant ${sql}`, await form({ grant_type: sql }), 400, { error: 'unsupported_grant_type' });
    refusals.expect(kind, `shard ${sql}`, await server.fetch(`/status/${quoted}`), [400, 404]);
    refusals.expect(kind, `after ${sql}`, await server.fetch(`/events?after=${quoted}`, { headers: phone.proof('GET', '/events') }), [400, 401]);
    refusals.expect(kind, `last-event-id ${sql}`, await server.fetch('/events', { headers: { ...phone.proof('GET', '/events'), 'Last-Event-ID': ascii } }),
      [400, 401]);
    refusals.expect(kind, `access token ${sql}`, await server.fetch('/checks',
      { headers: { ...phone.proof('GET', '/checks'), Authorization: `DPoP ${ascii}` } }), 401);
    refusals.expect(kind, `operator key ${sql}`, await post('/admin/keys', {}, { ...json, Authorization: `Bearer ${ascii}` }), 401);
  })));
  it('is a name like any other where a name is wanted', async () => {
    for (const [i, name] of attempts.entries()) {
      const origin = `https://n${i}.example`;
      await operator.ask('/admin/partner/put', { name, origin });
      assert.ok((await operator.ask('/admin/partners')).partners.some((known) => known.name === name && known.origin === origin));
      await operator.ask('/admin/partner/remove', { name });
      const document = await operator.create({ name });
      assert.equal((await operator.licence(document)).claims.name, name);
      assert.equal((await partner.verify(name)).result, 'malformed');
    }
  });
});

describe('keys of operators and partners', () => {
  it('no operator without a key', () => refusals.nothingWritten(async () => {
    const admin = Object.keys(good).filter((path) => path.startsWith('/admin/'));
    for (const key of [undefined, 'Bearer', 'Bearer ', `Bearer ${'x'.repeat(43)}`, `Bearer ${operator.key}x`, `Bearer ${operator.key.slice(1)}`,
      `DPoP ${operator.key}`, `Basic ${operator.key}`, operator.key,
      `Bearer ${partner.key}`, `Bearer ${phone.access}`, `Bearer ${phone.refreshSecret}`, `Bearer ${'x'.repeat(4000)}`, `Bearer ${operator.key}, Bearer x`]) {
      await each(admin, async (path) => {
        const answer = await server.fetch(path, { method: 'POST', agent: server.agent, body: JSON.stringify(good[path]),
          headers: { ...json, ...(key === undefined ? {} : { Authorization: key }) } });
        refusals.expect('operator keys', `${path} ${key}`, answer, 401, { code: 'operator-key' });
        assert.equal(answer.headers['www-authenticate'], 'Bearer');
      });
    }
  }));
  it('no partner without a key, nor from another page', () => refusals.nothingWritten(async () => {
    for (const key of ['x', operator.key, phone.access, `${partner.key}x`,
      partner.key.toLowerCase() === partner.key ? partner.key.toUpperCase() : partner.key.toLowerCase()])
      refusals.expect('partner keys', key, await post('/verify', { code: 'X', partner: key }), 401, { code: 'partner-key' });
    for (const origin of ['https://evil.example', `${partner.origin}.evil.example`, `${partner.origin}:444`, partner.origin.replace('https', 'http'),
      partner.origin.toUpperCase(), 'null', `${partner.origin}/`, '*'])
      refusals.expect('partner origins', origin, await post('/verify', { code: 'X', partner: partner.key }, { ...json, Origin: origin }), 403);
  }));
  it('other methods', () => refusals.nothingWritten(() => each(jsonPaths(), async (path) => {
    for (const method of ['GET', 'PUT', 'PATCH', 'DELETE'])
      refusals.expect('other methods', `${method} ${path}`, await server.fetch(path, { method, headers: { Authorization: `Bearer ${operator.key}` } }), 405);
  })));
});

describe('floods', () => {
  it('of headers', () => refusals.nothingWritten(async () => {
    const proof = phone.proof('GET', '/checks');
    for (const [name, headers, status] of [['99 headers', Object.fromEntries(Array.from({ length: 99 }, (_, i) => [`X-${i}`, 'a'])), 431],
      ['a header of 64 KiB', { 'X-Long': 'a'.repeat(65_536) }, 431],
      ['an access token of 32 KiB', { Authorization: `DPoP ${'a'.repeat(32_768)}` }, 431], ['a proof of 32 KiB', { DPoP: 'a'.repeat(32_768) }, 431],
      ['an access token of 4 KiB', { Authorization: `DPoP ${'a'.repeat(4096)}` }, [401, 431]],
      ['a proof of 4 KiB', { DPoP: `a.${'a'.repeat(4096)}.a` }, [401, 431]], ['an event of 4 KiB', { 'Last-Event-ID': '1'.repeat(4096) }, [400, 401, 431]]])
      refusals.expect('header floods', name, await server.fetch(name.startsWith('an event') ? '/events' : '/checks', { headers: { ...proof, ...headers } }),
        status);
  }));
  it(`${floodRequests} of all kinds leave its memory as it is`, () => refusals.nothingWritten(async () => {
    const resident = () => Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${server.child.pid}/status`, 'utf8'))[1]);
    const stranger = newKey();
    const proof = () => ({ Authorization: `DPoP ${'a'.repeat(43)}`, DPoP: dpop(stranger, { method: 'GET', url: `${server.url}/checks` }) });
    const kinds = [() => post('/verify', '['.repeat(30_000)), () => post('/verify', ' '.repeat(bodyLimit + 1)),
      () => post('/admin/licence/create', { claims: { name: 'x'.repeat(60_000) }, portrait }),
      () => server.fetch('/checks', { headers: proof(), agent: server.agent }), () => server.fetch('/checks', { headers: { 'X-Long': 'a'.repeat(20_000) } }),
        () => post('/verify', { code: 'X', partner: 'nobody' }),
      () => post('/admin/keys', {}, { ...json, Authorization: 'Bearer x' }), () => server.fetch(`/${'a'.repeat(3000)}`, { agent: server.agent }),
        () => post('/token', 'grant_type=x&'.repeat(60), { 'Content-Type': 'application/x-www-form-urlencoded' }),
      () => post('/credential', { credential_configuration_id: 'live-code-lease', proofs: { jwt: Array(8).fill('a'.repeat(4000)) } })];
    const flood = (count) => each(Array.from({ length: count }, (_, i) => i),
      async (i) => refusals.expect('the flood', `${i % kinds.length}`, await kinds[i % kinds.length](), [400, 401, 404, 413, 431]), 16);
    await flood(floodRequests / 5);
    const before = resident();
    await flood(floodRequests - floodRequests / 5);
    const grown = resident() - before;
    console.log(`memory: ${Math.round(before / 1024)} MiB, ${Math.round(grown / 1024)} MiB more after ${floodRequests * 4 / 5} hostile requests`);
    assert.ok(grown < 32 * 1024, `${grown} KiB`);
  }));
});
