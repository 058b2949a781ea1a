// What the tests of an app stand on: an authority that knows the app's pages, the wire in front of it, an operator, a display.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { claims, Operator } from '../../authority/support/operator.mjs';
import { rootKey } from '../../authority/support/phone.mjs';
import { Server } from '../../authority/support/server.mjs';
import { Display } from '../../browser/support/display.mjs';
import { Wire } from '../../browser/support/wire.mjs';
import { App } from './app.mjs';
import { Pages } from './pages.mjs';

export class Stage {
  folder = mkdtempSync(join(tmpdir(), 'elicense-hosts-'));

  static async start({ display = true } = {}) {
    const stage = new Stage();
    stage.pages = await Pages.start();
    stage.wire = await Wire.start();
    stage.authority = await Server.start(['--demo', '--origin', stage.wire.origin, '--allow-origin', stage.pages.origin,
      '--rate-address', '0/60', '--rate-phone', '0/60']);
    stage.wire.leadTo(stage.authority);
    stage.pages.policy = `default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self' ${stage.wire.origin}; img-src blob:; style-src 'self'`;
    stage.operator = new Operator(stage.authority);
    stage.root = await rootKey(stage.authority);
    if (display) stage.display = await Display.start();
    return stage;
  }

  async stop() {
    this.display?.stop();
    this.pages.stop();
    this.wire.stop();
    await this.authority.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Somebody with a licence of their own, and a code for their phone. */
  async person() {
    const own = claims();
    const number = await this.operator.create(own);
    return { number, code: await this.operator.code(number),
      secrets: [own.name, own.licence_number, own.document_number, own.address, own.file_number] };
  }

  settings(more = {}) {
    return { page: `${this.pages.origin}/licence.html`, authority: this.wire.origin, 'root-key': this.root, ...more };
  }

  open(more = {}) { return App.start(this.display, this.settings(more)); }

  /** An app with the licence of somebody who has just signed in, live. */
  async openLive(more = {}) {
    const person = await this.person();
    const app = this.open(more);
    app.tell(`code ${person.code}`);
    await app.reaches('live');
    return { app, person };
  }
}
