// Requests that have to be refused: counted by kind, and nothing of them may have been written.
import assert from 'node:assert/strict';

import { run } from './server.mjs';

// The newest entry of the audit record, and how many there are.
export async function auditHead(server, words = ['--demo']) {
  const { code, out, err } = await run(['audit', 'verify', ...words, '--data', server.data]);
  assert.equal(code, 0, err);
  return out.trim();
}

export class Refusals {
  constructor(server) {
    this.server = server;
    this.counts = new Map();
  }

  // Of each request: its status is `status` (or one of several), its body is an error document with a code, within its size, and
  // repeats nothing of what was sent.
  expect(kind, name, answer, status, wanted = {}) {
    this.counts.set(kind, (this.counts.get(kind) ?? 0) + 1);
    const about = `${kind}: ${name}: ${answer.status} ${answer.text}`;
    assert.ok([status].flat().includes(answer.status), `${about}, wanted ${status}`);
    assert.ok(answer.text.length < 300, about);
    const document = JSON.parse(answer.text);
    assert.match(document.code, /^[a-z0-9-]+$/, about);
    for (const [member, value] of Object.entries(wanted)) {
      if (value instanceof RegExp) assert.match(`${document[member]}`, value, about);
      else assert.equal(document[member], value, about);
    }
  }

  // What happens meanwhile must leave the audit record, and so everything that an act would change, as it is.
  async nothingWritten(work) {
    const before = await auditHead(this.server);
    await work();
    assert.equal(await auditHead(this.server), before);
  }

  print(title) {
    const all = [...this.counts.values()].reduce((sum, count) => sum + count, 0);
    console.log(`${title}: ${all} requests refused`);
    for (const [kind, count] of this.counts) console.log(`  ${String(count).padStart(6)}  ${kind}`);
  }
}

// Does the same for each, some at a time.
export async function each(items, work, atOnce = 8) {
  const waiting = [...items];
  await Promise.all(Array.from({ length: atOnce }, async () => {
    while (waiting.length > 0) await work(waiting.shift());
  }));
}
