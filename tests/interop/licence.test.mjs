// The licence (SD-JWT VC): issued and presented by us and by @sd-jwt/sd-jwt-vc, in all four combinations, verified by both.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { after, before, describe, it } from 'node:test';

import { SDJwtVcInstance } from '@sd-jwt/sd-jwt-vc';

import { ask, Authority, must, now, origin, shard, signWith, verifyWith } from './support.mjs';

const audience = 'https://rental.example';
const nonce = 'n-0S6_WzA2Mj';
const kinds = ['ours', 'theirs'];

const data = {
  document_number: '3710012345678', licence_number: '370102199003071234', name: '欧阳测试', sex: '男', nationality: '中国',
  birth_date: '1990-03-07', address: '山东省济南市历下区测试路 1 号',
  first_issue_date: '2012-02-29', valid_from: '2021-06-01', valid_until: '2031-05-31',
  driving_privileges: [{ vehicle_category_code: 'C1', issue_date: '2012-02-29', expiry_date: '2031-05-31' }],
  issuing_authority: '测试', file_number: '370100000000', points: 3, record: [{ date: '2021-06-01', text: '换证' }],
  portrait: 'data:image/jpeg;base64,/9j/4AECAw==',
};
const chosen = { name: data.name, driving_privileges: data.driving_privileges };
const status = { status_list: { idx: 5, uri: shard } };
const envelope = { iss: origin, iat: now - 60, exp: now + 86_400, status };

/** @type {Authority} */
let authority;
/** @type {Record<string, string>} */
const licences = {};

/** @param {string} text */
const bytes = (text) => Buffer.from(text);
/** @param {string} text */
const decoded = (text) => Buffer.from(text, 'base64url');

/** @param {string} [statusList] what the uri answers */
const peer = (statusList, signAlg = 'EdDSA') => new SDJwtVcInstance({
  hashAlg: 'sha-256',
  hasher: (text, name) => createHash(name.replace('-', '')).update(/** @type {string} */ (text)).digest(),
  saltGenerator: (length) => randomBytes(length).toString('base64url'),
  signAlg,
  signer: (text) => signWith(authority.secretJwk('licence'), bytes(text)).toString('base64url'),
  verifier: (text, signature) => verifyWith(authority.keys.licence, bytes(text), decoded(signature)),
  kbSignAlg: signAlg,
  kbSigner: (text) => signWith(authority.secretJwk('device'), bytes(text)).toString('base64url'),
  kbVerifier: (text, signature, { cnf }) => verifyWith(/** @type {any} */ (cnf?.jwk), bytes(text), decoded(signature)),
  statusListFetcher: async (uri) => {
    assert.equal(uri, shard);
    assert.ok(statusList);
    return statusList;
  },
  statusVerifier: (text, signature) => verifyWith(authority.keys.status, bytes(text), decoded(signature)),
});

/** @type {Record<string, (alg?: string) => Promise<string>>} */
const issue = {
  ours: () => must(['licence', 'issue', '--claims', authority.write('claims.json', { ...envelope, ...data }), '--key', authority.secret('licence'),
    '--holder-key', authority.keys.device.x]),
  theirs: (alg) => {
    const { kty, crv, x } = authority.keys.device;
    const claims = { vct: 'urn:e-license:driving-licence:1', ...envelope, cnf: { jwk: { kty, crv, x } }, ...data };
    const frame = { _sd: /** @type {(keyof typeof data)[]} */ (Object.keys(data)), _sd_decoy: 3 };
    return peer(undefined, alg).issue(claims, frame, { header: { kid: authority.keys.licence.kid } });
  },
};

/** @type {Record<string, (licence: string) => Promise<string>>} */
const present = {
  ours: (licence) => must(['licence', 'present', '--claims', Object.keys(chosen).join(), '--key', authority.secret('device'), '--audience', audience,
    '--nonce', nonce, '--now', `${now}`, ...authority.trust('licence')], licence),
  theirs: (licence) => peer().present(licence, { name: true, driving_privileges: true }, { kb: { payload: { iat: now, aud: audience, nonce } } }),
};

/** @param {number} value */
const statusList = (value) => must(['status', 'build', '--statuses', authority.write('statuses.json', [0, 0, 0, 0, 0, value]), '--uri', shard,
  '--key', authority.secret('status'), '--iat', `${now - 60}`, '--exp', `${now + 3600}`]);

/** @type {Record<string, (text: string, more?: {nonce: string}) => Promise<any>>} */
const accept = {
  ours: async (text, more) => {
    const binding = more ? ['--audience', audience, '--nonce', more.nonce, '--max-age', '60'] : [];
    const answer = await ask(['licence', 'verify', '--now', `${now + 1}`, ...authority.trust('licence'), ...binding], text);
    if (answer.result !== 'valid') throw new Error(answer.error);
    return answer.licence;
  },
  theirs: async (text, more) => {
    const { payload, kb } = await peer(await statusList(0)).verify(text, { currentDate: now + 1, keyBindingNonce: more?.nonce });
    if (more) assert.deepEqual([kb?.payload.aud, kb?.payload.iat], [audience, now]);
    return payload;
  },
};

/** @param {any} licence what a verifier shows of it */
const shown = (licence) => Object.fromEntries(Object.keys(data).filter((name) => name in licence).map((name) => [name, licence[name]]));

/**
 * @param {string} text
 * @param {string} error ours
 * @param {RegExp} message theirs
 * @param {{nonce: string}} [more]
 */
async function refusedByBoth(text, error, message, more) {
  await assert.rejects(accept.ours(text, more), { message: error });
  await assert.rejects(accept.theirs(text, more), { message });
}

before(async () => {
  authority = await Authority.make('licence', 'device', 'status');
  for (const kind of kinds) licences[kind] = await issue[kind]();
});
after(() => authority.remove());

for (const issuer of kinds) {
  describe(`issued by ${issuer}`, () => {
    for (const verifier of kinds) {
      it(`verified by ${verifier}: everything disclosed`, async () => {
        const licence = await accept[verifier](licences[issuer]);
        assert.deepEqual(shown(licence), data);
        assert.deepEqual([licence.iss, licence.iat, licence.exp], [origin, now - 60, now + 86_400]);
      });
    }

    for (const holder of kinds) {
      it(`presented by ${holder}, verified by both: the chosen claims alone, key-bound`, async () => {
        const presentation = await present[holder](licences[issuer]);
        for (const verifier of kinds) assert.deepEqual(shown(await accept[verifier](presentation, { nonce })), chosen);
      });

      it(`presented by ${holder}, tampered, refused by both`, async () => {
        const presentation = await present[holder](licences[issuer]);
        const [jws, ...rest] = presentation.split('~');
        const [header, payload, signature] = jws.split('.');
        const claims = JSON.parse(decoded(payload).toString());
        const longer = bytes(JSON.stringify({ ...claims, exp: claims.exp + 1 })).toString('base64url');
        await refusedByBoth([[header, longer, signature].join('.'), ...rest].join('~'), 'signature', /Invalid JWT Signature/, { nonce });
        await refusedByBoth([jws, ...rest.slice(1)].join('~'), 'key-binding-digest', /Invalid sd_hash/, { nonce });
        await refusedByBoth(presentation, 'key-binding-nonce', /Invalid Nonce/, { nonce: 'another' });
        await refusedByBoth([jws, ...rest.slice(0, -1), ''].join('~'), 'key-binding-missing', /Key Binding JWT not exist/, { nonce });
      });
    }

    it('a disclosure with another value: refused by us; not shown by theirs', async () => {
      const [jws, ...rest] = licences[issuer].split('~');
      const points = rest.findIndex((text) => decoded(text).toString().includes('"points"'));
      const [salt, name] = JSON.parse(decoded(rest[points]).toString());
      rest[points] = bytes(JSON.stringify([salt, name, 0])).toString('base64url');
      const forged = [jws, ...rest].join('~');
      await assert.rejects(accept.ours(forged), { message: 'sd-jwt-disclosure' });
      const { points: _, ...others } = data;
      assert.deepEqual(shown(await accept.theirs(forged)), others);
    });

    it('a status list of ours says no: refused by both', async () => {
      const list = await statusList(17);
      await assert.rejects(peer(list).verify(licences[issuer], { currentDate: now + 1 }), /Status is not valid/);
      const answer = await ask(['licence', 'verify', '--now', `${now + 1}`, ...authority.trust('licence'), ...authority.trust('status'),
        '--status-list', `${shard}=${authority.write('list.jwt', list)}`], licences[issuer]);
      assert.equal(answer.error, 'status-refused');
    });
  });
}

it('alg Ed25519 (RFC 9864) of theirs is taken, ES256 refused by name', async () => {
  assert.deepEqual(shown(await accept.ours(await issue.theirs('Ed25519'))), data);
  await assert.rejects(async () => accept.ours(await issue.theirs('ES256')), { message: 'algorithm' });
});
