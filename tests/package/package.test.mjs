// The package as npm has it: what is in it, what its entries lead to, and what TypeScript makes of it in React, in Vue and by
// itself.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import { Project, tarball, version } from './support.mjs';

const files = [
  'LICENSE', 'NOTICE', 'README.md', 'custom-elements.json',
  'e-license-bridge.d.ts', 'e-license-bridge.js',
  'e-license-receipt.d.ts', 'e-license-receipt.js', 'e-license-receipt.wasm',
  'e-license-scanner.js', 'e-license-scanner.wasm',
  'e-license-signer.js', 'e-license-signer.wasm',
  'e-license-verifier.d.ts', 'e-license-verifier.js', 'e-license-verifier.wasm',
  'e-license.d.ts', 'e-license.js', 'e-license.wasm',
  'integrity.json', 'package.json', 'react.d.ts', 'third-party-licences.txt', 'vue.d.ts', 'wasm.d.ts',
];
const largest = 950_000; // bytes, packed

/** @type {Project} */
let project;
let manifest;
let exported;
const inPackage = (name) => project.read(`node_modules/e-license/${name}`);
const names = (entry) => (typeof entry === 'string' ? [entry] : Object.values(entry).flatMap(names));

before(async () => {
  project = await Project.make('package', {});
  manifest = JSON.parse(inPackage('package.json'));
  exported = [...new Set(names(manifest.exports))];
});
after(() => project?.remove());

it('these files and no others', (test) => {
  const [packed] = JSON.parse(execFileSync('npm', ['pack', '--json', '--dry-run', '--loglevel=error', tarball], { encoding: 'utf8' }));
  assert.deepEqual(packed.files.map(({ path }) => path).sort(), [...files].sort());
  test.diagnostic(`${packed.size} bytes, ${packed.unpackedSize} unpacked`);
  assert.ok(packed.size < largest, `${packed.size} bytes`);
});

it('the version is the project\'s, and nothing else is needed', () => {
  assert.equal(manifest.version, version);
  for (const kind of ['dependencies', 'peerDependencies', 'optionalDependencies', 'scripts']) assert.equal(manifest[kind], undefined, kind);
});

it('the licences of what is inside', () => {
  const parts = inPackage('third-party-licences.txt').split(/^(?=── )/m).slice(1);
  const titles = ['Noto Sans CJK SC', 'Emscripten\'s runtime and musl', 'zxing-cpp', 'zxing-wasm', 'libsodium', 'libdeflate', 'nlohmann-json', 'imgui', 'qrencode'];
  assert.deepEqual(parts.map((part) => titles.find((title) => part.startsWith(`── ${title}`))), titles);
  for (const part of parts) assert.match(part, /Copyright/i);
  assert.match(parts.at(-1), /GNU LESSER GENERAL PUBLIC LICENSE/);
});

it('integrity.json has the hash of every file that is exported', () => {
  const integrity = JSON.parse(inPackage('integrity.json'));
  const wanted = exported.map((file) => file.slice('./'.length)).filter((file) => !['package.json', 'integrity.json'].includes(file));
  assert.deepEqual(Object.keys(integrity).sort(), wanted.sort());
  for (const [file, hash] of Object.entries(integrity)) {
    assert.equal(hash, `sha384-${createHash('sha384').update(readFileSync(join(project.installed, file))).digest('base64')}`, file);
  }
});

it('every entry leads to a file, in Node, in browsers and for types', async () => {
  for (const file of exported) assert.ok(existsSync(join(project.installed, file)), file);
  const resolve = async (...conditions) => JSON.parse(await project.run('node', [...conditions.map((name) => `--conditions=${name}`), '--input-type=module', '--eval',
    `const found = {};
    for (const entry of ${JSON.stringify(Object.keys(manifest.exports))}) {
      try { found[entry] = import.meta.resolve(entry.replace('.', 'e-license')).split('/e-license/').at(-1); } catch (error) { found[entry] = error.code; }
    }
    console.log(JSON.stringify(found));`]));
  const target = (entry, condition) => (typeof entry === 'string' ? entry : entry[condition] ?? entry.default)?.replace('./', '') ?? 'ERR_PACKAGE_PATH_NOT_EXPORTED';
  const by = (condition) => Object.fromEntries(Object.entries(manifest.exports).map(([name, entry]) => [name, target(entry, condition)]));
  assert.deepEqual(await resolve(), by('node'));
  assert.deepEqual(await resolve('browser', 'production'), by('node'));
  assert.deepEqual(await resolve('types'), by('types'));
  assert.deepEqual([by('node')['.'], by('node')['./verifier'], by('node')['./receipt'], by('types')['./react']],
    ['e-license.js', 'e-license-verifier.js', 'e-license-receipt.js', 'react.d.ts']);
});

it('importing the elements where there is no window does nothing, and the receipt desk is there', async () => {
  const said = await project.run('node', ['--input-type=module', '--eval', `
    await import('e-license'); await import('e-license/verifier'); await import('e-license/bridge');
    const { ReceiptDesk, ReceiptRefused } = await import('e-license/receipt');
    console.log(typeof ReceiptDesk, typeof ReceiptRefused);`]);
  assert.equal(said, 'function function\n');
});

const strict = { strict: true, noEmit: true, target: 'es2022', types: [], skipDefaultLibCheck: true, noUncheckedSideEffectImports: true };
const config = (options, files) => JSON.stringify({ compilerOptions: { ...strict, ...options }, files });

it('types by Node\'s resolution and by a bundler\'s, there in React\'s JSX too: what is wrong is refused', async () => {
  const { modules } = JSON.parse(inPackage('custom-elements.json'));
  const [viewer, verifier] = modules.map(({ declarations }) => declarations[0]);
  const union = (all) => all.map(({ name }) => `'${name}'`).join(' | ');
  project.write({
    'plain.ts': `
      import 'e-license';
      import 'e-license/verifier';
      import type { ELicenseAttributes, ELicenseEventMap, StateChange } from 'e-license';
      import type { CheckCard, ELicenseVerifierAttributes, ELicenseVerifierEventMap } from 'e-license/verifier';
      import { joinHost } from 'e-license/bridge';
      import { ReceiptDesk, ReceiptRefused } from 'e-license/receipt';
      import wasm from 'e-license/e-license.wasm';
      const licence = document.createElement('e-license');
      licence.setAttribute('src-wasm', wasm);
      licence.addEventListener('state-change', ({ detail }) => { const change: StateChange = detail; });
      void joinHost(licence);
      document.querySelector('e-license-verifier')?.addEventListener('result', ({ detail }) => { const card: CheckCard = detail; });
      new ReceiptDesk({ authority: '', roots: [], origin: '' }).check('').catch((error) => error instanceof ReceiptRefused && error.code);
      // @ts-expect-error
      licence.state = 'live';
      // @ts-expect-error
      licence.showPage('back');
      // @ts-expect-error
      new ReceiptDesk({ authority: '' });
      // The manifest names the same attributes and events as the types.
      type Same<One, Other> = [One] extends [Other] ? ([Other] extends [One] ? true : false) : false;
      const same: [Same<keyof ELicenseAttributes, ${union(viewer.attributes)}>, Same<keyof ELicenseEventMap, ${union(viewer.events)}>,
        Same<keyof ELicenseVerifierAttributes, ${union(verifier.attributes)}>, Same<keyof ELicenseVerifierEventMap, ${union(verifier.events)}>] = [true, true, true, true];
      void same;`,
    'node16.json': config({ module: 'node16', moduleResolution: 'node16' }, ['plain.ts']),
  });
  await project.run('tsc', ['--project', 'node16.json']);
  project.write({
    'react.tsx': `
      import { useRef } from 'react';
      import type {} from 'e-license/react';
      import type { ELicenseElement } from 'e-license';
      export const Good = () => {
        const licence = useRef<ELicenseElement>(null);
        return <>
          <e-license ref={licence} key="one" className="wide" authority="https://dl.example.org" root-key="KEY" page="front" lang="en" concealed
            preAuthorizedCode="CODE" onstate-change={({ detail }) => detail.words.length} onchecked={({ detail }) => detail.echo}><p slot="loading">…</p></e-license>
          <e-license-verifier authority="https://dl.example.org" root-key="KEY" requires="C1" quiet max-confirmation-age={60}
            onresult={({ detail }) => detail.receipt} />
        </>;
      };
      export const bad = [
        // @ts-expect-error no authority
        <e-license root-key="KEY" />,
        // @ts-expect-error no such page
        <e-license authority="" root-key="" page="back" />,
        // @ts-expect-error not a text
        <e-license authority={7} root-key="" />,
        // @ts-expect-error misspelt
        <e-license authority="" root-key="" preAuthorisedCode="" />,
        // @ts-expect-error no such detail
        <e-license authority="" root-key="" onchecked={({ detail }) => detail.name} />,
        // @ts-expect-error no such mode
        <e-license-verifier authority="" root-key="" mode="sometimes" />,
        // @ts-expect-error no such element
        <e-licence authority="" root-key="" />,
      ];`,
    'bundler.json': config({ module: 'esnext', moduleResolution: 'bundler', jsx: 'react-jsx' }, ['plain.ts', 'react.tsx']),
  });
  await project.run('tsc', ['--project', 'bundler.json']);
});

it('types in Vue\'s templates: what is wrong is refused', async () => {
  // Not a literal with two slashes in it: vue-tsc then loses the types of the tag's listeners.
  const trusted = ':authority="authority" root-key="KEY"';
  const element = (attributes) => `<e-license ${trusted} ${attributes} />`;
  const page = (...lines) => `<script setup lang="ts">
    import 'e-license';
    import type {} from 'e-license/vue';
    const authority = 'https://dl.example.org';
    const told = (words: string) => words;
    </script>
    <template>${lines.join('\n')}</template>`;
  const widget = `<e-license-verifier ${trusted} requires="C1" mode="offline" quiet @result="({ detail }) => told(detail.line)" />`;
  const expected = (line) => `<!-- @vue-expect-error -->\n${line}`;
  project.write({
    'page.vue': page(
      element(`class="wide" page="front" src-wasm="/e-license.wasm" concealed :preAuthorizedCode.prop="authority" @state-change="({ detail }) => told(detail.words)"`), widget,
      expected(element('page="back"')), expected(element(':account="7"')), expected(element(':preAuthorizedCode.prop="7"')), expected(element('@state-change="({ detail }) => told(detail.state.name)"')),
      expected('<e-license root-key="KEY" />')),
    'vue.json': config({ module: 'esnext', moduleResolution: 'bundler', skipLibCheck: true }, ['page.vue']),
  });
  await project.run('vue-tsc', ['--project', 'vue.json']);
});
