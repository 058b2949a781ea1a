// On what it was measured: the machine, the programs, the packages.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { tree } from '../../browser/support/demo_site.mjs';

const packages = ['@noble/ed25519', 'qrcode', 'qrcode-generator', 'cbor-x', 'base45', 'pako', '@mosip/pixelpass', '@sd-jwt/jwt-status-list', 'jose'];

const firstLine = (program) => execFileSync(program, ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).split('\n')[0].trim();

function system() {
  const name = /^PRETTY_NAME="?(.*?)"?$/m.exec(readFileSync('/etc/os-release', 'utf8'));
  return `${name?.[1] ?? 'Linux'}`;
}

const versionOf = (folder, name) => JSON.parse(readFileSync(join(tree, folder, 'node_modules', name, 'package.json'), 'utf8')).version;

/** Taken before the first measurement, because of the load. */
export function machine(chromium) {
  const cores = cpus();
  return [
    `${new Date().toISOString().slice(0, 10)}, ${cores[0].model.trim()}, ${cores.length} cores, ${(totalmem() / 2 ** 30).toFixed(0)} GB, ${system()}, load ${loadavg()[0].toFixed(1)} at the start`,
    `Chromium ${chromium}, Node ${process.version}, ${firstLine('clang++')}, Emscripten ${/[\d.]+/.exec(firstLine('em++'))?.[0]}, esbuild ${versionOf('web', 'esbuild')}`,
    packages.map((name) => `${name} ${versionOf('tests', name)}`).join(', '),
  ];
}
