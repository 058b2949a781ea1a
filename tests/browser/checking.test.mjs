// The holder's side of being checked: the number on both screens, the digits that the holder taps, the list of checks.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { engines } from './support/browsers.mjs';
import { codesOn } from './support/picture.mjs';
import { codeOnScreen, leave, reaches, Stand, until } from './support/stand.mjs';

/** @type {Stand} */
let stand;
let partner;
before(async () => {
  stand = await Stand.start();
  partner = await stand.operator.partner('Demo Rental', 'https://rental.example');
});
after(() => stand.stop());

const hasControl = (page, name, id = 'one') =>
  page.waitFor((id, name) => tests.controls(id).some((control) => control.name === name), id, name);
const use = async (page, name, id = 'one') => {
  await hasControl(page, name, id);
  await page.evaluate((id, name) => tests.use(id, name), id, name);
};
const said = (page, id) => page.evaluate((id) => document.getElementById(id).shadowRoot.querySelector('[role=status]').textContent, id);

for (const engine of engines) {
  describe(engine, () => {
    it('shows the number of a check, and only where the code was', async () => {
      const { page } = await stand.openLive(engine);
      const other = await stand.person();
      await page.evaluate((settings) => tests.add('two', settings), stand.attributes({ code: other.code, account: 'two' }));
      await reaches(page, 'two', 'live');
      const code = (await until(async () => {
        await page.evaluate(() => document.getElementById('one').scrollIntoView());
        const found = await codesOn(await page.picture());
        return found.length > 0 && found;
      }, 'a code'))[0];
      const { result, echo } = await partner.verify(code, { requires: 'D' });
      assert.equal(result, 'valid');
      await hasControl(page, 'dismiss');
      const words = await said(page, 'one');
      assert.ok(words.includes('Demo Rental') && words.includes(String(echo).padStart(2, '0')), words);
      assert.ok(!(await said(page, 'two')).includes('Demo Rental'));
      assert.ok(!(await page.evaluate(() => tests.controls('two').some(({ name }) => name === 'dismiss'))));
      await use(page, 'dismiss');
      await page.waitFor(() => !tests.controls('one').some(({ name }) => name === 'dismiss'));
      await leave(page);
    });

    it('puts the digits that the holder taps into its codes', async () => {
      const { page } = await stand.openLive(engine);
      for (const control of ['enlarge', 'keypad', 'digit-0', 'digit-7']) await use(page, control);
      await hasControl(page, 'keypad');
      const answered = await until(async () => {
        const found = await stand.verify(await codeOnScreen(page), ['--challenge', '07']);
        return found.result === 'valid' && found;
      }, 'a code with the digits');
      assert.equal(answered.result, 'valid');
      const wrong = await stand.verify(await codeOnScreen(page), ['--challenge', '70']);
      assert.notEqual(wrong.result, 'valid');
      const { result } = await partner.verify(await codeOnScreen(page), { challenge: '07' });
      assert.equal(result, 'valid');
      await leave(page);
    });

    it('takes the digits from the keyboard, too', async () => {
      const { page } = await stand.openLive(engine);
      for (const control of ['enlarge', 'keypad']) await use(page, control);
      await hasControl(page, 'digit-4');
      await page.waitFor(() => {
        document.getElementById('one').shadowRoot.querySelector('[part~=clear]')?.focus();
        return tests.controls('one').some(({ focused }) => focused);
      });
      await page.press('4');
      await page.press('2');
      await hasControl(page, 'keypad');
      await until(async () => (await stand.verify(await codeOnScreen(page), ['--challenge', '42'])).result === 'valid', 'a code with the digits');
      await leave(page);
    });

    it('lists who has checked', async () => {
      const { page } = await stand.openLive(engine);
      await until(async () => (await partner.verify(await codeOnScreen(page), { requires: 'D' })).result === 'valid', 'a check');
      await page.evaluate(() => document.getElementById('one').showPage('endorsement'));
      await use(page, 'checks');
      await page.waitFor(() => document.getElementById('one').shadowRoot.textContent.includes('Demo Rental (https://rental.example)'));
      await use(page, 'close');
      await hasControl(page, 'checks');
      assert.ok(!(await page.evaluate(() => document.getElementById('one').shadowRoot.textContent.includes('rental.example'))));
      await leave(page);
    });
  });
}
