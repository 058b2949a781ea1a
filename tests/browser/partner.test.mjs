// From a licence on a phone to a vehicle handed over: the partner's page of examples/partner with its own backend, at an origin
// of its own and under its own strict policy.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { engines, launch } from './support/browsers.mjs';
import { handIn, openPartnerPage, PartnerPage } from './support/partner_page.mjs';
import { codeOnScreen, leave, phone, Stand } from './support/stand.mjs';

/** @type {Stand} */
let stand;
/** @type {PartnerPage} */
let partner;
before(async () => {
  stand = await Stand.start();
  partner = await PartnerPage.start({ operator: stand.operator, authority: stand.wire.origin, root: stand.root });
});
after(async () => {
  partner?.stop();
  await stand.stop();
});

const watch = `window.violations = [];
document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => violations.push(violatedDirective + ' ' + blockedURI));`;

for (const engine of engines) {
  describe(engine, () => {
    it('hands a vehicle over to somebody who may drive it, and to nobody with a picture', async () => {
      const { page: holder, person } = await stand.openLive(engine, { person: await stand.person({ driving_privileges: [{ vehicle_category_code: 'C1', issue_date: '2018-01-15' }] }) });
      const browser = await launch(engine);
      try {
        const page = await openPartnerPage(browser, partner, { ...phone, ...(engine === 'chromium' ? { initScript: watch } : {}) });
        assert.ok((await page.evaluate(() => document.querySelector('e-license-verifier').getBoundingClientRect().width)) > 300);
        assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0);
        const code = await codeOnScreen(holder);
        await handIn(page, code);
        await page.waitFor(() => window.result);
        assert.deepEqual(await page.evaluate(() => window.result), { result: 'valid', name: person.name });
        await page.waitFor(() => document.getElementById('decision').className === 'yes');
        // The same picture of the code again.
        const before = await page.evaluate(() => document.querySelector('e-license-verifier').getAttribute('transaction'));
        assert.ok(before);
        const other = await openPartnerPage(browser, partner, phone);
        await handIn(other, code);
        await other.waitFor(() => window.result);
        const again = await other.evaluate(() => window.result);
        assert.ok(['already-used', 'stale'].includes(again.result), again.result);
        assert.equal(again.name, null);
        assert.equal(await other.evaluate(() => document.getElementById('decision').hidden), true);
        if (engine === 'chromium') assert.deepEqual(await page.evaluate(() => window.violations), []);
        await other.close();
        await page.close();
      } finally {
        await browser.close();
      }
      await leave(holder);
    });
  });
}
