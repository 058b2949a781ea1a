// What is refused for the sake of those who sign: lists that are over, keys and leases that were taken back, receipts of other
// questions, an authority that goes away. Each with its words, and with nobody's data.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { mint, Phone } from '../authority/support/phone.mjs';
import { check, Checking, hasNothingOf, leave, shows } from './support/checking.mjs';

/** @type {Checking} */
let checking;
before(async () => { checking = await Checking.start(); });
after(() => checking?.stop());
afterEach(() => checking.stand.wire.mend());

// The card, its word on the screen, and nothing of the person on the page.
async function refused(page, text, person, result) {
  const card = await check(page, text);
  assert.equal(card.result, result, card.error);
  assert.equal(card.person, null);
  assert.equal(card.receipt === null || result !== 'unchecked', true);
  await shows(page, result);
  assert.equal(await page.evaluate(() => counter.text('.title')), card.title.first);
  assert.ok((await page.evaluate(() => counter.text('.meaning'))).startsWith(card.meaning.first));
  await hasNothingOf(page, person);
  return card;
}

const isCheck = ({ method, path }) => method === 'POST' && path === '/verify';

// The answers to /verify carry this receipt instead of their own.
function exchangeReceipt(receipt) {
  checking.stand.wire.change = ({ asked, body }) => (isCheck(asked) ? JSON.stringify({ ...JSON.parse(body), receipt }) : undefined);
}

describe('receipts of other questions', () => {
  it('of this very page, but of an earlier check', async () => {
    const [first, second] = [await checking.holder(), await checking.holder()];
    const page = await checking.open();
    const { receipt } = await check(page, mint(first.lease));
    assert.ok(receipt);
    exchangeReceipt(receipt);
    const card = await refused(page, mint(second.lease), second, 'unchecked');
    assert.equal(card.error, 'receipt-nonce');
    await leave(page);
  });

  it('of another partner', async () => {
    const [first, second] = [await checking.holder(), await checking.holder()];
    const other = await checking.stand.operator.partner('Other', 'https://other.example');
    const { receipt } = await other.verify(mint(first.lease), { nonce: 'shared' });
    const page = await checking.open({ transaction: 'shared' });
    exchangeReceipt(receipt);
    const card = await refused(page, mint(second.lease), second, 'unchecked');
    assert.equal(card.error, 'receipt-audience');
    await leave(page);
  });

  it('of a valid code beside one that is not', async () => {
    const [first, second] = [await checking.holder(), await checking.holder()];
    const { receipt } = await checking.partner.verify(mint(first.lease), { nonce: 'shared' });
    const page = await checking.open({ transaction: 'shared' });
    await checking.stand.operator.change(second.number, { points: 12 });
    const lease = await second.device.lease();
    exchangeReceipt(receipt);
    await refused(page, mint(lease), second, 'unchecked');
    await leave(page);
  });

  it('signed by nobody', async () => {
    const person = await checking.holder();
    const page = await checking.open();
    checking.stand.wire.change = ({ asked, body }) => {
      if (!isCheck(asked)) return undefined;
      const answer = JSON.parse(body);
      const [head, claims, signature] = answer.receipt.split('.');
      return JSON.stringify({ ...answer, receipt: `${head}.${claims}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}` });
    };
    const card = await refused(page, mint(person.lease), person, 'unchecked');
    assert.equal(card.error, 'signature');
    await leave(page);
  });
});

describe('what was taken back', () => {
  it('a lease, because the licence is on another phone', async () => {
    const person = await checking.holder();
    await Phone.activate(checking.stand.authority, await checking.stand.operator.code(person.number));
    const page = await checking.open();
    await refused(page, mint(person.lease), person, 'revoked');
    await leave(page);
  });

  it('the key that has signed the lease: online, and offline by the newer list', async () => {
    const person = await checking.holder();
    const { keys } = await checking.stand.operator.ask('/admin/keys', {});
    const { kid } = keys.find(({ use, signs }) => use === 'lease' && signs);
    await checking.stand.operator.ask('/admin/keys/revoke', { kid });
    for (const mode of ['online', 'offline']) {
      const page = await checking.open({ mode });
      const card = await refused(page, mint(person.lease), person, 'revoked');
      assert.equal(card.error, 'key-revoked');
      await leave(page);
    }
  });
});

describe('an inspector without the authority', () => {
  it('whose list is over', async () => {
    const person = await checking.holder();
    const page = await checking.open({ mode: 'offline', query: `?wall=${3 * 86_400_000}`, ready: false });
    await page.waitFor(() => counter.heard.readiness.at(-1)?.error === 'trust-list-expired');
    await refused(page, mint(person.lease), person, 'unknown-issuer');
    await leave(page);
  });

  it('who has checked the code before', async () => {
    const person = await checking.holder();
    const page = await checking.open({ mode: 'offline' });
    const text = mint(person.lease);
    const card = await check(page, text);
    assert.deepEqual([card.result, card.online, card.tone, card.receipt], ['valid', false, 'noted', null]);
    assert.ok(card.unchecked.length > 0);
    await check(page, 'A'.repeat(400)); // another card in between
    await refused(page, text, person, 'already-used');
    await leave(page);
  });
});
