// Status lists: ours read by @sd-jwt/jwt-status-list, theirs by us, every index.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { createHeaderAndPayload, getListFromStatusListJWT, StatusList } from '@sd-jwt/jwt-status-list';
import { importJWK, jwtVerify, SignJWT } from 'jose';

import { ask, Authority, must, now, origin, shard } from './support.mjs';

/** @typedef {import('@sd-jwt/jwt-status-list').BitsPerStatus} Bits */
const sizes = /** @type {Bits[]} */ ([1, 2, 4, 8]);

/** @type {Authority} */
let authority;
before(async () => { authority = await Authority.make('status'); });
after(() => authority.remove());

/**
 * Every value there is, and then some in no order; always the same.
 * @param {number} bits
 * @param {number} count
 */
const statuses = (bits, count) => Array.from({ length: count }, (_, i) => (i < 2 ** bits ? i : (i * 7919 + (i >> 3)) % 2 ** bits));

/**
 * @param {unknown} content as --statuses takes it
 * @param {string[]} more
 */
async function build(content, ...more) {
  const words = ['--statuses', authority.write('statuses.json', content), '--key', authority.secret('status'), '--uri', shard, '--issuer', origin];
  return must(['status', 'build', ...words, '--iat', `${now}`, '--exp', `${now + 3600}`, '--ttl', '600', ...more]);
}

/**
 * @param {string} list
 * @param {number} index
 */
const lookUp = (list, index) =>
  ask(['status', 'lookup', '--index', `${index}`, '--uri', shard, '--now', `${now + 1}`, ...authority.trust('status')], list);

describe('ours, read by @sd-jwt/jwt-status-list', () => {
  for (const bits of sizes) {
    it(`${bits} bits`, async () => {
      const expected = statuses(bits, 1024);
      const list = getListFromStatusListJWT(await build(expected, '--bits', `${bits}`));
      assert.equal(list.getBitsPerStatus(), bits);
      assert.deepEqual(Array.from(expected, (_, i) => list.getStatus(i)), expected);
      assert.throws(() => list.getStatus(1024));
    });
  }

  it('a whole shard of 2^20', async () => {
    const size = 2 ** 20;
    const set = /** @type {Record<string, number>} */ ({ 0: 1, 1: 17, 65_535: 2, 524_288: 19, [size - 1]: 41 });
    const { statusList } = getListFromStatusListJWT(await build(set, '--size', `${size}`));
    assert.equal(statusList.length, size);
    assert.ok(statusList.every((status, i) => status === (set[i] ?? 0)));
  });

  it('its signature and claims, by jose', async () => {
    const key = await importJWK(authority.keys.status, 'EdDSA');
    const { payload, protectedHeader } = await jwtVerify(await build([0, 'BD']), key, {
      typ: 'statuslist+jwt', algorithms: ['EdDSA'], issuer: origin, subject: shard, currentDate: new Date((now + 1) * 1000),
    });
    assert.equal(protectedHeader.kid, authority.keys.status.kid);
    assert.deepEqual([payload.iat, payload.exp, payload.ttl], [now, now + 3600, 600]);
  });
});

describe('theirs, read by us', () => {
  /**
   * @param {Bits} bits
   * @param {number[]} values
   */
  async function theirs(bits, values) {
    const { header, payload } = createHeaderAndPayload(
      new StatusList(values, bits), { iss: origin, sub: shard, iat: now, exp: now + 3600 },
      { alg: 'EdDSA', typ: 'statuslist+jwt', kid: authority.keys.status.kid });
    return new SignJWT(payload).setProtectedHeader(header).sign(await importJWK(authority.secretJwk('status'), 'EdDSA'));
  }

  for (const bits of sizes) {
    it(`${bits} bits`, async () => {
      const expected = statuses(bits, Math.max(2 ** bits, 40));
      const list = await theirs(bits, expected);
      const found = [];
      for (let i = 0; i < expected.length; ++i) found.push((await lookUp(list, i)).value);
      assert.deepEqual(found, expected);
      assert.equal((await lookUp(list, expected.length)).error, 'status-list-index');
    });
  }

  it('refused by us once a character is another', async () => {
    const [header, payload, signature] = (await theirs(8, [0, 17])).split('.');
    const other = payload.replace(/.$/, (last) => (last === 'A' ? 'Q' : 'A'));
    assert.equal((await lookUp([header, other, signature].join('.'), 0)).error, 'signature');
  });
});
