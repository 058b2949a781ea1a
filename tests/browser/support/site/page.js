// What the tests ask the page to do. Elements are told apart by their id.
import '/dist/e-license.js';

const heard = {}; // states by id, in their order
const others = []; // every other event
const one = (id) => document.getElementById(id);

document.addEventListener('state-change', ({ target, detail }) => {
  // An element that is somewhere within a closed tree speaks through its host.
  (heard[target.id] ??= []).push({ ...detail, at: performance.now() });
});
for (const type of ['page-change', 'checked']) {
  document.addEventListener(type, ({ target, detail }) => { others.push({ id: target.id, type, detail }); });
}

window.tests = {
  heard,
  others,
  add(id, { code, ...attributes }, where = document.getElementById('place')) {
    const element = document.createElement('e-license');
    element.id = id;
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    if (code) element.preAuthorizedCode = code;
    element.addEventListener('error', ({ detail }) => { others.push({ id, type: 'error', detail }); });
    where.append(element);
  },
  remove: (id) => one(id).remove(),
  state: (id) => one(id).state,
  last: (id) => heard[id]?.at(-1),
  forget: (id) => { heard[id] = []; },
  // All that is text in the element, values of attributes too.
  text: (id) => one(id).shadowRoot.innerHTML,
  said: (id) => one(id).shadowRoot.querySelector('[role=status]').textContent,
  controls: (id) => [...one(id).shadowRoot.querySelectorAll('.control')].map((button) => ({
    name: button.getAttribute('part').replace('control ', ''), label: button.getAttribute('aria-label'),
    pressed: button.getAttribute('aria-pressed'), focused: one(id).shadowRoot.activeElement === button,
    ...button.getBoundingClientRect().toJSON(),
  })),
  use: (id, name) => one(id).shadowRoot.querySelector(`[part~=${name}]`).click(),
  // The names of what is kept on the disk, of every account.
  async kept() {
    const opened = indexedDB.open('e-license');
    opened.onupgradeneeded = () => opened.transaction.abort(); // it is the viewer's to make
    const database = await new Promise((resolve) => { opened.onsuccess = () => resolve(opened.result); opened.onerror = () => resolve(null); });
    if (!database) return [];
    const names = await Promise.all(['keys', 'kept'].map((table) => new Promise((resolve) => {
      const request = database.transaction(table).objectStore(table).getAllKeys();
      request.onsuccess = () => resolve(request.result.map((place) => place.at(-1)));
    })));
    database.close();
    return names.flat();
  },
  isBlank: (id) => one(id).shadowRoot.querySelector('.stage').matches('.blank, [hidden]'),
};
window.ready = true;
