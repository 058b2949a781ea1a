// Between browser and authority, as somebody on the network would be: hands on what is asked and answered, can cut the
// network, be slow, change an answer or give an old one again. It serves the tests' page itself, so that a cut network takes
// only the authority away, and all under the strict policy that the element promises to work under.
import { readFileSync } from 'node:fs';
import { createServer, request as ask } from 'node:http';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; img-src blob:; style-src 'self'";

const here = fileURLToPath(new URL('.', import.meta.url));
const folders = {
  '/dist/': process.env.ELICENSE_DIST ?? fileURLToPath(new URL('../../../dist/', import.meta.url)),
  '/site/': join(here, 'site/'),
  '/axe-core/': fileURLToPath(new URL('.', import.meta.resolve('axe-core'))),
};
const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css', '.wasm': 'application/wasm' };

function fileOf(path) {
  const [folder, place] = Object.entries(folders).find(([name]) => path.startsWith(name)) ?? [];
  const name = folder && path.slice(folder.length);
  if (!name || !/^[a-z0-9.-]+$/.test(name)) return null;
  try {
    return { body: readFileSync(join(place, name)), type: types[extname(name)] ?? 'text/plain' };
  } catch {
    return null;
  }
}

/**
 * @typedef {{method: string, path: string, headers: Record<string, string>, body: string}} Asked
 * @typedef {{asked: Asked, status: number, body: string}} Answer
 */
export class Wire {
  /** @type {((answer: Answer) => string | undefined) | null} another body for an answer, before it is handed on */
  change = null;
  /** @type {((text: string) => string) | null} another text for a piece of a stream of events */
  changeEvents = null;
  /** @type {(asked: Asked) => number} milliseconds that the answer takes longer */
  delay = () => 0;
  /** @type {Answer[]} what the authority has answered, as it was, streams apart */
  answers = [];
  streams = new Set();
  /** @type {Record<string, string>} HTML by path, instead of what lies there */
  pages = {};
  #isCut = false;
  #port = 0;

  static async start() {
    const wire = new Wire();
    wire.server = createServer((from, to) => { wire.#serve(from, to).catch(() => from.socket.destroy()); });
    await new Promise((resolve, reject) => { wire.server.once('error', reject).listen(0, '127.0.0.1', resolve); });
    wire.server.unref();
    wire.origin = `http://127.0.0.1:${wire.server.address().port}`;
    return wire;
  }

  leadTo(authority) { this.#port = authority.port; }

  cut() {
    this.#isCut = true;
    for (const stream of this.streams) stream.destroy();
  }

  /** As at the start: nothing is cut, slow or changed. */
  mend() {
    this.#isCut = false;
    this.change = this.changeEvents = null;
    this.delay = () => 0;
  }

  /** The answers to what fits, so far. */
  to(path, text = '') {
    return this.answers.filter(({ asked }) => asked.path === path && asked.body.includes(text));
  }

  stop() {
    this.server.close();
    this.server.closeAllConnections();
  }

  async #serve(from, to) {
    const path = from.url.split('?')[0];
    const file = path in this.pages ? { body: this.pages[path], type: types['.html'] } : fileOf(path);
    if (file) {
      to.writeHead(200, { 'content-type': file.type, 'content-security-policy': policy, 'cache-control': 'no-store' });
      to.end(file.body);
      return;
    }
    const chunks = [];
    for await (const chunk of from) chunks.push(chunk);
    const asked = { method: from.method, path, headers: from.headers, body: Buffer.concat(chunks).toString() };
    if (this.#isCut) throw new Error('cut');
    await this.#handOn(asked, from, to);
  }

  #handOn(asked, from, to) {
    return new Promise((resolve, reject) => {
      const { method, body } = asked;
      const { connection: _, ...headers } = asked.headers;
      const sent = ask({ host: '127.0.0.1', port: this.#port, path: from.url, method, headers, agent: false }, (answer) => {
        const isStream = answer.headers['content-type']?.startsWith('text/event-stream');
        (isStream ? this.#handOnStream(answer, to) : this.#handOnWhole(asked, answer, to)).then(resolve, reject);
      });
      sent.on('error', reject);
      to.on('close', () => sent.destroy());
      sent.end(body);
    });
  }

  async #handOnWhole(asked, answer, to) {
    const chunks = [];
    for await (const chunk of answer) chunks.push(chunk);
    const whole = { asked, status: answer.statusCode, body: Buffer.concat(chunks).toString() };
    this.answers.push(whole);
    const wait = this.delay(asked);
    if (wait) await new Promise((resolve) => { setTimeout(resolve, wait); });
    if (this.#isCut) throw new Error('cut');
    const text = Buffer.from(this.change?.(whole) ?? whole.body);
    const { connection: _, 'transfer-encoding': __, ...headers } = answer.headers;
    to.writeHead(whole.status, { ...headers, 'content-length': text.length });
    to.end(text);
  }

  async #handOnStream(answer, to) {
    const { connection: _, 'transfer-encoding': __, ...headers } = answer.headers;
    to.writeHead(answer.statusCode, headers);
    to.flushHeaders();
    this.streams.add(to.socket);
    to.on('close', () => { this.streams.delete(to.socket); });
    for await (const chunk of answer) to.write(this.changeEvents ? this.changeEvents(String(chunk)) : chunk);
    to.end();
  }
}
