// The demo's people: whose licence is shown, and what an operator can do to it.
import { announce, ask, button, copyButton, element, english, message, part, sign } from './portal-parts.js';
import { lookAtLicence, showLicence, standingWords, watchStanding } from './portal-licence.js';

/**
 * @typedef {{key: string, pre_authorized_code: string, name: string, status: string,
 *   status_zh: string, status_en: string, usable: boolean, note: string, note_en: string}} Person
 *   of GET /demo/people, docs/http.md
 */

/** @type {[string, string, string][]} */
const acts = [
  ['points', '记满 12 分', 'twelve points'],
  ['lock', '锁定', 'lock'],
  ['restore', '恢复原状', 'restore'],
];

const list = part('people', HTMLElement);
const panel = part('person', HTMLElement);
/** @type {Person[]} */
let people = [];
let chosen = '';

/** @param {Person} person */
function statusPill({ status, status_zh: chinese, status_en: inEnglish, usable }) {
  const tone = usable ? (status === 'A' ? 'usable' : 'noted') : 'refused';
  return element('span', `pill ${tone}`, sign(tone), element('span', '', `${chinese} `, english(inEnglish)));
}

/** @param {unknown} one */
function isPerson(one) {
  const names = ['key', 'pre_authorized_code', 'name', 'status', 'status_zh', 'status_en', 'note', 'note_en'];
  return names.every((name) => typeof (/** @type {any} */ (one)?.[name]) === 'string');
}

/** @param {Person} person */
function row(person) {
  const made = document.createElement('button');
  made.type = 'button';
  made.className = 'card';
  made.setAttribute('aria-pressed', String(person.key === chosen));
  made.append(element('strong', '', person.name), statusPill(person));
  made.addEventListener('click', () => {
    choose(person.key);
    lookAtLicence();
  });
  return element('li', '', made);
}

function drawList() {
  const active = document.activeElement?.closest('#people li');
  const index = active ? [...list.querySelectorAll('li')].indexOf(/** @type {HTMLLIElement} */ (active)) : -1;
  list.replaceChildren(element('ul', 'people', ...people.map(row)));
  list.querySelectorAll('button')[index]?.focus();
}

/** @param {Person} person */
function drawPanel(person) {
  const buttons = acts.map(([action, chinese, inEnglish]) =>
    button(chinese, inEnglish, () => void act(person, action, chinese), action === 'restore' ? 'button quiet' : 'button'));
  const code = element('p', 'code', element('span', '', '预授权码 ', english('pre-authorized code')), element('code', '', person.pre_authorized_code));
  code.append(copyButton(person.pre_authorized_code, person.pre_authorized_code));
  panel.replaceChildren(
    element('div', 'who', element('h3', '', person.name), statusPill(person)),
    element('p', 'about', `原状：${person.note}`), english(`As the demo has it: ${person.note_en}`, 'p', 'about-english'),
    element('p', 'ask', '发证机关可以： ', english('What the authority can do:')),
    element('div', 'acts', ...buttons), element('p', 'now', element('span', '', '驾驶证说： ', english('The licence says:'))), code);
  panel.hidden = false;
}
// On a phone the licence itself is out of sight here.
watchStanding((standing) => {
  const line = panel.querySelector('.now');
  line?.replaceChildren(line.firstChild ?? '', ' ', ...standingWords(standing));
});

/** @param {Person} person @param {string} action @param {string} words */
async function act(person, action, words) {
  /** @type {string} */
  let outcome;
  lookAtLicence();
  try {
    const answer = await ask('/demo/act', {
      method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ person: person.key, action }) });
    const after = answer.ok ? await answer.json() : null;
    if (!isPerson(after)) throw new Error(`HTTP ${answer.status}`);
    people = people.map((one) => (one.key === person.key ? after : one));
    drawList();
    if (chosen === person.key) panel.querySelector('.pill')?.replaceWith(statusPill(after));
    outcome = `${person.name}: ${words}, ${after.status_zh} ${after.status_en}`;
  } catch (error) {
    outcome = `没有办成 Not done: ${words}${error instanceof Error && error.message.startsWith('HTTP') ? ` (${error.message})` : ''}`;
    panel.querySelector('.failed')?.remove();
    panel.append(element('p', 'failed', outcome));
  }
  announce(outcome);
}

/** @param {string} key */
function choose(key) {
  const person = people.find((one) => one.key === key) ?? people[0];
  if (!person || person.key === chosen) return;
  chosen = person.key;
  history.replaceState(null, '', `#${chosen}`);
  drawList();
  drawPanel(person);
  void showLicence(person);
}

/** @param {() => void} again */
export async function showPeople(again) {
  list.setAttribute('aria-busy', 'true');
  try {
    const answer = await ask('/demo/people');
    if (answer.status === 404) {
      list.replaceChildren(message('此服务没有以演示方式运行，因此没有演示人员。', 'This authority runs without --demo, so there are no demo people.'));
      return;
    }
    const found = answer.ok ? (await answer.json())?.people : null;
    if (!Array.isArray(found) || !found.every(isPerson)) throw new Error(`HTTP ${answer.status}`);
    people = found;
    drawList();
    choose(location.hash.slice(1));
  } catch {
    list.replaceChildren(message('读不到演示人员的名单。', 'The list of demo people cannot be read.', button('重试', 'Try again', again)));
    announce('读不到演示人员的名单 The list of demo people cannot be read');
  } finally {
    list.removeAttribute('aria-busy');
  }
}
