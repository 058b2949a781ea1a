// The partner of examples/partner at an origin of its own: its page, its backend, its key at the authority.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { within } from '../../authority/support/server.mjs';
import { freePort } from './browsers.mjs';
import { tree } from './demo_site.mjs';

export class PartnerPage {
  /** @param {{operator: import('../../authority/support/operator.mjs').Operator, authority: string, root: string}} of */
  static async start({ operator, authority, root }) {
    const partner = new PartnerPage();
    const port = await freePort();
    partner.origin = `http://127.0.0.1:${port}`;
    const { key } = await operator.partner('示例租车 Demo Rental', partner.origin);
    partner.server = spawn(process.execPath, [join(tree, 'examples/partner/server.mjs'), '--port', String(port), '--authority', authority,
      '--partner-key', key, '--root', root], { stdio: ['ignore', 'pipe', 'inherit'] });
    process.once('exit', () => partner.stop());
    await within(new Promise((resolve) => { partner.server.stdout.once('data', resolve); }), 'the partner listening');
    return partner;
  }

  stop() {
    this.server.kill('SIGKILL');
  }
}

/** The page with its widget, and a transaction begun. */
export async function openPartnerPage(browser, partner, view) {
  const page = await browser.open(`${partner.origin}/`, view);
  await page.waitFor(() => document.querySelector('e-license-verifier')?.getAttribute('transaction'));
  return page;
}

/** Gives the widget a code; its answer is at window.result. */
export const handIn = (page, code) => page.evaluate(async (code) => {
  await customElements.whenDefined('e-license-verifier');
  const widget = document.querySelector('e-license-verifier');
  window.result = null;
  widget.addEventListener('result', ({ detail }) => { window.result = { result: detail.result, name: detail.person?.name ?? null }; }, { once: true });
  widget.verify(code).catch((error) => { window.result = { result: error.name }; });
}, code);
