// The network goes and comes back; what an operator does arrives by itself.
import assert from 'node:assert/strict';
import { after, afterEach, before, it } from 'node:test';
import { readCode } from './support/picture.mjs';
import { codeOnScreen, leave, reaches, Stand, until } from './support/stand.mjs';

/** @type {Stand} */
let stand;
before(async () => { stand = await Stand.start(); });
after(() => stand.stop());
afterEach(() => stand.wire.mend());

it('the network is cut: offline in plain words, with a code that is worth something; and live when it is back', async () => {
  const { page, person } = await stand.openLive('chromium', { attributes: { lang: 'en' } });
  stand.wire.cut();
  await page.evaluate(() => document.getElementById('one').refresh());
  const { words } = await reaches(page, 'one', 'offline');
  assert.match(words, /Since \d\d:\d\d the authority has not been reached/);
  await page.waitFor(() => /offline/i.test(tests.said('one')));
  const code = await codeOnScreen(page);
  assert.equal(readCode(code).documentNumber, person.number);
  assert.equal((await stand.verify(code)).result, 'valid');
  stand.wire.mend();
  await reaches(page, 'one', 'live'); // by itself, in its own time
  await leave(page);
});

it('the browser says that it is online: asked at once', async () => {
  const { page } = await stand.openLive('chromium');
  stand.wire.cut();
  await page.evaluate(() => document.getElementById('one').refresh());
  await reaches(page, 'one', 'offline');
  stand.wire.mend();
  await page.evaluate(() => window.dispatchEvent(new Event('online')));
  await reaches(page, 'one', 'live');
  await leave(page);
});

// How long each takes from the operator's answer to the state, by the page's own clock.
async function arrival(page, state, change, error = undefined) {
  await page.evaluate(() => tests.forget('one'));
  await until(() => stand.wire.streams.size > 0, 'the stream of events');
  const before = await page.evaluate(() => performance.now());
  await change();
  const { words } = await reaches(page, 'one', state, error);
  const at = await page.evaluate((state) => tests.heard.one.find((change) => change.state === state).at, state);
  return { milliseconds: at - before, words };
}

it('twelve points and a lock arrive within two seconds, and so does what takes them back', async (test) => {
  const { page, person } = await stand.openLive('chromium', { attributes: { lang: 'en' } });
  const steps = [
    ['refused', { points: 12 }, /points/i],
    ['live', { points: 0 }],
    ['refused', { status: 'L' }],
    ['live', { status: 'A' }],
  ];
  for (const [state, change, wanted = /./] of steps) {
    const { milliseconds, words } = await arrival(page, state, () => stand.operator.change(person.number, change));
    assert.match(words, wanted);
    test.diagnostic(`${JSON.stringify(change)}: ${state} after ${Math.round(milliseconds)} ms`);
    assert.ok(milliseconds < 2000, `${JSON.stringify(change)} took ${milliseconds} ms`);
    if (state === 'refused') {
      await page.waitFor(() => !tests.controls('one').some(({ name }) => name === 'enlarge'));
      // Locked: no page at all is left.
      if (change.status === 'L') await page.waitFor((number) => !tests.text('one').includes(number), person.number);
    }
  }
  await leave(page);
});

it('a check by a partner is told to the host', async () => {
  const { page } = await stand.openLive('chromium');
  await until(() => stand.wire.streams.size > 0, 'the stream of events');
  const partner = await stand.operator.partner('Rental', 'https://rental.example');
  const { result, echo } = await partner.verify(await codeOnScreen(page));
  assert.equal(result, 'valid');
  await page.waitFor(() => tests.others.some(({ type }) => type === 'checked'));
  const { detail } = await page.evaluate(() => tests.others.find(({ type }) => type === 'checked'));
  assert.deepEqual([detail.partner, detail.result, detail.echo], ['Rental', 'valid', echo]);
  await leave(page);
});

it('another phone takes the licence over: this one says so and keeps nothing', async () => {
  const { page, person } = await stand.openLive('chromium', { attributes: { lang: 'en' } });
  const code = await stand.operator.code(person.number);
  const other = await stand.open('chromium');
  await other.evaluate((settings) => tests.add('one', settings), stand.attributes({ code }));
  await reaches(other, 'one', 'live');
  const { words } = await reaches(page, 'one', 'refused');
  assert.match(words, /another phone/);
  for (const secret of person.secrets) await page.waitFor((secret) => !tests.text('one').includes(secret), secret);
  // What is kept of it is nothing, on the disk as well.
  await page.waitFor(async () => (await tests.kept()).length === 0);
  await leave(other);
  await leave(page);
});
