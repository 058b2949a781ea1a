// The sources of the Android and iOS apps, which cannot be compiled here: they parse without an error, they know every message of
// the bridge's types and no other, and what WebKit is given is the very script that webkitgtk.test.mjs runs.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import kotlin from '@tree-sitter-grammars/tree-sitter-kotlin';
import Parser from 'tree-sitter';
import swift from 'tree-sitter-swift';
import { tree } from '../browser/support/demo_site.mjs';

const hosts = join(tree, 'examples/hosts');
const files = (ending) => readdirSync(hosts, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith(ending) && !name.includes('build/'));
const source = (name) => readFileSync(join(hosts, name), 'utf8');

const parse = (text, language) => {
  const parser = new Parser();
  parser.setLanguage(/** @type {any} */ (language));
  return parser.parse((at) => text.slice(at, at + 4096)).rootNode;
};

// The names in `event: 'one' | 'two'` or `ask: …` of the bridge's types.
const namesOf = (key) => {
  const types = readFileSync(join(tree, 'web/e-license-bridge.d.ts'), 'utf8');
  return new Set([...types.matchAll(new RegExp(`\\b${key}: ((?:'[a-z-]+'(?: \\| )?)+)`, 'g'))].flatMap(([, all]) => all.match(/[a-z-]+/g)));
};

for (const [name, language, ending] of /** @type {const} */ ([['Kotlin', kotlin, '.kt'], ['Kotlin', kotlin, '.kts'], ['Swift', swift, '.swift']])) {
  describe(`${name}, ${ending}`, () => {
    const all = files(ending);
    it('is there', () => assert.ok(all.length > 1, all.join(' ')));
    for (const file of all) {
      it(`${file} parses; without its last brace it does not`, () => {
        const text = source(file);
        assert.equal(parse(text, language).hasError, false);
        assert.equal(parse(text.slice(0, Math.max(text.lastIndexOf('}'), text.lastIndexOf(')'))), language).hasError, true);
      });
    }
  });
}

describe('the messages', () => {
  for (const file of [...files('HostMessages.kt'), ...files('HostMessages.swift'), 'webkitgtk/messages.cpp']) {
    it(`${file} knows the bridge's events and no other`, () => {
      const [text] = /\b(?:events: [^\n]* =|kEvents\[\] =)[^]*?(?:\n {4}[)\]]\n|;\n)/.exec(source(file));
      const events = namesOf('event');
      assert.equal(events.size, 7);
      const known = new Set([...text.matchAll(/"([a-z-]+)"(?: to (?:mapOf|emptyMap)|: \[|, (?:k[A-Z]|\{\}))/g)].map(([, name]) => name));
      assert.deepEqual([...known].sort(), [...events].sort());
    });
  }
  for (const file of [...files('HostMessages.kt'), ...files('HostMessages.swift')]) {
    it(`${file} asks for nothing that the bridge does not know`, () => {
      const asks = [...source(file).matchAll(/\bask\((?:if \(covered\) |covered \? )?"([a-z]+)"(?:(?: else | : )"([a-z]+)")?/g)].flatMap(([, ...names]) => names.filter(Boolean));
      assert.deepEqual(asks.sort(), ['code', 'cover', 'set', 'uncover']);
      for (const ask of asks) assert.ok(namesOf('ask').has(ask), ask);
    });
  }
});
