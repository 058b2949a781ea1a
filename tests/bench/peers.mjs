// What a user would pick instead, beside ours, in one run on one machine; every result is compared before its time counts.
//   ./dev bench peers
// Prints the tables and writes them into docs/performance.md.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launch } from '../browser/support/browsers.mjs';
import { DemoSite, tree } from '../browser/support/demo_site.mjs';
import { checks, claims, codesOf, qrCodes } from './peers/live_codes.mjs';
import { machine } from './peers/machine.mjs';
import { pages } from './peers/pages.mjs';
import { print, write } from './peers/report.mjs';
import { statusLists } from './peers/status_lists.mjs';

async function versionOf(browser) {
  const page = await browser.open('about:blank');
  const version = page.raw.context().browser().version();
  await page.close();
  return version;
}

const folder = mkdtempSync(join(tmpdir(), 'elicense-peers-'));
const site = await DemoSite.start();
const browser = await launch('chromium');
try {
  const person = site.people.find(({ key }) => key === 'normal');
  const about = machine(await versionOf(browser));
  console.log(about.join('\n'));
  const list = join(folder, 'trust.jwt');
  writeFileSync(list, (await site.server.fetch('/trust-list')).text);
  const sections = [];
  const told = (section) => {
    print(section);
    sections.push(section);
  };
  told(await pages(browser, site, person, ['--trust-list', list, '--root', site.root]));
  await browser.close(); // what follows is in Node
  const given = await codesOf(site, person, folder);
  told(await qrCodes(given));
  told(await checks(site, given));
  told(await claims(given));
  told(await statusLists());
  write(join(tree, 'docs/performance.md'), about, sections);
  console.log('\nWhat is compared, and what each leaves out, stands with these tables in docs/performance.md');
} finally {
  await browser.close();
  await site.stop();
  rmSync(folder, { recursive: true, force: true });
}
