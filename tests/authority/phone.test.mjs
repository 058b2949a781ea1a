// A phone, written with public libraries alone, gets its licence and its leases and shows live codes; the command line tool,
// jose and the authority itself say what they are worth.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { decodeJwt, decodeProtectedHeader } from 'jose';

import { day, Operator } from './support/operator.mjs';
import { keyProof, mint, newKey, Phone, seconds, trustList, verified } from './support/phone.mjs';
import { Server } from './support/server.mjs';
import { Verifier } from './support/verifier.mjs';

let server;
let operator;
let partner;
let verifier;
const phoneFor = async (document) => Phone.activate(server, await operator.code(document));
const newPhone = async (claims = {}, facts = {}) => {
  const document = await operator.create(claims, facts);
  return Object.assign(await phoneFor(document), { document });
};

before(async () => {
  server = await Server.start(['--demo', '--rate-phone', '0/60', '--rate-partner', '0/60', '--rate-address', '0/60']);
  operator = new Operator(server);
  partner = await operator.partner();
  verifier = await Verifier.of(server);
});
after(async () => {
  verifier?.remove();
  assert.deepEqual(await server.stop(), { code: 0, signal: null });
});

describe('the licence', () => {
  it('is an SD-JWT VC, bound to the device key, that the command line verifies', async () => {
    const phone = await newPhone();
    const licence = await phone.licence();
    const token = licence.split('~')[0];
    assert.equal(decodeProtectedHeader(token).typ, 'dc+sd-jwt');
    const { vct, iss, iat, exp, cnf, status } = decodeJwt(token);
    assert.deepEqual([vct, iss, cnf.jwk], ['urn:e-license:driving-licence:1', server.url, phone.key.jwk]);
    assert.ok(Math.abs(iat - seconds()) <= 3 && exp > iat);
    assert.equal(status.status_list.uri, `${server.url}/status/0`);
    assert.equal(status.status_list.idx, (await operator.licence(phone.document)).status_index);
    assert.equal((await verifier.licence(licence)).result, 'valid');
  });
  it('is for the device key alone', async () => {
    const phone = await newPhone();
    const proofs = { origin: server.url, nonce: await phone.nonce() };
    const answer = await phone.send('POST', '/credential',
      { credential_configuration_id: 'driving-licence', proofs: { jwt: [keyProof(newKey(), proofs)] } });
    assert.deepEqual([answer.status, JSON.parse(answer.text).error], [400, 'invalid_proof']);
  });
});

describe('leases', () => {
  it('eight proofs give eight, each by its own key and of its own name', async () => {
    const phone = await newPhone();
    const leases = await phone.leases(8);
    for (const lease of leases) {
      assert.equal(lease.holder, lease.key.jwk.x);
      assert.equal(lease.claims.get(1), server.url);
      assert.ok(Math.abs(lease.issued - seconds()) <= 3);
      assert.deepEqual([lease.expires - lease.issued, lease.status], [86_400, 'A']);
      assert.equal((await partner.verify(mint(lease))).result, 'valid');
    }
    assert.equal(new Set(leases.map(({ id }) => id)).size, 8);
  });
  it('nine are refused', async () => {
    const phone = await newPhone();
    await assert.rejects(phone.leases(9), ({ status, body }) => status === 400 && body.error === 'invalid_proof');
  });
  it('never for the device key', async () => {
    const phone = await newPhone();
    const proofs = { origin: server.url, nonce: await phone.nonce() };
    const answer = await phone.send('POST', '/credential',
      { credential_configuration_id: 'live-code-lease', proofs: { jwt: [keyProof(phone.key, proofs)] } });
    assert.deepEqual([answer.status, JSON.parse(answer.text).code], [400, 'key-proof-device']);
  });
});

describe('a code, checked offline by the command line', () => {
  it('is valid, and stale 30 s later', async () => {
    const phone = await newPhone();
    await verifier.fetch();
    const presented = seconds();
    const code = mint(await phone.lease(), presented);
    const fresh = await verifier.code(code, { now: presented + 2 });
    assert.deepEqual([fresh.result, fresh.error, fresh.age, fresh.production, fresh.licence.document_number],
      ['valid', null, 2, false, phone.document]);
    const old = await verifier.code(code, { now: presented + 30 });
    assert.deepEqual([old.result, old.error, old.age, old.licence], ['stale', 'stale', 30, null]);
  });
  it('answers the challenge', async () => {
    const phone = await newPhone();
    const code = mint(await phone.lease(), seconds(), '42');
    assert.equal((await verifier.code(code, { more: ['--challenge', '42'] })).result, 'valid');
    assert.equal((await verifier.code(code, { more: ['--challenge', '43'] })).error, 'challenge-wrong');
  });
});

describe('a code, checked online', () => {
  it('is valid once, with data, echo and a receipt that jose and the command line verify', async () => {
    const phone = await newPhone();
    const events = await phone.events();
    const code = mint(await phone.lease());
    const first = await partner.verify(code, { requires: 'C1', nonce: 'booking-4711' });
    assert.equal(first.result, 'valid', JSON.stringify(first));
    assert.deepEqual(Object.keys(first), ['result', 'error', 'checked_at', 'age', 'confirmed', 'status', 'licence', 'portrait', 'answer', 'echo', 'receipt']);
    assert.deepEqual([first.error, first.status.letters, first.status.usable], [null, 'A', true]);
    assert.ok(first.age >= 0 && first.age <= 3 && first.confirmed >= 0 && first.confirmed <= 3);
    assert.deepEqual(first.licence, { name: '欧阳测试', licence_number: '3701**********1234', valid_until: '2041-05-31',
      driving_privileges: [{ vehicle_category_code: 'A1', issue_date: '2015-06-01', expiry_date: '2041-05-31' },
        { vehicle_category_code: 'D', issue_date: '2012-02-29' }] });
    assert.match(first.portrait, /^data:image\/webp;base64,/);
    assert.deepEqual(first.answer, { asked: 'C1', may_drive: true, because: 'included-in-A1' });
    assert.ok(first.echo >= 10 && first.echo <= 99);

    const checked = await events.next('checked');
    assert.deepEqual({ partner: checked.partner, origin: checked.origin, result: checked.result, asked: checked.asked, echo: checked.echo },
      { partner: 'Rental', origin: partner.origin, result: 'valid', asked: 'C1', echo: first.echo });
    await events.close();

    const second = await partner.verify(code);
    assert.deepEqual([second.result, second.error, second.licence, second.portrait, second.echo], ['already-used', 'already-used', null, null, null]);

    const list = await trustList(server, verifier.root);
    const receipt = await verified(first.receipt, list, 'receipt', { typ: 'verification-receipt+jwt', audience: partner.origin });
    assert.deepEqual([receipt.result, receipt.answer, receipt.exp - receipt.iat],
      ['valid', { class: 'C1', may_drive: true, because: 'included-in-A1' }, 300]);
    assert.deepEqual(Object.keys(receipt).sort(), ['answer', 'aud', 'echo', 'exp', 'iat', 'iss', 'jti', 'nonce', 'requires', 'result']);
    assert.deepEqual([receipt.nonce, receipt.echo], ['booking-4711', first.echo]);
    assert.equal((await verifier.receipt(first.receipt, partner.origin, ['--nonce', 'booking-4711'])).result, 'valid');
    assert.equal((await verifier.receipt(first.receipt, partner.origin, ['--nonce', 'booking-4712'])).error, 'receipt-nonce');
    const plain = await verified(second.receipt, list, 'receipt', { typ: 'verification-receipt+jwt', audience: partner.origin });
    assert.deepEqual([plain.nonce, plain.echo, plain.status], [undefined, undefined, undefined]);
    assert.equal((await verifier.receipt(first.receipt, partner.origin, ['--requires', 'C1'])).result, 'valid');
    assert.equal((await verifier.receipt(first.receipt, 'https://other.example')).error, 'receipt-audience');
    assert.equal((await verifier.receipt(second.receipt, partner.origin)).error, 'receipt-result');

    const [check] = await phone.checks();
    assert.deepEqual(check, { at: first.checked_at, partner: 'Rental', origin: partner.origin, result: 'valid', asked: 'C1', echo: first.echo });
    const { checks } = await operator.ask('/admin/licence/checks', { document_number: phone.document });
    assert.deepEqual(checks[0], check);
  });
  it('answers the question asked', async () => {
    const phone = await newPhone();
    for (const [asked, may_drive, because] of [['A1', true, 'held'], ['D', true, 'held'], ['C5', false, 'not-held'], ['M', true, 'included-in-A1']]) {
      const { result, answer } = await partner.verify(mint(await phone.lease()), { requires: asked });
      assert.deepEqual([result, answer], ['valid', { asked, may_drive, because }]);
    }
    assert.equal((await partner.send(mint(await phone.lease()), { requires: 'X9' })).status, 400);
    for (const nonce of ['', 'a b', 'n'.repeat(65), '"', 'é']) {
      assert.equal((await partner.send(mint(await phone.lease()), { nonce })).status, 400, nonce);
    }
  });
  it('is stale after ten seconds, ahead of the clock after three, forged with another key', async () => {
    const phone = await newPhone();
    const lease = await phone.lease();
    const now = seconds();
    const results = await Promise.all([mint(lease, now - 30), mint(lease, now + 60), mint({ ...lease, key: newKey() }), 'abc', mint(lease, now, '17')]
      .map((code, i) => partner.verify(code, i === 4 ? { challenge: '71' } : {})));
    assert.deepEqual(results.map(({ result, error }) => [result, error]), [['stale', 'stale'], ['clock', 'clock-ahead'], ['forged', 'countersignature'],
      ['malformed', 'base45-character'], ['not-live', 'challenge-wrong']]);
    for (const answer of results) assert.deepEqual([answer.licence, answer.portrait, answer.answer, answer.echo], [null, null, null, null]);
    assert.equal((await partner.verify(mint(lease, now))).result, 'valid'); // none of them has spent anything
  });
});

describe('a code that is not the authority\'s', () => {
  it('is of an unknown issuer, or forged', async () => {
    const lease = await (await newPhone()).lease();
    const changed = (bytes, at) => bytes.map((byte, i) => (i === (at + bytes.length) % bytes.length ? byte ^ 1 : byte));
    const stranger = newKey();
    for (const [other, result, error] of [[{ bodyProtected: changed(lease.bodyProtected, -1) }, 'unknown-issuer', 'issuer-unknown'],
      [{ payload: changed(lease.payload, -1) }, 'forged', 'signature'], [{ signature: changed(lease.signature, 0) }, 'forged', 'signature'],
      [{ key: stranger }, 'forged', 'countersignature']]) {
      const code = mint({ ...lease, ...other });
      for (const answer of [await partner.verify(code), await verifier.code(code)]) assert.deepEqual([answer.result, answer.error, answer.licence], [result, error, null]);
    }
  });
});

describe('one active phone', () => {
  it('a second one ends the first: its token, its stream and its codes', async () => {
    const first = await newPhone();
    const events = await first.events();
    const lease = await first.lease();
    const second = await phoneFor(first.document);
    const ended = await events.next('ended');
    assert.equal(ended.reason, 'another-phone');
    await events.ended;
    await assert.rejects(first.checks(), ({ status, code, headers }) =>
      status === 401 && code === 'phone-ended' && headers['www-authenticate'].startsWith('DPoP error="invalid_token"'));
    await assert.rejects(first.events(), { code: 'phone-ended' });
    await assert.rejects(first.refresh(), { code: 'phone-ended' });
    const answer = await partner.verify(mint(lease));
    assert.deepEqual([answer.result, answer.error, answer.licence], ['revoked', 'lease-revoked', null]);
    assert.equal((await partner.verify(mint(await second.lease()))).result, 'valid');
  });
  it('an operator ends a phone', async () => {
    const phone = await newPhone();
    const events = await phone.events();
    const [lease] = await phone.leases(3);
    assert.deepEqual(await operator.ask('/admin/licence/end-phone', { document_number: phone.document }), { leases_ended: 3 });
    assert.equal((await events.next('ended')).reason, 'operator');
    await events.ended;
    await assert.rejects(phone.lease(), { code: 'phone-ended' });
    assert.equal((await partner.verify(mint(lease))).result, 'revoked');
    assert.equal((await operator.licence(phone.document)).phone, null);
    const next = await phoneFor(phone.document);
    assert.equal((await partner.verify(mint(await next.lease()))).result, 'valid');
  });
  it('a code is good for one phone', async () => {
    const code = await operator.code(await operator.create());
    await Phone.activate(server, code);
    await assert.rejects(Phone.activate(server, code), ({ status, body }) => status === 400 && body.error === 'invalid_grant');
  });
  it('a refresh token gives new access tokens, to its own key alone', async () => {
    const phone = await newPhone();
    const former = phone.access;
    const token = await phone.refresh();
    assert.deepEqual([token.token_type, token.expires_in, token.refresh_token], ['DPoP', 3600, undefined]);
    assert.notEqual(phone.access, former);
    assert.equal((await phone.leases(1)).length, 1);
    const thief = Object.assign(new Phone(server), { refreshSecret: phone.refreshSecret });
    await assert.rejects(thief.refresh(), ({ status, body }) => status === 400 && body.error === 'invalid_grant');
  });
});

describe('events', () => {
  it('tell a phone that has heard nothing of a change that came after its lease and before its stream', async () => {
    const phone = await newPhone();
    const lease = await phone.lease();
    await operator.change(phone.document, { status: 'I' });
    await operator.change(phone.document, { status: 'H' });
    assert.equal(lease.status, 'A');
    const events = await phone.events();
    assert.equal((await events.next('status')).status, 'H');
    assert.equal(events.all.length, 1);
    await events.close();
  });
  it('are otherwise new ones only, or all after the last one seen', async () => {
    const phone = await newPhone();
    const lease = await phone.lease();
    assert.equal((await partner.verify(mint(lease))).result, 'valid');
    const fresh = await phone.events();
    await operator.change(phone.document, { status: 'H' });
    const first = await fresh.next('status');
    assert.deepEqual([first.status, fresh.all.length], ['H', 1]);
    await operator.change(phone.document, { status: 'I' });
    const second = await fresh.next('status', ({ id }) => id !== first.id);
    assert.equal(second.status, 'I');
    await fresh.close();
    const all = await phone.events(first.id - 1);
    assert.deepEqual([(await all.next('status')).status, (await all.next('status', ({ id }) => id === second.id)).status], ['H', 'I']);
    await all.close();
    const rest = await phone.events(second.id);
    await operator.change(phone.document, { status: 'A' });
    assert.equal((await rest.next('status')).status, 'A');
    assert.equal(rest.all.length, 1);
    await rest.close();
  });
  it('are for this licence alone', async () => {
    const [phone, other] = [await newPhone(), await newPhone()];
    const events = await other.events();
    await operator.change(phone.document, { status: 'H' });
    await operator.change(other.document, { status: 'I' });
    await events.next('status');
    assert.deepEqual(events.all.map(({ status }) => status), ['I']);
    await events.close();
  });
});

describe('status', () => {
  it('a change is in an event within a second, in the next lease, and in the status list once published', async () => {
    const phone = await newPhone();
    const events = await phone.events();
    const lease = await phone.lease();
    assert.equal((await verifier.code(mint(lease))).result, 'valid');
    const asked = Date.now();
    await operator.change(phone.document, { status: 'D' });
    const event = await events.next('status');
    await events.close();
    assert.deepEqual([event.status, event.usable], ['D', false]);
    assert.ok(event.arrived - asked < 1000, `${event.arrived - asked} ms`);
    assert.equal((await phone.lease()).status, 'D');
    await operator.ask('/admin/status/publish');
    await verifier.fetch();
    const answer = await verifier.code(mint(lease));
    assert.deepEqual([answer.result, answer.error, answer.status.codes, answer.licence], ['not-usable', 'status-refused', 'D', null]);
  });
  it('twelve points refuse at once, and until they are taken away', async () => {
    const phone = await newPhone({ points: 11 });
    const lease = await phone.lease();
    assert.equal((await partner.verify(mint(lease, seconds() - 1))).result, 'valid');
    assert.deepEqual((({ status, recorded_status }) => [status, recorded_status])(await operator.change(phone.document, { points: 12 })), ['B', 'A']);
    const refused = await partner.verify(mint(lease));
    assert.deepEqual([refused.result, refused.error, refused.licence, refused.status.letters, refused.status.usable],
      ['not-usable', 'status-refused', null, 'B', false]);
    assert.match(refused.status.chinese, /\p{Script=Han}/u);
    await assert.rejects(operator.code(phone.document), { status: 409, code: 'not-eligible' });
    await operator.change(phone.document, { points: 0 });
    assert.equal((await partner.verify(mint(await phone.lease()))).result, 'valid');
  });
  for (const [letter, after] of [['N', 'M'], ['P', 'R'], ['T', 'S']]) {
    it(`a postponement, ${letter}, is usable until its last day and ${after} from then on`, async () => {
      const phone = await newPhone({}, { status: letter, postponed_until: day(1) });
      assert.equal((await phone.lease()).status, letter);
      assert.equal((await partner.verify(mint(await phone.lease()))).result, 'valid');
      await operator.change(phone.document, { postponed_until: day(0) });
      assert.equal((await partner.verify(mint(await phone.lease()))).result, 'valid');
      await operator.change(phone.document, { postponed_until: day(-1) });
      assert.equal((await phone.lease()).status, after);
      const answer = await partner.verify(mint(await phone.lease()));
      assert.deepEqual([answer.result, answer.status.letters], ['not-usable', after]);
    });
  }
  it('a licence past its last day is usable while its renewal is postponed', async () => {
    const phone = await newPhone({ valid_until: day(-1) }, { status: 'N', postponed_until: day(1) });
    const lease = await phone.lease();
    assert.equal(lease.status, 'N');
    const { result, error, status } = await partner.verify(mint(lease));
    assert.deepEqual([result, error, status?.letters], ['valid', null, 'N']);
  });
  it('a licence past its last day is overdue', async () => {
    const phone = await newPhone();
    await operator.change(phone.document, { valid_until: day(0) });
    assert.equal((await partner.verify(mint(await phone.lease()))).result, 'valid');
    await operator.change(phone.document, { valid_until: day(-1) });
    assert.equal((await phone.lease()).status, 'M');
    assert.notEqual((await partner.verify(mint(await phone.lease()))).result, 'valid');
  });
  const notShown = ['J', 'L', 'E', 'F', 'G', 'C'];
  for (const letter of [...notShown, 'B', 'M', 'R', 'S', 'U', 'K', 'D', 'Z', 'BDJ']) {
    it(`${letter} is in the lease; ${notShown.some((one) => letter.includes(one)) ? 'no licence' : 'a licence'}, and no use`, async () => {
      const phone = await newPhone();
      await operator.change(phone.document, { status: letter });
      if (notShown.some((one) => letter.includes(one))) {
        await assert.rejects(phone.licence(), ({ status, body }) => {
          assert.deepEqual([status, body.error, body.code, body.status], [400, 'credential_request_denied', 'status-refused', letter]);
          return true;
        });
      } else {
        assert.ok(await phone.licence());
      }
      const lease = await phone.lease();
      assert.equal(lease.status, letter);
      const answer = await partner.verify(mint(lease));
      assert.deepEqual([answer.result, answer.error, answer.licence, answer.status.letters], ['not-usable', 'status-refused', null, letter]);
      assert.equal((await verifier.code(mint(lease))).result, 'not-usable');
      assert.equal((await partner.verify(mint(lease, answer.checked_at - answer.age))).result, 'already-used');
    });
  }
});
