// A full shard of the status list: @sd-jwt/jwt-status-list beside ours, on a list that the command line has made.
import assert from 'node:assert/strict';
import { getListFromStatusListJWT } from '@sd-jwt/jwt-status-list';
import { importJWK, jwtVerify } from 'jose';
import { Authority, must, now, origin, shard } from '../../interop/support.mjs';
import { inWasm, oursOf } from './ours.mjs';
import { contest } from './report.mjs';
import { inTurn, microseconds } from './rounds.mjs';

const rounds = 7;
const listsARound = 3;
const size = 2 ** 20;

/** Every fiftieth licence or so has one of twenty statuses that are not normal; always the same. */
function statuses() {
  let seed = 7;
  const next = () => {
    seed = (seed * 48_271) % 0x7fff_ffff;
    return seed;
  };
  return Array.from({ length: size }, () => (next() % 50 === 0 ? 16 + (next() % 20) : 0));
}

async function listOf(authority, values) {
  const trusted = { ...authority.keys.status, use: ['status'], nbf: now - 60, exp: now + 86_400 };
  const content = { iss: origin, iat: now - 60, exp: now + 86_400, seq: 1, production: false, keys: [trusted] };
  const [trustList, statusList] = [
    await must(['trust-list', 'sign', '--claims', authority.write('trust.json', content), '--key', authority.secret('root')]),
    await must(['status', 'build', '--statuses', authority.write('statuses.json', values), '--uri', shard, '--issuer', origin,
      '--key', authority.secret('status'), '--iat', `${now - 60}`, '--exp', `${now + 3600}`]),
  ];
  return { authority: origin, roots: [authority.keys.root.x], trustList, now, statusList, uri: shard };
}

export async function statusLists() {
  const authority = await Authority.make('root', 'status');
  try {
    const values = statuses();
    const list = await listOf(authority, values);
    assert.deepEqual(getListFromStatusListJWT(list.statusList).statusList, values);
    const index = values.findLastIndex((value) => value !== 0);
    const task = authority.write('task.json', { ...list, index });
    const key = await importJWK(authority.keys.status, 'EdDSA');
    const wanted = { typ: 'statuslist+jwt', algorithms: ['EdDSA'], issuer: origin, subject: shard, currentDate: new Date(now * 1000) };
    const isRight = (value) => assert.equal(value, values[index]);
    const look = () => getListFromStatusListJWT(list.statusList).getStatus(index);
    const verified = async () => {
      await jwtVerify(list.statusList, key, wanted);
      return look();
    };
    const all = await inTurn({
      ...oursOf(task, ({ time, value }) => {
        isRight(value);
        return time;
      }),
      '@sd-jwt/jwt-status-list': () => microseconds(listsARound, look, isRight),
      '@sd-jwt/jwt-status-list, jose for the signature': () => microseconds(listsARound, verified, isRight),
    }, rounds);
    return {
      title: 'A status list',
      text: [`2^20 licences of 8 bits, 2 % not normal, ${(list.statusList.length / 1024).toFixed(0)} KB: from the token's text to the status of one licence. Ours verifies the signature, the time and whose list it is; `
        + 'the package alone verifies nothing. Every value that the package reads was compared once with what the list was made of.'],
      ...contest(all, inWasm),
    };
  } finally {
    authority.remove();
  }
}
