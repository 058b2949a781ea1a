// For those who do not see the canvas, or do not use a pointer: axe finds nothing, everything can be reached and has a name,
// and changes are said while the ticking time is not.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { leave, phone, reaches, Stand, until } from './support/stand.mjs';

/** @type {Stand} */
let stand;
before(async () => { stand = await Stand.start(); });
after(() => stand.stop());
afterEach(() => stand.wire.mend());

async function axeFinds(page) {
  return page.evaluate(async () => {
    if (!window.axe) {
      const script = document.createElement('script');
      script.src = '/axe-core/axe.min.js';
      await new Promise((resolve, reject) => {
        Object.assign(script, { onload: resolve, onerror: reject });
        document.head.append(script);
      });
    }
    // The page around it is ours alone: no rules about a page's headings and landmarks.
    const { violations, passes } = await axe.run('e-license', { resultTypes: ['violations'] });
    return { passed: passes.length, found: violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`) };
  });
}

async function isClean(page) {
  const { passed, found } = await axeFinds(page);
  assert.deepEqual(found, []);
  assert.ok(passed > 3, 'axe has looked');
}

for (const lang of ['zh-CN', 'en']) {
  describe(`axe, ${lang}`, () => {
    it('live, on both pages and with the code enlarged, and stale', async () => {
      const { page } = await stand.openLive('chromium', { attributes: { lang } });
      await page.waitFor(() => tests.controls('one').some(({ name }) => name === 'enlarge'));
      await isClean(page);
      await page.evaluate(() => tests.use('one', 'enlarge'));
      await page.waitFor(() => tests.controls('one').some(({ name }) => name === 'close'));
      await isClean(page);
      await page.evaluate(() => tests.use('one', 'close'));
      await page.evaluate(() => document.getElementById('one').showPage('endorsement'));
      await page.waitFor(() => tests.controls('one').some(({ name }) => name === 'front'));
      await isClean(page);
      await page.evaluate(() => document.getElementById('one').showPage('front'));
      stand.wire.cut();
      await page.evaluate(() => { device.wall += 3_600_000; });
      await reaches(page, 'one', 'stale');
      await page.waitFor(() => tests.controls('one').some(({ name }) => name === 'refresh'));
      await isClean(page);
      stand.wire.mend();
      await leave(page);
    });

    for (const status of ['B', 'L']) {
      it(`refused, ${status}`, async () => {
        const person = await stand.person();
        await stand.operator.change(person.number, { status });
        const page = await stand.open('chromium');
        await page.evaluate((settings) => tests.add('one', settings), stand.attributes({ code: person.code, lang }));
        const { error } = await reaches(page, 'one', 'refused');
        assert.equal(error, 'status-refused');
        await page.waitFor(() => tests.said('one') !== '');
        await isClean(page);
        await leave(page);
      });
    }

    it('untrusted', async () => {
      const page = await stand.open('chromium');
      const { code } = await stand.person();
      await page.evaluate((settings) => tests.add('one', settings), stand.attributes({ code, lang, 'root-key': 'A'.repeat(43) }));
      const { error } = await reaches(page, 'one', 'untrusted');
      await page.waitFor((error) => tests.text('one').includes(error), error);
      await isClean(page);
      await leave(page);
    });

    it('unavailable', async () => {
      const page = await stand.open('chromium', phone, '?without=webgl2');
      await page.evaluate((settings) => tests.add('one', settings), stand.attributes({ lang }));
      await reaches(page, 'one', 'unavailable', 'webgl2');
      await isClean(page);
      await leave(page);
    });
  });
}

it('every control is reached by the tab key, in the order of the page, with a name', async () => {
  const { page } = await stand.openLive('chromium', { attributes: { lang: 'en' } });
  await page.waitFor(() => tests.controls('one').some(({ name }) => name === 'enlarge'));
  const controls = await page.evaluate(() => tests.controls('one'));
  assert.deepEqual(controls.map(({ name }) => name), ['reveal', 'enlarge', 'endorsement']);
  for (const { name, label, width, height } of controls) {
    assert.match(label, /^[A-Z]/, `${name} has a name: ${label}`);
    assert.ok(width >= 24 && height >= 24, `${name} is ${width} by ${height}`);
  }
  const order = [];
  for (let index = 0; index < controls.length; ++index) {
    await page.press('Tab');
    order.push(await page.evaluate(() => tests.controls('one').find(({ focused }) => focused)?.name));
  }
  assert.deepEqual(order, ['reveal', 'enlarge', 'endorsement']);
  assert.deepEqual(controls.map(({ top }) => top), controls.map(({ top }) => top).toSorted((a, b) => a - b));
  // The focus goes where the content went, and comes back.
  await page.evaluate(() => document.getElementById('one').shadowRoot.querySelector('[part~=enlarge]').focus());
  await page.press('Enter');
  await page.waitFor(() => tests.controls('one').some(({ name, focused }) => name === 'close' && focused));
  await page.press('Escape');
  await page.waitFor(() => tests.controls('one').some(({ name, focused }) => name === 'enlarge' && focused));
  // Whether the number is shown is said.
  await page.evaluate(() => tests.use('one', 'reveal'));
  await page.waitFor(() => tests.controls('one').find(({ name }) => name === 'reveal')?.pressed === 'true');
  await leave(page);
});

it('states are said when they change; the ticking time never is', async () => {
  const { page, person } = await stand.openLive('chromium', { attributes: { lang: 'en' } });
  await until(() => stand.wire.streams.size > 0, 'the stream of events');
  await page.evaluate(() => {
    const root = document.getElementById('one').shadowRoot;
    window.said = [];
    window.ticked = 0;
    new MutationObserver(() => said.push(root.querySelector('[role=status]').textContent))
      .observe(root.querySelector('[role=status]'), { childList: true, characterData: true, subtree: true });
    new MutationObserver(() => { ++ticked; })
      .observe(root.querySelector('dl').closest('.said'), { childList: true, characterData: true, subtree: true });
  });
  await page.waitFor(() => ticked >= 3);
  assert.deepEqual(await page.evaluate(() => said), []);
  assert.equal(await page.evaluate(() => document.getElementById('one').shadowRoot.querySelectorAll('[aria-live], [role=status], [role=alert], [role=timer]').length), 1);

  await stand.operator.change(person.number, { points: 12 });
  await reaches(page, 'one', 'refused');
  await page.waitFor(() => said.length > 0);
  await stand.operator.change(person.number, { points: 0 });
  await reaches(page, 'one', 'live');
  await page.waitFor(() => said.length > 1);
  const all = await page.evaluate(() => said);
  assert.match(all[0], /points/i);
  for (const text of all) {
    assert.doesNotMatch(text, /\d\d:\d\d:\d\d/);
    for (const secret of person.secrets) assert.ok(!text.includes(secret));
  }
  await leave(page);
});
