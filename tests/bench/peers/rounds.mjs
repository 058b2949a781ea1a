// Several who do the same work, measured in turn: whatever else the machine does meets all of them.

/** @typedef {{median: number, least: number, most: number}} Spread of the rounds */

/** @param {number[]} numbers */
export const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1];

/**
 * @param {number[]} numbers
 * @returns {Spread}
 */
export const spread = (numbers) => ({ median: median(numbers), least: Math.min(...numbers), most: Math.max(...numbers) });

/**
 * Each measures one round of its own, in a unit that all share; the first to go is another one in each round.
 * @param {Record<string, (round: number) => number | Promise<number>>} contenders
 * @param {number} rounds
 * @returns {Promise<Record<string, Spread>>}
 */
export async function inTurn(contenders, rounds) {
  const names = Object.keys(contenders);
  /** @type {Record<string, number[]>} */
  const times = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; ++round) {
    for (let turn = 0; turn < names.length; ++turn) {
      const name = /** @type {string} */ (names[(round + turn) % names.length]);
      times[name]?.push(await /** @type {Function} */ (contenders[name])(round));
    }
  }
  return Object.fromEntries(names.map((name) => [name, spread(times[name] ?? [])]));
}

/**
 * Microseconds of one call, the median of many.
 * @param {number} count
 * @param {(call: number) => unknown} call
 * @param {(result: any) => void} expect throws at a result that is not right; outside the time that counts
 */
export async function microseconds(count, call, expect) {
  const times = [];
  for (let index = 0; index < count; ++index) {
    const from = performance.now();
    const coming = call(index);
    const result = coming instanceof Promise ? await coming : coming; // who answers at once is not made to wait
    times.push(1000 * (performance.now() - from));
    expect(result);
  }
  return median(times);
}
