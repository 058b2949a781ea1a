// Licences: issued, disclosed in part, bound to a question, verified.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { Authority, issuer, json, leaks, must, now, person, run, shard } from './support/elicense.mjs';

const image = 'data:image/jpeg;base64,/9j/4AECAw==';
let authority;
let licence;
before(async () => {
  authority = await Authority.make();
  authority.claims = (more = {}) => ({
    iss: issuer, iat: now - 60, exp: now + 86400 * 30, status: { status_list: { idx: 5, uri: shard } }, ...person,
    sex: '男', birth_date: '1990-03-07', address: '山东省济南市测试路1号', first_issue_date: '2015-06-01', valid_from: '2021-06-01',
    valid_until: '2031-05-31', driving_privileges: [{ vehicle_category_code: 'C1', issue_date: '2015-06-01' }],
    issuing_authority: '测试', file_number: '370100000000', points: 3, record: [{ date: '2021-06-01', text: '换证' }], portrait: image, ...more,
  });
  authority.issue = (claims) => json(['licence', 'issue', '--claims', '-', '--key', authority.secret('licence'), '--holder-key', authority.keys.device.x],
    JSON.stringify(claims));
  const done = await authority.issue(authority.claims());
  licence = done.answer.licence;
});
after(() => authority.remove());

const verify = (text, more = [], at = now) => json(['licence', 'verify', '--now', String(at), ...authority.trust, ...more], text);
const present = async (claims, more = []) =>
  (await must(['licence', 'present', '--claims', claims, '--now', String(now), ...authority.trust, ...more], licence)).trimEnd();

function refused(done, error) {
  assert.equal(done.answer.result, 'refused');
  assert.equal(done.answer.error, error);
  assert.equal(done.answer.licence, null);
  assert.equal(done.code, 1);
  assert.deepEqual(leaks(done), []);
}

describe('licence issue', () => {
  for (const [field, value] of [['name', 7], ['valid_until', '2031-02-30'], ['points', -1], ['portrait', 'data:image/png;base64,AAAA'], ['hobby', 'x'],
    ['iss', ''], ['iat', 'x'], ['exp', undefined], ['status', {}], ['idx', undefined], ['birth_date', null]]) {
    it(`refuses ${field} = ${JSON.stringify(value)}`, async () => {
      const more = field === 'idx' ? { status: { status_list: { uri: shard } } } : { [field]: value };
      const done = await authority.issue(authority.claims(more));
      assert.equal(done.code, 1);
      assert.equal(done.answer.field, field);
      assert.deepEqual(leaks(done), []);
    });
  }
  it('refuses a licence that is over when it begins', async () => {
    assert.equal((await authority.issue(authority.claims({ exp: now - 60 }))).answer.error, 'licence-expired');
  });
});

describe('licence verify', () => {
  it('shows everything disclosed, and what was not checked', async () => {
    const done = await verify(`${licence}\n`);
    assert.equal(done.code, 0);
    assert.equal(done.answer.licence.name, person.name);
    assert.equal(done.answer.licence.licence_number, person.licence_number);
    assert.equal(done.answer.licence.portrait, image);
    assert.equal(done.answer.licence.holder_key.x, authority.keys.device.x);
    assert.deepEqual(done.answer.unchecked, ['status-list', 'key-binding']);
    assert.equal(done.answer.production, false);
    const forPeople = await run(['licence', 'verify', '--now', String(now), ...authority.trust], licence);
    assert.match(forPeople.out, /^VALID/);
    assert.match(forPeople.out, /portrait +7 bytes/);
  });

  it('refuses: time, signature, use of the key, trust list', async () => {
    refused(await verify(licence, [], now + 86400 * 30), 'trust-list-expired');
    const body = licence.split('.');
    const tampered = [body[0], body[1], (body[2][0] === 'A' ? 'B' : 'A') + body[2].slice(1)].join('.');
    refused(await verify(tampered), 'signature');
    const foreign = (await must(['licence', 'issue', '--claims', authority.write('claims.json', authority.claims()), '--key', authority.secret('lease'),
      '--holder-key', authority.keys.device.x])).trimEnd();
    refused(await verify(foreign), 'key-use');
    refused(await verify('x'.repeat(300_000)), 'text-size');
    const list = await verify(licence, ['--seq-seen', '99']);
    refused(list, 'trust-list-rollback');
    assert.deepEqual(list.answer.steps, [{ name: 'trust-list', ok: false }]);
  });

  it('a status that forbids use is refused, one that allows it is shown', async () => {
    const good = await authority.buildStatusList('good', [0, 0, 0, 0, 0, 'H']);
    const done = await verify(licence, ['--status-list', `${shard}=${good}`]);
    assert.equal(done.code, 0);
    assert.equal(done.answer.status.codes, 'H');
    assert.deepEqual(done.answer.unchecked, ['key-binding']);
    const bad = await authority.buildStatusList('bad', [0, 0, 0, 0, 0, 'BD']);
    const stopped = await verify(licence, ['--status-list', `${shard}=${bad}`]);
    refused(stopped, 'status-refused');
    assert.equal(stopped.answer.status.codes, 'B');
  });
});

describe('licence present', () => {
  it('discloses what was chosen and nothing else', async () => {
    const shown = await verify(await present('name,driving_privileges'));
    assert.equal(shown.answer.licence.name, person.name);
    assert.equal(shown.answer.licence.licence_number, undefined);
    assert.equal(shown.answer.licence.address, undefined);
    const none = await verify(await present(''));
    assert.equal(none.answer.licence.name, undefined);
    const unknown = await run(['licence', 'present', '--claims', 'hobby', '--now', String(now), ...authority.trust], licence);
    assert.equal(unknown.code, 1);
    assert.match(unknown.err, /sd-jwt-disclosure/);
  });

  it('is bound to whom it is for, to the nonce and to the moment', async () => {
    const bound = await present('name', ['--key', authority.secret('device'), '--audience', 'https://rental.example', '--nonce', 'n-1']);
    const policy = (audience, nonce, age) => ['--audience', audience, '--nonce', nonce, '--max-age', age];
    const good = await verify(bound, policy('https://rental.example', 'n-1', '60'));
    assert.equal(good.code, 0);
    assert.deepEqual(good.answer.unchecked, ['status-list']);
    refused(await verify(bound, policy('https://other.example', 'n-1', '60')), 'key-binding-audience');
    refused(await verify(bound, policy('https://rental.example', 'n-2', '60')), 'key-binding-nonce');
    refused(await verify(bound, policy('https://rental.example', 'n-1', '60'), now + 61), 'key-binding-time');
    refused(await verify(await present('name'), policy('https://rental.example', 'n-1', '60')), 'key-binding-missing');
    const wider = `${licence.slice(0, licence.lastIndexOf('~') + 1)}${bound.slice(bound.lastIndexOf('~') + 1)}`;
    refused(await verify(wider, policy('https://rental.example', 'n-1', '60')), 'key-binding-digest');
  });

  it('only with the device key, and all three together', async () => {
    const words = ['licence', 'present', '--claims', 'name', '--now', String(now), ...authority.trust];
    assert.equal((await run([...words, '--key', authority.secret('holder'), '--audience', 'a', '--nonce', 'b'], licence)).code, 2);
    assert.equal((await run([...words, '--audience', 'a', '--nonce', 'b'], licence)).code, 2);
    assert.equal((await run(['licence', 'verify', ...authority.trust, '--nonce', 'b'], licence)).code, 2);
  });

  it('not from a licence that does not verify', async () => {
    const done = await run(['licence', 'present', '--claims', 'name', '--now', String(now + 86400 * 31), ...authority.trust], licence);
    assert.equal(done.code, 1);
    assert.deepEqual(leaks(done), []);
  });
});
