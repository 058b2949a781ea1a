// Tries: somebody has another's lease, from a backup or the network, and mints live codes from it with a key of their own.
// Must: every verifier refuses each code, by the signature that does not fit.
// Why: the lease names the one key that may show it, under the authority's signature, and that key never leaves its phone.
import { after, before } from 'node:test';
import { mint, newKey, readLease } from '../authority/support/phone.mjs';
import { attack } from './support/attack.mjs';
import { cbor, map, textOf } from './support/forge.mjs';
import { allValid, Verifiers } from './support/verifiers.mjs';

/** @type {Verifiers} */
let verifiers;
let holder;
before(async () => {
  verifiers = await Verifiers.start();
  holder = await verifiers.holder();
});
after(() => verifiers?.stop());

attack({ name: "a code from another's lease, signed by an own key", outcome: 'refused' }, async (attempt) => {
  attempt.control(allValid(await verifiers.of(mint(holder.lease))));
  for (const answer of await verifiers.of(mint({ ...holder.lease, key: newKey() }))) attempt.refused(answer, 'countersignature');
});

attack({ name: 'the lease changed so that it names the own key', outcome: 'refused' }, async (attempt) => {
  const own = newKey();
  const lease = await holder.device.lease();
  const claims = new Map(lease.claims);
  const changed = (key) => mint({ ...lease, key, payload: cbor.encode(claims) });
  attempt.control(Buffer.compare(cbor.encode(claims), lease.payload), 0);
  attempt.control(allValid(await verifiers.of(changed(lease.key))));
  claims.set(8, map([1, map([1, 1], [-1, 6], [-2, Buffer.from(own.jwk.x, 'base64url')])]));
  for (const answer of await verifiers.of(changed(own))) attempt.refused(answer, 'signature');
});

attack({ name: 'the lease alone, as it lies in the storage', outcome: 'refused' }, async (attempt) => {
  const lease = await holder.device.lease();
  const bare = Buffer.concat([Buffer.of(0xd2), cbor.encode([lease.bodyProtected, map(), lease.payload, lease.signature])]);
  attempt.control(allValid(await verifiers.of(mint(readLease(bare.toString('base64url'), lease.key)))));
  for (const answer of await verifiers.of(textOf(bare))) attempt.refused(answer, 'not-live');
});
