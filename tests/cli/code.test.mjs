// A live code's life at the command line: what is said of it, when, and to whom.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';

import { Authority, json, leaks, masked, must, now, person, run, shard } from './support/elicense.mjs';

let authority;
let lease;
let code;
before(async () => {
  authority = await Authority.make();
  lease = await authority.issueLease('lease');
  code = await authority.mint(lease);
});
after(() => authority.remove());

function refused(done, result, error) {
  assert.equal(done.answer.result, result);
  assert.equal(done.answer.error, error);
  assert.equal(done.code, 1);
  assert.equal(done.answer.licence, null);
  assert.equal(done.answer.answer, null);
  assert.deepEqual(leaks(done), []);
}

describe('a valid code', () => {
  it('is answered with everything the inspector needs', async () => {
    const done = await authority.verify(code);
    assert.equal(done.code, 0);
    assert.deepEqual(Object.keys(done.answer),
      ['result', 'error', 'age', 'licence', 'answer', 'steps', 'confirmed', 'unchecked', 'status', 'production']);
    assert.deepEqual({ ...done.answer, steps: undefined }, {
      result: 'valid', error: null, age: 2, answer: null, steps: undefined, confirmed: 62, production: false,
      unchecked: ['status-list', 'replay'],
      status: { codes: 'A', usable: true, english: 'normal', chinese: '正常' },
      licence: {
        document_number: person.document_number, name: person.name, nationality: person.nationality, licence_number: masked,
        classes: [{ class: 'B1', issued: '2015-06-01', expires: '2031-05-31' }, { class: 'D', issued: '2019-02-03', expires: '2025-12-31' }],
        valid_until: '2031-05-31', status: 'A', portrait_digest: '00112233445566778899aabbccddeeff',
      },
    });
    assert.equal(done.answer.steps[0].name, 'trust-list');
    assert.ok(done.answer.steps.every((step) => step.ok === true && Object.keys(step).length === 2));
  });

  it('is taken from --text, from --in, and from standard input with one line ending', async () => {
    const words = ['code', 'verify', '--now', String(now), ...authority.trust];
    assert.equal((await run([...words, `--text=${code}`])).code, 0);
    assert.equal((await run([...words, '--in', authority.write('code.txt', `${code}\n`)])).code, 0);
    for (const ending of ['\n', '\r\n']) assert.equal((await run(words, code + ending)).code, 0, JSON.stringify(ending));
    for (const wrong of [`${code}\n\n`, `${code}\r`, `\ufeff${code}`, ` ${code}`, `${code} `, '', '\n']) {
      const done = await authority.verify(wrong);
      refused(done, 'malformed', done.answer.error);
    }
  });

  it('is readable for a person, and never sends control characters to a terminal', async () => {
    const odd = await authority.issueLease('odd', { name: 'A\u001b[2J\nVALID\u202e\u009b' });
    const done = await run(['code', 'verify', '--now', String(now), ...authority.trust], await authority.mint(odd));
    assert.equal(done.code, 0);
    assert.match(done.out, /^VALID {2}/);
    assert.ok(!/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/.test(done.out));
    assert.equal(done.out.split('\n').filter((line) => line.startsWith('VALID')).length, 1);
    assert.match(done.out, /SPECIMEN/);
    assert.match(done.out, /not checked +replay/);
  });

  it('is good with pinned keys too: nothing is known then about production', async () => {
    const { kid, x } = authority.keys.lease;
    const done = await authority.verify(code, [], ['--issuer-key', `${kid}=${x}`]);
    assert.equal(done.answer.result, 'valid');
    assert.equal(done.answer.production, null);
    assert.equal(done.answer.steps[0].name, 'size');
    refused(await authority.verify(code, [], ['--issuer-key', `other=${x}`]), 'unknown-issuer', 'issuer-unknown');
  });

  it('takes a root key from a JWK file', async () => {
    const file = authority.write('root.public.jwk', authority.keys.root);
    const done = await authority.verify(code, [], ['--trust-list', authority.path('trust.jwt'), '--root', `@${file}`]);
    assert.equal(done.code, 0);
  });
});

describe('time', () => {
  for (const [seconds, result, error] of [[-4, 'clock', 'clock-ahead'], [-3, 'valid', null], [10, 'valid', null], [11, 'stale', 'stale']]) {
    it(`${seconds} s after it was shown: ${result}`, async () => {
      const done = await authority.verify(code, [], authority.trust, now + seconds);
      assert.equal(done.answer.age, seconds);
      if (error) refused(done, result, error);
      else assert.equal(done.code, 0);
    });
  }

  it('a lease that is over, and one not begun', async () => {
    const over = await authority.issueLease('over', { exp: now + 1 });
    refused(await authority.verify(await authority.mint(over)), 'expired', 'lease-expired');
    const later = await authority.issueLease('later', { nbf: now + 600, exp: now + 1200 });
    refused(await authority.verify(await authority.mint(later)), 'clock', 'lease-not-yet-valid');
  });

  it('a licence past its last day', async () => {
    const old = await authority.issueLease('old', { valid_until: '2027-01-14' });
    refused(await authority.verify(await authority.mint(old)), 'expired', 'licence-expired');
  });

  it('is the system clock without --now', async () => {
    const done = await json(['code', 'verify', ...authority.trust], code);
    assert.equal(done.code, 1);
  });
});

describe('what was not made by authority and holder', () => {
  it('any flipped character: refused, and nobody named', async () => {
    for (let at = 40; at < code.length; at += 97) {
      const flipped = code.slice(0, at) + (code[at] === '0' ? '1' : '0') + code.slice(at + 1);
      const done = await authority.verify(flipped);
      assert.equal(done.code, 1);
      assert.equal(done.answer.licence, null);
      assert.deepEqual(leaks(done), []);
    }
  });

  it('another lease key under the same name: forged', async () => {
    const { kid } = authority.keys.lease;
    const claims = authority.write('forged.json', authority.leaseClaims());
    const forged = authority.path('forged.lease');
    await must(['lease', 'issue', '--claims', claims, '--key', authority.secret('status'), '--kid', kid, '--out', forged]);
    refused(await authority.verify(await authority.mint(forged)), 'forged', 'signature');
  });

  it('a key of another use, of nobody, withdrawn, run out', async () => {
    const other = await authority.issueLease('other-use', {}, 'receipt');
    refused(await authority.verify(await authority.mint(other)), 'unknown-issuer', 'key-use');
    const nobody = await authority.issueLease('nobody', {}, 'device');
    refused(await authority.verify(await authority.mint(nobody)), 'unknown-issuer', 'issuer-unknown');
    for (const [name, more, result, error] of [['withdrawn', { revoked: now - 10 }, 'revoked', 'key-revoked'],
      ['run-out', { exp: now }, 'unknown-issuer', 'key-expired'], ['not-begun', { nbf: now + 60 }, 'unknown-issuer', 'key-not-yet-valid']]) {
      const list = await authority.signTrustList(name, { keys: [authority.entry('lease', 'lease', more)] });
      refused(await authority.verify(code, [], ['--trust-list', list, '--root', authority.keys.root.x]), result, error);
    }
  });

  it('a lease of another issuer, and one without a holder key', async () => {
    const foreign = await authority.issueLease('foreign', { iss: 'https://elsewhere.example' });
    refused(await authority.verify(await authority.mint(foreign)), 'unknown-issuer', 'issuer-mismatch');
    const plain = await authority.issueLease('plain', { holder_key: undefined });
    const done = await run(['code', 'mint', '--lease', plain, '--key', authority.secret('holder')]);
    assert.equal(done.code, 1);
    assert.match(done.err, /not-live/);
  });

  it('text of other kinds', async () => {
    for (const [text, error] of [['hello', 'base45-character'], ['A'.repeat(4296), null], ['A'.repeat(4297), 'text-size'],
      ['A'.repeat(10_000_000), 'text-size'], ['', 'text-size']]) {
      const done = await authority.verify(text);
      refused(done, 'malformed', error ?? done.answer.error);
    }
  });
});

describe('the trust list', () => {
  const step = [{ name: 'trust-list', ok: false }];
  it('refused: nobody is known, and nothing else is looked at', async () => {
    const stale = await authority.signTrustList('stale-list', { iat: now - 7200, exp: now - 60 });
    const strange = ['--trust-list', authority.path('trust.jwt'), '--root', authority.keys.device.x];
    for (const [trust, error] of [[['--trust-list', stale, '--root', authority.keys.root.x], 'trust-list-expired'], [strange, 'root-unknown'],
      [[...authority.trust, '--seq-seen', '8'], 'trust-list-rollback'],
      [['--trust-list', authority.write('broken.jwt', 'a.b'), '--root', authority.keys.root.x], 'jws-shape']]) {
      const done = await authority.verify(code, [], trust);
      refused(done, 'unknown-issuer', error);
      assert.deepEqual(done.answer.steps, step);
      assert.equal(done.answer.production, null);
    }
  });
  it('as new as the newest seen is good', async () => {
    assert.equal((await authority.verify(code, ['--seq-seen', '7'])).code, 0);
  });
});

describe('status', () => {
  it('of the lease: not usable, with the letters and nothing else', async () => {
    const text = await authority.mint(await authority.issueLease('suspended', { status: 'DJ' }));
    const done = await authority.verify(text);
    refused(done, 'not-usable', 'status-refused');
    assert.deepEqual(done.answer.status, { codes: 'DJ', usable: false, english: 'stopped', chinese: '停止使用' });
    const forPeople = await run(['code', 'verify', '--now', String(now), ...authority.trust], text);
    assert.deepEqual(leaks(forPeople), []);
    assert.match(forPeople.out, /^NOT-USABLE/);
  });

  it('with a note: usable', async () => {
    const done = await authority.verify(await authority.mint(await authority.issueLease('noted', { status: 'HI' })));
    assert.equal(done.code, 0);
    assert.equal(done.answer.status.codes, 'HI');
  });

  it('of the list: valid, refused, withdrawn; the list counts as checked', async () => {
    for (const [name, value, result, error] of [['good', 0, 'valid', null], ['points', 'B', 'not-usable', 'status-refused'],
      ['withdrawn-list', 1, 'revoked', 'lease-revoked']]) {
      const list = await authority.buildStatusList(name, [0, 0, 0, 0, 0, value]);
      const done = await authority.verify(code, ['--status-list', `${shard}=${list}`]);
      assert.deepEqual(done.answer.unchecked, ['replay']);
      if (error) refused(done, result, error);
      else assert.equal(done.code, 0);
    }
  });

  it('too short, or another shard: not valid', async () => {
    const short = await authority.buildStatusList('short', [0, 0]);
    assert.equal((await authority.verify(code, ['--status-list', `${shard}=${short}`])).answer.error, 'status-list-index');
    const far = await authority.mint(await authority.issueLease('far', { status_index: 2 ** 20 + 5 }));
    assert.equal((await authority.verify(far, ['--status-list', `${shard}=${short}`])).answer.error, 'status-list-missing');
  });

  it('a list that does not verify stops the check: exit 2', async () => {
    const list = await authority.buildStatusList('fine', [0, 0, 0, 0, 0, 0]);
    const words = ['code', 'verify', ...authority.trust];
    const wrongUri = await run([...words, '--now', String(now), '--status-list', `${shard}1=${list}`], code);
    assert.equal(wrongUri.code, 2);
    assert.match(wrongUri.err, /status-list-subject/);
    const old = await run([...words, '--now', String(now + 3600), '--status-list', `${shard}=${list}`], code);
    assert.equal(old.code, 2);
    assert.match(old.err, /status-list-expired/);
  });
});

describe('questions', () => {
  for (const [wanted, mayDrive, because] of [['B1', true, 'held'], ['C1', true, 'included-in-B1'], ['A1', false, 'not-held'], ['E', false, 'expired-D']]) {
    it(`may drive ${wanted}: ${because}`, async () => {
      const done = await authority.verify(code, ['--requires', wanted]);
      assert.equal(done.answer.result, 'valid');
      assert.deepEqual(done.answer.answer, { class: wanted, may_drive: mayDrive, because });
      assert.equal(done.code, mayDrive ? 0 : 1);
    });
  }

  it('the challenge: answered, missing, wrong', async () => {
    const answered = await authority.mint(lease, ['--challenge', '07']);
    assert.equal((await authority.verify(answered, ['--challenge', '07'])).code, 0);
    assert.equal((await authority.verify(answered)).code, 0);
    refused(await authority.verify(answered, ['--challenge', '70']), 'not-live', 'challenge-wrong');
    refused(await authority.verify(code, ['--challenge', '07']), 'not-live', 'challenge-missing');
  });
});

describe('--seen', () => {
  it('a code is good for one check; what is old is forgotten', async () => {
    const seen = ['--seen', authority.path('seen')];
    const first = await authority.verify(code, seen);
    assert.equal(first.code, 0);
    assert.deepEqual(first.answer.unchecked, ['status-list']);
    refused(await authority.verify(code, seen), 'already-used', 'already-used');
    refused(await authority.verify(code, seen, authority.trust, now + 10), 'already-used', 'already-used');
    assert.equal(statSync(authority.path('seen')).mode & 0o777, 0o600);
    const later = (await must(['code', 'mint', '--lease', lease, '--key', authority.secret('holder'), '--now', String(now + 61)])).trimEnd();
    assert.equal((await authority.verify(later, seen, authority.trust, now + 61)).code, 0);
    const lines = readFileSync(authority.path('seen'), 'utf8').trimEnd().split('\n');
    assert.equal(lines.length, 2, 'the first code is no longer listed');
  });

  it('only a code that passes everything else is spent', async () => {
    const seen = ['--seen', authority.path('seen-unspent')];
    refused(await authority.verify(code, seen, authority.trust, now + 11), 'stale', 'stale');
    assert.equal((await authority.verify(code, seen)).code, 0);
  });

  it('of twenty at once exactly one passes', async () => {
    const seen = ['--seen', authority.path('seen-race')];
    const all = await Promise.all(Array.from({ length: 20 }, () => authority.verify(code, seen)));
    assert.equal(all.filter((done) => done.code === 0 && done.answer.result === 'valid').length, 1);
    assert.equal(all.filter((done) => done.code === 1 && done.answer.result === 'already-used').length, 19);
  });

  it('a file that cannot be trusted lets nothing pass: exit 2', async () => {
    const words = ['code', 'verify', '--now', String(now), ...authority.trust, '--seen'];
    mkdirSync(authority.path('folder'));
    symlinkSync(authority.write('target', ''), authority.path('link'));
    const good = 'elicense spent 1\n';
    for (const [name, content] of [['c1', 'nonsense'], ['c2', `${good}code-1 12`], ['c3', `${good}code-1 x\n`], ['c4', `${good}a 1\na 1\n`],
      ['c5', `${good}\n`], ['c6', '\0'], ['c7', `${good}${'a'.repeat(99)} 1\n`]]) {
      const file = authority.write(name, content);
      const done = await run([...words, file], code);
      assert.equal(done.code, 2, JSON.stringify(content));
      assert.equal(done.out, '');
      assert.match(done.err, /damaged/);
      assert.equal(readFileSync(file, 'utf8'), content, 'left as it was');
    }
    for (const path of ['folder', 'link', 'missing/seen'].map((name) => authority.path(name)).concat('/dev/null', '/proc/self/status')) {
      const done = await run([...words, path], code);
      assert.equal(done.code, 2, path);
      assert.equal(done.out, '');
    }
  });
});

describe('--seen that cannot be written', () => {
  it('does not let a code pass either', async () => {
    // The name is as long as one may be: there is no room for the file that would take its place.
    const file = authority.path('s'.repeat(252));
    for (const time of [now, now + 1]) {
      const done = await run(['code', 'verify', '--now', String(time), ...authority.trust, '--seen', file, '--json'], code);
      assert.equal(done.code, 2);
      assert.equal(done.out, '');
      assert.match(done.err, /cannot be written/);
      assert.deepEqual(leaks(done), []);
    }
  });
});

describe('inspect', () => {
  it('says NOT VERIFIED, sizes, versions and the notation', async () => {
    const done = await json(['code', 'inspect'], `${code}\n`);
    assert.equal(done.code, 0);
    assert.equal(done.answer.verified, false);
    assert.equal(done.answer.characters, code.length);
    assert.ok(done.answer.bytes > 300 && done.answer.inflated > 300);
    assert.ok(done.answer.qr_version.L <= 16 && done.answer.qr_version.M >= done.answer.qr_version.L);
    assert.match(done.answer.diagnostic, /^18\(\[<<\{1: -8, 4: h'[0-9a-f]+'\}>>, \{11: /);
    assert.match((await run(['code', 'inspect', '--text', code])).out, /^NOT VERIFIED/);
  });
  it('refuses what it cannot take apart', async () => {
    const done = await json(['code', 'inspect'], 'HELLO');
    assert.equal(done.code, 1);
    assert.ok(done.answer.error);
  });
});

describe('mint', () => {
  it('needs the key that the lease is bound to', async () => {
    const done = await run(['code', 'mint', '--lease', lease, '--key', authority.secret('device'), '--now', String(now)]);
    assert.equal(done.code, 2);
    assert.match(done.err, /bound to/);
  });
  it('takes the key from standard input, and is the same again', async () => {
    const again = await must(['code', 'mint', '--lease', lease, '--key', '-', '--now', String(now)], authority.read('holder.jwk'));
    assert.equal(again, `${code}\n`);
    assert.ok(!existsSync('-'));
  });
});
