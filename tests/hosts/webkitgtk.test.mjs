// The licence page in an app: a real webview, its window on a display, and what the app and the page tell each other.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { run } from '../cli/support/elicense.mjs';
import { until } from '../authority/support/server.mjs';
import { coloursIn } from '../browser/support/picture.mjs';
import { zbar } from '../browser/support/zbar.mjs';
import { missing } from './support/app.mjs';
import { Stage } from './support/stage.mjs';

const patience = 60_000;

/** Until a code can be read off the window. */
const code = (app) => until(async () => {
  const { path, png } = await app.picture();
  const [text] = await zbar(path, 'QR-Code');
  return text && { text, png };
}, 'a code in the window', patience);

/** Until nothing of the licence stands in the window: one colour, the page's ground. */
const blank = (app) => until(async () => {
  const { path, png } = await app.picture();
  if (coloursIn(png) > 1) return false;
  assert.deepEqual(await zbar(path, 'QR-Code'), []);
  return true;
}, 'a blank window', patience);

const leases = (stage) => stage.wire.to('/credential', 'live-code-lease').filter(({ status }) => status === 200).length;

describe('an app with WebKitGTK', () => {
  /** @type {Stage} */
  let stage;
  before(async () => { if (!missing) stage = await Stage.start(); });
  after(() => stage?.stop());

  it('hands over a code and hears that the licence is live; nobody is named and the code stands in no URL', { skip: missing }, async () => {
    const { app, person } = await stage.openLive();
    await code(app);
    assert.deepEqual(await app.stop(), { code: 0, signal: null });
    const told = JSON.stringify(app.said) + app.err;
    for (const secret of [...person.secrets, person.code]) assert.ok(!told.includes(secret), told);
    const urls = [...stage.pages.asked, ...stage.wire.answers.map(({ asked }) => asked.path)].join(' ');
    assert.ok(!urls.includes(person.code), urls);
    assert.ok(stage.wire.to('/token', encodeURIComponent(person.code)).length > 0, 'it came with a request');
  });

  it('keeps the licence in its folder: begun anew it is live without a code; without a folder it is not', { skip: missing }, async () => {
    const data = join(stage.folder, 'kept');
    const { app } = await stage.openLive({ data });
    await app.stop();
    const again = stage.open({ data });
    await again.reaches('live');
    await again.stop();
    const other = stage.open();
    await other.hears(({ detail }) => detail?.words?.includes('尚未登录'), 'nobody is signed in');
    assert.ok(!other.said.some(({ detail }) => detail?.state === 'live'));
    await other.stop();
  });

  it('covers it at a command and at a signal: a blank window, and live again after a renewal', { skip: missing }, async () => {
    const { app } = await stage.openLive();
    const ways = [[() => app.tell('cover'), () => app.tell('uncover')], [() => app.child.kill('SIGUSR1'), () => app.child.kill('SIGUSR2')]];
    for (const [cover, uncover] of ways) {
      const before = await code(app);
      assert.ok(coloursIn(before.png) > 16);
      let from = app.said.length;
      cover();
      await app.took('cover', from);
      // The page has said so within the call, and so before the app's call was done.
      const said = app.said.slice(from);
      assert.ok(said.findIndex(({ event, detail }) => event === 'cover' && detail.covered) < said.findIndex(({ told }) => told === 'cover'));
      await blank(app);
      from = app.said.length;
      const had = leases(stage);
      uncover();
      await app.took('uncover', from);
      await until(() => leases(stage) > had, 'a new lease', patience);
      await until(async () => (await code(app)).text !== before.text, 'another code', patience); // every five seconds
    }
    await app.stop();
  });

  it('covers it when another window comes to the front', { skip: missing }, async () => {
    const { app } = await stage.openLive();
    app.tell('front');
    await code(app);
    const other = stage.open();
    const from = app.said.length;
    other.tell('front');
    await app.took('cover', from);
    await other.stop();
    await blank(app);
    app.tell('front');
    await app.took('uncover', from);
    await code(app);
    await app.stop();
  });

  it('covered before the page is there: its first word to the page, and nothing is fetched or drawn until it is uncovered', { skip: missing }, async () => {
    const app = stage.open();
    app.tell('cover');
    app.tell(`code ${(await stage.person()).code}`);
    const had = leases(stage);
    await app.took('code');
    assert.equal(app.said.find(({ told }) => told).told, 'cover');
    await app.hears(({ detail }) => detail?.words === '正在载入', 'the wish to load');
    assert.deepEqual(await zbar((await app.picture()).path, 'QR-Code'), []);
    assert.equal(leases(stage), had);
    assert.ok(!app.said.some(({ detail }) => detail?.state === 'live'));
    app.tell('uncover');
    await app.reaches('live');
    await code(app);
    await app.stop();
  });

  it('hears within two seconds that twelve points have ended the right to drive', { skip: missing }, async () => {
    const had = new Set(stage.wire.streams);
    const { app, person } = await stage.openLive();
    await until(() => [...stage.wire.streams].some((stream) => !had.has(stream)), 'the stream of events');
    const from = app.said.length;
    const begun = Date.now();
    await stage.operator.change(person.number, { points: 12 });
    const { at } = await app.reaches('refused', from);
    assert.ok(at - begun < 2000, `${at - begun} ms`);
    await app.stop();
  });

  it('signs by a key of its own, and the licence is bound to that key', { skip: missing }, async () => {
    const file = join(stage.folder, 'device.jwk');
    assert.equal((await run(['keys', 'new', '--out', file])).code, 0);
    const { app } = await stage.openLive({ 'device-key': file });
    await app.took('signed');
    await code(app);
    await app.stop();
    const { credentials: [{ credential }] } = JSON.parse(stage.wire.to('/credential', '"driving-licence"').at(-1).body);
    const { cnf } = JSON.parse(Buffer.from(credential.split('.')[1], 'base64url').toString());
    assert.equal(cnf.jwk.x, JSON.parse(readFileSync(file, 'utf8')).x);
  });
});
