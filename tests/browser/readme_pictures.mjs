// The two pictures of the README, taken in Chromium: both pages of a licence, and a check of it on a partner's page.
//   ./dev screenshots --readme → docs/pictures
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Operator } from '../authority/support/operator.mjs';
import { launch } from './support/browsers.mjs';
import { DemoSite, tree } from './support/demo_site.mjs';
import { Host } from './support/host.mjs';
import { handIn, openPartnerPage, PartnerPage } from './support/partner_page.mjs';
import { codesOn } from './support/picture.mjs';

const out = join(tree, 'docs/pictures');
const still = { reducedMotion: true };

// In WebP: a quarter of the bytes.
async function save(page, name) {
  const bytes = await page.evaluate(async (png) => {
    const picture = await createImageBitmap(new Blob([Uint8Array.from(atob(png), (character) => character.charCodeAt(0))]));
    const canvas = new OffscreenCanvas(picture.width, picture.height);
    canvas.getContext('2d').drawImage(picture, 0, 0);
    const webp = await canvas.convertToBlob({ type: 'image/webp', quality: 0.85 });
    return Array.from(new Uint8Array(await webp.arrayBuffer()));
  }, (await page.picture()).toString('base64'));
  writeFileSync(join(out, `${name}.webp`), Uint8Array.from(bytes));
}

const site = await DemoSite.start();
const partner = await PartnerPage.start({ operator: new Operator(site.server), authority: site.url, root: site.root });
const browser = await launch('chromium');
try {
  mkdirSync(out, { recursive: true });
  const host = await Host.open(browser, site, { width: 860, height: 790, ratio: 1.5, ...still });
  await host.show(site.people[0].key);
  await host.settled();
  await save(host.page, 'licence');

  const counter = await openPartnerPage(browser, partner, { width: 430, height: 1010, ratio: 1.5, ...still });
  for (let result; result !== 'valid';) {
    const [code] = await codesOn(await host.page.picture());
    await handIn(counter, code);
    await counter.waitFor(() => window.result);
    ({ result } = await counter.evaluate(() => window.result));
  }
  await counter.waitFor(() => document.getElementById('decision').className === 'yes');
  await save(counter, 'check');
} finally {
  await browser.close();
  partner.stop();
  await site.stop();
}
