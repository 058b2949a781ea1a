// Draws text that the built-in font does not have with the browser's fonts. Says so when they do not have it either.
import type { ModuleEffect } from './messages.js';
import type { Glyph } from './module.js';

type GlyphEffect = Extract<ModuleEffect, { effect: 'glyph' }>;

const families = 'system-ui, "PingFang SC", "Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", sans-serif';
const mostPixels = 4096; // of a line's length
const mostLetters = 256;
const none: Glyph = { coverage: new Uint8Array(), width: 0, height: 0, left: 0, top: 0, advance: 0 };

// No mark, control or space: those have no shape of their own.
const shaped = /[^\p{M}\p{Cc}\p{Cf}\p{Z}]/u;
const rightToLeft = /^\P{L}*[\p{Script=Arab}\p{Script=Hebr}\p{Script=Syrc}\p{Script=Thaa}\p{Script=Nkoo}]/u;

let context: CanvasRenderingContext2D | null = null;
const known = new Map<string, boolean>();

function pen(size: number, bold: boolean): CanvasRenderingContext2D | null {
  if (!context) {
    const canvas = document.createElement('canvas');
    canvas.lang = 'zh-CN'; // the forms of characters as they are written there
    context = canvas.getContext('2d', { willReadFrequently: true });
  }
  if (context) context.font = `${bold ? 700 : 400} ${size}px ${families}`;
  return context;
}

const outline = (metrics: TextMetrics) =>
  [metrics.width, metrics.actualBoundingBoxLeft, metrics.actualBoundingBoxRight, metrics.actualBoundingBoxAscent,
    metrics.actualBoundingBoxDescent].join();

// A letter measured like one that cannot exist is drawn as the box that stands for any missing letter. (Not compared by its
// pixels: some browsers write the number into the box, with as many digits as the number has.)
function hasLetter(letter: string): boolean {
  let has = known.get(letter);
  if (has === undefined) {
    const brush = pen(193, false);
    const impossible = letter.length === 1 ? '\u{FDD0}' : '\u{10FFFE}';
    has = brush !== null && outline(brush.measureText(letter)) !== outline(brush.measureText(impossible));
    if (known.size > 4096) known.clear();
    known.set(letter, has);
  }
  return has;
}

export function drawGlyph({ text, size, bold }: GlyphEffect): Glyph {
  if (text.length > mostLetters || !(size > 0 && size <= 512)) return none;
  for (const letter of text) if (shaped.test(letter) && !hasLetter(letter)) return none;
  const brush = pen(size, bold);
  if (!brush) return none;
  const direct = () => {
    brush.direction = rightToLeft.test(text) ? 'rtl' : 'ltr';
    brush.textAlign = 'left';
    brush.textBaseline = 'alphabetic';
  };
  direct();
  const { width: advance, ...box } = measured(brush.measureText(text));
  const width = box.left + box.right;
  const height = box.ascent + box.descent;
  if (width > mostPixels || height > mostPixels) return none;
  const { canvas } = brush;
  // Setting the size clears the canvas and all that was set.
  canvas.width = Math.max(canvas.width, width);
  canvas.height = Math.max(canvas.height, height);
  pen(size, bold);
  direct();
  brush.clearRect(0, 0, canvas.width, canvas.height);
  brush.fillStyle = '#fff';
  brush.fillText(text, box.left, box.ascent);
  return cropped(brush.getImageData(0, 0, width, height), box.left, box.ascent, advance);
}

// Whole pixels with one to spare at each side.
function measured(metrics: TextMetrics): { width: number; left: number; right: number; ascent: number; descent: number } {
  const whole = (length: number) => Math.max(0, Math.ceil(length)) + 1;
  return {
    width: metrics.width,
    left: whole(metrics.actualBoundingBoxLeft),
    right: whole(metrics.actualBoundingBoxRight),
    ascent: whole(metrics.actualBoundingBoxAscent),
    descent: whole(metrics.actualBoundingBoxDescent),
  };
}

function cropped({ data, width, height }: ImageData, penX: number, baseline: number, advance: number): Glyph {
  const ink = (x: number, y: number) => data[(y * width + x) * 4 + 3] ?? 0;
  let [left, right, top, bottom] = [width, 0, height, 0];
  for (let y = 0; y < height; ++y) {
    for (let x = 0; x < width; ++x) {
      if (ink(x, y) === 0) continue;
      left = Math.min(left, x);
      right = Math.max(right, x + 1);
      top = Math.min(top, y);
      bottom = y + 1;
    }
  }
  // Nothing but space: a pixel without ink, since no pixels mean no glyph.
  if (right === 0) return { coverage: new Uint8Array(1), width: 1, height: 1, left: 0, top: 0, advance };
  const columns = right - left;
  const rows = bottom - top;
  const coverage = new Uint8Array(columns * rows);
  for (let y = 0; y < rows; ++y) for (let x = 0; x < columns; ++x) coverage[y * columns + x] = ink(left + x, top + y);
  return { coverage, width: columns, height: rows, left: left - penX, top: top - baseline, advance };
}
