// From a licence on a phone to a vehicle handed over: the partner's page of examples/partner with its own backend, at an origin
// of its own and under its own strict policy.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { within } from '../authority/support/server.mjs';
import { engines, launch } from './support/browsers.mjs';
import { tree } from './support/demo_site.mjs';
import { codeOnScreen, leave, phone, Stand } from './support/stand.mjs';

/** @type {Stand} */
let stand;
let server;
let origin;
before(async () => {
  stand = await Stand.start();
  const probe = createServer();
  await new Promise((resolve) => { probe.listen(0, '127.0.0.1', resolve); });
  const { port } = probe.address();
  await new Promise((resolve) => { probe.close(resolve); });
  origin = `http://127.0.0.1:${port}`;
  const { key } = await stand.operator.partner('示例租车 Demo Rental', origin);
  server = spawn(process.execPath, [join(tree, 'examples/partner/server.mjs'), '--port', String(port), '--authority', stand.wire.origin,
    '--partner-key', key, '--root', stand.root], { stdio: ['ignore', 'pipe', 'inherit'] });
  process.once('exit', () => server.kill('SIGKILL'));
  await within(new Promise((resolve) => { server.stdout.once('data', resolve); }), 'the partner listening');
});
after(async () => {
  server?.kill('SIGKILL');
  await stand.stop();
});

const watch = `window.violations = [];
document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => violations.push(violatedDirective + ' ' + blockedURI));`;
const handIn = (page, code) => page.evaluate(async (code) => {
  await customElements.whenDefined('e-license-verifier');
  const widget = document.querySelector('e-license-verifier');
  window.result = null;
  widget.addEventListener('result', ({ detail }) => { window.result = { result: detail.result, name: detail.person?.name ?? null }; }, { once: true });
  widget.verify(code).catch((error) => { window.result = { result: error.name }; });
}, code);

for (const engine of engines) {
  describe(engine, () => {
    it('hands a vehicle over to somebody who may drive it, and to nobody with a picture', async () => {
      const { page: holder, person } = await stand.openLive(engine, { person: await stand.person({ driving_privileges: [{ vehicle_category_code: 'C1', issue_date: '2018-01-15' }] }) });
      const browser = await launch(engine);
      try {
        const page = await browser.open(`${origin}/`, { ...phone, ...(engine === 'chromium' ? { initScript: watch } : {}) });
        await page.waitFor(() => document.querySelector('e-license-verifier')?.getAttribute('transaction'));
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
        const other = await browser.open(`${origin}/`, phone);
        await other.waitFor(() => document.querySelector('e-license-verifier')?.getAttribute('transaction'));
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
