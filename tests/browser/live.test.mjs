// A licence from its code to live, in each engine: on the screen, to hand and to keyboard, beside others and within others.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { engines } from './support/browsers.mjs';
import { codesOn, readCode } from './support/picture.mjs';
import { codeOnScreen, leave, phone, reaches, Stand, until } from './support/stand.mjs';

/** @type {Stand} */
let stand;
before(async () => { stand = await Stand.start(); });
after(() => stand.stop());
afterEach(() => stand.wire.mend());

const hasControl = (page, name, id = 'one') =>
  page.waitFor((id, name) => tests.controls(id).some((control) => control.name === name), id, name);
const focus = (page, name) => page.waitFor((name) => {
  document.getElementById('one').shadowRoot.querySelector(`[part~=${name}]`)?.focus();
  return tests.controls('one').some((control) => control.name === name && control.focused);
}, name);
const lacksControl = (page, name) => page.waitFor((name) => !tests.controls('one').some((control) => control.name === name), name);

for (const engine of engines) {
  describe(engine, () => {
    it('from a code to live, with a code on the screen that is worth something', async () => {
      const { page, person } = await stand.openLive(engine);
      const verdict = await stand.verify(await codeOnScreen(page));
      assert.equal(verdict.result, 'valid', JSON.stringify(verdict));
      assert.equal(verdict.licence.name, person.name);
      assert.equal(verdict.licence.document_number, person.number);
      assert.equal(verdict.licence.licence_number, '3701**********1234');
      assert.deepEqual(verdict.licence.classes.map((held) => held.class), ['A1', 'D']);
      assert.equal(verdict.licence.valid_until, person.own.valid_until);
      assert.deepEqual(await page.evaluate(() => tests.heard.one.map(({ state }) => state).filter((state) => state !== 'loading')), ['live']);
      assert.equal(await page.evaluate(() => document.getElementById('one').preAuthorizedCode), null);
      await leave(page);
    });

    it('turns its pages by keys, by buttons and by swiping', async () => {
      const { page } = await stand.openLive(engine);
      await hasControl(page, 'endorsement');
      await focus(page, 'endorsement');
      await page.press('ArrowRight');
      await hasControl(page, 'front');
      await page.press('ArrowLeft');
      await hasControl(page, 'endorsement');
      await page.evaluate(() => tests.use('one', 'endorsement'));
      await hasControl(page, 'front');
      await page.evaluate(() => tests.use('one', 'front'));
      await hasControl(page, 'endorsement');
      await page.drag([300, 150], [240, 152], [160, 152], [60, 150]);
      await hasControl(page, 'front');
      await page.drag([60, 150], [120, 152], [200, 152], [320, 150]);
      await hasControl(page, 'endorsement');
      const turned = await page.evaluate(() => tests.others.filter(({ type }) => type === 'page-change').map(({ detail }) => detail.page));
      assert.deepEqual(turned.slice(-6), ['endorsement', 'front', 'endorsement', 'front', 'endorsement', 'front']);
      await leave(page);
    });

    it('enlarges its code and shows the whole number, for a while', async () => {
      const { page, person } = await stand.openLive(engine);
      await hasControl(page, 'enlarge');
      await focus(page, 'enlarge');
      await page.press('Enter');
      await hasControl(page, 'close');
      assert.equal(readCode(await codeOnScreen(page)).documentNumber, person.number);
      await page.press('Escape');
      await lacksControl(page, 'close');
      await hasControl(page, 'reveal');
      assert.ok(!(await page.evaluate(() => tests.text('one'))).includes(person.own.licence_number));
      await page.evaluate(() => tests.use('one', 'reveal'));
      await page.waitFor((number) => tests.text('one').includes(number), person.own.licence_number);
      await page.waitFor((number) => !tests.text('one').includes(number), person.own.licence_number);
      await leave(page);
    });

    it('two for two people beside one another', async () => {
      const people = [await stand.person(), await stand.person({ licence_number: '370102198001011111' })];
      const page = await stand.open(engine, { ...phone, width: 800, height: 850 });
      await page.evaluate((all) => {
        document.getElementById('place').className = 'two';
        for (const [id, settings] of all) tests.add(id, settings);
      }, people.map(({ code }, index) => [`person-${index}`, stand.attributes({ account: `${index}`, code })]));
      for (const index of [0, 1]) await reaches(page, `person-${index}`, 'live');
      await until(async () => {
        const found = (await codesOn(await page.picture())).map((text) => readCode(text).documentNumber);
        return JSON.stringify(found.toSorted()) === JSON.stringify(people.map(({ number }) => number).toSorted());
      }, 'the codes of both', 60_000);
      await page.evaluate(() => tests.use('person-1', 'reveal'));
      await page.waitFor((number) => tests.text('person-1').includes(number), people[1].own.licence_number);
      const first = await page.evaluate(() => tests.text('person-0'));
      for (const secret of [people[0].own.licence_number, people[1].name, people[1].number]) assert.ok(!first.includes(secret));
      await leave(page);
    });

    it('within the shadow of another element', async () => {
      const { code, number } = await stand.person();
      const page = await stand.open(engine);
      await page.evaluate((settings) => {
        const host = document.createElement('div');
        document.getElementById('place').append(host);
        const inside = host.attachShadow({ mode: 'open' });
        tests.add('one', settings, inside);
        window.inside = inside.getElementById('one');
      }, stand.attributes({ code }));
      await page.waitFor(() => inside.state === 'live');
      assert.equal(readCode(await codeOnScreen(page)).documentNumber, number);
      await leave(page);
    });
  });
}

it('twelve on one page', async () => {
  const page = await stand.open('chromium', { width: 1280, height: 800, ratio: 1, reducedMotion: true });
  const all = [];
  for (let index = 0; index < 12; ++index) all.push([`one-of-${index}`, stand.attributes({ account: `${index}`, code: (await stand.person()).code })]);
  await page.evaluate((all) => {
    document.getElementById('place').className = 'columns';
    for (const [id, settings] of all) tests.add(id, settings);
  }, all);
  for (const [id] of all) await reaches(page, id, 'live');
  // And they stay so: the connections that a browser has are shared by all of them.
  await page.evaluate(() => { for (const element of document.querySelectorAll('e-license')) element.refresh(); });
  await until(() => stand.wire.to('/credential', 'live-code-lease').length >= 24 + 5 * engines.length, 'a second lease of each', 60_000);
  for (const [id] of all) await reaches(page, id, 'live');
  assert.deepEqual(await page.evaluate(() => Object.values(tests.heard).flat().filter(({ state }) => !['loading', 'live', 'offline'].includes(state))), []);
  await leave(page);
});
