// Runs the built program, and makes the authority that the tests share: keys, trust list, a lease. Time is always --now.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');
export const program = process.env.ELICENSE_CLI ?? join(root, 'build/native/elicense');

// Resolves with {code, signal, out, err}; the input, if any, goes to standard input.
export function run(words, input = '') {
  return new Promise((resolve, reject) => {
    const child = spawn(program, words);
    const out = [];
    const err = [];
    child.stdout.on('data', (chunk) => out.push(chunk));
    child.stderr.on('data', (chunk) => err.push(chunk));
    child.on('error', reject);
    // It may well exit without having read all of it.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
    child.on('close', (code, signal) =>
      resolve({ code, signal, out: Buffer.concat(out).toString(), err: Buffer.concat(err).toString() }));
  });
}

export async function must(words, input) {
  const done = await run(words, input);
  if (done.code !== 0) throw new Error(`elicense ${words.join(' ')}: exit ${done.code}\n${done.out}${done.err}`);
  return done.out;
}

export async function json(words, input) {
  const done = await run([...words, '--json'], input);
  let answer;
  try {
    answer = JSON.parse(done.out);
  } catch {
    throw new Error(`elicense ${words.join(' ')}: exit ${done.code}, not JSON\n${done.out}${done.err}`);
  }
  return { ...done, answer };
}

export const now = 1_800_000_000; // 2027-01-15 in UTC+8
export const issuer = 'https://authority.example';
export const shard = `${issuer}/status/0`;
export const person = {
  name: '欧阳测试',
  document_number: '3710012345678',
  nationality: '中国',
  licence_number: '370102199003071234',
};
export const masked = '3701**********1234';

export class Authority {
  static async make() {
    const authority = new Authority();
    authority.folder = mkdtempSync(join(tmpdir(), 'elicense-cli-'));
    authority.keys = {};
    for (const name of ['root', 'licence', 'lease', 'status', 'receipt', 'holder', 'device']) await authority.newKey(name);
    await authority.signTrustList('trust', {});
    return authority;
  }

  path(name) { return join(this.folder, name); }
  write(name, content, mode = 0o644) {
    writeFileSync(this.path(name), typeof content === 'string' ? content : JSON.stringify(content), { mode });
    return this.path(name);
  }
  read(name) { return readFileSync(this.path(name), 'utf8'); }
  remove() { rmSync(this.folder, { recursive: true, force: true }); }

  async newKey(name) {
    this.keys[name] = JSON.parse(await must(['keys', 'new', '--out', this.path(`${name}.jwk`), '--json']));
    return this.keys[name];
  }
  secret(name) { return this.path(`${name}.jwk`); }

  entry(name, use = name, more = {}) {
    return { ...this.keys[name], use: [use], nbf: now - 86400, exp: now + 86400 * 365, ...more };
  }
  trustClaims(more = {}) {
    return {
      iss: issuer, iat: now - 3600, exp: now + 86400, seq: 7, production: false,
      keys: ['licence', 'lease', 'status', 'receipt'].map((name) => this.entry(name)), ...more,
    };
  }
  async signTrustList(name, more) {
    const claims = this.write(`${name}.json`, this.trustClaims(more));
    await must(['trust-list', 'sign', '--claims', claims, '--key', this.secret('root'), '--out', this.path(`${name}.jwt`)]);
    return this.path(`${name}.jwt`);
  }
  get trust() { return ['--trust-list', this.path('trust.jwt'), '--root', this.keys.root.x]; }

  leaseClaims(more = {}) {
    const claims = {
      iss: issuer, iat: now - 60, exp: now + 86340, cti: '0102030405060708', holder_key: this.keys.holder.x, ...person,
      driving_privileges: [{ vehicle_category_code: 'B1', issue_date: '2015-06-01', expiry_date: '2031-05-31' },
        { vehicle_category_code: 'D', issue_date: '2019-02-03', expiry_date: '2025-12-31' }],
      valid_until: '2031-05-31', status: 'A', portrait: '00112233445566778899aabbccddeeff', status_index: 5, ...more,
    };
    return Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined));
  }
  async issueLease(name, more = {}, key = 'lease') {
    const claims = this.write(`${name}.json`, this.leaseClaims(more));
    await must(['lease', 'issue', '--claims', claims, '--key', this.secret(key), '--out', this.path(`${name}.lease`)]);
    return this.path(`${name}.lease`);
  }
  async mint(lease, more = [], key = 'holder') {
    return (await must(['code', 'mint', '--lease', lease, '--key', this.secret(key), '--now', String(now), ...more])).trimEnd();
  }
  verify(text, more = [], trust = this.trust, at = now + 2) {
    return json(['code', 'verify', '--now', String(at), ...trust, ...more], text);
  }

  async buildStatusList(name, statuses, more = []) {
    const file = this.write(`${name}.json`, statuses);
    await must(['status', 'build', '--statuses', file, '--uri', shard, '--key', this.secret('status'),
      '--iat', String(now - 60), '--exp', String(now + 3600), '--out', this.path(`${name}.jwt`), ...more]);
    return this.path(`${name}.jwt`);
  }
}

// Nobody's data may show in any answer but "valid".
export const secrets = [person.name, person.document_number, masked, person.licence_number, '欧阳'];
export function leaks(done) {
  return secrets.filter((secret) => done.out.includes(secret) || done.err.includes(secret));
}
