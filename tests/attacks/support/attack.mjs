// An attack as a test: it has to be carried out, and it has to fail. Its outcome goes as a line of JSON to the file named by
// ELICENSE_ATTACK_REPORT, for the table of ./dev attack.
import assert from 'node:assert/strict';
import { appendFileSync } from 'node:fs';
import { basename } from 'node:path';
import { it } from 'node:test';

const file = basename(process.argv[1] ?? '', '.test.mjs');
const report = process.env.ELICENSE_ATTACK_REPORT;

function tell(line) {
  if (report) appendFileSync(report, `${JSON.stringify({ file, ...line })}\n`);
}

class Accepted extends Error {}

// Words of verifiers, viewers and the partner's desk for what they take as good.
const successes = ['valid', 'live', 'offline', 'handed over', 'yes', 200];

/** What the body of an attack says of it: that the same without the forgery is good, and by which word the attack failed. */
class Attempt {
  controls = 0;
  /** @type {Set<string>} */
  words = new Set();
  measured = '';

  /** The same steps without the forgery: they must succeed, or the attack would fail for another reason. */
  control(got, wanted = 'valid') {
    assert.deepEqual(got, wanted, 'the control, which is no attack, has not succeeded');
    this.controls += 1;
  }

  /** The word by which it failed, one of those that it may. */
  stopped(word, ...allowed) {
    const about = `${JSON.stringify(word)} where one of ${allowed.join(', ')} had to come`;
    if (successes.includes(word)) throw new Accepted(about);
    assert.ok(allowed.includes(word), about);
    this.words.add(word);
  }

  /** What a verifier answers: not valid, nobody's data, and stopped by its error or, where there is none, its word. */
  refused(answer, ...allowed) {
    const { result, error, licence = null, person = null, portrait = null } = answer;
    if (result === 'valid' || licence || person || portrait) throw new Accepted(`it was answered "${result}", with somebody's data or as good`);
    this.stopped(error ?? result, ...allowed);
  }

  /** What must not be there, as it would be after a success. */
  absent(found, what) {
    if (found) throw new Accepted(what);
  }

  /** How far it comes where it is not refused. */
  figure(text) { this.measured = text; }
}

/**
 * @param {{name: string, outcome: 'refused' | 'useless' | 'harder', skip?: string | false}} attack refused: by a check, with a code; useless: what it
 *   makes is worth nothing; harder: it can succeed, and the figure says how far
 * @param {(attempt: Attempt, test: object) => Promise<void>} body
 */
export function attack({ name, outcome, skip = false }, body) {
  if (skip) tell({ name, outcome: 'skipped', words: [skip], figure: '' });
  it(name, { skip }, async (test) => {
    const attempt = new Attempt();
    try {
      await body(attempt, test);
      assert.ok(attempt.controls > 0, 'an attack without a control proves nothing');
      assert.ok(attempt.words.size > 0, 'an attack has to say how it failed');
      assert.ok(outcome !== 'harder' || attempt.measured, 'an attack that is only harder has to say how far it comes');
    } catch (error) {
      tell({ name, outcome: error instanceof Accepted ? 'ACCEPTED' : 'FAILED', words: [String(error.message).split('\n')[0]], figure: '' });
      throw error;
    }
    tell({ name, outcome, words: [...attempt.words], figure: attempt.measured });
  });
}
