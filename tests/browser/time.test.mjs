// The authority's time on a device whose clock is wrong, changes, stops or sleeps. The codes are read from the screen.
import assert from 'node:assert/strict';
import { after, afterEach, before, it } from 'node:test';
import { coloursIn, readCode } from './support/picture.mjs';
import { codeOnScreen, hasBeen, leave, reaches, Stand, until } from './support/stand.mjs';

const hour = 3_600_000;
const authorityNow = () => Date.now() / 1000; // the same machine

/** @type {Stand} */
let stand;
before(async () => { stand = await Stand.start(); });
after(() => stand.stop());
afterEach(() => stand.wire.mend());

async function nextCode(page, than = undefined) {
  return until(async () => {
    const text = await codeOnScreen(page);
    const code = { text, ...readCode(text), seen: authorityNow() };
    return code.presented !== than?.presented && code;
  }, 'another code on the screen', 60_000);
}

function isInTime({ presented, seen }) {
  assert.equal(presented % 5, 0);
  assert.ok(presented <= seen, `a code of ${presented} on the screen at ${seen}`);
}

for (const [name, wall] of [['an hour ahead', hour], ['an hour behind', -hour]]) {
  it(`a new code every five seconds of the authority's, on a device whose clock is ${name}`, async () => {
    const { page, person } = await stand.openLive('chromium', { query: `?wall=${wall}` });
    const first = await nextCode(page);
    const second = await nextCode(page, first);
    for (const code of [first, second]) {
      isInTime(code);
      assert.equal(code.documentNumber, person.number);
    }
    assert.ok(second.presented > first.presented);
    const verdict = await stand.verify((await nextCode(page, second)).text);
    assert.equal(verdict.result, 'valid', JSON.stringify(verdict));
    const old = await stand.verify(second.text, ['--now', String(second.presented + 15)]);
    assert.deepEqual([old.result, old.age, old.licence], ['stale', 15, null]);
    await leave(page);
  });
}

it('the clock is changed while it is shown: stale, and live again with the right time', async () => {
  const { page } = await stand.openLive('chromium');
  for (const wall of [-hour, hour]) {
    await page.evaluate((wall) => { tests.forget('one'); device.wall += wall; }, wall);
    const stale = await hasBeen(page, 'one', 'stale');
    assert.match(stale.words, /手机时钟有变动/);
    await reaches(page, 'one', 'live');
    isInTime(await nextCode(page));
  }
  await leave(page);
});

it('ten minutes of sleep: blank meanwhile, then stale, then live', async () => {
  const { page } = await stand.openLive('chromium');
  await page.waitFor(() => !tests.isBlank('one'));
  stand.wire.cut(); // nothing could renew it unseen
  await page.evaluate(() => { tests.forget('one'); document.dispatchEvent(new Event('freeze')); });
  assert.equal(await page.evaluate(() => tests.isBlank('one')), true);
  assert.ok(coloursIn(await page.picture()) <= 2);
  await page.evaluate(() => {
    device.wall += 600_000;
    document.dispatchEvent(new Event('resume'));
  });
  const { words } = await reaches(page, 'one', 'stale');
  assert.match(words, /休眠|时钟/);
  await page.waitFor(() => !tests.isBlank('one'));
  await until(async () => !(await page.evaluate(() => tests.controls('one').some(({ name }) => name === 'enlarge'))), 'no code to enlarge');
  stand.wire.mend();
  await reaches(page, 'one', 'live');
  isInTime(await nextCode(page));
  await leave(page);
});

it('a page from the back/forward cache has to ask for the time again', async () => {
  const { page } = await stand.openLive('chromium');
  stand.wire.cut();
  await page.evaluate(() => {
    tests.forget('one');
    window.dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }));
  });
  assert.equal(await page.evaluate(() => tests.isBlank('one')), true);
  await page.evaluate(() => window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })));
  await reaches(page, 'one', 'stale');
  stand.wire.mend();
  await reaches(page, 'one', 'live');
  await leave(page);
});

it('an answer that comes too late bounds no time', async () => {
  const person = await stand.person();
  const page = await stand.open('chromium');
  stand.wire.delay = ({ body }) => (body.includes('live-code-lease') ? 4500 : 0);
  await page.evaluate((settings) => tests.add('one', settings), stand.attributes({ code: person.code, lang: 'en' }));
  const { words } = await reaches(page, 'one', 'stale');
  assert.match(words, /could not be confirmed/);
  stand.wire.mend();
  await reaches(page, 'one', 'live');
  await leave(page);
});

it('a lease at its end, without a network: stale; with it, live', async () => {
  const { page } = await stand.openLive('chromium', { attributes: { lang: 'en' } });
  await page.waitFor(async () => (await tests.kept()).includes('licence'));
  stand.wire.cut();
  await page.evaluate((day) => {
    device.wall += day;
    device.monotonic += day;
  }, 24 * hour);
  const { words } = await reaches(page, 'one', 'stale');
  assert.match(words, /time for which it may be offline is over/);
  await page.waitFor(() => !tests.controls('one').some(({ name }) => name === 'enlarge'));
  stand.wire.mend();
  // The authority has not lived through that day: the page begins anew.
  await page.reload();
  await page.waitFor(() => window.ready);
  await page.evaluate((settings) => tests.add('one', settings), stand.attributes());
  await reaches(page, 'one', 'live');
  await leave(page);
});
