// Every way to hand a code to the verification widget, but the camera.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { mint } from '../authority/support/phone.mjs';
import { check, Checking, leave, phone, shows } from './support/checking.mjs';
import { until } from './support/stand.mjs';

/** @type {Checking} */
let checking;
before(async () => { checking = await Checking.start(); });
after(() => checking?.stop());

describe('ways to hand in a code', () => {
  it('a picture: to the method, pasted, dropped, chosen', async () => {
    const { device } = await checking.holder();
    const page = await checking.open();
    const next = async () => checking.png(mint(await device.lease()));
    assert.equal((await page.evaluate((picture) => counter.verifyPicture(picture), await next())).result, 'valid');
    for (const way of ['pastePicture', 'dropPicture']) {
      await page.evaluate((way, picture) => { counter.heard.result.length = 0; counter[way](picture); }, way, await next());
      await page.waitFor(() => counter.heard.result.length === 1);
      assert.equal(await page.evaluate(() => counter.heard.result[0].result), 'valid', way);
    }
    await next();
    await page.evaluate(() => { counter.heard.result.length = 0; });
    const chooser = page.raw.waitForEvent('filechooser');
    await page.evaluate(() => counter.press('.actions .action:nth-of-type(2)'));
    await (await chooser).setFiles(checking.picture);
    await page.waitFor(() => counter.heard.result.length === 1);
    assert.equal(await page.evaluate(() => counter.heard.result[0].result), 'valid');
    await leave(page);
  });

  it('a picture that is blurred by half a module is read', async () => {
    const { lease } = await checking.holder();
    const page = await checking.open();
    const card = await page.evaluate(async (base64) => {
      const picture = await createImageBitmap(new Blob([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))]));
      const context = new OffscreenCanvas(picture.width, picture.height).getContext('2d');
      context.filter = 'blur(2px)'; // its deviation
      context.drawImage(picture, 0, 0);
      return counter.verify(context.getImageData(0, 0, picture.width, picture.height));
    }, await checking.png(mint(lease), 4));
    assert.equal(card.result, 'valid', card);
    await leave(page);
  });

  it('a picture without a code of ours: a hint, no result, and its text nowhere', async () => {
    const page = await checking.open();
    const link = await checking.png('HTTPS://EXAMPLE.ORG/FOLLOW-ME');
    assert.equal(await page.evaluate((picture) => counter.verifyPicture(picture), link), 'NotFoundError');
    await page.evaluate((picture) => counter.pastePicture(picture), link);
    await page.waitFor(() => counter.isShown('.notice') && counter.text('.notice') === '这不是驾驶证电子版的二维码');
    await page.evaluate(() => counter.pastePicture(btoa('this is no picture')));
    await page.waitFor(() => counter.text('.notice') === '无法读取这个文件，请选择图片');
    assert.equal(await page.evaluate(() => counter.view()), 'idle');
    assert.ok(!(await page.evaluate(() => counter.everything())).includes('FOLLOW-ME'));
    assert.ok(page.raw.url().startsWith(checking.counter.page));
    await leave(page);
  });

  it('the scanner is loaded for the first picture, in a worker, and not before', async () => {
    const { lease } = await checking.holder();
    checking.counter.asked.length = 0;
    const page = await checking.open();
    await check(page, mint(lease));
    assert.ok(!checking.counter.asked.some((path) => path.includes('scanner')));
    await page.evaluate((picture) => counter.verifyPicture(picture), await checking.png('NOT OURS'));
    assert.deepEqual(checking.counter.asked.filter((path) => path.includes('scanner')).toSorted(),
      ['/dist/e-license-scanner.js', '/dist/e-license-scanner.wasm']);
    assert.equal(page.raw.workers().length, 1);
    await page.evaluate(() => counter.close());
    await until(() => page.raw.workers().length === 0, 'the end of the worker');
    await leave(page);
  });

  it('where scripts have to be trusted by name, the scanner still gets its worker', async () => {
    const { lease } = await checking.holder();
    checking.counter.also = "; require-trusted-types-for 'script'; trusted-types e-license-scanner";
    const page = await checking.open();
    checking.counter.also = '';
    const picture = await checking.png(mint(lease));
    assert.equal((await page.evaluate((picture) => counter.verifyPicture(picture), picture)).result, 'valid');
    assert.equal(page.raw.workers().length, 1);
    await leave(page);
  });

  it('a scanner that traps is begun anew', async () => {
    const { device } = await checking.holder();
    const page = await checking.open({ view: { ...phone, initScript: `delete globalThis.Worker;
      const { instantiate } = WebAssembly;
      const trapping = (call) => (...words) => {
        if (!globalThis.trap) return call(...words);
        globalThis.trap = false;
        throw new WebAssembly.RuntimeError('Out of bounds memory access');
      };
      WebAssembly.instantiate = async (...words) => {
        const { exports } = await instantiate(...words);
        return { exports: Object.fromEntries(Object.entries(exports).map(([name, one]) => [name, typeof one === 'function' ? trapping(one) : one])) };
      };` } });
    const resultOf = async () => {
      const picture = await checking.png(mint(await device.lease()));
      return (await page.evaluate((picture) => counter.verifyPicture(picture), picture)).result;
    };
    assert.equal(await resultOf(), 'valid');
    await page.evaluate(() => { globalThis.trap = true; });
    assert.equal(await resultOf(), 'valid');
    assert.equal(await page.evaluate(() => globalThis.trap), false);
    await leave(page);
  });

  it('text: pasted into the page, entered in its field', async () => {
    const { device } = await checking.holder();
    const page = await checking.open();
    assert.equal(await page.evaluate((text) => counter.paste(text), mint(await device.lease())), false, 'taken');
    await shows(page, 'valid');
    await page.evaluate(() => { counter.timeIsUp(); counter.press('.actions .action:nth-of-type(3)'); });
    await page.raw.keyboard.insertText(`${mint(await device.lease())}`);
    await page.press('Enter');
    await shows(page, 'valid');
    assert.ok(!(await page.evaluate(() => counter.isShown('textarea'))));
    await leave(page);
  });

  it('a handheld scanner that types; never what somebody writes in a field', async () => {
    const { device } = await checking.holder();
    const page = await checking.open();
    const text = mint(await device.lease());
    await page.evaluate(() => {
      const field = document.createElement('input');
      field.id = 'field';
      document.getElementById('place').append(field);
    });
    const taken = await page.evaluate((text) => counter.type(text, document.getElementById('field')), text);
    assert.equal(taken, 0);
    assert.equal(await page.evaluate((text) => counter.paste(text, document.getElementById('field')), text), true);
    assert.equal(await page.evaluate(() => counter.view()), 'idle');
    assert.ok(await page.evaluate((text) => counter.type(text), text) > text.length - 8);
    await shows(page, 'valid');
    await leave(page);
  });

  it('only the sources that the page wants', async () => {
    const { lease } = await checking.holder();
    const page = await checking.open({ sources: 'image' });
    assert.equal(await page.evaluate(() => counter.isShown('.window')), false);
    assert.equal(await page.evaluate((text) => counter.type(text), mint(lease)) > 0, true);
    assert.equal(await page.evaluate((text) => counter.paste(text), mint(lease)), true, 'left to the page');
    assert.equal(await page.evaluate(() => counter.view()), 'idle');
    await leave(page);
  });
});

