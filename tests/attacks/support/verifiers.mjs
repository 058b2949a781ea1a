// Everybody who checks codes: the command line, the authority, and the widget on a partner's page that does not ask it.
import { Checking, check, leave } from '../../browser/support/checking.mjs';

export class Verifiers {
  static async start() {
    const all = new Verifiers();
    all.checking = await Checking.start();
    all.page = await all.checking.open({ mode: 'offline' });
    return all;
  }

  async stop() {
    if (this.page) await leave(this.page).finally(() => this.checking.stop());
  }

  get stand() { return this.checking.stand; }
  holder(...facts) { return this.checking.holder(...facts); }

  /** The answers of all three to one text. */
  async of(text) {
    return [await this.stand.verify(text), await check(this.page, text), await this.checking.partner.verify(text)];
  }
}

/** All of them say valid. */
export const allValid = (answers) => [...new Set(answers.map(({ result }) => result))].join(', ');
