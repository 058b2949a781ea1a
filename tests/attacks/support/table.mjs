// The table of ./dev attack: reads the lines that attack.mjs has written. Exit 1: one was accepted or could not be carried out.
import { readFileSync } from 'node:fs';

const lines = readFileSync(process.argv[2], 'utf8').trim().split('\n').filter(Boolean).map((line) => JSON.parse(line));
// A file that ran once more tells its attacks again: the last word counts, but for what was accepted once.
const last = new Map();
for (const line of lines) {
  const key = `${line.file}: ${line.name}`;
  if (last.get(key)?.outcome !== 'ACCEPTED') last.set(key, line);
}
const all = [...last.values()].sort((a, b) => a.file.localeCompare(b.file));
const width = (text) => [...text].reduce((sum, letter) => sum + (letter.codePointAt(0) > 0x2e7f ? 2 : 1), 0);
const padded = (text, size) => text + ' '.repeat(Math.max(0, size - width(text)));
const column = (of) => Math.max(...all.map((line) => width(of(line))));
const [files, names] = [column(({ file }) => file), column(({ name }) => name)];
const mostWords = 5;
const some = (words) => words.slice(0, mostWords).join(', ') + (words.length > mostWords ? `, ${words.length - mostWords} more` : '');
for (const { file, name, outcome, words, figure } of all) {
  console.log(`${padded(file, files)}  ${padded(name, names)}  ${padded(outcome, 8)}  ${some(words)}${figure ? `; ${figure}` : ''}`);
}
const count = (outcome) => all.filter((line) => line.outcome === outcome).length;
const [accepted, failed] = [count('ACCEPTED'), count('FAILED')];
const [refused, useless, harder] = ['refused', 'useless', 'harder'].map(count);
console.log(`\n${all.length} attacks: ${refused} refused, ${useless} useless, ${harder} harder, ${accepted} accepted, ${failed} not carried out`);
process.exit(all.length > 0 && accepted + failed === 0 ? 0 : 1);
