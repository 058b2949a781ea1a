// What the tests ask the counter's page to do with its one <e-license-verifier>.
import '/dist/e-license-verifier.js';

const place = document.getElementById('place');
let element = null;
const heard = { result: [], readiness: [] };
for (const type of Object.keys(heard)) document.addEventListener(type, ({ detail }) => { heard[type].push(detail); });

const within = (selector) => element.shadowRoot.querySelector(selector);
const bytesOf = (base64) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));

window.counter = {
  heard,
  get element() { return element; },
  open(attributes) {
    element?.remove();
    for (const all of Object.values(heard)) all.length = 0;
    element = document.createElement('e-license-verifier');
    element.id = 'one';
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    place.append(element);
  },
  close() {
    element.remove();
    element = null;
  },
  /** The card, or the error's name. */
  verify: (text) => element.verify(text).catch((error) => error.name),
  verifyPicture: (base64) => element.verify(new Blob([bytesOf(base64)], { type: 'image/png' })).catch((error) => error.name),
  view: () => within('.frame').dataset.view,
  tone: () => within('.card').dataset.tone ?? null,
  result: () => within('.card').dataset.result ?? null,
  text: (selector) => within(selector)?.textContent ?? null,
  isShown: (selector) => within(selector)?.checkVisibility() ?? false,
  said: () => within('[role=status]').textContent,
  press: (selector) => within(selector).click(),
  focused: () => element.shadowRoot.activeElement?.className ?? null,
  /** All that is text in the element, values of attributes too. */
  everything: () => element.shadowRoot.innerHTML,
  /** As if the time of the result were over. */
  timeIsUp() { within('.bar').getAnimations()[0].finish(); },
  timing: () => within('.bar').getAnimations()[0]?.playState ?? null,
  paste(text, target = document.body) {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', text);
    const event = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true, composed: true });
    return target.dispatchEvent(event);
  },
  pastePicture(base64) {
    const clipboardData = new DataTransfer();
    clipboardData.items.add(new File([bytesOf(base64)], 'code.png', { type: 'image/png' }));
    document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true, composed: true }));
  },
  dropPicture(base64) {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([bytesOf(base64)], 'code.png', { type: 'image/png' }));
    const send = (type) => element.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true, composed: true }));
    send('dragover');
    return send('drop');
  },
  /** As a handheld scanner does, into whatever has the focus. How many of the keys were taken from the page. */
  type(text, target = document.body) {
    const send = (key) => target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, composed: true }));
    return [...text, 'Enter'].filter((key) => !send(key)).length;
  },
};
// The widget in a frame instead, and what it says.
let frame = null;
const messages = [];
window.addEventListener('message', ({ source, origin, data }) => { if (source === frame?.contentWindow) messages.push({ origin, ...data }); });
window.framed = {
  messages,
  open(src) {
    frame?.remove();
    messages.length = 0;
    frame = document.createElement('iframe');
    Object.assign(frame, { src, allow: 'camera', width: 390, height: 800 });
    place.append(frame);
  },
  say: (message, to) => frame.contentWindow.postMessage(message, to),
};
window.ready = true;
