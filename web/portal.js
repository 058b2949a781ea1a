// The portal: a licence that is live, the demo's people, what a cheat would try, and what the authority at this origin says
// of itself. The page verifies nothing; the viewer does.
import { showTricks } from './portal-tricks.js';
import { ask, copyButton, drawn, element, english, meta, part, word } from './portal-parts.js';
import { offerLanguages } from './portal-licence.js';
import { showPeople } from './portal-people.js';

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

// --- the authority's state ---------------------------------------------------------------------------------------------

async function showHealth() {
  const place = part('health', HTMLElement);
  try {
    const response = await ask('/healthz');
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
    const response = await ask('/trust-list');
    if (!response.ok) {
      place.replaceChildren(...word('noted', '未提供', `HTTP ${response.status}`));
      issuer.replaceChildren('—');
      return;
    }
    const { seq, exp, production, iss } = claimsOf(await response.text());
    place.replaceChildren(`第 ${Number(seq)} 版，至 ${moment(Number(exp))} `,
      english(production === true ? 'list claims: production' : 'specimen list'));
    issuer.replaceChildren(String(iss));
    // Its signatures name this origin and no other: under another name of this machine the viewer would refuse them.
    if (iss !== location.origin) issuer.append(' ', element('b', 'refused', '请从这个地址打开本页'), ' ', english('open this page there'));
  } catch {
    place.replaceChildren(...word('refused', '读不到', 'cannot be read'));
    issuer.replaceChildren('—');
  }
}

// --- what to try -------------------------------------------------------------------------------------------------------

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

async function load() {
  await Promise.all([showHealth(), showTrustList(), showPeople(() => void load())]);
  part('state', HTMLElement).removeAttribute('aria-busy');
}

drawGuilloche();
showTricks();
offerLanguages(part('languages', HTMLElement));
showCommands();
void load();
