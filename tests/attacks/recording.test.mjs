// Tries: a video of somebody's screen, every code of it genuine, played to an inspector's camera at its real speed, 15 s later.
// Must: the camera sees each code and each is stale; nothing of the person is shown.
// Why: a code is good for ten seconds from the moment in its own signature; that it moves proves nothing.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { launch } from '../browser/support/browsers.mjs';
import { Checking, hasNothingOf, leave } from '../browser/support/checking.mjs';
import { readCode } from '../browser/support/picture.mjs';
import { openFilmedCounter, record, wordsFor, writeFilm } from '../browser/support/screen_film.mjs';
import { leave as leaveViewer, until } from '../browser/support/stand.mjs';
import { attack } from './support/attack.mjs';

/** @type {Checking} */
let checking;
let browser;
let path;
before(async () => {
  checking = await Checking.start();
  path = join(checking.folder, 'film.y4m');
  writeFilm(path, []);
  browser = await launch('chromium', wordsFor(path));
});
after(async () => {
  await browser?.close();
  await checking?.stop();
});

const now = () => Date.now() / 1000;

attack({ name: 'a recording, played at its real speed 15 s later', outcome: 'refused' }, async (attempt) => {
  const { page: holder, person } = await checking.stand.openLive('chromium', { view: { width: 390, height: 844, ratio: 2 } });
  const page = await openFilmedCounter(browser, checking);
  const scenes = await record(holder);
  const [first, second] = scenes;
  attempt.control((await checking.partner.verify(second.code)).result); // while it is new, it is good
  writeFilm(path, scenes.map(({ png }, index) => ({ png, seconds: index === 0 ? Math.max(2, first.seconds) : 3 })));
  await until(() => now() > second.presented + 15, '15 s later', 60_000);

  await page.evaluate(() => counter.press('.start'));
  await page.waitFor(() => counter.heard.result.length > 0);
  for (const card of await page.evaluate(() => counter.heard.result)) attempt.refused(card, 'stale');
  await hasNothingOf(page, person);
  // Every code of the film, and not only the one that the camera saw first.
  assert.ok(first.code !== second.code);
  for (const { code } of scenes) {
    attempt.refused(await checking.stand.verify(code), 'stale');
    attempt.refused(await checking.partner.verify(code), 'stale');
  }
  attempt.control(readCode(first.code).documentNumber, person.number);
  await leave(page);
  await leaveViewer(holder);
});
