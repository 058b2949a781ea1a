// Tries: an issuing key has leaked, as those for Covid certificates did in 2021; or the forger has a key of their own and the
//   name of a good one; or a key whose time is over, or of another use.
// Must: only the leaked key, and only until it is revoked, and only where the authority is not asked, makes a code that passes.
// Why: the authority knows every lease that it has issued; the trust list names each key with its use and time, and takes it back.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { newKey, seconds, trustList } from '../authority/support/phone.mjs';
import { Authority, now } from '../cli/support/elicense.mjs';
import { attack } from './support/attack.mjs';
import { ed25519, leaseClaims, liveCode, map, stolenKeys } from './support/forge.mjs';
import { Verifiers } from './support/verifiers.mjs';
import { check, leave } from '../browser/support/checking.mjs';

/** @type {Verifiers} */
let verifiers;
let keys;
let operator;
before(async () => {
  verifiers = await Verifiers.start();
  operator = verifiers.stand.operator;
  keys = await stolenKeys(verifiers.stand.authority, operator);
});
after(() => verifiers?.stop());

function forged(key, kid = key.kid) {
  const holder = newKey();
  const claims = leaseClaims({ iss: verifiers.stand.wire.origin, holder });
  return liveCode({ claims, holder, body: map([1, -8], [4, Buffer.from(kid)]), sealBody: ed25519(key) });
}

attack({ name: 'an own key under the name of the authority\'s', outcome: 'refused' }, async (attempt) => {
  attempt.control((await verifiers.stand.verify(forged(keys.lease))).result);
  for (const answer of await verifiers.of(forged(newKey(), keys.lease.kid))) attempt.refused(answer, 'signature');
});

attack({ name: 'a leaked key of another use', outcome: 'refused' }, async (attempt) => {
  attempt.control((await verifiers.stand.verify(forged(keys.lease))).result);
  for (const use of ['licence', 'status', 'receipt']) {
    for (const answer of await verifiers.of(forged(keys[use]))) attempt.refused(answer, 'key-use');
  }
});

attack({ name: 'a signer whose time is over', outcome: 'refused' }, async (attempt) => {
  const authority = await Authority.make();
  try {
    const code = await authority.mint(await authority.issueLease('lease'));
    attempt.control((await authority.verify(code)).answer.result);
    const list = await authority.signTrustList('later', { keys: [authority.entry('lease', 'lease', { exp: now })] });
    attempt.refused((await authority.verify(code, [], ['--trust-list', list, '--root', authority.keys.root.x])).answer, 'key-expired');
  } finally {
    authority.remove();
  }
});

attack({ name: 'the leaked lease key: a lease for somebody who is not', outcome: 'harder' }, async (attempt) => {
  // It passes where the authority is not asked: that is what a leaked key means, and the figure tells for how long.
  const text = forged(keys.lease);
  attempt.control((await check(verifiers.page, text)).result);
  attempt.control((await verifiers.stand.verify(text)).result);
  attempt.refused(await verifiers.checking.partner.verify(text), 'lease-revoked');
  await operator.ask('/admin/keys/revoke', { kid: keys.lease.kid });
  const fresh = await verifiers.checking.open({ mode: 'offline' });
  for (const answer of [await verifiers.stand.verify(forged(keys.lease)), await check(fresh, forged(keys.lease)),
    await verifiers.checking.partner.verify(forged(keys.lease))]) attempt.refused(answer, 'key-revoked');
  await leave(fresh);
  const list = await trustList(verifiers.stand.authority, verifiers.stand.root);
  assert.ok(list.keys.some(({ kid, revoked }) => kid === keys.lease.kid && revoked <= seconds()));
  attempt.figure(`passes offline alone, until a new list: ${Math.round((list.exp - list.iat) / 3600)} h at the most`);
});
