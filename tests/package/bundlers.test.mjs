// The package in other people's projects, under the bundlers that they have: built, served, opened in Chromium, with a real
// licence on the page. A bundler has to find every file of ours: both modules, the scanner and its worker, the signer.
import assert from 'node:assert/strict';
import { cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { compile } from '@vue/compiler-dom';
import { freePort } from '../browser/support/browsers.mjs';
import { Pages, Project, promised, Site } from './support.mjs';

/** @type {Pages} */
let pages;
before(async () => { pages = await Pages.start(); });
after(() => pages?.stop());

// Both have a command of the same name.
const [vite, vite7] = ['vite', 'vite-7'].map((name) => fileURLToPath(new URL(`node_modules/${name}/bin/vite.js`, import.meta.url)));

const html = (script) => `<!doctype html><html lang="en"><title>A page</title><body><div id="root"></div><script type="module" src="${script}"></script></body></html>`;

const app = `
import 'e-license';
import 'e-license/verifier';
const { authority, rootKey, code, partner } = window.given;
const licence = document.createElement('e-license');
const widget = document.createElement('e-license-verifier');
for (const element of [licence, widget]) {
  element.setAttribute('authority', authority);
  element.setAttribute('root-key', rootKey);
}
licence.preAuthorizedCode = code;
if (partner) widget.setAttribute('partner', partner);
widget.setAttribute('sources', 'image');
document.body.append(licence, widget);
`;

const reactApp = `
import 'e-license';
import 'e-license/verifier';
import type {} from 'e-license/react';
import { createRoot } from 'react-dom/client';

declare const given: { authority: string; rootKey: string; code: string; partner: string };
const { authority, rootKey, code, partner } = given;
createRoot(document.getElementById('root')!).render(
  <>
    <e-license authority={authority} root-key={rootKey} preAuthorizedCode={code} onstate-change={({ detail }) => { document.title = detail.state; }} />
    <e-license-verifier authority={authority} root-key={rootKey} partner={partner} sources="image" quiet />
  </>,
);
`;

// As the plugin for Vite makes it of a template.
const vueTemplate = `
  <e-license :authority="authority" :root-key="rootKey" :preAuthorizedCode.prop="code" @state-change="heard" />
  <e-license-verifier :authority="authority" :root-key="rootKey" :partner="partner" sources="image" />`;
const vueApp = `
import 'e-license';
import 'e-license/verifier';
import { createApp } from 'vue';
import { render } from './template.js';
createApp({ render, setup: () => ({ ...window.given, heard: ({ detail }) => { document.title = detail.state; } }) }).mount('#root');
`;

/** What a bundler has written, under the policy that the documents promise. */
async function opened(folder, work) {
  const site = await Site.start(folder);
  site.headers = { 'content-security-policy': promised('verifier', pages.authority) };
  try {
    await work(`${site.origin}/`);
  } finally {
    site.stop();
  }
}

async function served(project, program, words, work, env = () => ({})) {
  const port = await freePort();
  const server = await project.serve(program, [...words, '--port', String(port)], port, env(`http://127.0.0.1:${port}`));
  try {
    await work(`${server.origin}/`, server);
  } finally {
    await server.stop();
  }
}

const vueCode = () => compile(vueTemplate, { mode: 'module', isCustomElement: (tag) => tag.startsWith('e-license') }).code;
for (const [framework, files] of Object.entries({
  React: { 'index.html': html('/main.tsx'), 'main.tsx': reactApp },
  Vue: { 'index.html': html('/main.js'), 'main.js': vueApp, 'template.js': vueCode() },
})) {
  it(`Vite with ${framework}, built`, async () => {
    const project = await Project.make(`vite-${framework.toLowerCase()}`, files);
    await project.run('node', [vite, 'build']);
    const heard = (page) => page.waitFor(() => document.title === 'live'); // by the framework's listener
    await opened(join(project.folder, 'dist'), (url) => pages.worksWhole(url, heard));
    project.remove();
  });
}

it('Vite with React, its development server', async () => {
  const project = await Project.make('vite-dev', { 'index.html': html('/main.tsx'), 'main.tsx': reactApp });
  await served(project, 'node', [vite, '--host', '127.0.0.1', '--strictPort'], (url) => pages.worksWhole(url));
  project.remove();
});

it('Vite 7, its development server, with one line of configuration', async () => {
  const project = await Project.make('vite-7', {
    'index.html': html('/main.js'), 'main.js': app, 'vite.config.js': `export default { optimizeDeps: { exclude: ['e-license'] } };`,
  });
  await served(project, 'node', [vite7, '--host', '127.0.0.1', '--strictPort'], (url) => pages.worksWhole(url));
  project.remove();
});

it('webpack', async () => {
  const project = await Project.make('webpack', { 'out/index.html': html('main.js'), 'main.js': app });
  await project.run('webpack', ['--mode', 'production', '--entry', './main.js', '--output-path', 'out']);
  await opened(join(project.folder, 'out'), (url) => pages.worksWhole(url));
  project.remove();
});

it('esbuild, with our files laid beside what it writes', async () => {
  const project = await Project.make('esbuild', { 'out/index.html': html('main.js'), 'main.js': app });
  await project.run('esbuild', ['main.js', '--bundle', '--minify', '--format=esm', '--outdir=out']);
  for (const name of readdirSync(project.installed).filter((name) => /\.wasm$|-scanner\.js$/.test(name))) {
    cpSync(join(project.installed, name), join(project.folder, 'out', name));
  }
  await opened(join(project.folder, 'out'), (url) => pages.worksWhole(url));
  project.remove();
});

it('Next: rendered on the server, live in the browser, and a receipt checked by its backend', async () => {
  const project = await Project.make('next', {
    'next.config.js': `export default { turbopack: { root: new URL('..', import.meta.url).pathname } };`,
    'app/layout.jsx': `export default function Layout({ children }) { return <html lang="en"><body>{children}</body></html>; }`,
    'app/page.jsx': `
      import { Licence } from './licence';
      export const dynamic = 'force-dynamic';
      export default function Page() { return <Licence authority={process.env.AUTHORITY} rootKey={process.env.ROOT_KEY} />; }`,
    'app/licence.jsx': `
      'use client';
      import 'e-license';
      import 'e-license/verifier';
      import { useEffect, useRef } from 'react';
      export function Licence({ authority, rootKey }) {
        const [licence, widget] = [useRef(null), useRef(null)];
        useEffect(() => {
          licence.current.preAuthorizedCode = window.given.code;
          widget.current.setAttribute('partner', window.given.partner);
        }, []);
        return <>
          <e-license ref={licence} authority={authority} root-key={rootKey} />
          <e-license-verifier ref={widget} authority={authority} root-key={rootKey} sources="image" />
        </>;
      }`,
    'app/receipt/route.js': `
      import { ReceiptDesk } from 'e-license/receipt';
      const { AUTHORITY: authority, ROOT_KEY: root, ORIGIN: origin } = process.env;
      const desk = new ReceiptDesk({ authority, roots: [root], origin });
      export async function POST(request) {
        try {
          return Response.json(await desk.check(await request.text()));
        } catch (error) {
          return Response.json({ refused: error.code ?? error.message }, { status: 400 });
        }
      }`,
  });
  await project.run('next', ['build'], { ORIGIN: 'http://127.0.0.1' });
  const env = (origin) => ({ AUTHORITY: pages.authority, ROOT_KEY: pages.stand.root, ORIGIN: origin });
  await served(project, 'next', ['start', '--hostname', '127.0.0.1'], async (url, server) => {
    const rendered = await (await fetch(url)).text();
    assert.ok(rendered.includes(`<e-license authority="${pages.authority}" root-key="${pages.stand.root}"></e-license>`), rendered);
    assert.match(rendered, /<e-license-verifier [^>]*><\/e-license-verifier>/);
    const receipt = await pages.worksWhole(url);
    const ask = async (body) => (await fetch(`${url}receipt`, { method: 'POST', body })).json();
    assert.match((await ask(receipt)).id, /./);
    assert.deepEqual(await ask(receipt), { refused: 'already-used' });
    assert.doesNotMatch(server.said.all, /error|warn|⨯|⚠/i);
  }, env);
  project.remove();
});
