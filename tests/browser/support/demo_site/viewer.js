// A page of a host with one licence on it, and with hands on what is around the viewer: its network and its clock. Of the
// viewer itself it touches nothing.
const trueFetch = window.fetch;
const trueDate = Date.now;
const network = { cut: false, held: '', broken: '' };
let portraits = 0;
let frames = 0;
let last = 0;

// Before a path that is held no answer comes; the answer of one that is broken has another character in its middle.
window.fetch = async (resource, options) => {
  const { pathname } = new URL(resource, location.href);
  if (network.cut) throw new TypeError('cut');
  if (network.held && pathname.endsWith(network.held)) return new Promise(() => {});
  const answer = await trueFetch(resource, options);
  if (!network.broken || !pathname.endsWith(network.broken)) return answer;
  const text = await answer.text();
  const middle = text.length >> 1;
  const body = text.slice(0, middle) + (text[middle] === 'A' ? 'B' : 'A') + text.slice(middle + 1);
  return new Response(body, { status: answer.status, headers: answer.headers });
};
// The portrait is there when it is a texture.
const trueImage = WebGL2RenderingContext.prototype.texImage2D;
WebGL2RenderingContext.prototype.texImage2D = function texImage2D(...words) {
  trueImage.apply(this, words);
  if (words.at(-1) instanceof ImageBitmap) portraits += 1;
};
// Each frame clears before it draws.
const trueClear = WebGL2RenderingContext.prototype.clear;
WebGL2RenderingContext.prototype.clear = function clear(mask) {
  frames += 1;
  last = performance.now();
  return trueClear.call(this, mask);
};

await import('./dist/e-license.js');

/** Puts a licence there instead of the one before. */
function show(attributes, code) {
  portraits = 0;
  const made = document.createElement('e-license');
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  if (code) made.preAuthorizedCode = code;
  document.getElementById('place').replaceChildren(made);
  window.viewer = made;
}

const control = (name) => window.viewer.shadowRoot.querySelector(`[part~="${name}"]`);

window.host = {
  show,
  network,
  control,
  shiftClock: (milliseconds) => { Date.now = () => trueDate() + milliseconds; },
  keepClock: () => { Date.now = trueDate; },
  drawn: () => ({ frames, portraits, quiet: performance.now() - last }),
};
