// The installed package as a stranger's program uses it: examples/backend, built out of the tree against a prefix that has nothing
// but what was installed, checks codes that the command line has minted.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { tree } from '../browser/support/demo_site.mjs';
import { Authority, leaks, must as elicense } from '../cli/support/elicense.mjs';

const build = process.env.ELICENSE_BUILD ?? join(tree, 'build/native');

/** → {code, out, err} */
function command(program, words, input = '') {
  return new Promise((resolve, reject) => {
    const child = spawn(program, words);
    let [out, err] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text) => { out += text; });
    child.stderr.setEncoding('utf8').on('data', (text) => { err += text; });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, out, err }));
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}
async function must(program, words) {
  const done = await command(program, words);
  assert.equal(done.code, 0, `${program} ${words.join(' ')}\n${done.out}${done.err}`);
}

describe('a backend with the installed package', () => {
  const folder = mkdtempSync(join(tmpdir(), 'elicense-backend-'));
  const [prefix, out] = [join(folder, 'prefix'), join(folder, 'build')];
  const check = (words, text) => command(join(out, 'check_code'), words, text);
  /** @type {Authority} */
  let authority;
  let lease;
  before(async () => {
    await must('cmake', ['--install', build, '--prefix', prefix]);
    await must('cmake', ['-S', join(tree, 'examples/backend'), '-B', out, `-DCMAKE_PREFIX_PATH=${prefix}`, '-DCMAKE_BUILD_TYPE=Release']);
    await must('cmake', ['--build', out]);
    authority = await Authority.make();
    const now = Math.floor(Date.now() / 1000);
    lease = await authority.issueLease('now', { iat: now - 60, exp: now + 3600, nbf: undefined });
  });
  after(() => {
    authority?.remove();
    rmSync(folder, { recursive: true, force: true });
  });
  const pinned = () => [authority.keys.lease.kid, authority.keys.lease.x];
  const mint = async (ago = 0) => (await elicense(['code', 'mint', '--lease', lease, '--key', authority.secret('holder'),
    '--now', String(Math.floor(Date.now() / 1000) - ago)])).trimEnd();

  it('brings the licences of what is in it, and needs nothing of this tree', () => {
    const texts = readdirSync(join(prefix, 'share/doc/elicense'));
    assert.deepEqual(texts.sort(), ['LICENSE', 'NOTICE', 'libdeflate-COPYING', 'libsodium-LICENSE', 'nlohmann-json-LICENSE.MIT', 'qrencode-COPYING']);
    const config = readFileSync(join(prefix, 'lib/cmake/elicense/elicenseConfig.cmake'), 'utf8');
    assert.ok(!config.includes(tree));
    assert.ok(existsSync(join(prefix, 'include/elicense/licence/live_code.h')));
  });

  it('a code just minted: exit 0, and whose it is', async () => {
    assert.deepEqual(await check(pinned(), await mint()), { code: 0, out: 'valid 3701**********1234\n', err: '' });
  });

  it('another issuer, a changed code, an old one, no code: exit 1 with the reason, and nobody named', async () => {
    const text = await mint();
    const { lease: known, root } = authority.keys;
    const old = await mint(11);
    const cases = [
      [[known.kid, root.x], text, 'forged signature'],
      [[root.kid, root.x], text, 'unknown-issuer issuer-unknown'],
      [pinned(), `${text.slice(0, -12)}${text.at(-12) === 'A' ? 'B' : 'A'}${text.slice(-11)}`, /^(malformed|forged) [a-z-]+$/],
      [pinned(), old, 'stale stale'],
      [pinned(), 'not a code', /^malformed [a-z0-9-]+$/],
    ];
    for (const [words, input, wanted] of cases) {
      const done = await check(words, input);
      assert.equal(done.code, 1, done.out + done.err);
      assert.match(done.out.trim(), wanted instanceof RegExp ? wanted : new RegExp(`^${wanted}$`));
      assert.deepEqual(leaks(done), []);
    }
    assert.equal((await check([], text)).code, 2);
  });
});
