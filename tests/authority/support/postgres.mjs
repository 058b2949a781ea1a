// A PostgreSQL of the test's own: in a new folder, on a Unix socket there, never as root.
import { execFile, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { folder, until, within } from './server.mjs';

const home = '/usr/lib/postgresql';
const versions = existsSync(home) ? readdirSync(home).filter((name) => existsSync(join(home, name, 'bin/initdb'))) : [];
const bin = join(home, versions.toSorted((a, b) => Number(a) - Number(b)).at(-1) ?? '', 'bin');
export const isInstalled = versions.length > 0;

// PostgreSQL refuses root: then somebody else runs it.
function somebody() {
  if (process.getuid() !== 0) return {};
  const users = readFileSync('/etc/passwd', 'utf8').split('\n').map((line) => line.split(':'));
  const [, , uid, gid] = users.find(([name]) => name === 'postgres') ?? users.find(([name]) => name === 'nobody');
  return { uid: Number(uid), gid: Number(gid) };
}

export class Postgres {
  static async start() {
    const postgres = new Postgres();
    postgres.folder = folder('postgres');
    postgres.who = somebody();
    const { uid, gid } = postgres.who;
    mkdirSync(join(postgres.folder, 'data'), { mode: 0o700 });
    for (const path of [postgres.folder, join(postgres.folder, 'data')]) if (uid !== undefined) chownSync(path, uid, gid);
    await postgres.run('initdb', ['-D', join(postgres.folder, 'data'), '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync']);
    process.once('exit', () => postgres.child?.kill('SIGKILL'));
    await postgres.resume();
    return postgres;
  }

  get url() { return `postgresql:///postgres?host=${this.folder}&user=postgres`; }

  run(program, words) {
    return promisify(execFile)(join(bin, program), words, { ...this.who, cwd: this.folder, env: { PATH: process.env.PATH } });
  }
  sql(text) { return this.run('psql', ['-h', this.folder, '-U', 'postgres', '-d', 'postgres', '-X', '-A', '-t', '-q', '-c', text]).then(({ stdout }) =>
    stdout.trim()); }

  async resume() {
    this.child = spawn(join(bin, 'postgres'), ['-D', join(this.folder, 'data'), '-k', this.folder, '-c', 'listen_addresses=', '-c', 'fsync=off'],
      { ...this.who, cwd: this.folder, env: { PATH: process.env.PATH }, stdio: 'ignore' });
    this.ended = new Promise((resolve) => this.child.on('close', resolve));
    await until(() => this.sql('SELECT 1').then(() => true, () => false), 'PostgreSQL answering', 60_000);
    this.child.unref();
  }
  // SIGINT: connections are cut, nothing is lost.
  async suspend(signal = 'SIGINT') {
    this.child.kill(signal);
    await within(this.ended, 'the end of PostgreSQL', 60_000);
  }
  async remove() {
    await this.suspend('SIGQUIT');
    rmSync(this.folder, { recursive: true, force: true });
  }
}
