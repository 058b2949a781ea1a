// How much a picture of the code may suffer and still be read: 200 pictures of the viewer's real screen, as a camera would make
// them, given to what the widget reads pictures with.
//   ./dev bench pictures
// Fails when a text is read that is not the code's, or when fewer than 95 % of the moderate ones are read.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { launch } from '../browser/support/browsers.mjs';
import { tree } from '../browser/support/demo_site.mjs';
import { photograph, randomFrom, screenOf } from '../browser/support/lens.mjs';
import { codesOn } from '../browser/support/picture.mjs';
import { Stand, until } from '../browser/support/stand.mjs';

const dist = process.env.ELICENSE_DIST ?? join(tree, 'dist');
const phone = { width: 390, height: 844, ratio: 3 };
const strengths = ['light', 'moderate', 'hard'];
const [width, height] = [960, 1280];
const aim = 0.95;

// --- how a picture suffers --------------------------------------------------------------------------------------------

const around = (random, most) => (2 * random() - 1) * most;

// A good picture by hand: the phone fills nine tenths of it, a little turned and tilted.
const good = (random) => ({
  width, height, size: 1150, turn: around(random, 3), tilt: [around(random, 5), around(random, 5)], blur: 0.6, light: 0.95, noise: 2, random,
});

/** What is worse than in a good picture: three numbers, light, moderate and hard. `code`: where the code is, pixels of the picture. */
const kinds = {
  blurred: { of: [1, 1.6, 2.4], says: (n) => `sigma ${n} px`, make: (n) => ({ blur: n }) },
  turned: { of: [15, 40, 80], says: (n) => `${n}°`, make: (n, random) => ({ turn: random() < 0.5 ? n : -n }) },
  skewed: {
    of: [20, 40, 60], says: (n) => `${n}° from the side`,
    make(n, random) {
      const way = random() * 2 * Math.PI;
      return { tilt: [n * Math.cos(way), n * Math.sin(way)] };
    },
  },
  dim: { of: [0.4, 0.2, 0.08], says: (n) => `${100 * n} % of the light`, make: (n) => ({ light: n, noise: 5 }) },
  glare: {
    of: [0.5, 0.8, 1], says: (n) => `${100 * n} % white, half of the code wide`,
    make: (n, random, code) => ({
      glare: { x: code.x + around(random, code.side / 2), y: code.y + around(random, code.side / 2), radius: code.side / 2, strength: n },
    }),
  },
  moiré: {
    of: [0.12, 0.25, 0.45], says: (n) => `± ${100 * n} % of the brightness`,
    make(n, random) {
      const way = random() * Math.PI;
      return { moire: { strength: n, period: 5 + 15 * random(), across: Math.cos(way), down: Math.sin(way) } };
    },
  },
  small: { of: [0.7, 0.55, 0.4], says: (n) => `the phone ${Math.round(1150 * n)} px high`, make: (n) => ({ size: 1150 * n }) },
  'JPEG 40': { of: [0.9, 0.65, 0.45], says: (n) => `the phone ${Math.round(1150 * n)} px high`, make: (n) => ({ size: 1150 * n }), jpeg: 0.4 },
};

// --- real screens -----------------------------------------------------------------------------------------------------

const classes = (letters) => letters.map((vehicle_category_code) => ({ vehicle_category_code, issue_date: '2012-02-29', expiry_date: '2041-05-31' }));
const people = [
  { name: '王芳' },
  { name: '欧阳建国', driving_privileges: classes(['C1']) },
  { name: '阿卜杜热依木·买买提吐尔逊' },
  { name: '努尔古丽·阿卜杜克里木·肉孜', driving_privileges: classes(['A1', 'A2', 'D', 'E', 'M']) },
];

/** Both ways in which the viewer shows a code: on the licence, and alone. */
async function screens(stand) {
  const all = [];
  for (const more of people) {
    const { page } = await stand.openLive('chromium', { view: phone, person: await stand.person(more) });
    all.push(await shot(page, { y: 1625, side: 680 }));
    await page.evaluate(() => tests.use('one', 'enlarge'));
    await page.waitFor(() => tests.controls('one').some(({ name }) => name === 'keypad'));
    all.push(await shot(page, { y: 1055, side: 980 }));
    await page.close();
  }
  return all;
}

// `place`: of the code, in pixels of a screen 2532 high, in its middle across.
async function shot(page, place) {
  return until(async () => {
    const png = await page.picture();
    const codes = await codesOn(png);
    return codes.length === 1 && { screen: screenOf(png), code: codes[0], place };
  }, 'one code on the screen', 60_000);
}

// --- the reader -------------------------------------------------------------------------------------------------------

async function serve() {
  const { build } = createRequire(join(tree, 'web/package.json'))('esbuild');
  const { outputFiles: [script] } = await build({
    entryPoints: [join(tree, 'tests/bench/pictures-page.ts')], bundle: true, format: 'esm', write: false, target: 'es2022',
    plugins: [{
      name: 'parts',
      setup({ onResolve }) { onResolve({ filter: /^\.\/scanner\.js$/ }, () => ({ path: './e-license-scanner.js', external: true })); },
    }],
  });
  const site = { picture: Buffer.alloc(0) };
  const file = (name) => readFileSync(join(dist, name));
  const files = {
    '/': () => ['text/html', '<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><script type="module" src="page.js"></script>'],
    '/page.js': () => ['text/javascript', script.contents],
    '/e-license-scanner.js': () => ['text/javascript', file('e-license-scanner.js')],
    '/e-license-scanner.wasm': () => ['application/wasm', file('e-license-scanner.wasm')],
    '/picture': () => ['application/octet-stream', site.picture],
  };
  const server = createServer(({ url }, answer) => {
    const [type, body] = files[url]?.() ?? [];
    answer.writeHead(type ? 200 : 404, { 'content-type': type ?? 'text/plain', 'cache-control': 'no-store' }).end(body);
  });
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  server.unref();
  return Object.assign(site, { server, url: `http://127.0.0.1:${server.address().port}/` });
}

// --- all of it --------------------------------------------------------------------------------------------------------

function* plan(shots) {
  for (const shot of shots) yield { kind: 'as it is', strength: 'light', shot, worse: () => ({}), jpeg: null };
  for (const [kind, { of, make, jpeg = null }] of Object.entries(kinds)) {
    for (const [index, strength] of strengths.entries()) {
      for (const shot of shots) yield { kind, strength, shot, worse: (random, code) => make(of[index], random, code), jpeg };
    }
  }
}

// Where the code is in a good picture, near enough for the light to fall on it.
const codeIn = ({ place: { y, side } }, size) => ({
  x: width / 2, y: height / 2 + (y / 2532 - 0.5) * size, side: (side / 2532) * size,
});

async function run(site, page, shots) {
  const random = randomFrom(7);
  const counts = {};
  let wrong = 0;
  const times = [];
  for (const { kind, strength, shot, worse, jpeg } of plan(shots)) {
    const base = good(random);
    const { data } = photograph(shot.screen, { ...base, ...worse(random, codeIn(shot, base.size)) });
    site.picture = Buffer.from(data.buffer);
    const { texts, took } = await page.evaluate((...given) => window.pictures.read(...given), width, height, jpeg);
    times.push(took);
    const cell = ((counts[kind] ??= {})[strength] ??= { made: 0, read: 0 });
    cell.made += 1;
    if (texts.includes(shot.code)) cell.read += 1;
    wrong += texts.filter((text) => text !== shot.code).length;
  }
  return { counts, wrong, times: times.toSorted((a, b) => a - b) };
}

function report({ counts, wrong, times }) {
  const total = Object.fromEntries(strengths.map((strength) => [strength, { made: 0, read: 0 }]));
  console.log(`\n${'read of made'.padEnd(12)} ${strengths.map((name) => name.padStart(10)).join('')}`);
  for (const [kind, cells] of Object.entries(counts)) {
    const columns = strengths.map((strength) => {
      const cell = cells[strength];
      if (cell) for (const name of ['made', 'read']) total[strength][name] += cell[name];
      return (cell ? `${cell.read}/${cell.made}` : '').padStart(10);
    });
    const { of, says } = kinds[kind] ?? {};
    console.log(`${kind.padEnd(12)} ${columns.join('')}   ${of ? of.map(says).join(', ') : ''}`.trimEnd());
  }
  console.log(`${'all'.padEnd(12)} ${strengths.map((name) => `${total[name].read}/${total[name].made}`.padStart(10)).join('')}`);
  const made = Object.values(total).reduce((sum, each) => sum + each.made, 0);
  const share = total.moderate.read / total.moderate.made;
  console.log(`${made} pictures of ${width}×${height}; read in ${times[made >> 1].toFixed(0)} ms at the median, ${times.at(-1).toFixed(0)} ms at most`);
  console.log(`moderate: ${(100 * share).toFixed(1)} %, aim ${100 * aim} %: ${share >= aim ? 'reached' : 'MISSED'}; wrong texts: ${wrong}`);
  return share >= aim && wrong === 0;
}

const stand = await Stand.start();
const site = await serve();
const browser = await launch('chromium');
let isGood = false;
try {
  const shots = await screens(stand);
  const page = await browser.open(site.url);
  await page.waitFor(() => Boolean(window.pictures));
  isGood = report(await run(site, page, shots));
} finally {
  await browser.close();
  site.server.close();
  await stand.stop();
}
process.exitCode = isGood ? 0 : 1;
