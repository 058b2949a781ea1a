// A thousand insertions and removals leave nothing behind.
import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { leave, phone, reaches, Stand } from './support/stand.mjs';

const mostBytes = 1_000_000; // of heap, from the 200th to the 1000th: 1.2 KB a cycle would be a leak of anything but noise
// Nodes, listeners: one element that waits to be collected has some 140 nodes; a leak would be eight hundred elements.
const mostOthers = 400;

/** @type {Stand} */
let stand;
before(async () => { stand = await Stand.start(); });
after(() => stand.stop());

it('a thousand insertions and removals, one in twenty until it is live', async (test) => {
  const { page } = await stand.openLive('chromium', { view: { ...phone, height: 500, reducedMotion: true } });
  const attributes = stand.attributes();
  await page.evaluate(() => tests.remove('one'));
  const session = await page.raw.context().newCDPSession(page.raw);
  await session.send('Performance.enable');

  const measure = async () => {
    await page.evaluate(() => { for (const id of Object.keys(tests.heard)) delete tests.heard[id]; });
    await session.send('HeapProfiler.collectGarbage');
    const { metrics } = await session.send('Performance.getMetrics');
    const of = (name) => metrics.find((metric) => metric.name === name).value;
    return { heap: of('JSHeapUsedSize'), nodes: of('Nodes'), listeners: of('JSEventListeners'), documents: of('Documents') };
  };
  // In and out, at once or as soon as a first picture is there; now and then until it is live.
  const cycles = async (count) => {
    for (let round = 0; round < count / 20; ++round) {
      await page.evaluate(async (attributes) => {
        const later = () => new Promise((resolve) => { setTimeout(resolve); });
        for (let index = 0; index < 19; ++index) {
          tests.add('one', attributes);
          const stage = document.getElementById('one').shadowRoot.querySelector('.stage');
          if (index === 0) while (stage.matches('.blank, [hidden]')) await later();
          else if (index % 2) await later();
          tests.remove('one');
          await later();
        }
        tests.add('one', attributes);
      }, attributes);
      await reaches(page, 'one', 'live');
      await page.evaluate(() => tests.remove('one'));
    }
  };

  await cycles(200);
  const early = await measure();
  await cycles(800);
  const late = await measure();
  test.diagnostic(`after 200: ${JSON.stringify(early)}`);
  test.diagnostic(`after 1000: ${JSON.stringify(late)}`);
  assert.ok(late.heap - early.heap < mostBytes, `the heap has grown by ${late.heap - early.heap} bytes`);
  for (const what of ['nodes', 'listeners', 'documents']) {
    assert.ok(late[what] - early[what] <= mostOthers, `${what}: ${early[what]}, then ${late[what]}`);
  }
  await leave(page);
});
