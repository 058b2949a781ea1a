// Tries: a visitor of a partner's page makes it believe in a check that was not: an event of the page's own, a receipt made up,
//   signed by an own key, used before, of another transaction, class or partner.
// Must: nothing is handed over.
// Why: the partner's backend believes the authority's receipt alone, once, for its own origin, transaction and question.
import { after, before } from 'node:test';
import { mint, newKey, Phone, seconds } from '../authority/support/phone.mjs';
import { launch } from '../browser/support/browsers.mjs';
import { handIn, openPartnerPage, PartnerPage } from '../browser/support/partner_page.mjs';
import { phone, Stand } from '../browser/support/stand.mjs';
import { attack } from './support/attack.mjs';
import { receipt } from './support/forge.mjs';

/** @type {Stand} */
let stand;
/** @type {PartnerPage} */
let partner;
let rental; // the same partner's key, with which a visitor of its page can ask as that page does
let device;
let browser;
before(async () => {
  stand = await Stand.start(['--rate-partner', '0/60']);
  partner = await PartnerPage.start({ operator: stand.operator, authority: stand.wire.origin, root: stand.root });
  const page = await (await fetch(partner.origin)).text();
  rental = { origin: partner.origin, key: /partner="([^"]+)"/.exec(page)[1] };
  device = await Phone.activate(stand.authority, (await stand.person({ driving_privileges: [{ vehicle_category_code: 'C1', issue_date: '2018-01-15' }] })).code);
  browser = await launch('chromium');
});
after(async () => {
  await browser?.close();
  partner?.stop();
  await stand?.stop();
});

const begin = async () => (await (await fetch(`${partner.origin}/transaction`)).json()).transaction;
async function ask(code, more, { origin, key } = rental) {
  const answer = await stand.authority.fetch('/verify', { method: 'POST', headers: { 'Content-Type': 'application/json', Origin: origin },
    body: JSON.stringify({ code, partner: key, requires: 'C1', ...more }) });
  return JSON.parse(answer.text);
}
async function pickUp(text, transaction, vehicleClass = 'C1') {
  const answer = await fetch(`${partner.origin}/pick-up`, { method: 'POST', headers: { 'Content-Type': 'application/json', Origin: partner.origin },
    body: JSON.stringify({ receipt: text, class: vehicleClass, transaction }) });
  const { hand_over: agreed, reason } = await answer.json();
  return agreed ? 'handed over' : reason;
}
const good = async (transaction) => (await ask(mint(await device.lease()), { nonce: transaction })).receipt;

attack({ name: 'a receipt that is made up or signed by an own key', outcome: 'refused' }, async (attempt) => {
  const first = await begin();
  attempt.control(await pickUp(await good(first), first), 'handed over');
  const transaction = await begin();
  const genuine = await good(transaction);
  const [head, claims, signature] = genuine.split('.');
  const changed = Buffer.from(JSON.stringify({ ...JSON.parse(Buffer.from(claims, 'base64url')), jti: 'another' })).toString('base64url');
  const { kid } = JSON.parse(Buffer.from(head, 'base64url'));
  const answer = { class: 'C1', may_drive: true, because: 'held' };
  const made = (key) => receipt({ iss: stand.wire.origin, aud: partner.origin, key, claims: { nonce: transaction, requires: 'C1', answer } });
  for (const [text, ...allowed] of [['made up', 'jws-shape'], [`${head}.${changed}.${signature}`, 'signature'],
    [made({ ...newKey(), kid }), 'signature'], [made({ ...newKey(), kid: 'mine-own' }), 'issuer-unknown']]) {
    attempt.stopped(await pickUp(text, transaction), ...allowed);
  }
  attempt.control(await pickUp(genuine, transaction), 'handed over');
});

attack({ name: 'a good receipt again, or of another transaction, class, partner', outcome: 'refused' }, async (attempt) => {
  const transaction = await begin();
  const genuine = await good(transaction);
  const other = await stand.operator.partner('Other', 'https://other.example');
  attempt.stopped(await pickUp(genuine, await begin()), 'receipt-nonce');
  attempt.stopped(await pickUp(genuine, 'made-up'), 'transaction');
  attempt.stopped(await pickUp(genuine, transaction, 'C6'), 'receipt-question', 'receipt-requires', 'receipt-result');
  const elsewhere = await ask(mint(await device.lease()), { nonce: transaction }, other);
  attempt.stopped(await pickUp(elsewhere.receipt, transaction), 'receipt-audience');
  const late = await ask(mint(await device.lease(), seconds() - 20), { nonce: transaction });
  attempt.stopped(await pickUp(late.receipt, transaction), 'receipt-result');
  attempt.control(await pickUp(genuine, transaction), 'handed over');
  attempt.stopped(await pickUp(genuine, transaction), 'transaction', 'already-used');
  attempt.stopped(await pickUp(genuine, await begin()), 'receipt-nonce', 'already-used');
});

attack({ name: "an event 'result' by a script of the page", outcome: 'useless' }, async (attempt) => {
  const page = await openPartnerPage(browser, partner, phone);
  const decision = () => page.evaluate(() => { const { hidden, className } = document.getElementById('decision'); return hidden ? 'hidden' : className; });
  const pretend = async (text) => {
    await page.evaluate((receipt) => {
      document.getElementById('decision').hidden = true;
      document.querySelector('e-license-verifier').dispatchEvent(new CustomEvent('result', { detail: { result: 'valid', receipt, person: { name: '王伪造' } } }));
    }, text);
    await page.waitFor((wanted) => document.getElementById('decision').hidden !== wanted, text !== null);
    return decision();
  };
  const transaction = await page.evaluate(() => document.querySelector('e-license-verifier').getAttribute('transaction'));
  attempt.stopped(await pretend(null), 'hidden');
  attempt.stopped(await pretend('made up'), 'no');
  const key = { ...newKey(), kid: 'mine-own' };
  attempt.stopped(await pretend(receipt({ iss: stand.wire.origin, aud: partner.origin, key, claims: { nonce: transaction } })), 'no');
  await page.evaluate(() => { document.getElementById('decision').hidden = true; });
  await handIn(page, mint(await device.lease()));
  await page.waitFor(() => !document.getElementById('decision').hidden);
  attempt.control(await decision(), 'yes');
  await page.close();
});
