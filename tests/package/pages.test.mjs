// The package without a bundler: its files served as they are, from a folder of the page's own origin and from another origin,
// with integrity; and what custom-elements.json says of the elements, beside the elements.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import { Pages, Project, promised, Site } from './support.mjs';

/** @type {Project} */
let project;
/** @type {Site} the page's own */
let site;
/** @type {Site} another origin that has the package */
let elsewhere;
/** @type {Pages} */
let pages;
/** @type {Record<string, string>} */
let integrity;

before(async () => {
  project = await Project.make('pages', {});
  integrity = JSON.parse(project.read('node_modules/e-license/integrity.json'));
  site = await Site.start(project.folder);
  elsewhere = await Site.start(project.folder);
  elsewhere.headers = { 'access-control-allow-origin': '*' };
  pages = await Pages.start(['--allow-origin', site.origin]);
});
after(async () => {
  await pages?.stop();
  elsewhere?.stop();
  site?.stop();
  project?.remove();
});

const here = '/node_modules/e-license';
const element = (more = '') => `<e-license authority="${pages.authority}" root-key="${pages.stand.root}" ${more}></e-license>`;
const signIn = `document.querySelector('e-license').preAuthorizedCode = given.code;`;

/** Two lines of HTML and one call, as the README has them. */
function lay(name, body, policy = promised('viewer', pages.authority)) {
  project.write({ [`${name}.html`]: `<!doctype html><html lang="en"><title>A page</title><body>${body}</body></html>`, 'sign-in.js': signIn });
  site.headers = { 'content-security-policy': policy };
  site.asked = [];
  elsewhere.asked = [];
  return `${site.origin}/${name}.html`;
}
const script = (source, more = '') => `<script type="module" src="${source}" ${more}></script>`;
const call = script('/sign-in.js');

it('files as they are, under the promised policy', async () => {
  await pages.showsLive(lay('plain', script(`${here}/e-license.js`) + element() + call));
  assert.ok(site.asked.includes(`${here}/e-license.wasm`));
});

it('viewer and widget on one page, with the scanner in a worker and the signer', async () => {
  const widget = `<e-license-verifier authority="${pages.authority}" root-key="${pages.stand.root}" sources="image"></e-license-verifier>`;
  project.write({ 'partner.js': `document.querySelector('e-license-verifier').setAttribute('partner', given.partner);` });
  await pages.worksWhole(lay('whole', script(`${here}/e-license.js`) + script(`${here}/e-license-verifier.js`) + element() + widget
    + call + script('/partner.js'), promised('verifier', pages.authority)));
  for (const name of ['e-license-scanner.js', 'e-license-scanner.wasm', 'e-license-signer.wasm']) {
    assert.ok(site.asked.includes(`${here}/${name}`), name);
  }
});

it('from another origin, the module beside the script', async () => {
  const policy = `default-src 'none'; script-src 'self' ${elsewhere.origin} 'wasm-unsafe-eval'; connect-src ${elsewhere.origin} ${pages.authority}; img-src blob:; style-src 'self'`;
  await pages.showsLive(lay('elsewhere', script(`${elsewhere.origin}${here}/e-license.js`) + element() + call, policy));
  assert.ok(elsewhere.asked.includes(`${here}/e-license.wasm`));
  assert.ok(!site.asked.includes(`${here}/e-license.wasm`));
});

it('from another origin, the module where src-wasm says', async () => {
  const policy = `default-src 'none'; script-src 'self' ${elsewhere.origin} 'wasm-unsafe-eval'; connect-src 'self' ${pages.authority}; img-src blob:; style-src 'self'`;
  const own = element(`src-wasm="${here}/e-license.wasm"`);
  await pages.showsLive(lay('src-wasm', script(`${elsewhere.origin}${here}/e-license.js`) + own + call, policy));
  assert.ok(site.asked.includes(`${here}/e-license.wasm`));
  assert.ok(!elsewhere.asked.includes(`${here}/e-license.wasm`));
});

it('with the integrity that integrity.json says, and not with another', async () => {
  const loaded = (hash) => lay('integrity', script(`${here}/e-license.js`, `integrity="${hash}"`) + element() + call);
  await pages.showsLive(loaded(integrity['e-license.js']));
  const page = await pages.browser.open(loaded(integrity['e-license-verifier.js']));
  await page.waitFor(() => document.readyState === 'complete');
  assert.equal(await page.evaluate(() => customElements.get('e-license') === undefined), true);
  await page.close();
});

it('custom-elements.json says what the elements have', async () => {
  const url = lay('manifest', script(`${here}/e-license.js`) + script(`${here}/e-license-verifier.js`) + element()
    + '<e-license-verifier></e-license-verifier>' + call, promised('verifier', pages.authority));
  const { page } = await pages.live(url);
  const { modules } = JSON.parse(project.read('node_modules/e-license/custom-elements.json'));
  const declarations = modules.flatMap(({ declarations }) => declarations);
  assert.deepEqual(declarations.map(({ tagName }) => tagName), ['e-license', 'e-license-verifier']);
  for (const { tagName, name, attributes, members, slots = [], cssParts, cssProperties } of declarations) {
    await page.waitFor((tag) => document.querySelector(tag).shadowRoot.querySelector('[part]'), tagName);
    const has = await page.evaluate((tag) => {
      const element = document.querySelector(tag);
      const { shadowRoot: root, constructor } = element;
      const inside = (selector, name) => [...root.querySelectorAll(`[${selector}]`)].map((found) => found.getAttribute(name));
      const rules = root.adoptedStyleSheets.flatMap((sheet) => [...sheet.cssRules].map(({ cssText }) => cssText)).join('');
      const shapes = Object.entries(Object.getOwnPropertyDescriptors(constructor.prototype));
      return {
        name: constructor.name,
        attributes: constructor.observedAttributes,
        members: shapes.filter(([name]) => !/^constructor$|Callback$/.test(name)).map(([name, { value, set }]) =>
          `${value ? 'method' : 'field'} ${name}${value || set ? '' : ', readonly'}`),
        slots: inside('name', 'name').filter((name) => root.querySelector(`slot[name="${name}"]`)),
        parts: inside('part', 'part').map((part) => part.split(' ')[0]),
        variables: rules.match(/--e-license-[a-z-]+/g),
      };
    }, tagName);
    const same = (one, other, what) => assert.deepEqual([...new Set(one)].sort(), [...new Set(other)].sort(), `${tagName}: ${what}`);
    const names = (all) => all.map(({ name }) => name);
    same(names(attributes), has.attributes, 'attributes');
    same(members.map(({ kind, name, readonly }) => `${kind} ${name}${readonly ? ', readonly' : ''}`), has.members, 'members');
    same(names(slots), has.slots, 'slots');
    same(names(cssParts), has.parts, 'parts');
    same(names(cssProperties), has.variables, 'variables');
    assert.match(project.read(`node_modules/e-license/${tagName}.d.ts`), new RegExp(`export declare class ${name} extends HTMLElement`));
  }
  await pages.leave(page);
});
