// Keys and their files, QR codes, help, and everything asked for wrongly.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { chmodSync, readFileSync, statSync } from 'node:fs';

import { Authority, json, must, run } from './support/elicense.mjs';

let authority;
before(async () => { authority = await Authority.make(); });
after(() => authority.remove());

describe('keys', () => {
  it('secret files have mode 0600 and are never written over', async () => {
    const file = authority.secret('root');
    assert.equal(statSync(file).mode & 0o777, 0o600);
    const content = readFileSync(file, 'utf8');
    assert.equal((await run(['keys', 'new', '--out', file])).code, 2);
    assert.equal(readFileSync(file, 'utf8'), content);
    assert.deepEqual(Object.keys(JSON.parse(content)), ['kty', 'crv', 'x', 'd', 'kid']);
  });
  it('the public part is printed, the secret one never', async () => {
    const { d, ...open } = JSON.parse(authority.read('root.jwk'));
    for (const more of [[], ['--json']]) {
      const out = await must(['keys', 'public', '--key', authority.secret('root'), ...more]);
      assert.deepEqual(JSON.parse(out), open);
      assert.ok(!out.includes(d));
    }
    assert.deepEqual(JSON.parse(await must(['keys', 'public', '--key', '-'], authority.read('root.jwk'))), open);
    assert.equal(await must(['keys', 'public', '--pin', '--key', authority.secret('root')]), `${open.kid}=${open.x}\n`);
  });
  for (const mode of [0o644, 0o640, 0o604, 0o660, 0o700]) {
    it(`mode ${mode.toString(8)} is refused`, async () => {
      const file = authority.write(`mode-${mode}.jwk`, authority.read('root.jwk'), 0o600);
      chmodSync(file, mode);
      const done = await run(['keys', 'public', '--key', file]);
      assert.equal(done.code, 2);
      assert.match(done.err, new RegExp(`mode 0${mode.toString(8)}: it has to be 0600`));
      chmodSync(file, 0o400);
      assert.equal((await run(['keys', 'public', '--key', file])).code, 0);
    });
  }
  it('a key that does not fit together is refused, without a word of it', async () => {
    const root = JSON.parse(authority.read('root.jwk'));
    const other = JSON.parse(authority.read('lease.jwk'));
    const { d, ...open } = root;
    for (const [name, jwk] of [['x', { ...open, x: other.x, d, kid: other.kid }], ['x-unnamed', { ...other, d, kid: undefined }], ['kid', { ...root, kid: other.kid }], ['public', open], ['d', { ...root, d: 'AAAA' }],
      ['crv', { ...root, crv: 'X25519' }], ['kty', { ...root, kty: 'EC' }], ['list', [root]], ['text', 'x'], ['size', { ...root, more: 'x'.repeat(5000) }]]) {
      const done = await run(['keys', 'public', '--key', authority.write(`bad-${name}.jwk`, jwk, 0o600)]);
      assert.equal(done.code, 2, name);
      assert.equal(done.out, '');
      assert.ok(!done.err.includes(d));
    }
  });
  it('other files are refused', async () => {
    for (const file of [authority.folder, '/dev/zero', authority.path('none.jwk')]) assert.equal((await run(['keys', 'public', '--key', file])).code, 2, file);
  });
});

describe('qr', () => {
  it('draws half blocks with a quiet zone of 4', async () => {
    const out = await must(['qr'], 'HELLO WORLD\n');
    const lines = out.trimEnd().split('\n');
    assert.equal(lines.length, 15);
    assert.ok(lines.every((line) => [...line].length === 29));
    assert.ok(lines.slice(0, 2).every((line) => /^█+$/.test(line)));
    assert.ok(!out.includes('\u001b'));
  });
  it('writes a PNG of the size asked for', async () => {
    const png = authority.path('code.png');
    const { answer } = await json(['qr', '--png', png, '--level', 'H', '--scale', '3'], 'HELLO WORLD');
    assert.equal(answer.png, png);
    const file = readFileSync(png);
    assert.equal(file.subarray(1, 4).toString(), 'PNG');
    assert.equal(file.readUInt32BE(16), (answer.modules + 8) * 3);
  });
  it('gives the modules as JSON', async () => {
    const { answer } = await json(['qr'], 'HELLO WORLD');
    assert.deepEqual([answer.version, answer.modules, answer.rows.length], [1, 21, 21]);
    assert.ok(answer.rows[0].startsWith('1111111'));
  });
  it('refuses what does not go in', async () => {
    for (const [text, error] of [['hello', 'qr-character'], ['', 'qr-capacity'], ['A'.repeat(4297), 'qr-capacity']]) {
      const done = await json(['qr'], text);
      assert.deepEqual([done.code, done.answer.error], [1, error]);
    }
    assert.equal((await run(['qr'], 'A'.repeat(4296))).code, 0);
    for (const more of [['--scale', '2'], ['--png', 'x', '--scale', '0'], ['--png', 'x', '--scale', '65'], ['--level', 'X']]) {
      assert.equal((await run(['qr', ...more], 'A')).code, 2, more.join(' '));
    }
  });
});

describe('help', () => {
  const commands = ['code verify', 'code inspect', 'code mint', 'lease issue', 'licence issue', 'licence verify', 'licence present', 'status build',
    'status lookup', 'trust-list sign', 'trust-list verify', 'receipt issue', 'receipt verify', 'keys new', 'keys public', 'qr'];
  it('names every command, every group and every option', async () => {
    const all = await must(['--help']);
    for (const command of commands) {
      assert.ok(all.includes(`  ${command} `), command);
      const own = await must([...command.split(' '), '--help']);
      assert.match(own, /usage: elicense/);
      assert.match(own, /--json/);
      assert.ok(own.split('\n').every((line) => line.length <= 130), command);
    }
    for (const group of new Set(commands.map((command) => command.split(' ')[0]))) assert.match(await must([group, '--help']), /elicense/);
    assert.match(await must(['--version']), /^elicense \d+\.\d+\.\d+\n$/);
  });
});

describe('asked for wrongly: exit 2, one line on stderr, nothing on stdout', () => {
  const pinned = ['--issuer-key', `k=${'A'.repeat(43)}`];
  for (const words of [
    [], ['nothing'], ['code'], ['code', 'eat'], ['qr', 'text'], ['code', 'verify'], ['code', 'verify', '--unknown', '1', ...pinned],
    ['code', 'verify', ...pinned, '--now'], ['code', 'verify', ...pinned, '--now', 'soon'], ['code', 'verify', ...pinned, '--now', '-5'],
    ['code', 'verify', ...pinned, '--now', '1', '--now', '2'], ['code', 'verify', ...pinned, '--now', '99999999999999999999'],
    ['code', 'verify', ...pinned, '--now', '253402300800'], ['code', 'verify', ...pinned, '--text', 'A', '--in', '/dev/null'],
    ['code', 'verify', ...pinned, '--json=yes'], ['code', 'verify', ...pinned, '--json', '--json'], ['code', 'verify', ...pinned, ...pinned],
    ['code', 'verify', '--issuer-key', 'k=AAAA'], ['code', 'verify', '--issuer-key', 'A'.repeat(43)], ['code', 'verify', ...pinned, '--root', 'A'.repeat(43)],
    ['code', 'verify', '--trust-list', '/dev/null'], ['code', 'verify', ...pinned, '--trust-list', '/dev/null'], ['code', 'verify', ...pinned, '--requires', 'X'],
    ['code', 'verify', ...pinned, '--challenge', '7'], ['code', 'verify', ...pinned, '--status-list', 'file'], ['code', 'verify', ...pinned, '--in', '/none/here'],
    ['code', 'verify', ...pinned, 'A'], ['code', 'verify', '--trust-list', '-', '--root', 'A'.repeat(43)], ['keys', 'new'], ['keys', 'public'],
    ['status', 'lookup', ...pinned, '--uri', 'x'], ['receipt', 'verify', ...pinned], ['licence', 'present', ...pinned],
  ]) {
    it(words.join(' ').slice(0, 90) || '(no words)', async () => {
      const done = await run(words, 'A\n');
      assert.equal(done.code, 2);
      assert.equal(done.out, '');
      assert.match(done.err, /^elicense: [^\n]+\n$/);
    });
  }
  it('words that belong to nothing are not repeated', async () => {
    const done = await run(['keys', 'public', '--key', 'x', 'my-secret-word']);
    assert.equal(done.code, 2);
    assert.ok(!done.err.includes('my-secret-word'));
  });
  it('an answer that cannot be written is not good', async () => {
    const { spawnSync } = await import('node:child_process');
    const { openSync } = await import('node:fs');
    const { program } = await import('./support/elicense.mjs');
    assert.equal(spawnSync(program, ['--help'], { stdio: ['ignore', openSync('/dev/full', 'w'), 'ignore'] }).status, 2);
  });
});
