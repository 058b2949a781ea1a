// A demo authority that serves the portal, laid out as by ./dev run but for a script that hears of violations of its
// content security policy, and beside it a page with one licence.
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rootKey } from '../../authority/support/phone.mjs';
import { folder, Server } from '../../authority/support/server.mjs';

export const tree = join(dirname(fileURLToPath(import.meta.url)), '../../..');
const unlimited = ['--rate-phone', '0/60', '--rate-partner', '0/60', '--rate-address', '0/60'];

export class DemoSite {
  static async start(words = []) {
    const site = new DemoSite();
    site.folder = folder('site');
    site.server = await Server.start(['--demo', '--site', site.folder, ...unlimited, ...words]);
    site.url = site.server.url;
    site.root = await rootKey(site.server);
    site.#layOut();
    const { people } = JSON.parse((await site.server.fetch('/demo/people')).text);
    site.people = people;
    return site;
  }

  #layOut() {
    for (const name of ['web', 'dist']) mkdirSync(join(this.folder, name));
    const page = readFileSync(join(tree, 'index.html'), 'utf8')
      .replace('name="root-key" content=""', `name="root-key" content="${this.root}"`)
      .replace('<script ', '<script src="watch.js"></script>\n    <script ');
    writeFileSync(join(this.folder, 'index.html'), page);
    for (const name of readdirSync(join(tree, 'web'))) {
      if (name.startsWith('portal')) cpSync(join(tree, 'web', name), join(this.folder, 'web', name));
    }
    cpSync(process.env.ELICENSE_DIST ?? join(tree, 'dist'), join(this.folder, 'dist'), { recursive: true });
    cpSync(join(tree, 'tests/browser/support/demo_site'), this.folder, { recursive: true });
  }

  /** What an <e-license> of this authority is told. */
  attributes(account, more = {}) {
    return { authority: this.url, 'root-key': this.root, account, ...more };
  }

  async stop() {
    await this.server?.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
