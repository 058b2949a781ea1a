// Where the app's pages lie: the licence page of examples/hosts/page with the built elements, pages that a test puts beside it, and
// what was asked for. Another one of these is the origin of somebody hostile.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { tree } from '../../browser/support/demo_site.mjs';

const folders = [join(tree, 'examples/hosts/page'), process.env.ELICENSE_DIST ?? join(tree, 'dist')];
const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css', '.wasm': 'application/wasm' };

export class Pages {
  /** Paths with what is asked behind them, in their order. */
  asked = [];
  /** @type {Record<string, string>} text by path, before what lies in the folders */
  texts = {};
  /** Without the policy a page may do what it likes: then the app alone is in the way. */
  policy = '';

  static async start() {
    const pages = new Pages();
    pages.server = createServer((from, to) => {
      pages.asked.push(from.url);
      pages.#serve(from.url.split('?')[0], to);
    });
    await new Promise((resolve, reject) => { pages.server.once('error', reject).listen(0, '127.0.0.1', resolve); });
    pages.server.unref();
    pages.origin = `http://127.0.0.1:${pages.server.address().port}`;
    return pages;
  }

  stop() {
    this.server.close();
    this.server.closeAllConnections();
  }

  #serve(path, to) {
    const body = this.texts[path] ?? this.#file(path);
    if (body === null) return to.writeHead(404).end();
    const policy = this.policy && { 'content-security-policy': this.policy };
    return to.writeHead(200, { 'content-type': types[extname(path)] ?? 'text/plain', 'cache-control': 'no-store', ...policy }).end(body);
  }

  #file(path) {
    if (!/^\/[a-z0-9-]+\.[a-z]+$/.test(path)) return null;
    for (const folder of folders) {
      try {
        return readFileSync(join(folder, path));
      } catch {
        // The next one.
      }
    }
    return null;
  }
}
