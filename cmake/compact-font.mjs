// Makes the font that src/view/outline_font.cpp reads of a subset that hb-subset has written, by a third of the download smaller:
//   node compact-font.mjs FONT.otf TO
// Every point of its outlines is rounded to a grid of 250 units to the em instead of 1000 (a tenth of a pixel off at 50 device
// pixels to the em), so that nearly every number in them takes one byte. Numbers of a kind lie together, in streams, for brotli
// to find most in them; what nobody reads is gone. Refuses a font with subroutines, and operators that such a subset does not have.
//
// TO has, the high byte first: ascent, depth below the baseline and number of characters, the sizes of the seven streams
// (two bytes each), the streams: distances between characters, advances, kinds of segments, steps across and up of straight
// segments, the same of curves. A distance is a byte, or from 128 on two with the highest bit set. A step is a signed byte, or
// 128 and two bytes. A step that the kind of a segment says is 0 is left out.
import { readFileSync, writeFileSync } from 'node:fs';

const scale = 0.25;

// --- reading ----------------------------------------------------------------------------------------------------------

function tablesOf(font) {
  const tables = new Map();
  for (let i = 0; i < font.readUInt16BE(4); ++i) {
    const row = 12 + 16 * i;
    const start = font.readUInt32BE(row + 8);
    tables.set(font.toString('latin1', row, row + 4), font.subarray(start, start + font.readUInt32BE(row + 12)));
  }
  return tables;
}

// An INDEX (Technical Note 5176, 5): its items, and where it ends.
function readIndex(bytes, at) {
  const count = bytes.readUInt16BE(at);
  if (count === 0) return { items: [], end: at + 2 };
  const size = bytes[at + 2];
  const offset = (i) => bytes.readUIntBE(at + 3 + i * size, size) + at + 2 + (count + 1) * size;
  return { items: Array.from({ length: count }, (_, i) => bytes.subarray(offset(i), offset(i + 1))), end: offset(count) };
}

// The offset of the charstrings in the top DICT (operator 17); a font with subroutines is not ours.
function charstringsOf(cff) {
  const top = readIndex(cff, readIndex(cff, cff[2]).end);
  const subroutines = readIndex(cff, readIndex(cff, top.end).end);
  if (subroutines.items.length > 0) throw new Error('the font has subroutines');
  const dict = top.items[0];
  let operands = [];
  for (let at = 0; at < dict.length;) {
    const first = dict[at];
    if (first === 17) return readIndex(cff, operands[0]).items;
    if (first <= 21) {
      at += first === 12 ? 2 : 1;
      operands = [];
    } else if (first === 30) { // a real number: nibbles up to f
      do ++at; while ((dict[at] & 15) !== 15 && dict[at] >> 4 !== 15);
      ++at;
    } else {
      const [value, size] = first === 28 ? [dict.readInt16BE(at + 1), 3] : first === 29 ? [dict.readInt32BE(at + 1), 5]
        : first < 247 ? [first - 139, 1] : first < 251 ? [(first - 247) * 256 + dict[at + 1] + 108, 2]
          : [-(first - 251) * 256 - dict[at + 1] - 108, 2];
      operands.push(value);
      at += size;
    }
  }
  throw new Error('the font has no outlines');
}

// Pairs of a character and its glyph, by character: from the subtable of format 4 (the basic multilingual plane).
function charactersOf(cmap) {
  const starts = Array.from({ length: cmap.readUInt16BE(2) }, (_, i) => cmap.readUInt32BE(8 + 8 * i));
  const at = starts.find((start) => cmap.readUInt16BE(start) === 4);
  const size = cmap.readUInt16BE(at + 6); // of each column of segments
  const pairs = [];
  for (let i = 0; i < size; i += 2) {
    const [last, first, delta, offset] = [14, 16 + size, 16 + 2 * size, 16 + 3 * size].map((column) => cmap.readUInt16BE(at + column + i));
    for (let character = first; character <= last && character < 0xffff; ++character) {
      const listed = offset === 0 ? character : cmap.readUInt16BE(at + 16 + 3 * size + i + offset + 2 * (character - first));
      pairs.push([character, (listed + delta) & 0xffff]);
    }
  }
  return pairs;
}

// A charstring as moves, lines and curves, in absolute coordinates.
function readOutline(code) {
  const path = [];
  let stack = [];
  let hints = 0;
  let x = 0;
  let y = 0;
  const to = (dx, dy) => [x += dx, y += dy];
  const move = (dx, dy) => path.push(['move', to(dx, dy)]);
  const line = (dx, dy) => path.push(['line', to(dx, dy)]);
  const curve = (...d) => path.push(['curve', to(d[0], d[1]), to(d[2], d[3]), to(d[4], d[5])]);
  const lines = (args, end = args.length) => { for (let i = 0; i < end; i += 2) line(args[i], args[i + 1]); };
  const curves = (args, from = 0, end = args.length) => { for (let i = from; i < end; i += 6) curve(...args.slice(i, i + 6)); };
  const alternate = (args, isHorizontal) => args.forEach((d, i) => ((i % 2 === 0) === isHorizontal ? line(d, 0) : line(0, d)));
  // hvcurveto, vhcurveto
  const turn = (args, startsHorizontal) => {
    for (let i = 0, horizontal = startsHorizontal; args.length - i >= 4; i += 4, horizontal = !horizontal) {
      const [a, b, c, d] = args.slice(i, i + 4);
      const last = args.length - i === 5 ? args[i + 4] : 0;
      if (horizontal) curve(a, 0, b, c, last, d);
      else curve(0, a, b, c, d, last);
    }
  };
  const keep = { // hhcurveto, vvcurveto
    horizontal: (args) => {
      let other = args.length % 4 === 1 ? args.shift() : 0;
      for (let i = 0; i < args.length; i += 4, other = 0) curve(args[i], other, args[i + 1], args[i + 2], args[i + 3], 0);
    },
    vertical: (args) => {
      let other = args.length % 4 === 1 ? args.shift() : 0;
      for (let i = 0; i < args.length; i += 4, other = 0) curve(other, args[i], args[i + 1], args[i + 2], 0, args[i + 3]);
    },
  };
  for (let at = 0; at < code.length;) {
    const first = code[at++];
    if (first >= 32 || first === 28) {
      if (first === 28) { stack.push(code.readInt16BE(at)); at += 2; }
      else if (first < 247) stack.push(first - 139);
      else if (first < 251) stack.push((first - 247) * 256 + code[at++] + 108);
      else if (first < 255) stack.push(-(first - 251) * 256 - code[at++] - 108);
      else { stack.push(code.readInt32BE(at) / 65536); at += 4; }
      continue;
    }
    const args = stack;
    stack = [];
    switch (first) {
      case 1: case 3: case 18: case 23: hints += args.length >> 1; break;
      case 19: case 20: hints += args.length >> 1; at += (hints + 7) >> 3; break;
      case 21: move(...args.slice(-2)); break;
      case 22: move(args.at(-1), 0); break;
      case 4: move(0, args.at(-1)); break;
      case 5: lines(args); break;
      case 6: alternate(args, true); break;
      case 7: alternate(args, false); break;
      case 8: curves(args); break;
      case 24: curves(args, 0, args.length - 2); lines(args.slice(-2)); break;
      case 25: lines(args, args.length - 6); curves(args, args.length - 6); break;
      case 26: keep.vertical(args); break;
      case 27: keep.horizontal(args); break;
      case 30: turn(args, false); break;
      case 31: turn(args, true); break;
      case 14: return path;
      default: throw new Error(`an operator that is not known: ${first}`);
    }
  }
  throw new Error('an outline without an end');
}

// --- writing ----------------------------------------------------------------------------------------------------------

// As src/view/outline_font.cpp reads them.
const kinds = { end: 0, move: 1, horizontal: 2, vertical: 3, line: 4, curve: 5 };
const direction = (dx, dy) => (dy === 0 ? 0 : dx === 0 ? 1 : 2); // level, upright, slanted

const twoBytes = (value) => [(value >> 8) & 255, value & 255];
const step = (value) => (Math.abs(value) < 128 ? [value & 255] : [128, ...twoBytes(value)]);

function writeOutline(path, { segments, straight, curved }) {
  let [x, y] = [0, 0];
  for (const [kind, ...points] of path) {
    const steps = points.map(([px, py]) => {
      const [rx, ry] = [Math.round(px * scale), Math.round(py * scale)];
      const [dx, dy] = [rx - x, ry - y];
      [x, y] = [rx, ry];
      return [dx, dy];
    });
    if (kind !== 'move' && steps.flat().every((d) => d === 0)) continue;
    const put = (to, [dx, dy], along) => {
      if (along !== 1) to.x.push(...step(dx));
      if (along !== 0) to.y.push(...step(dy));
    };
    if (kind === 'curve') {
      const [leaves, arrives] = [direction(...steps[0]), direction(...steps[2])];
      segments.push(kinds.curve + leaves + 3 * arrives);
      put(curved, steps[0], leaves);
      put(curved, steps[1], 2);
      put(curved, steps[2], arrives);
    } else {
      const along = kind === 'move' ? 2 : direction(...steps[0]);
      segments.push(kind === 'move' ? kinds.move : kinds.horizontal + along);
      put(straight, steps[0], along);
    }
  }
  segments.push(kinds.end);
}

function writeFont({ ascent, descent, glyphs }) {
  const characters = [];
  const advances = [];
  const outlines = { segments: [], straight: { x: [], y: [] }, curved: { x: [], y: [] } };
  let last = 0;
  for (const { character, advance, path } of glyphs) {
    const distance = character - last;
    if (distance > 0x7fff) throw new Error('two characters are too far from each other');
    characters.push(...(distance < 128 ? [distance] : [128 | (distance >> 8), distance & 255]));
    last = character;
    advances.push(Math.round(advance * scale));
    writeOutline(path, outlines);
  }
  const { segments, straight, curved } = outlines;
  const streams = [characters, advances, segments, straight.x, straight.y, curved.x, curved.y];
  if (streams.some(({ length }) => length > 0xffff) || advances.some((advance) => advance > 255)) {
    throw new Error('the font is too large for its format');
  }
  const head = [Math.round(ascent * scale), Math.round(-descent * scale), glyphs.length, ...streams.map(({ length }) => length)];
  return Buffer.from([...head.flatMap(twoBytes), ...streams.flat()]);
}

const [from, to] = process.argv.slice(2);
const tables = tablesOf(readFileSync(from));
const lines = tables.get('hhea');
const advances = tables.get('hmtx');
const most = lines.readUInt16BE(34) - 1;
const outlines = charstringsOf(tables.get('CFF ')).map(readOutline);
const glyphs = charactersOf(tables.get('cmap')).map(([character, glyph]) => (
  { character, advance: advances.readUInt16BE(4 * Math.min(glyph, most)), path: outlines[glyph] }
));
writeFileSync(to, writeFont({ ascent: lines.readInt16BE(4), descent: lines.readInt16BE(6), glyphs }));
