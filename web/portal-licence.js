// The licence on the portal: one <e-license>, made anew for each person, and what it says of itself.
import { announce, button, element, english, message, meta, part } from './portal-parts.js';

/**
 * @typedef {import('./e-license.d.ts').ELicenseElement} ELicense
 * @typedef {import('./e-license.d.ts').ViewerState} ViewerState
 * @typedef {import('./portal-people.js').Person} Person
 * @typedef {{state: ViewerState, error: string | null, words: string}} Standing
 */

/** @type {Record<ViewerState, [string, string]>} */
const names = {
  loading: ['正在打开', 'opening'],
  live: ['实时', 'live'],
  offline: ['离线', 'offline'],
  stale: ['已过时', 'out of date'],
  refused: ['不可使用', 'refused'],
  untrusted: ['未通过验证', 'untrusted'],
  unavailable: ['无法显示', 'unavailable'],
};

const place = part('licence', HTMLElement);
const strip = part('standing', HTMLElement);
/** @type {Set<(standing: Standing) => void>} */
const listeners = new Set();
/** @type {Person | null} */
let holder = null;
/** @type {ELicense | null} */
let shown = null;
let language = 'zh-CN';

/** Told of every change of the state. @param {(standing: Standing) => void} listener */
export const watchStanding = (listener) => void listeners.add(listener);

/** @param {Standing} standing */
export const standingWords = ({ state, error }) =>
  [element('b', '', names[state][0]), ' ', english(error ? `${names[state][1]}, ${error}` : names[state][1])];

/** @param {Standing} standing */
function tell(standing) {
  const tone = { live: 'usable', refused: 'refused', untrusted: 'refused', unavailable: 'refused' }[String(standing.state)] ?? 'noted';
  place.classList.toggle('settled', standing.state !== 'loading');
  strip.replaceChildren(element('span', `dot ${tone}`), element('span', '', ...standingWords(standing)));
  if (standing.error === 'another-phone' && holder) {
    strip.append(button('在此重新领取', 'claim it here', () => {
      if (shown && holder) shown.preAuthorizedCode = holder.pre_authorized_code;
    }, 'link'));
  }
  for (const listener of listeners) listener(standing);
}

// Built by ./dev build, and no part of this page's own sources.
const viewer = import(new URL('../dist/e-license.js', import.meta.url).href).then(() => true, () => false);

/** What is kept of this person in this browser: see web/keys.ts. */
export const keptOf = () => (holder ? [location.origin, holder.key] : null);

/** The person's licence, from what this browser has kept and the network. @param {Person} person */
export async function showLicence(person) {
  holder = person;
  closeLicence();
  if (!(await viewer)) {
    place.replaceChildren(message('查看器还没有构建：请运行 ./dev build 后重新载入。', 'The viewer has not been built yet: run ./dev build, then reload.'));
    return;
  }
  if (holder !== person) return;  // somebody else was chosen meanwhile
  const made = /** @type {ELicense} */ (document.createElement('e-license'));
  made.setAttribute('authority', location.origin);
  made.setAttribute('root-key', meta('root-key'));
  made.setAttribute('account', person.key);
  made.lang = language;
  // Stands for the person check. It is used when there is no access yet, and again and again, in a demo only.
  made.preAuthorizedCode = person.pre_authorized_code;
  made.addEventListener('state-change', ({ detail }) => { if (made === shown) tell(detail); });
  made.addEventListener('checked', ({ detail }) => {
    announce(`${detail.partner} 核验了驾驶证 has checked the licence${detail.echo === null ? '' : `: ${detail.echo}`}`);
  });
  shown = made;
  place.replaceChildren(made);
}

/** Takes it off the page, so that nothing of it runs any more. */
export function closeLicence() {
  shown = null;
  place.replaceChildren();
}

export const refreshLicence = () => shown?.refresh();

/** On a phone it is far above the buttons, and out of sight the viewer rests: then it is brought back into sight. */
export function lookAtLicence() {
  const { top, bottom } = place.getBoundingClientRect();
  if (bottom > innerHeight / 3 && top < innerHeight / 2) return;
  const behavior = matchMedia('(prefers-reduced-motion: reduce)').matches ? 'instant' : 'smooth';
  place.scrollIntoView({ behavior, block: 'start' });
}

export const reopenLicence = async () => { if (holder) await showLicence(holder); };

/** @param {HTMLElement} switcher two buttons with data-language */
export function offerLanguages(switcher) {
  const buttons = [...switcher.querySelectorAll('button')];
  for (const one of buttons) {
    one.addEventListener('click', () => {
      language = one.dataset['language'] ?? language;
      for (const other of buttons) other.setAttribute('aria-pressed', String(other === one));
      if (shown) shown.lang = language;
    });
  }
}
