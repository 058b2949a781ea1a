// Tries: somebody on the network, or a store in between, goes on giving the old trust list after a key was revoked, or the old
//   status list after a licence was withdrawn.
// Must: a verifier and a viewer that have seen the newer one refuse the older; one that never saw it believes it until it is over.
// Why: both lists are signed with a number or a time that may not go back, and with an end.
import assert from 'node:assert/strict';
import { after, afterEach, before } from 'node:test';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mint } from '../authority/support/phone.mjs';
import { check, Checking, leave } from '../browser/support/checking.mjs';
import { leave as leaveViewer, reaches, until } from '../browser/support/stand.mjs';
import { json } from '../cli/support/elicense.mjs';
import { attack } from './support/attack.mjs';

/** @type {Checking} */
let checking;
let stand;
before(async () => {
  checking = await Checking.start();
  stand = checking.stand;
});
after(() => checking?.stop());
afterEach(() => stand.wire.mend());

const listOf = async () => (await stand.authority.fetch('/trust-list')).text;
const serve = (path, text) => { stand.wire.change = ({ asked }) => (asked.path === path ? text : undefined); };

attack({ name: 'the old trust list, to a viewer', outcome: 'refused' }, async (attempt) => {
  const old = await listOf();
  const { page, person } = await stand.openLive('chromium');
  await page.waitFor(async () => (await tests.kept()).includes('time'));
  const again = async () => {
    await page.reload();
    await page.waitFor(() => window.ready);
    await page.evaluate((settings) => tests.add('one', settings), stand.attributes());
  };
  serve('/trust-list', old); // the same list again is no attack
  await again();
  attempt.control((await reaches(page, 'one', 'live')).state, 'live');
  stand.wire.mend();
  await stand.operator.ask('/admin/keys/rotate', { use: 'status' });
  const before = stand.wire.to('/trust-list').length;
  await again();
  attempt.control((await reaches(page, 'one', 'live')).state, 'live');
  await until(() => stand.wire.to('/trust-list').length > before, 'the new list');
  assert.notEqual(stand.wire.to('/trust-list').at(-1).body, old);
  serve('/trust-list', old);
  await again();
  const { error } = await reaches(page, 'one', 'untrusted');
  const text = await page.evaluate(() => tests.text('one'));
  attempt.absent(person.secrets.some((secret) => text.includes(secret)), 'the licence is shown by a list that was rolled back');
  attempt.stopped(error, 'trust-list-rollback');
  await leaveViewer(page);
});

attack({ name: 'the old trust list after a key was revoked, to verifiers', outcome: 'refused' }, async (attempt) => {
  const old = await listOf();
  const { seq: sequence } = JSON.parse(Buffer.from(old.split('.')[1], 'base64url'));
  const { device } = await checking.holder();
  const lease = await device.lease();
  const page = await checking.open({ mode: 'offline' });
  attempt.control((await check(page, mint(lease))).result);
  await stand.operator.ask('/admin/keys/revoke', { kid: lease.kid });
  const widget = await checking.open({ mode: 'offline' });
  attempt.refused(await check(widget, mint(lease)), 'key-revoked');
  // The same page is opened again, with the old list from now on.
  serve('/trust-list', old);
  await widget.reload();
  await widget.waitFor(() => window.ready);
  await checking.place(widget, { mode: 'offline' });
  await widget.waitFor(() => counter.heard.readiness.length > 0);
  attempt.refused(await check(widget, mint(lease)), 'key-revoked', 'trust-list-rollback');
  const file = join(checking.folder, 'old.jwt');
  writeFileSync(file, old);
  const words = ['code', 'verify', '--trust-list', file, '--root', stand.root];
  const { result } = (await json(words, mint(lease))).answer;
  assert.equal(result, 'valid', 'who has never seen a newer list believes the old one: its end is the bound');
  attempt.refused((await json([...words, '--seq-seen', String(sequence + 1)], mint(lease))).answer, 'trust-list-rollback');
  await leave(widget);
  await leave(page);
});

attack({ name: 'the old status list after a licence was withdrawn, offline', outcome: 'harder' }, async (attempt) => {
  const holder = await checking.holder();
  const lease = await holder.device.lease();
  const path = '/status/0';
  await stand.operator.ask('/admin/status/publish');
  const old = (await stand.authority.fetch(path)).text;
  const never = await checking.open({ mode: 'offline' });
  attempt.control((await check(never, mint(lease))).result);
  await stand.operator.change(holder.number, { status: 'F' });
  await until(async () => {
    await stand.operator.ask('/admin/status/publish');
    const { iat } = JSON.parse(Buffer.from((await stand.authority.fetch(path)).text.split('.')[1], 'base64url'));
    return iat > JSON.parse(Buffer.from(old.split('.')[1], 'base64url')).iat;
  }, 'a newer list');
  const aware = await checking.open({ mode: 'offline' });
  attempt.refused(await check(aware, mint(lease)), 'status-refused', 'lease-revoked');
  serve(path, old);
  await aware.reload();
  await aware.waitFor(() => window.ready);
  await checking.place(aware, { mode: 'offline' });
  await aware.waitFor(() => counter.heard.readiness.length > 0);
  attempt.refused(await check(aware, mint(lease)), 'status-refused', 'lease-revoked');
  // Who asks the authority is told, whatever lists are about.
  attempt.refused(await checking.partner.verify(mint(lease)), 'status-refused', 'lease-revoked');
  const claims = JSON.parse(Buffer.from(old.split('.')[1], 'base64url'));
  attempt.figure(`passes where the newer was never seen, until it is over: ${Math.round((claims.exp - claims.iat) / 3600)} h`);
  await leave(aware);
  await leave(never);
});
