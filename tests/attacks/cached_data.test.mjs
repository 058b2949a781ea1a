// Tries: the owner of a phone edits what the viewer keeps on it (another name, more classes, no points, another's licence, a
//   later time) and opens the licence again, without network and with it.
// Must: nothing that was edited is shown; without network nothing at all, with it what the authority says.
// Why: what is kept is as signed, and is checked each time as if it had come over the network; the keys cannot be read.
import assert from 'node:assert/strict';
import { after, afterEach, before } from 'node:test';
import { leave, Stand, until } from '../browser/support/stand.mjs';
import { attack } from './support/attack.mjs';
import { hasKept, kept, reopen, withClaim } from './support/storage.mjs';

/** @type {Stand} */
let stand;
before(async () => { stand = await Stand.start(); });
after(() => stand?.stop());
afterEach(() => stand.wire.mend());

const forgedName = '王伪造';
const now = (page) => page.evaluate(() => ({ state: tests.state('one'), error: tests.last('one')?.error ?? null, text: tests.text('one') }));
// Comes to rest in a state that is not the first.
const settled = (page) => until(async () => {
  const { state } = await now(page);
  return state !== 'loading' && now(page);
}, 'a state');

attack({ name: 'the kept licence edited: name, classes, points', outcome: 'refused' }, async (attempt) => {
  const { page, person } = await stand.openLive('chromium', { person: await stand.person({ points: 6 }) });
  await hasKept(page);
  const { licence } = await kept(page);
  stand.wire.cut();
  await reopen(page, stand.attributes());
  const control = await until(async () => {
    const { state, text } = await now(page);
    return text.includes(person.name) && state;
  }, 'the kept licence without network');
  attempt.control(control, 'offline');
  const edits = [['name', forgedName], ['driving_privileges', [{ vehicle_category_code: 'A2', issue_date: '2001-01-01' }]], ['points', 0]];
  for (const [claim, value] of edits) {
    stand.wire.cut();
    await page.evaluate(() => tests.remove('one'));
    await kept(page, { licence: withClaim(licence, claim, value) });
    assert.ok((await kept(page)).licence !== licence);
    await reopen(page, stand.attributes());
    const offline = await settled(page);
    attempt.absent(offline.text.includes(forgedName), 'what was edited is shown');
    attempt.absent(person.secrets.some((secret) => offline.text.includes(secret)), 'data that did not check is shown');
    attempt.stopped(offline.error ?? offline.state, 'sd-jwt-disclosure');
    stand.wire.mend();
    await page.evaluate(() => document.getElementById('one').refresh());
    await page.waitFor((name) => tests.state('one') === 'live' && tests.text('one').includes(name), person.name);
    attempt.absent((await now(page)).text.includes(forgedName), 'what was edited is shown');
    await hasKept(page);
  }
  await leave(page);
});

attack({ name: "another's licence and lease put in the place of the own", outcome: 'refused' }, async (attempt) => {
  const { page: victimAt, person: victim } = await stand.openLive('chromium');
  await hasKept(victimAt);
  const taken = await kept(victimAt);
  await leave(victimAt);
  const { page, person } = await stand.openLive('chromium');
  await hasKept(page);
  const own = await kept(page);
  stand.wire.cut();
  const takes = async (change) => {
    await page.evaluate(() => tests.remove('one'));
    await kept(page, change);
    await reopen(page, stand.attributes());
    const after = await settled(page);
    const theirs = victim.secrets.filter((secret) => !person.secrets.includes(secret));
    attempt.absent(theirs.some((secret) => after.text.includes(secret)), "another's licence is shown");
    return after.error ?? after.state;
  };
  attempt.control(await takes(own), 'offline');
  attempt.stopped(await takes({ licence: taken.licence }), 'holder-mismatch');
  attempt.stopped(await takes({ ...own, lease: taken.lease }), 'holder-mismatch', 'unavailable', 'stale', 'untrusted');
  attempt.stopped(await takes({ licence: taken.licence, lease: taken.lease }), 'holder-mismatch', 'stale');
  await leave(page);
});
