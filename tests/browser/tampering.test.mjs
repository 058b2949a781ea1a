// Somebody on the network changes what the authority signs, or gives an old answer again: nothing of it is drawn, the reason
// has a code, and what is genuine brings the licence back.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { codesOn } from './support/picture.mjs';
import { hasBeen, leave, reaches, Stand, until } from './support/stand.mjs';
import { deviceKeyOf, inCredential, regionsOfJws, regionsOfLease, regionsOfLicence } from './support/tampering.mjs';

const desktop = { width: 1280, height: 800, ratio: 1, reducedMotion: true };
const code = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/** @type {Stand} */
let stand;
before(async () => { stand = await Stand.start(); });
after(() => stand.stop());
afterEach(() => stand.wire.mend());

// What was genuine and shown until now goes with the next frame.
async function showsNothingOf(page, id, { secrets }) {
  const told = () => page.evaluate((id, secrets) => secrets.filter((secret) => tests.text(id).includes(secret)), id, secrets);
  await until(async () => (await told()).length === 0, `${id} telling nothing`).catch(async () => assert.fail(`${id} tells ${await told()}`));
}

const isKind = (asked, kind) => asked.path === '/credential' && asked.body.includes(`"${kind}"`);

// Elements of one page, each with a region of its own that is changed on its way to it.
async function tamperEach(kind, regions) {
  const page = await stand.open('chromium', desktop);
  await page.evaluate(() => { document.getElementById('place').className = 'columns'; });
  const cases = [];
  for (const [index, region] of regions.entries()) cases.push({ ...region, id: `${kind}-${index}`, person: await stand.person() });
  const byKey = new Map();
  const tamper = ({ asked, body }) => {
    if (asked.path === '/token') byKey.set(deviceKeyOf(asked), cases.find(({ person }) => asked.body.includes(person.code)));
    if (!isKind(asked, kind)) return undefined;
    return inCredential(body, byKey.get(deviceKeyOf(asked)).change);
  };
  const areRefused = async (when) => {
    for (const { id, name, error, person } of cases) {
      const now = await reaches(page, id, 'untrusted').catch((cause) => { throw new Error(`${kind}, ${name}, ${when}: ${cause.message}`); });
      assert.match(now.error, code, name);
      if (error) assert.equal(now.error, error, `${kind}, ${name}, ${when}`);
      assert.ok(now.words.includes(now.error), `the words name the code: ${now.words}`);
      await showsNothingOf(page, id, person);
    }
    assert.deepEqual(await codesOn(await page.picture()), [], 'no code on the screen');
  };
  const refresh = () => page.evaluate((ids) => { for (const id of ids) document.getElementById(id).refresh(); }, cases.map(({ id }) => id));

  stand.wire.change = tamper;
  await page.evaluate((all) => { for (const [id, settings] of all) tests.add(id, settings); },
    cases.map(({ id, person }) => [id, stand.attributes({ account: id, code: person.code })]));
  await areRefused('on the first visit');
  for (const { id, name } of cases) {
    const states = await page.evaluate((id) => tests.heard[id].map(({ state }) => state), id);
    assert.ok(!states.includes('live') && !states.includes('offline'), `${name}: ${states}`);
  }
  stand.wire.mend();
  await refresh();
  for (const { id } of cases) await reaches(page, id, 'live');

  stand.wire.change = tamper;
  // A lease that speaks of another validity has the phone ask for the licence, too.
  for (const { person } of cases) await stand.operator.change(person.number, { valid_until: '2041-05-30' });
  await refresh();
  await areRefused('on renewal');
  stand.wire.mend();
  await leave(page);
}

function inTurns(regions, most) {
  return Array.from({ length: Math.ceil(regions.length / most) }, (_, turn) => regions.slice(turn * most, (turn + 1) * most));
}

describe('one bit of an answer turned over', () => {
  const claimNames = ['document_number', 'licence_number', 'name', 'sex', 'nationality', 'birth_date', 'address', 'first_issue_date',
    'valid_from', 'valid_until', 'driving_privileges', 'issuing_authority', 'file_number', 'points', 'record', 'portrait'];

  it('knows every disclosure of the licence', async () => {
    const { page } = await stand.openLive('chromium');
    const token = JSON.parse(stand.wire.to('/credential', 'driving-licence').at(-1).body).credentials[0].credential;
    const names = token.split('~').slice(1, -1).map((part) => JSON.parse(Buffer.from(part, 'base64url'))[1]);
    assert.deepEqual(names.toSorted(), claimNames.toSorted());
    await leave(page);
  });

  for (const [turn, regions] of inTurns(regionsOfLicence(claimNames), 10).entries()) {
    it(`licence, ${turn + 1}: ${regions.map(({ name }) => name).join('; ')}`, () => tamperEach('driving-licence', regions));
  }

  it(`lease: ${regionsOfLease.map(({ name }) => name).join('; ')}`, () => tamperEach('live-code-lease', regionsOfLease));

  it(`trust list: ${regionsOfJws.map(({ name }) => name).join('; ')}`, async () => {
    const page = await stand.open('chromium', desktop);
    await page.evaluate(() => { document.getElementById('place').className = 'columns'; });
    const people = [];
    for (const { name } of regionsOfJws) people.push({ id: `list-${name.replace(/\W+/g, '-')}`, ...await stand.person() });
    // Nothing in the request says who asks: each asker gets the next region.
    let handedOut = 0;
    const tamper = ({ asked, body }) => (asked.path === '/trust-list' ? regionsOfJws[handedOut++ % regionsOfJws.length].change(body) : undefined);
    const areRefused = async () => {
      for (const { id, secrets } of people) {
        const { error } = await reaches(page, id, 'untrusted');
        // Where the header names no root any more, nothing is left to check.
        assert.match(error, /^(signature|root-unknown|json-syntax|jws-header|jws-type|algorithm)$/);
        await showsNothingOf(page, id, { secrets });
      }
      assert.ok(handedOut >= regionsOfJws.length);
    };
    stand.wire.change = tamper;
    await page.evaluate((all) => { for (const [id, settings] of all) tests.add(id, settings); },
      people.map(({ id, code }) => [id, stand.attributes({ account: id, code })]));
    await areRefused();
    stand.wire.mend();
    await page.evaluate(() => { for (const element of document.querySelectorAll('e-license')) element.refresh(); });
    for (const { id } of people) await reaches(page, id, 'live');

    [stand.wire.change, handedOut] = [tamper, 0];
    // Put back, they have their licences still, and ask for the list again.
    await page.evaluate(async () => {
      const all = [...document.querySelectorAll('e-license')];
      for (const element of all) element.remove();
      await new Promise((resolve) => { setTimeout(resolve); });
      document.getElementById('place').append(...all);
    });
    await areRefused();
    stand.wire.mend();
    await leave(page);
  });
});

it('what is drawn instead is the same for everybody', async () => {
  const pictures = [];
  for (let round = 0; round < 2; ++round) {
    const person = await stand.person();
    const { change } = regionsOfLicence([]).find(({ error }) => error === 'signature');
    stand.wire.change = ({ asked, body }) => (isKind(asked, 'driving-licence') ? inCredential(body, change) : undefined);
    const page = await stand.open('chromium', { width: 390, height: 600, ratio: 1, reducedMotion: true });
    await page.evaluate((settings) => tests.add('one', settings), stand.attributes({ code: person.code, lang: 'en' }));
    await reaches(page, 'one', 'untrusted', 'signature');
    await page.waitFor(() => !tests.isBlank('one'));
    pictures.push(await steady(page));
    stand.wire.mend();
    await leave(page);
  }
  assert.ok(pictures[0].equals(pictures[1]));
});

// A picture that is the same as the one before: nothing moves any more.
async function steady(page) {
  let before = await page.picture();
  return until(async () => {
    const now = await page.picture();
    const same = now.equals(before);
    before = now;
    return same && now;
  }, 'a picture that stands still', 60_000);
}

describe('an old answer given again', () => {
  it('a lease of another key', async () => {
    const { page, person } = await stand.openLive('chromium');
    const old = stand.wire.to('/credential', 'live-code-lease').at(-1).body;
    stand.wire.change = ({ asked }) => (isKind(asked, 'live-code-lease') ? old : undefined);
    await page.evaluate(() => document.getElementById('one').refresh());
    await reaches(page, 'one', 'untrusted', 'holder-mismatch');
    await showsNothingOf(page, 'one', person);
    stand.wire.mend();
    await page.evaluate(() => document.getElementById('one').refresh());
    await reaches(page, 'one', 'live');
    await leave(page);
  });

  it('a licence of another phone', async () => {
    const [{ page, person }, other] = [await stand.openLive('chromium'), await stand.person()];
    const old = stand.wire.to('/credential', 'driving-licence').at(-1).body;
    stand.wire.change = ({ asked }) => (isKind(asked, 'driving-licence') ? old : undefined);
    await page.evaluate((settings) => tests.add('two', settings), stand.attributes({ account: 'two', code: other.code }));
    await page.evaluate(() => document.getElementById('two').scrollIntoView());
    await reaches(page, 'two', 'untrusted', 'holder-mismatch');
    await showsNothingOf(page, 'two', person);
    stand.wire.mend();
    await leave(page);
  });

  it('a trust list with a lower number', async () => {
    const { page, person } = await stand.openLive('chromium');
    const old = stand.wire.to('/trust-list').at(-1).body;
    await stand.operator.ask('/admin/keys/rotate', { use: 'lease' });
    await page.reload();
    await page.waitFor(() => window.ready);
    const before = stand.wire.to('/trust-list').length;
    await page.evaluate((settings) => tests.add('one', settings), stand.attributes());
    await reaches(page, 'one', 'live');
    assert.ok(stand.wire.to('/trust-list').length > before);
    assert.notEqual(stand.wire.to('/trust-list').at(-1).body, old);
    await page.waitFor(async () => (await tests.kept()).includes('time'));

    stand.wire.change = ({ asked }) => (asked.path === '/trust-list' ? old : undefined);
    await page.reload();
    await page.waitFor(() => window.ready);
    await page.evaluate((settings) => tests.add('one', settings), stand.attributes());
    await reaches(page, 'one', 'untrusted', 'trust-list-rollback');
    await showsNothingOf(page, 'one', person);
    stand.wire.mend();
    await page.evaluate(() => document.getElementById('one').refresh());
    await reaches(page, 'one', 'live');
    await leave(page);
  });
});

it('a changed message on the stream of events leads to a renewal and to nothing else', async () => {
  const { page, person } = await stand.openLive('chromium');
  await until(() => stand.wire.streams.size > 0, 'the stream of events');
  const leases = stand.wire.to('/credential', 'live-code-lease').length;
  stand.wire.changeEvents = (text) => text.replace('"status":"H"', '"status":"F"').replace('"usable":true', '"usable":false');
  await stand.operator.change(person.number, { status: 'H' });
  await until(() => stand.wire.to('/credential', 'live-code-lease').length > leases, 'a renewal', 60_000);
  await page.waitFor(() => tests.text('one').includes('违法未处理'));
  assert.deepEqual(await page.evaluate(() => [...new Set(tests.heard.one.map(({ state }) => state))]), ['loading', 'live']);
  stand.wire.mend();
  await leave(page);
});

it('what is no answer of the authority at all does not take the licence away', async () => {
  const { page } = await stand.openLive('chromium');
  stand.wire.change = () => '<!doctype html><title>Sign in to this network</title>';
  await page.evaluate(() => document.getElementById('one').refresh());
  await reaches(page, 'one', 'offline');
  stand.wire.mend();
  await page.evaluate(() => document.getElementById('one').refresh());
  await reaches(page, 'one', 'live');
  await hasBeen(page, 'one', 'offline');
  await leave(page);
});
