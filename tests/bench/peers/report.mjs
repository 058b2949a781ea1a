// What was measured, as a table for people and as the same in docs/performance.md.
import { readFileSync, writeFileSync } from 'node:fs';

/**
 * @typedef {import('./rounds.mjs').Spread} Spread
 * @typedef {{title: string, text: string[], head: string[], rows: string[][]}} Section
 */

export const begin = '<!-- written by ./dev bench peers -->';
export const end = '<!-- end of what ./dev bench peers writes -->';

/** @param {number} value three digits that count */
const short = (value) => (value >= 100 ? value.toFixed(0) : value.toPrecision(3));

/** @param {number} microseconds */
export const duration = (microseconds) => (microseconds < 1000 ? `${short(microseconds)} µs` : `${short(microseconds / 1000)} ms`);

/** @param {number} count of bytes */
export const size = (count) => (count < 2 ** 20 ? `${(count / 1024).toFixed(1)} KB` : `${(count / 2 ** 20).toFixed(1)} MB`);

/**
 * How ours stands beside theirs, in words. Less than a twentieth is no difference.
 * @param {number} ours
 * @param {number} theirs less is better, for both
 * @param {[string, string]} words
 */
export function beside(ours, theirs, [better, worse]) {
  const factor = theirs / ours;
  if (factor > 0.95 && factor < 1.05) return 'the same';
  return factor > 1 ? `${short(factor)} × ${better}` : `${short(1 / factor)} × **${worse}**`;
}

/** @type {[string, string]} */
export const times = ['faster', 'slower'];

/** @param {Spread} spread */
export const between = ({ least, most }) => `${duration(least)} – ${duration(most)}`;

/**
 * Several who did the same work, in microseconds, beside one of ours.
 * @param {Record<string, Spread>} all
 * @param {string} ours
 */
export function contest(all, ours) {
  const own = /** @type {Spread} */ (all[ours]);
  return {
    head: ['', 'median', 'least – most', 'ours in WebAssembly is'],
    rows: Object.entries(all).map(([name, spread]) =>
      [name, duration(spread.median), between(spread), name.startsWith('ours') ? '' : beside(own.median, spread.median, times)]),
  };
}

/**
 * The table alone; what is compared stands in the document.
 * @param {Section} section
 */
export function print({ title, head, rows }) {
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)));
  console.log(`\n── ${title}`);
  for (const row of [head, ...rows]) {
    console.log(row.map((cell) => cell.replaceAll('**', '')).map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0))).join('   ').trimEnd());
  }
}

/** @param {Section} section */
function markdown({ title, text, head, rows }) {
  const line = (/** @type {string[]} */ cells) => `| ${cells.join(' | ')} |`;
  return [`## ${title}`, ...text, [head, head.map((_, column) => (column === 0 ? '---' : '---:')), ...rows].map(line).join('\n')].join('\n\n');
}

/**
 * Puts what was measured between the two marks of the document.
 * @param {string} path
 * @param {string[]} machine
 * @param {Section[]} sections
 */
export function write(path, machine, sections) {
  const whole = readFileSync(path, 'utf8');
  const [from, to] = [whole.indexOf(begin), whole.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${path} has lost its marks`);
  const measured = [`## The machine\n\n${machine.map((line) => `- ${line}`).join('\n')}`, ...sections.map(markdown)].join('\n\n');
  writeFileSync(path, `${whole.slice(0, from)}${begin}\n\n${measured}\n\n${whole.slice(to)}`);
}
