// Tries: somebody makes checks fail in every way and reads what is left: on the page, in events, on the console, in addresses,
//   in what the authority answers and logs, at the command line.
// Must: no name, number, address or class of anybody is in any of it.
// Why: an error is its name and nothing else; personal data is in the answer "valid" alone.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { mint, newKey, Phone, seconds } from '../authority/support/phone.mjs';
import { check, Checking, leave } from '../browser/support/checking.mjs';
import { reaches } from '../browser/support/stand.mjs';
import { run } from '../cli/support/elicense.mjs';
import { attack } from './support/attack.mjs';
import { cbor } from './support/forge.mjs';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** @type {Checking} */
let checking;
before(async () => { checking = await Checking.start(); });
after(() => checking?.stop());

attack({ name: 'the name and number after a check that failed', outcome: 'useless' }, async (attempt) => {
  const { stand, partner, folder } = checking;
  const holder = await checking.holder();
  const secrets = [...holder.secrets, '欧阳', ...holder.own.driving_privileges.map(({ issue_date: date }) => date)];
  const has = (text) => secrets.find((secret) => text.includes(secret));
  const list = join(folder, 'trust.jwt');
  const trust = () => ['--trust-list', list, '--root', stand.root];
  const page = await checking.open();
  const heard = [];
  page.raw.on('console', (message) => { heard.push(message.text()); });
  page.raw.on('request', (request) => { heard.push(request.url(), JSON.stringify(request.headers())); });
  page.raw.on('pageerror', (error) => { heard.push(String(error)); });
  writeFileSync(list, (await stand.authority.fetch('/trust-list')).text);

  // After a success all of it is there, so that looking for it means something.
  attempt.control((await check(page, mint(await holder.device.lease()))).result);
  attempt.control(Boolean(has(await page.evaluate(() => counter.everything()))), true);
  attempt.control(Boolean(has((await run(['code', 'verify', ...trust()], mint(await holder.device.lease()))).out)), true);

  const lease = await holder.device.lease();
  const used = mint(await holder.device.lease());
  attempt.control((await partner.verify(used)).result);
  const claims = new Map(lease.claims).set(78, 'H');
  const suspended = await checking.holder({}, {});
  await stand.operator.change(suspended.number, { points: 12 });
  const ended = await checking.holder();
  await Phone.activate(stand.authority, await stand.operator.code(ended.number));
  secrets.push(...suspended.secrets, ...ended.secrets);
  const failures = {
    'already-used': used,
    stale: mint(lease, seconds() - 60),
    clock: mint(lease, seconds() + 600),
    forged: mint({ ...lease, payload: cbor.encode(claims) }),
    'not the key': mint({ ...lease, key: newKey() }),
    'not usable': mint(await suspended.device.lease()),
    revoked: mint(ended.lease),
    malformed: mint(lease).slice(0, -40),
    'the number itself': holder.number,
    'the name itself': holder.name,
  };
  for (const [name, text] of Object.entries(failures)) {
    const answer = await check(page, text);
    assert.notEqual(answer.result, 'valid', name);
    const again = await partner.send(text);
    // The command line has nobody to ask what was used or taken back.
    const refusedThere = ['already-used', 'revoked'].includes(name) ? failures.stale : text;
    const told = await run(['code', 'verify', ...trust(), '--json'], refusedThere);
    const plain = await run(['code', 'verify', ...trust()], refusedThere);
    assert.deepEqual([told.code, plain.code], [1, 1], name);
    const everywhere = [JSON.stringify(answer), again.text, told.out, told.err, plain.out, plain.err, await page.evaluate(() => counter.everything()),
      await page.evaluate(() => document.documentElement.outerHTML), await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage })), page.raw.url()];
    for (const place of everywhere) attempt.absent(has(place), `${name}: somebody's data is left`);
    attempt.stopped(answer.result, 'already-used', 'stale', 'clock', 'forged', 'not-usable', 'revoked', 'malformed');
  }
  await page.reload();
  attempt.absent(has(heard.join('\n')), "somebody's data went over the console or into an address");
  await leave(page);

  // A viewer that refuses, and what the authority has logged of all this.
  const { page: viewer, person } = await stand.openLive('chromium');
  secrets.push(...person.secrets);
  attempt.control(Boolean(has(await viewer.evaluate(() => tests.text('one')))), true);
  await stand.operator.change(person.number, { status: 'F' });
  await reaches(viewer, 'one', 'refused');
  await viewer.waitFor((name) => !tests.text('one').includes(name), person.name);
  attempt.absent(has(await viewer.evaluate(() => tests.text('one'))), 'a withdrawn licence is still told');
  attempt.absent(has(await viewer.evaluate(() => JSON.stringify(tests.heard.one.filter(({ state }) => state !== 'live')))), "an event names somebody");
  await viewer.close();
  assert.ok(stand.authority.err.includes('/verify'), 'the authority logs its requests');
  attempt.absent(has(stand.authority.err), "somebody's data is in the authority's log");
});
