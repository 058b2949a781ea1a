// The portal: what the authority at this origin says of itself, and the demo's people. It verifies nothing, and says so;
// text only ever becomes text.

/**
 * @typedef {{pre_authorized_code: string, name: string, status: string,
 *   status_zh: string, status_en: string, usable: boolean, note: string, note_en: string}} Person
 *   of GET /demo/people, docs/http.md
 * @typedef {'usable' | 'noted' | 'refused'} Tone
 */

/** @template {Element} T @param {string} id @param {new () => T} type @returns {T} */
function part(id, type) {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`#${id} is missing`);
  return found;
}

const announcement = part('announcement', HTMLElement);
const patience = 10_000;

// --- building ----------------------------------------------------------------------------------------------------------

/**
 * @param {string} name @param {string} className @param {...(Node | string)} content
 * @returns {HTMLElement}
 */
function element(name, className, ...content) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...content);  // strings become text
  return made;
}

/** @param {string} text @param {string} [name] @param {string} [className] */
function english(text, name = 'span', className = '') {
  const made = element(name, className, text);
  made.lang = 'en';
  return made;
}

/** @template {string} N @param {N} name @param {Record<string, string>} attributes @param {...Node} content */
function drawn(name, attributes, ...content) {
  const made = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...content);
  return made;
}

/** @param {Tone} tone */
function sign(tone) {
  const icon = tone === 'noted' ? 'note' : tone;
  return drawn('svg', { class: 'sign', viewBox: '0 0 16 16', 'aria-hidden': 'true' }, drawn('use', { href: `#icon-${icon}` }));
}

/** @param {Tone} tone @param {string} chinese @param {string} inEnglish */
function word(tone, chinese, inEnglish) {
  return [element('span', `word ${tone}`, sign(tone), chinese), ' ', english(inEnglish)];
}

/** Lines like those of the licence's ground, drawn once. A cue for the eye, not a proof of anything. */
function drawGuilloche() {
  const steps = 240;
  for (let line = 0; line < 22; ++line) {
    const points = [];
    for (let step = 0; step < steps; ++step) {
      const angle = (2 * Math.PI * step) / steps;
      const wave = (4 + line * 0.45) * Math.sin(12 * angle + line * 0.26) * Math.cos(line * 0.15);
      const radius = 26 + line * 2.7 + wave;
      points.push(`${(radius * Math.cos(angle)).toFixed(2)} ${(radius * Math.sin(angle)).toFixed(2)}`);
    }
    part('guilloche', SVGElement).append(drawn('path', { d: `M${points.join('L')}z` }));
  }
}

/** @param {string} text what is copied @param {string} what for those who cannot see where the button stands */
function copyButton(text, what) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'copy';
  button.textContent = '复制 Copy';
  button.setAttribute('aria-label', `复制 Copy: ${what}`);
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let reset;
  button.addEventListener('click', async () => {
    let isCopied = true;
    try {
      await navigator.clipboard.writeText(text);  // not there on a plain http site other than this machine's
    } catch {
      isCopied = false;
      const shown = button.parentElement?.querySelector('code');
      if (shown) getSelection()?.selectAllChildren(shown);
    }
    button.textContent = isCopied ? '已复制 ✓' : '已选中';
    button.classList.toggle('done', isCopied);
    announcement.textContent = isCopied ? `已复制 Copied: ${what}` : '请按 Ctrl+C 复制 Press Ctrl+C to copy';
    clearTimeout(reset);
    reset = setTimeout(() => {
      button.textContent = '复制 Copy';
      button.classList.remove('done');
      announcement.textContent = '';
    }, 2500);
  });
  return button;
}

// --- the authority's state ---------------------------------------------------------------------------------------------

/** @param {string} path */
const get = (path) => fetch(path, { cache: 'no-store', credentials: 'omit', redirect: 'error', signal: AbortSignal.timeout(patience) });

async function showHealth() {
  const place = part('health', HTMLElement);
  try {
    const response = await get('/healthz');
    if (response.ok) return place.replaceChildren(...word('usable', '正常', 'well'));
    const problem = await response.json().catch(() => ({}));
    place.replaceChildren(...word('refused', '异常', `HTTP ${response.status} ${typeof problem.code === 'string' ? problem.code : ''}`));
  } catch {
    place.replaceChildren(...word('refused', '连不上', 'cannot be reached'));
  }
}

/** What a JWS claims, unproved. @param {string} compact @returns {any} */
function claimsOf(compact) {
  const payload = (compact.split('.')[1] ?? '').replace(/-/g, '+').replace(/_/g, '/');
  return JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(payload), (character) => character.charCodeAt(0))));
}

/** @param {number} seconds */
function moment(seconds) {
  return new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'short' }).format(new Date(seconds * 1000));
}

async function showTrustList() {
  const place = part('trust', HTMLElement);
  const issuer = part('issuer', HTMLElement);
  try {
    const response = await get('/trust-list');
    if (!response.ok) {
      place.replaceChildren(...word('noted', '未提供', `HTTP ${response.status}`));
      issuer.replaceChildren('—');
      return;
    }
    const { seq, exp, production, iss } = claimsOf(await response.text());
    place.replaceChildren(`第 ${Number(seq)} 版，至 ${moment(Number(exp))} `,
      english(production === true ? 'list claims: production' : 'specimen list'));
    issuer.replaceChildren(String(iss));
  } catch {
    place.replaceChildren(...word('refused', '读不到', 'cannot be read'));
    issuer.replaceChildren('—');
  }
}

// --- the demo's people -------------------------------------------------------------------------------------------------

/** @param {Person} person */
function statusPill({ status, status_zh: chinese, status_en: inEnglish, usable }) {
  const tone = usable ? (status === 'A' ? 'usable' : 'noted') : 'refused';
  return element('span', `pill ${tone}`, sign(tone), element('span', '', `${chinese} `, english(inEnglish)));
}

/** @param {Person} person */
function personCard(person) {
  const label = element('p', '', '预授权码 ', english('Pre-authorized code'));
  const code = element('div', '', label, element('code', '', person.pre_authorized_code));
  const row = element('div', 'code');
  row.append(code, copyButton(person.pre_authorized_code, `${person.name} ${person.pre_authorized_code}`));
  return element('li', 'card',
    element('div', 'who', element('h3', '', person.name), statusPill(person)),
    element('p', 'about', person.note), english(person.note_en, 'p', 'about-english'), row);
}

/** @param {unknown} json @returns {Person[] | null} */
function readPeople(json) {
  const people = /** @type {any} */ (json)?.people;
  if (!Array.isArray(people)) return null;
  const names = ['pre_authorized_code', 'name', 'status', 'status_zh', 'status_en', 'note', 'note_en'];
  return people.every((one) => names.every((name) => typeof one?.[name] === 'string')) ? people : null;
}

/** @param {string} chinese @param {string} inEnglish @param {...Node} more */
const message = (chinese, inEnglish, ...more) => element('div', 'card message', element('p', '', chinese), english(inEnglish, 'p'), ...more);

function retryButton() {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'button';
  button.append('重试 ', english('Try again'));
  button.addEventListener('click', () => {
    part('people-title', HTMLElement).focus();
    void load();
  });
  return button;
}

async function showPeople() {
  const place = part('people', HTMLElement);
  place.setAttribute('aria-busy', 'true');
  try {
    const response = await get('/demo/people');
    if (response.status === 404) {
      place.replaceChildren(message('此服务没有以演示方式运行，因此没有演示人员。',
        'This authority runs without --demo, so there are no demo people.'));
      return;
    }
    const people = response.ok ? readPeople(await response.json()) : null;
    if (!people) throw new Error(`HTTP ${response.status}`);
    place.replaceChildren(people.length === 0 ? message('名单是空的。', 'The list is empty.')
      : element('ul', 'people', ...people.map(personCard)));
    announcement.textContent = `演示人员 ${people.length} 位 demo people`;
  } catch (error) {
    const reason = error instanceof Error && error.message.startsWith('HTTP') ? ` (${error.message})` : '';
    place.replaceChildren(message(`读不到演示人员的名单${reason}。`, 'The list of demo people cannot be read.', retryButton()));
    announcement.textContent = '读不到演示人员的名单 The list of demo people cannot be read';
  } finally {
    place.removeAttribute('aria-busy');
  }
}

// --- what to try -------------------------------------------------------------------------------------------------------

/** @param {string} name */
const meta = (name) => document.querySelector(`meta[name="${name}"]`)?.getAttribute('content') ?? '';

function showCommands() {
  const data = meta('data-folder');
  /** @type {[string, string, string][]} */
  const commands = [
    ['列出演示人员', 'List the demo people', `curl -s ${location.origin}/demo/people`],
    ['用固定的根公钥验证信任列表', 'Verify the trust list with the pinned root key',
      `curl -s ${location.origin}/trust-list | build/native/elicense trust-list verify ` +
      `--root "$(build/native/elicense-authority root-key --data ${data})"`],
    ['以操作员身份查看驾驶证记录', "Look at the licences' records as an operator",
      `curl -s ${location.origin}/admin/licences -H 'Content-Type: application/json' ` +
      `-H "Authorization: Bearer $(cat ${data}/operator-key)" -d '{"limit":3}'`],
  ];
  part('commands', HTMLElement).replaceChildren(...commands.map(([chinese, inEnglish, text]) => {
    const box = element('div', 'command', element('pre', '', element('code', '', text)));
    box.append(copyButton(text, inEnglish));
    return element('li', '', element('p', '', chinese, english(inEnglish)), box);
  }));
}

function showPartner() {
  const address = meta('partner-page');
  if (!/^https?:\/\//.test(address)) return;
  part('partner-link', HTMLAnchorElement).href = address;
  part('partner', HTMLElement).hidden = false;
}

async function load() {
  await Promise.all([showHealth(), showTrustList(), showPeople()]);
  part('state', HTMLElement).removeAttribute('aria-busy');
}

drawGuilloche();
showPartner();
showCommands();
void load();
