// A client of W3C WebDriver, as small as the tests of WebKitGTK need it.
import { until } from '../../authority/support/server.mjs';


export class WebDriver {
  #session = '';

  constructor(url) {
    this.url = url;
  }

  async start(capabilities) {
    await until(async () => (await fetch(`${this.url}/status`).catch(() => null))?.ok, 'the driver to listen');
    const { sessionId } = await this.#send('POST', '/session', { capabilities: { alwaysMatch: capabilities } }, 30_000);
    this.#session = `/session/${sessionId}`;
  }

  goTo(url) { return this.#ask('POST', '/url', { url }); }
  setWindow(width, height) { return this.#ask('POST', '/window/rect', { x: 0, y: 0, width, height }); }
  screenshot() { return this.#ask('GET', '/screenshot'); }
  end() { return this.#session ? this.#ask('DELETE', '') : Promise.resolve(); }

  // What comes of the function in the page, promises awaited.
  run(source, args) {
    return this.#ask('POST', '/execute/sync', { script: `return (${source})(...arguments);`, args });
  }

  press(key) {
    return this.#ask('POST', '/actions', {
      actions: [{ type: 'key', id: 'keyboard', actions: [{ type: 'keyDown', value: key }, { type: 'keyUp', value: key }] }],
    });
  }

  // Along points of the viewport, pressed from the first to the last.
  drag(points) {
    const [first, ...rest] = points.map(([x, y]) => ({ type: 'pointerMove', duration: 0, origin: 'viewport', x, y }));
    return this.#ask('POST', '/actions', {
      actions: [{
        type: 'pointer', id: 'mouse', parameters: { pointerType: 'mouse' },
        actions: [first, { type: 'pointerDown', button: 0 }, ...rest, { type: 'pointerUp', button: 0 }],
      }],
    });
  }

  #ask(method, path, body) { return this.#send(method, this.#session + path, body); }

  async #send(method, path, body, patience = 120_000) {
    const answer = await fetch(this.url + path, {
      method,
      headers: { 'content-type': 'application/json' },
      body: method === 'POST' ? JSON.stringify(body ?? {}) : null,
      signal: AbortSignal.timeout(patience), // ms
    });
    const { value } = await answer.json();
    if (!answer.ok) throw new Error(`${method} ${path}: ${value?.error}: ${value?.message}`);
    return value;
  }
}
