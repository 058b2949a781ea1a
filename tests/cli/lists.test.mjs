// Status lists, trust lists and receipts.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { statSync } from 'node:fs';

import { Authority, issuer, json, must, now, run, shard } from './support/elicense.mjs';

let authority;
before(async () => { authority = await Authority.make(); });
after(() => authority.remove());

describe('status', () => {
  const lookup = (list, index, more = [], uri = shard) =>
    json(['status', 'lookup', '--index', String(index), '--uri', uri, '--list', list, '--now', String(now), ...authority.trust, ...more]);

  it('numbers, letters and maps come back as they were', async () => {
    const array = await authority.buildStatusList('array', [0, 1, 2, 'A', 'H', 'BDJ', 17]);
    for (const [index, value, codes] of [[0, 0, 'A'], [1, 1, 'F'], [2, 2, 'D'], [3, 0, 'A'], [4, 23, 'H'], [5, 25, 'J'], [6, 17, 'B']]) {
      const { code, answer } = await lookup(array, index);
      assert.deepEqual([code, answer.result, answer.value, answer.status.codes], [0, 'found', value, codes]);
    }
    const map = await authority.buildStatusList('map', { 1000: 'U', 0: 2 }, ['--size', '1048576']);
    assert.equal((await lookup(map, 1000)).answer.status.codes, 'U');
    assert.equal((await lookup(map, 1048575)).answer.value, 0);
    assert.equal((await lookup(map, 1048576)).answer.error, 'status-list-index');
    assert.equal((await run(['status', 'lookup', '--index', '0', '--uri', shard, '--now', String(now), ...authority.trust], authority.read('map.jwt'))).code, 0);
  });

  it('smaller elements, when all fit', async () => {
    const two = await authority.buildStatusList('two', [3, 2, 1, 0, 3], ['--bits', '2']);
    const unknown = await lookup(two, 0);
    assert.deepEqual([unknown.code, unknown.answer.value, unknown.answer.error], [1, 3, 'status-code']);
    assert.equal((await lookup(two, 1)).answer.value, 2);
    for (const bits of ['3', '0', '16', '99999999999']) {
      const done = await run(['status', 'build', '--statuses', authority.path('two.json'), '--uri', shard, '--key', authority.secret('status'), '--bits', bits]);
      assert.equal(done.code, 1, bits);
    }
    const big = await run(['status', 'build', '--statuses', authority.write('big.json', [4]), '--uri', shard, '--key', authority.secret('status'), '--bits', '2']);
    assert.equal(big.code, 1);
  });

  it('refuses what is not a status, by its place', async () => {
    const build = (statuses, more = []) => json(['status', 'build', '--statuses', '-', '--uri', shard, '--key', authority.secret('status'), ...more],
      JSON.stringify(statuses));
    for (const [statuses, more, field] of [[[0, 256], [], '1'], [[0, 0, 'AB'], [], '2'], [[-1], [], '0'], [[1.5], [], '0'], [{ 7: 0 }, ['--size', '7'], '7'],
      [{ x: 0 }, ['--size', '7'], 'x']]) {
      const done = await build(statuses, more);
      assert.equal(done.code, 1);
      assert.equal(done.answer.field, field);
    }
    for (const more of [['--size', '1048577'], ['--ttl', '0'], ['--iat', '10', '--exp', '10']]) {
      assert.equal((await run(['status', 'build', '--statuses', '-', '--uri', shard, '--key', authority.secret('status'), ...more], '{}')).code, 2);
    }
  });

  it('refuses another uri, another key, a list that is over', async () => {
    const list = await authority.buildStatusList('refusals', [0]);
    assert.equal((await lookup(list, 0, [], `${shard}/`)).answer.error, 'status-list-subject');
    const done = await json(['status', 'lookup', '--index', '0', '--uri', shard, '--list', list, '--now', String(now + 3600), ...authority.trust]);
    assert.deepEqual([done.code, done.answer.error, done.answer.value], [1, 'status-list-expired', null]);
    await must(['status', 'build', '--statuses', authority.path('refusals.json'), '--uri', shard, '--key', authority.secret('lease'),
      '--iat', String(now), '--out', authority.path('wrong-key.jwt')]);
    assert.equal((await lookup(authority.path('wrong-key.jwt'), 0)).answer.error, 'key-use');
  });
});

describe('trust-list', () => {
  const verify = (more = [], at = now) =>
    json(['trust-list', 'verify', '--in', authority.path('trust.jwt'), '--root', authority.keys.root.x, '--now', String(at), ...more]);

  it('is read back as it was signed', async () => {
    const done = await verify(['--seq-seen', '7']);
    assert.equal(done.code, 0);
    assert.deepEqual(done.answer.trust_list.keys.map((key) => key.kid), ['licence', 'lease', 'status', 'receipt'].map((name) => authority.keys[name].kid));
    assert.equal(done.answer.trust_list.seq, 7);
    assert.equal(done.answer.production, false);
    assert.equal(statSync(authority.path('trust.jwt')).mode & 0o777, 0o666 & ~process.umask());
  });
  it('is refused when it is older, over, or from elsewhere', async () => {
    assert.equal((await verify(['--seq-seen', '8'])).answer.error, 'trust-list-rollback');
    assert.equal((await verify([], now + 86400)).answer.error, 'trust-list-expired');
    assert.equal((await verify([], now - 3700)).answer.error, 'trust-list-not-yet-valid');
    const strange = await json(['trust-list', 'verify', '--in', authority.path('trust.jwt'), '--root', authority.keys.lease.x]);
    assert.deepEqual([strange.code, strange.answer.result, strange.answer.error], [1, 'refused', 'root-unknown']);
    assert.equal((await run(['trust-list', 'verify', '--in', authority.path('trust.jwt')])).code, 2);
  });
  it('takes one of several roots while one is replaced', async () => {
    assert.equal((await verify(['--root', authority.keys.device.x])).code, 0);
  });
  it('names the entry that cannot be signed', async () => {
    const claims = authority.trustClaims();
    claims.keys[2] = { ...claims.keys[2], use: ['everything'] };
    const done = await json(['trust-list', 'sign', '--claims', '-', '--key', authority.secret('root')], JSON.stringify(claims));
    assert.deepEqual([done.code, done.answer.error, done.answer.field], [1, 'trust-list-shape', 'keys[2]']);
  });
});

describe('receipt', () => {
  const partner = 'https://rental.example';
  const claims = (more = {}) => ({ iss: issuer, aud: partner, iat: now, jti: 'r-1', result: 'valid',
    answer: { class: 'C1', may_drive: true, because: 'held' }, ...more });
  const issue = async (more) => (await must(['receipt', 'issue', '--claims', '-', '--key', authority.secret('receipt')], JSON.stringify(claims(more)))).trimEnd();
  const verify = (text, more = [], at = now + 1, audience = partner) =>
    json(['receipt', 'verify', '--audience', audience, '--now', String(at), ...authority.trust, ...more], text);
  const refused = (done, error) => assert.deepEqual([done.code, done.answer.result, done.answer.error, done.answer.receipt], [1, 'refused', error, null]);

  it('is good once, for its audience and its question', async () => {
    const text = await issue();
    const seen = ['--seen', authority.path('receipts')];
    const first = await verify(text, ['--requires', 'C1', ...seen]);
    assert.equal(first.code, 0);
    assert.deepEqual(first.answer.receipt.answer, { class: 'C1', may_drive: true, because: 'held' });
    assert.deepEqual(first.answer.unchecked, []);
    const second = await verify(text, ['--requires', 'C1', ...seen]);
    refused(second, 'already-used');
    assert.deepEqual(second.answer.steps.at(-1), { name: 'replay', ok: false });
    assert.deepEqual((await verify(text)).answer.unchecked, ['replay']);
    assert.equal((await verify(await issue({ jti: 'r-2' }), seen)).code, 0);
  });
  it('is refused otherwise', async () => {
    const text = await issue();
    refused(await verify(text, [], now + 1, 'https://other.example'), 'receipt-audience');
    refused(await verify(text, [], now + 300), 'receipt-expired');
    refused(await verify(text, [], now - 61), 'receipt-not-yet-valid');
    refused(await verify(text, ['--requires', 'A1']), 'receipt-question');
    refused(await verify(await issue({ answer: { class: 'C1', may_drive: false, because: 'not-held' } }), ['--requires', 'C1']), 'receipt-result');
    refused(await verify(await issue({ result: 'stale', answer: undefined })), 'receipt-result');
    refused(await verify(await issue({ iss: 'https://elsewhere.example' })), 'receipt-issuer');
  });
  it('answers the transaction that it was asked for', async () => {
    const text = await issue({ nonce: 'booking-4711' });
    const done = await verify(text, ['--nonce', 'booking-4711']);
    assert.deepEqual([done.code, done.answer.receipt.nonce], [0, 'booking-4711']);
    assert.equal((await verify(text)).code, 0);
    refused(await verify(text, ['--nonce', 'booking-4712']), 'receipt-nonce');
    const without = await issue();
    assert.equal((await verify(without)).answer.receipt.nonce, null);
    refused(await verify(without, ['--nonce', 'booking-4711']), 'receipt-nonce');
  });
  it('of twenty at once exactly one passes', async () => {
    const text = await issue({ jti: 'race' });
    const all = await Promise.all(Array.from({ length: 20 }, () => verify(text, ['--seen', authority.path('receipts-race')])));
    assert.equal(all.filter((done) => done.code === 0).length, 1);
    assert.equal(all.filter((done) => done.answer.error === 'already-used').length, 19);
  });
  it('issues nothing misshapen, and names the field', async () => {
    for (const [more, field] of [[{ result: 'fine' }, 'result'], [{ aud: '' }, 'aud'], [{ iat: 'x' }, 'iat'], [{ answer: 1 }, 'answer'],
      [{ answer: { class: 'X' } }, 'answer.class'], [{ name: 'x' }, 'name'], [{ exp: now + 301 }, null], [{ nonce: 'a b' }, null], [{ nonce: 'n'.repeat(65) }, null]]) {
      const done = await json(['receipt', 'issue', '--claims', '-', '--key', authority.secret('receipt')], JSON.stringify(claims(more)));
      assert.deepEqual([done.code, done.answer.error !== null, done.answer.field], [1, true, field]);
    }
  });
});
