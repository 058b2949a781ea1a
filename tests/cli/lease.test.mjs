// Leases are refused field by field, by the name of the field.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { Authority, json, leaks, must, now, person, run } from './support/elicense.mjs';

let authority;
before(async () => { authority = await Authority.make(); });
after(() => authority.remove());

const issue = (claims, more = []) =>
  json(['lease', 'issue', '--claims', '-', '--key', authority.secret('lease'), ...more], typeof claims === 'string' ? claims : JSON.stringify(claims));

describe('lease issue', () => {
  it('prints base64url, and a fresh cti each time when none is given', async () => {
    const claims = authority.leaseClaims({ cti: undefined });
    const [first, second] = [await issue(claims), await issue(claims)];
    assert.match(first.answer.lease, /^[A-Za-z0-9_-]+$/);
    assert.notEqual(first.answer.lease, second.answer.lease);
    const given = authority.leaseClaims();
    assert.equal((await issue(given)).answer.lease, (await issue(given)).answer.lease);
  });

  for (const [field, value] of [
    ['iss', ''], ['iss', 'x'.repeat(257)], ['iss', undefined], ['iat', 'yesterday'], ['iat', -1], ['iat', 1e15], ['nbf', 1.5], ['exp', now - 61],
    ['exp', now + 8 * 86400], ['exp', undefined], ['cti', '01'], ['cti', 7], ['holder_key', 'AAAA'], ['holder_key', 3],
    ['document_number', undefined], ['document_number', ''], ['name', ''], ['name', 7], ['name', '长'.repeat(100)], ['nationality', undefined],
    ['licence_number', undefined], ['licence_number', 5], ['driving_privileges', 'C1'], ['driving_privileges', undefined],
    ['driving_privileges', [{ vehicle_category_code: 'X9', issue_date: '2015-06-01' }]],
    ['driving_privileges', [{ vehicle_category_code: 'C1', issue_date: '2015-02-30' }]], ['valid_until', '20310531'], ['valid_until', undefined],
    ['status', 'AB'], ['status', ''], ['status', undefined], ['portrait', undefined], ['portrait', 'data:image/png;base64,AAAA'],
    ['status_index', -1], ['status_index', 'five'], ['licence_nummer', '1'],
  ]) {
    it(`refuses ${field} = ${JSON.stringify(value)?.slice(0, 60)}`, async () => {
      const done = await issue(authority.leaseClaims({ [field]: value }));
      assert.equal(done.code, 1);
      assert.equal(done.answer.field, field);
      assert.ok(done.answer.error);
      assert.deepEqual(leaks(done), []);
    });
  }

  it('refuses what is no claims at all', async () => {
    for (const text of ['', '[]', '{"iss":1,"iss":2}', '{', 'null']) assert.equal((await issue(text)).code, 1, text);
  });

  it('takes a portrait from a file: its digest goes in', async () => {
    const portrait = authority.path('face.jpg');
    authority.write('face.jpg', '\u0000');
    assert.equal((await issue(authority.leaseClaims({ portrait }))).answer.field, 'portrait');
    const { writeFileSync } = await import('node:fs');
    const { createHash } = await import('node:crypto');
    const image = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]);
    writeFileSync(portrait, image);
    const lease = await authority.issueLease('portrait', { portrait });
    const done = await authority.verify(await authority.mint(lease));
    assert.equal(done.answer.licence.portrait_digest, createHash('sha256').update(image).digest('hex').slice(0, 32));
    writeFileSync(portrait, Buffer.concat([image, Buffer.alloc(65536)]));
    assert.equal((await issue(authority.leaseClaims({ portrait }))).answer.error, 'portrait-shape');
    const claims = authority.write('none.json', authority.leaseClaims({ portrait: authority.path('none.jpg') }));
    assert.equal((await run(['lease', 'issue', '--claims', claims, '--key', authority.secret('lease')])).code, 2);
  });

  it('never carries the number unmasked', async () => {
    const lease = await authority.issueLease('masked');
    const text = Buffer.from(authority.read('masked.lease').trim(), 'base64url').toString('latin1');
    assert.ok(!text.includes(person.licence_number));
    const inspected = await must(['code', 'inspect'], await authority.mint(lease));
    assert.ok(!inspected.includes(person.licence_number));
  });

  it('files that hold personal data are for their owner', async () => {
    const { statSync } = await import('node:fs');
    const lease = await authority.issueLease('mode');
    assert.equal(statSync(lease).mode & 0o777, 0o600);
    const folder = await run(['lease', 'issue', '--claims', authority.path('mode.json'), '--key', authority.secret('lease'), '--out', authority.folder]);
    assert.equal(folder.code, 2);
    const device = await run(['lease', 'issue', '--claims', authority.path('mode.json'), '--key', authority.secret('lease'), '--out', '/dev/null']);
    assert.equal(device.code, 2);
  });
});
