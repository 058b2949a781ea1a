// The verification widget on a partner's page, against a real authority: what each code is worth, one after the other, and that
// nothing is left of anybody afterwards.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { mint, newKey, seconds } from '../authority/support/phone.mjs';
import { engines } from './support/browsers.mjs';
import { check, Checking, hasNothingOf, leave, shows } from './support/checking.mjs';

/** @type {Checking} */
let checking;
before(async () => { checking = await Checking.start(); });
after(() => checking?.stop());
afterEach(() => checking.stand.wire.mend());

describe('what a code is worth', () => {
  for (const engine of engines) {
    it(`valid, in ${engine}: the person, the photo, the answer, the number and a receipt`, async () => {
      const person = await checking.holder();
      const page = await checking.open({ engine, requires: 'C1', transaction: 'transaction-7' });
      const card = await check(page, mint(person.lease));
      assert.equal(card.result, 'valid', card.error);
      assert.equal(card.online, true);
      assert.equal(card.person.name, person.name);
      assert.equal(card.answer.mayDrive, true);
      assert.match(card.echo.digits, /^\d\d$/);
      const claims = JSON.parse(Buffer.from(card.receipt.split('.')[1], 'base64url'));
      assert.equal(claims.aud, checking.counter.origin);
      assert.equal(claims.nonce, 'transaction-7');
      await shows(page, 'valid');
      assert.equal(await page.evaluate(() => counter.tone()), 'usable');
      assert.equal(await page.evaluate(() => counter.text('.name')), person.name);
      assert.match(await page.evaluate(() => counter.text('.title')), /样本 SPECIMEN$/); // the authority's list is no production one
      assert.equal(await page.evaluate(() => counter.text('.echo .digits')), card.echo.digits);
      assert.ok((await page.evaluate(() => counter.text('.facts'))).includes('**'));
      await page.waitFor(() => counter.isShown('canvas.portrait.drawn'));
      assert.match(await page.evaluate(() => counter.said()), /^有效/);
      assert.ok(!(await page.evaluate(() => counter.said())).includes(person.name), 'said aloud');
      const picture = await checking.png(mint(await person.device.lease()));
      assert.equal((await page.evaluate((picture) => counter.verifyPicture(picture), picture)).result, 'valid');
      await leave(page);
    });
  }

  it('whatever is not valid shows a reason and nobody', async () => {
    const person = await checking.holder();
    const lease = () => person.device.lease();
    const page = await checking.open({ lang: 'en' });
    const stolen = { ...(await lease()), key: newKey() };
    const cases = [
      ['stale', mint(await lease(), seconds() - 30)],
      ['clock', mint(await lease(), seconds() + 60)],
      ['forged', mint(stolen)],
      ['malformed', 'A'.repeat(500)],
    ];
    await checking.stand.operator.change(person.number, { points: 12 });
    cases.push(['not-usable', mint(await lease())]);
    for (const [result, text] of cases) {
      const card = await check(page, text);
      assert.equal(card.result, result, card.error);
      assert.equal(card.person, null);
      await shows(page, result);
      assert.equal(await page.evaluate(() => counter.tone()), 'refused');
      assert.equal(await page.evaluate(() => counter.text('.title')), card.title.first);
      assert.ok((await page.evaluate(() => counter.text('.meaning'))).startsWith(card.meaning.first));
      assert.ok(!(await page.evaluate(() => counter.isShown('.person'))));
      await hasNothingOf(page, person);
    }
    assert.equal(await page.evaluate(() => counter.text('.letters')), 'B');
    await leave(page);
  });

  it('used before, by somebody else: already used', async () => {
    const { lease, ...person } = await checking.holder();
    const text = mint(lease);
    assert.equal((await checking.partner.verify(text)).result, 'valid');
    const page = await checking.open();
    assert.equal((await check(page, text)).result, 'already-used');
    await shows(page, 'already-used');
    await hasNothingOf(page, person);
    await leave(page);
  });

  it('the authority gone in the middle: checked offline, which is said, without photo and receipt', async () => {
    const { lease } = await checking.holder();
    const page = await checking.open({ requires: 'D' });
    checking.stand.wire.cut();
    const card = await check(page, mint(lease));
    assert.equal(card.result, 'valid', card.error);
    assert.deepEqual([card.online, card.tone, card.receipt, card.echo], [false, 'noted', null, null]);
    assert.ok(card.unchecked.length >= 2);
    await shows(page, 'valid');
    assert.equal(await page.evaluate(() => counter.tone()), 'noted');
    assert.ok((await page.evaluate(() => counter.text('.unchecked'))).includes(card.unchecked[0].first));
    assert.ok(await page.evaluate(() => counter.isShown('.portrait.none')));
    assert.ok((await page.evaluate(() => counter.text('.title'))).includes('离线核验'));
    await page.waitFor(() => counter.heard.readiness.at(-1).online === false);
    await leave(page);
  });

  it('the authority never there: not checked, and the widget says so before', async () => {
    const { lease } = await checking.holder();
    checking.stand.wire.cut();
    const page = await checking.open({ ready: false });
    const card = await check(page, mint(lease));
    assert.equal(card.result, 'unchecked');
    await shows(page, 'unchecked');
    await leave(page);
  });

  it('the class question: no, because', async () => {
    const { lease } = await checking.holder({ driving_privileges: [{ vehicle_category_code: 'D', issue_date: '2012-02-29' }] });
    const page = await checking.open({ requires: 'C1', lang: 'en' });
    const card = await check(page, mint(lease));
    assert.deepEqual([card.result, card.answer.mayDrive, card.tone], ['valid', false, 'refused']);
    await shows(page, 'valid');
    assert.match(await page.evaluate(() => counter.text('.answer.no')), /C1.*No.*Does not hold C1/s);
    await leave(page);
  });

  it('an inspector whose clock is an hour off is told the truth', async () => {
    const { lease } = await checking.holder();
    const page = await checking.open({ query: '?wall=3600000' });
    assert.equal((await check(page, mint(lease))).result, 'valid');
    await leave(page);
  });
});

describe('one after the other', () => {
  it('the next result replaces the last; when its time is over nothing of anybody is left', async () => {
    const [first, second] = [await checking.holder(), await checking.holder()];
    const page = await checking.open();
    await check(page, mint(first.lease));
    await page.waitFor((name) => counter.text('.name') === name, first.name);
    await check(page, mint(second.lease));
    await page.waitFor((name) => counter.text('.name') === name, second.name);
    await hasNothingOf(page, { secrets: [first.name, first.number] });
    assert.equal(await page.evaluate(() => counter.timing()), 'running');
    await page.evaluate(() => counter.timeIsUp());
    await page.waitFor(() => counter.view() === 'idle');
    await hasNothingOf(page, second);
    await leave(page);
  });

  it('it stays while the focus is in it or a pointer over it, and goes by the button', async () => {
    const { lease } = await checking.holder();
    const page = await checking.open();
    await check(page, mint(lease));
    await shows(page, 'valid');
    await page.raw.mouse.move(200, 200);
    await page.waitFor(() => counter.timing() === 'paused');
    await page.raw.mouse.move(200, 840);
    await page.waitFor(() => counter.timing() === 'running');
    await page.evaluate(() => counter.press('.next .primary'));
    await page.waitFor(() => counter.view() === 'idle' && counter.result() === null);
    await leave(page);
  });

  it('many at once are answered in their order', async () => {
    const { device } = await checking.holder();
    const page = await checking.open();
    const texts = [mint(await device.lease()), 'B'.repeat(400), mint(await device.lease(), seconds() - 60)];
    const results = await page.evaluate(async (texts) =>
      (await Promise.all(texts.map((text) => counter.verify(text)))).map((card) => card.result ?? card), texts);
    assert.deepEqual(results, ['valid', 'malformed', 'stale']);
    await leave(page);
  });

  it('its module fails: begun anew by itself, once a minute', async () => {
    const { device } = await checking.holder();
    const page = await checking.open();
    // What is being checked meanwhile is given up.
    const fail = () => page.evaluate(() => {
      const { parse } = JSON;
      JSON.parse = () => {
        JSON.parse = parse;
        throw new Error('a trap');
      };
      counter.heard.readiness.length = 0;
      return counter.verify('B'.repeat(400));
    });
    assert.equal(await fail(), 'AbortError');
    await page.waitFor(() => counter.heard.readiness.at(-1)?.ready);
    assert.equal((await check(page, mint(await device.lease()))).result, 'valid');
    assert.equal(await fail(), 'AbortError');
    await page.waitFor(() => counter.heard.readiness.at(-1)?.error === 'module-failed');
    assert.equal(await page.evaluate(() => counter.heard.readiness.at(-1).ready), false);
    await leave(page);
  });

  it('two dozen results leave no growth', async () => {
    const { device } = await checking.holder();
    const leases = await Promise.all(Array.from({ length: 24 }, () => device.lease()));
    const page = await checking.open();
    const session = await page.raw.context().newCDPSession(page.raw);
    await session.send('Performance.enable');
    const collected = async () => {
      await session.send('HeapProfiler.collectGarbage');
      const { metrics } = await session.send('Performance.getMetrics');
      const of = (name) => metrics.find((metric) => metric.name === name).value;
      return { heap: of('JSHeapUsedSize'), nodes: of('Nodes'), listeners: of('JSEventListeners') };
    };
    // Of one collection after the other, until it finds nothing more: some of what is over goes with the second or third.
    const measure = async () => {
      for (let before = await collected(), same = 0; ;) {
        const now = await collected();
        same = now.nodes === before.nodes && now.listeners === before.listeners ? same + 1 : 0;
        if (same === 3) return now;
        before = now;
      }
    };
    const some = async (leases) => {
      for (const lease of leases) {
        await check(page, mint(lease));
        await shows(page, 'valid');
        await page.evaluate(() => { counter.timeIsUp(); counter.heard.result.length = 0; });
        await page.waitFor(() => counter.view() === 'idle' && counter.result() === null);
      }
    };
    await some(leases.slice(0, 12));
    const early = await measure();
    await some(leases.slice(12));
    const late = await measure();
    assert.ok(late.nodes - early.nodes <= 5, `nodes: ${early.nodes}, then ${late.nodes}`);
    assert.ok(late.listeners - early.listeners <= 5, `listeners: ${early.listeners}, then ${late.listeners}`);
    assert.ok(late.heap - early.heap < 400_000, `heap: ${early.heap}, then ${late.heap}`);
    await leave(page);
  });

  it('settings that change: the transaction keeps the card, the question does not', async () => {
    const { lease } = await checking.holder();
    const page = await checking.open({ requires: 'C1' });
    await check(page, mint(lease));
    await shows(page, 'valid');
    await page.evaluate(() => { counter.heard.readiness.length = 0; counter.element.setAttribute('transaction', 'another'); });
    await page.waitFor(() => counter.heard.readiness.at(-1)?.ready);
    assert.equal(await page.evaluate(() => counter.result()), 'valid');
    await page.evaluate(() => counter.element.setAttribute('requires', 'B1'));
    await page.waitFor(() => counter.result() === null);
    await page.evaluate(() => counter.element.setAttribute('requires', 'whatever'));
    await page.waitFor(() => counter.heard.readiness.at(-1).error === 'requires');
    assert.equal(await check(page, 'X'), 'InvalidStateError');
    await leave(page);
  });
});

describe('the tap challenge', () => {
  it('only a code that carries the two digits is taken', async () => {
    const { device } = await checking.holder();
    const page = await checking.open();
    await check(page, mint(await device.lease()));
    await shows(page, 'valid');
    await page.evaluate(() => counter.press('.action'));
    await page.waitFor(() => counter.isShown('.tap'));
    assert.equal(await page.evaluate(() => counter.result()), null, 'what was found without them counts no more');
    const digits = await page.evaluate(() => counter.text('.tap .digits'));
    assert.match(digits, /^\d\d$/);
    assert.equal(await check(page, mint(await device.lease())), 'OperationError');
    const other = digits === '11' ? '12' : '11';
    assert.notEqual((await check(page, mint(await device.lease(), seconds(), other))).result, 'valid');
    const card = await check(page, mint(await device.lease(), seconds(), digits));
    assert.equal(card.result, 'valid', card.error);
    await page.waitFor(() => !counter.isShown('.tap'));
    await leave(page);
  });

  it('not answered within a minute: that is said, and nobody is shown', async () => {
    const person = await checking.holder();
    const page = await checking.open({ lang: 'en' });
    await page.evaluate(() => counter.press('.action'));
    await page.waitFor(() => counter.isShown('.tap'));
    assert.equal(await check(page, mint(person.lease)), 'OperationError', 'a minute has not passed');
    await page.evaluate(() => { device.monotonic += 61_000; device.wall += 61_000; });
    const card = await check(page, mint(await person.device.lease()));
    assert.deepEqual([card.error, card.person, card.tone], ['challenge-missing', null, 'refused']);
    await page.waitFor(() => counter.text('.meaning').includes('digits'));
    await hasNothingOf(page, person);
    await leave(page);
  });

  it('can be taken back', async () => {
    const { lease } = await checking.holder();
    const page = await checking.open();
    await page.evaluate(() => counter.press('.action'));
    await page.waitFor(() => counter.isShown('.tap') && counter.focused() === 'plain');
    await page.evaluate(() => counter.press('.tap .plain'));
    await page.waitFor(() => !counter.isShown('.tap'));
    assert.equal((await check(page, mint(lease))).result, 'valid');
    await leave(page);
  });
});

