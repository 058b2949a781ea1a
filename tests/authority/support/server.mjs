// Starts the built authority on a free port and talks to it, politely or not. Every wait is for a condition, with a limit.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');
export const program = process.env.ELICENSE_AUTHORITY ?? join(root, 'build/native/elicense-authority');
const limit = 20_000;

export function within(promise, what, milliseconds = limit) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not within ${milliseconds} ms: ${what}`)), milliseconds);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

// Asks again until the answer is truthy, and resolves with it.
export async function until(condition, what, milliseconds = limit) {
  const end = Date.now() + milliseconds;
  while (Date.now() < end) {
    const answer = await condition();
    if (answer) return answer;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`not within ${milliseconds} ms: ${what}`);
}

export const folder = (name) => mkdtempSync(join(tmpdir(), `elicense-${name}-`));

// Resolves with {code, signal, out, err} when the program has ended.
export function run(words, env = {}) {
  const child = spawn(program, words, { env: { ...clean, ...env } });
  const out = [];
  const err = [];
  child.stdout.on('data', (chunk) => out.push(chunk));
  child.stderr.on('data', (chunk) => err.push(chunk));
  return within(new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) =>
      resolve({ code, signal, out: Buffer.concat(out).toString(), err: Buffer.concat(err).toString() }));
  }), `the end of ${words.join(' ')}`).finally(() => child.kill('SIGKILL'));
}
const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('ELICENSE_AUTHORITY_')));

// A test that fails must not leave its servers behind, nor wait for them.
const running = new Set();
process.once('exit', () => { for (const child of running) child.kill('SIGKILL'); });

export class Server {
  static async start(words = [], { data = folder('authority'), listen = '127.0.0.1:0', env = {} } = {}) {
    const server = new Server();
    server.data = data;
    server.err = '';
    server.words = words;
    server.env = env;
    // Connections that are kept, for clients who ask often: fetch(…, {agent: server.agent}).
    server.agent = new Agent({ keepAlive: true });
    server.child = spawn(program, ['--data', data, '--listen', listen, ...words], { env: { ...clean, ...env } });
    running.add(server.child);
    server.child.stderr.on('data', (chunk) => { server.err += chunk; });
    server.ended = new Promise((resolve) => server.child.on('close', (code, signal) => {
      running.delete(server.child);
      server.agent.destroy();
      resolve({ code, signal });
    }));
    let out = '';
    const listening = new Promise((resolve, reject) => {
      server.child.on('error', reject);
      server.child.stdout.on('data', (chunk) => {
        out += chunk;
        const found = /listening on (http:\/\/\S+:(\d+))\n/.exec(out);
        if (found) resolve(found);
      });
      server.ended.then(() => reject(new Error(`the authority ended: ${server.err}`)));
    });
    const [, url, port] = await within(listening, 'listening');
    server.child.unref();
    server.child.stdout.unref();
    server.child.stderr.unref();
    server.url = url;
    server.origin = words.includes('--origin') ? words[words.indexOf('--origin') + 1] : url; // what it calls itself
    server.port = Number(port);
    return server;
  }

  async stop(signal = 'SIGTERM') {
    this.child.kill(signal);
    try {
      return await within(this.ended, 'stopping');
    } finally {
      this.child.kill('SIGKILL');
      rmSync(this.data, { recursive: true, force: true });
    }
  }

  // Ended without a chance to tidy up, or politely; the data stays.
  async end(signal = 'SIGKILL') {
    this.child.kill(signal);
    return within(this.ended, `the end by ${signal}`);
  }

  // The same again, at the same address and with the same data.
  restart(words = this.words) {
    return Server.start(words, { data: this.data, listen: `127.0.0.1:${this.port}`, env: this.env });
  }

  // The path goes out as it is written.
  fetch(path, { method = 'GET', headers = {}, body = undefined, agent = false } = {}) {
    return within(new Promise((resolve, reject) => {
      const sent = request({ host: '127.0.0.1', port: this.port, path, method, headers, agent }, (answer) => {
        const chunks = [];
        answer.on('data', (chunk) => chunks.push(chunk));
        answer.on('error', reject);
        answer.on('end', () => {
          const bytes = Buffer.concat(chunks);
          resolve({ status: answer.statusCode, headers: answer.headers, bytes, text: bytes.toString() });
        });
      });
      sent.on('error', reject);
      sent.end(body);
    }), `${method} ${path}`);
  }

  // Sends bytes as they are and resolves with all that comes back until the server closes. `more` may go on sending.
  raw(bytes, more = (_socket) => {}) {
    return within(new Promise((resolve) => {
      const chunks = [];
      const socket = connect(this.port, '127.0.0.1', () => {
        socket.write(bytes);
        more(socket);
      });
      socket.on('data', (chunk) => chunks.push(chunk));
      // A reset after the answer is the server's good right.
      socket.on('error', () => {});
      socket.on('close', () => resolve(Buffer.concat(chunks).toString()));
    }), 'the server closing a connection');
  }
}

export const statuses = (text) => [...text.matchAll(/^HTTP\/1\.1 (\d{3}) /gm)].map((found) => Number(found[1]));
