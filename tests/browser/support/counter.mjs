// A partner's counter: a page at its own origin that checks licences with <e-license-verifier>, under the strict policy that
// the element promises to work under.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folders = {
  '/dist/': process.env.ELICENSE_DIST ?? fileURLToPath(new URL('../../../dist', import.meta.url)),
  '/counter/': fileURLToPath(new URL('counter_site', import.meta.url)),
  '/axe-core/': fileURLToPath(new URL('.', import.meta.resolve('axe-core'))),
};
const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css', '.wasm': 'application/wasm' };

export const policyFor = (authority) => `default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self' ${authority}; ` +
  `img-src blob: data:; style-src 'self'; frame-src ${authority}; base-uri 'none'; form-action 'none'`;

export class Counter {
  /** Files that were asked for. */
  asked = [];
  authority = '';
  /** More of the policy. */
  also = '';

  static async start() {
    const counter = new Counter();
    counter.server = createServer((from, to) => counter.#serve(from.url.split('?')[0], to));
    await new Promise((resolve, reject) => { counter.server.once('error', reject).listen(0, '127.0.0.1', resolve); });
    counter.server.unref();
    counter.origin = `http://127.0.0.1:${counter.server.address().port}`;
    counter.page = `${counter.origin}/counter/page.html`;
    return counter;
  }

  stop() {
    this.server.close();
    this.server.closeAllConnections();
  }

  #serve(path, to) {
    this.asked.push(path);
    const [folder, place] = Object.entries(folders).find(([name]) => path.startsWith(name)) ?? [];
    const name = folder && path.slice(folder.length);
    try {
      if (!name || !/^[a-z0-9_.-]+$/.test(name)) throw new Error('not here');
      const body = readFileSync(join(place, name));
      to.writeHead(200, { 'content-type': types[extname(name)] ?? 'text/plain', 'content-security-policy': policyFor(this.authority) + this.also, 'cache-control': 'no-store' });
      to.end(body);
    } catch {
      to.writeHead(404).end();
    }
  }
}
