// kill -9 under load, again and again, with a client that remembers every answer: what was answered is there after each
// restart and at the end, no code is spent twice, the audit chain verifies, and no restart needs repair or time.
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { after, before, it } from 'node:test';

import { auditHead, each } from './support/hostility.mjs';
import { Operator } from './support/operator.mjs';
import { mint, Phone, Refused, rootKey, seconds, trustList } from './support/phone.mjs';
import { folder, run, Server } from './support/server.mjs';

const kills = Number(process.env.ELICENSE_KILLS ?? 50);
const startLimit = 5000; // ms
const phones = 3;

let server;
let operator;
let partner;
before(async () => {
  const data = folder('crash');
  const { code, out } = await run(['operator', 'add', 'li', '--data', data]);
  assert.equal(code, 0);
  server = await Server.start(['--log-level', 'warning', '--rate-address', '0/60', '--rate-phone', '0/60', '--rate-partner', '0/60'], { data });
  operator = new Operator(server, out.trim());
  partner = await operator.partner();
});
after(() => server.stop());

// What was answered, by kind. `fresh` is what has not been seen through a restart yet.
class Memory {
  constructor() {
    this.fresh = [];
    this.all = [];
    this.answers = 0;
    this.valid = new Map(); // how often a code was answered "valid"
    this.licences = new Map(); // the last answered change of each, and the one that may have been under way
  }
  keep(kind, fact) { this.fresh.push({ kind, ...fact }); }
  count(kind) { return this.all.filter((fact) => fact.kind === kind).length; }
}

// One request of the load. The answer is remembered by the caller; no answer because of the kill ends the round.
async function answered(round, memory, ask) {
  if (round.over) return undefined;
  try {
    const answer = await ask();
    memory.answers += 1;
    if (memory.answers >= round.until && !round.over) round.kill();
    return answer;
  } catch (error) {
    if (error instanceof Refused || !round.over) round.failed ??= error;
    round.kill();
    return undefined;
  }
}

const workers = {
  // Leases, and codes of them that several ask for at once.
  async showing(round, memory, phone) {
    while (!round.over) {
      const leases = await answered(round, memory, () => phone.leases(2));
      for (const lease of leases ?? []) memory.keep('lease', { lease });
      for (const lease of leases ?? []) {
        const code = mint(lease, seconds() - 1);
        await Promise.all([1, 2].map(async () => {
          const answer = await answered(round, memory, () => partner.at(server).verify(code));
          if (answer === undefined) return;
          if (answer.result !== 'valid') assert.equal(answer.result, 'already-used');
          else memory.valid.set(code, (memory.valid.get(code) ?? 0) + 1);
          memory.keep('spent', { code, document: phone.document, valid: answer.result === 'valid' ? { at: answer.checked_at, echo: answer.echo } : undefined });
        }));
      }
    }
  },
  // Points and status, one change after the other.
  async changing(round, memory, document) {
    for (let points = 0; !round.over; points = (points + 1) % 12) {
      const known = memory.licences.get(document);
      const wanted = { revision: known.revision + 1, points, status: points % 3 === 0 ? 'H' : 'A' };
      known.underWay = wanted;
      const licence = await answered(round, memory, () =>
        operator.at(server).ask('/admin/licence/change', { document_number: document, revision: known.revision, points, status: wanted.status }));
      if (licence === undefined) return;
      assert.equal(licence.revision, wanted.revision);
      memory.licences.set(document, { ...wanted, underWay: undefined });
      memory.keep('change', { document });
    }
  },
  // New licences, codes for them, phones that redeem these.
  async redeeming(round, memory) {
    while (!round.over) {
      const document = await answered(round, memory, () => operator.at(server).create());
      if (document !== undefined) memory.keep('licence', { document });
      const code = document && await answered(round, memory, () => operator.at(server).code(document));
      const phone = code && await answered(round, memory, () => Phone.activate(server, code));
      if (phone) memory.keep('redeemed', { code, phone });
    }
  },
};

// Whether what was answered before the kill still holds.
const checks = {
  // At the end a later code than any before, should that be within the same second.
  async lease({ lease }, { isOver = false }) {
    assert.equal((await partner.at(server).verify(mint(lease, seconds() + (isOver ? 2 : 0)))).result, 'valid');
  },
  async spent({ code }, memory) {
    const { result } = await partner.at(server).verify(code);
    if (result === 'stale') memory.late = (memory.late ?? 0) + 1; // the machine was too slow to ask within ten seconds
    else assert.equal(result, 'already-used');
  },
  async change({ document }, memory) {
    const found = await operator.at(server).licence(document);
    const { underWay, ...known } = memory.licences.get(document);
    // A change that was not answered may have been made, whole.
    const possible = [known, ...(underWay ? [underWay] : [])].map(({ revision, points, status }) => ({ revision, points, status }));
    const is = { revision: found.revision, points: found.points, status: found.status };
    assert.ok(possible.some((one) => JSON.stringify(one) === JSON.stringify(is)), `${JSON.stringify(is)} is none of ${JSON.stringify(possible)}`);
    memory.licences.set(document, { ...is });
  },
  async licence({ document }) { assert.equal((await operator.at(server).licence(document)).document_number, document); },
  async redeemed({ code, phone }) {
    await assert.rejects(Phone.activate(server, code), ({ body }) => body?.error === 'invalid_grant');
    assert.deepEqual(await phone.at(server).checks(), []);
  },
  async key({ kid }) { assert.ok((await operator.at(server).ask('/admin/keys')).keys.some((key) => key.kid === kid)); },
};

it(`${kills} times killed under load, it keeps what it has answered`, { timeout: 600_000 }, async () => {
  const memory = new Memory();
  const root = await rootKey(server);
  const showing = await Promise.all(Array.from({ length: phones }, async () => {
    const document = await operator.create();
    return Object.assign(await Phone.activate(server, await operator.code(document)), { document });
  }));
  const changing = await Promise.all(Array.from({ length: 2 }, () => operator.create()));
  for (const document of changing) memory.licences.set(document, { revision: 1, points: 0, status: 'A' });
  const starts = [];
  const sequences = [];

  for (let kill = 0; kill < kills; ++kill) {
    const round = { over: false, until: memory.answers + randomInt(20, 90), kill() {
      if (!this.over) server.child.kill('SIGKILL');
      this.over = true;
    } };
    await Promise.all([
      ...showing.map((phone) => workers.showing(round, memory, Object.assign(phone.at(server), { document: phone.document }))),
      ...changing.map((document) => workers.changing(round, memory, document)),
      workers.redeeming(round, memory),
      kill % 10 === 0 ? answered(round, memory, () => operator.at(server).ask('/admin/keys/rotate', { use: 'receipt', at_once: true })).then((made) => made &&
        memory.keep('key', made)) : undefined,
    ]);
    if (round.failed) throw round.failed;
    await server.end();

    const began = Date.now();
    server = await server.restart();
    starts.push(Date.now() - began);
    assert.ok(starts.at(-1) < startLimit, `start ${kill} took ${starts.at(-1)} ms`);
    assert.doesNotMatch(server.err, / error /);
    sequences.push((await trustList(server, root)).seq);
    // The codes first: they are good for ten seconds.
    const order = (fact) => (fact.kind === 'spent' ? 0 : 1);
    await each(memory.fresh.toSorted((a, b) => order(a) - order(b)), (fact) => checks[fact.kind](fact, memory));
    memory.all.push(...memory.fresh);
    memory.fresh = [];
  }

  // All of it once more.
  memory.isOver = true;
  assert.deepEqual(sequences, sequences.toSorted((a, b) => a - b));
  await each(memory.all.filter(({ kind }) => kind !== 'spent'), (fact) => checks[fact.kind](fact, memory));
  for (const [code, times] of memory.valid) assert.equal(times, 1, code);
  for (const { document } of showing) {
    const { checks: listed } = await operator.at(server).ask('/admin/licence/checks', { document_number: document, limit: 1000 });
    const known = new Set(listed.map(({ at, echo }) => `${at} ${echo}`));
    const oldest = listed.length < 1000 ? 0 : listed.at(-1).at;
    for (const { valid } of memory.all.filter((fact) => fact.kind === 'spent' && fact.document === document && fact.valid && fact.valid.at > oldest))
      assert.ok(known.has(`${valid.at} ${valid.echo}`), `a check at ${valid.at}`);
  }
  const entries = Number(/^\d+/.exec(await auditHead(server, []))[0]);
  for (const kind of ['lease', 'spent', 'change', 'redeemed', 'licence']) assert.ok(memory.count(kind) > 0, kind);
  assert.ok(entries >= memory.count('change') + 2 * memory.count('redeemed') + memory.count('licence') + memory.valid.size);
  await server.end('SIGTERM');
  assert.deepEqual(readdirSync(server.data).filter((name) => !/^(authority\.db(-wal|-shm)?|keys|serving\.lock)$/.test(name)), []);

  const sorted = starts.toSorted((a, b) => a - b);
  console.log(`killed ${kills} times: ${memory.answers} answers remembered, ${memory.late ?? 0} codes seen too late; start: median ${sorted[kills >> 1]} ms, ` +
    `longest ${sorted.at(-1)} ms; ${entries} audit entries verify`);
  console.log(['lease', 'spent', 'change', 'licence', 'redeemed', 'key'].map((kind) => `  ${kind}: ${memory.count(kind)}`).join('\n'));
});
