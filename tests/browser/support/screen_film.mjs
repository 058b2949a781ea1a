// A film of a phone's real screen for Chromium's camera: pictures of the page at their real times, as a camera that is held over
// the phone sees them.
import { closeSync, openSync, renameSync, writeSync } from 'node:fs';
import { codesOn, readCode } from './picture.mjs';
import { photograph, screenOf } from './lens.mjs';

const [width, height] = [720, 1280]; // a phone's camera, held upright
const perSecond = 10;
const view = { width, height, size: 1000, turn: 3, tilt: [4, -3], blur: 0.8, light: 0.9 };

/** What Chromium has to be told for its camera to play what is in this file whenever it is opened. */
export const wordsFor = (path) => ['--use-fake-device-for-media-stream', `--use-file-for-fake-video-capture=${path}`];

// 4:2:0, one plane after the other, in BT.601 as video has it.
function planesOf({ data }) {
  const planes = Buffer.alloc((width * height * 3) / 2);
  const [blue, red] = [width * height, (width * height * 5) / 4];
  for (let y = 0; y < height; ++y) {
    for (let x = 0; x < width; ++x) {
      const from = (y * width + x) * 4;
      const [r, g, b] = [data[from], data[from + 1], data[from + 2]];
      planes[y * width + x] = 16 + (65.5 * r + 128.6 * g + 25 * b) / 255;
      if (x % 2 || y % 2) continue;
      const at = (y >> 1) * (width >> 1) + (x >> 1);
      planes[blue + at] = 128 + (-37.8 * r - 74.2 * g + 112 * b) / 255;
      planes[red + at] = 128 + (112 * r - 93.8 * g - 18.2 * b) / 255;
    }
  }
  return planes;
}

/**
 * @param {string} path
 * @param {{png: Buffer, seconds: number}[]} scenes how long each picture is to be seen; none: a table without a phone
 */
export function writeFilm(path, scenes) {
  const own = `${path}.new`;
  const file = openSync(own, 'w');
  const frame = Buffer.from('FRAME\n');
  writeSync(file, `YUV4MPEG2 W${width} H${height} F${perSecond}:1 Ip A1:1 C420mpeg2\n`);
  const empty = { width: 1, height: 1, data: new Float32Array(3) };
  for (const { png, seconds } of scenes.length ? scenes : [{ png: null, seconds: 1 }]) {
    const planes = planesOf(photograph(png ? screenOf(png) : empty, view));
    for (let count = Math.max(1, Math.round(seconds * perSecond)); count > 0; --count) {
      writeSync(file, frame);
      writeSync(file, planes);
    }
  }
  closeSync(file);
  renameSync(own, path); // whole, or not there
}

const shown = async (png) => (await codesOn(png))[0] ?? null;

/**
 * Pictures of the holder's page until its code has changed: what was seen before, and what after it.
 * → scenes for writeFilm, each with when its code was presented, seconds since 1970
 */
export async function record(page) {
  let before = null;
  for (;;) {
    const at = Date.now();
    const png = await page.picture();
    const code = await shown(png);
    const after = code && { png, at, code, presented: readCode(code).presented, seconds: 1 };
    if (before && after && before.code !== code) return [{ ...before, seconds: (at - before.at) / 1000 }, after];
    before = after;
  }
}

/** The counter's page in a browser whose camera shows the film. The camera is not open yet: it is opened, and so the film read, by
 * the widget's button. */
export async function openFilmedCounter(browser, checking) {
  const page = await browser.open('about:blank', { width: 390, height: 844 });
  await page.goTo(checking.counter.page);
  await page.waitFor(() => window.ready);
  await checking.place(page);
  await page.waitFor(() => counter.heard.readiness.at(-1)?.ready === true);
  await page.raw.context().grantPermissions(['camera'], { origin: checking.counter.origin });
  return page;
}
