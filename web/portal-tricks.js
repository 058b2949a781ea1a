// "Try to fool it": what a cheat would do to a licence, done by the page itself as far as a page can, and what comes of it.
import { button, element, english, meta, part } from './portal-parts.js';
import { closeLicence, keptOf, lookAtLicence, refreshLicence, reopenLicence, standingWords, watchStanding } from './portal-licence.js';

// --- the clock ---------------------------------------------------------------------------------------------------------

const trueNow = Date.now;

function stopClock() {
  const stopped = trueNow();
  Date.now = () => stopped;
}
function startClock() {
  Date.now = trueNow;
}

// --- the network -------------------------------------------------------------------------------------------------------

// Everything the page asks for runs through here; cut, it fails as it does in flight mode, and open streams end. Not the
// viewer's own files: somebody in flight mode has them already.
const trueFetch = window.fetch;
let cut = new AbortController();

window.fetch = (resource, options = {}) => {
  const signals = [cut.signal, options.signal].filter((signal) => signal instanceof AbortSignal);
  const path = new URL(resource instanceof Request ? resource.url : resource, location.href).pathname;
  return trueFetch(resource, path.startsWith('/dist/') ? options : { ...options, signal: AbortSignal.any(signals) });
};

const cutNetwork = () => cut.abort(new TypeError('cut by the portal'));
function joinNetwork() {
  cut = new AbortController();
  window.dispatchEvent(new Event('online'));
}

// --- the data ----------------------------------------------------------------------------------------------------------

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
const finished = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

/** One character in the middle of the licence that the viewer has kept in this browser (web/keys.ts). */
async function editData() {
  const name = [...(keptOf() ?? []), 'licence'];
  const opening = indexedDB.open('e-license');
  opening.onupgradeneeded = () => opening.transaction?.abort(); // it is the viewer's to make
  const database = await finished(opening);
  try {
    const table = database.transaction('kept', 'readwrite').objectStore('kept');
    const text = await finished(table.get(name));
    if (typeof text !== 'string') throw new Error('nothing is kept');
    const middle = text.length >> 1;
    const other = text[middle] === 'A' ? 'B' : 'A';
    await finished(table.put(text.slice(0, middle) + other + text.slice(middle + 1), name));
  } finally {
    database.close();
  }
}

// --- the panel ---------------------------------------------------------------------------------------------------------

/**
 * @typedef {object} Trick
 * @property {[string, string]} title
 * @property {[string, string]} does what to do
 * @property {[string, string]} comes what comes of it, and why
 * @property {[string, string]} [label]
 * @property {() => void | Promise<void>} [begin]
 * @property {() => void | Promise<void>} [end]
 */

/** @type {Trick[]} */
const tricks = [
  {
    title: ['拍下来再举给人看', 'Take a picture and hold it up'],
    does: ['截屏或翻拍驾驶证，把照片里的二维码给合作方扫。', "Photograph the licence and let a partner scan the picture's code."],
    comes: ['二维码每 5 秒更换，里面有签名的时间。照片里的码 10 秒后就是“已过时”，核验的人看到它旧了多少秒；同一个码也只能核验一次。',
      'The code changes every five seconds and carries a signed time. Ten seconds later the picture is stale, and the inspector sees by how much; and a code is good for one check only.'],
  },
  {
    title: ['把时钟停住', 'Stop the clock'],
    does: ['让设备的时间停下来，好让旧的二维码看起来还是新的。', "Stop the device's time, so that an old code looks fresh."],
    comes: ['页面上的时间来自发证机关的签名，不来自设备。设备的两个时钟一旦不一致，二维码立刻撤下，直到向发证机关重新取得时间。',
      "The time on the page is the authority's, never the device's. As soon as the device's two clocks disagree, the code is gone until the authority has told the time anew."],
    label: ['停住本页的时钟', "stop this page's clock"],
    begin: stopClock,
    end: startClock,
  },
  {
    title: ['断开网络', 'Cut the network'],
    does: ['关掉网络，让锁定和记分的消息到不了手机。也可以用飞行模式，或关掉服务。',
      'Cut the phone off, so that no lock and no points reach it. Flight mode does it, too, or stopping the authority.'],
    comes: ['租约没有到期时仍可出示，但页面会写明“离线”和从何时起；租约到期后二维码撤下。在线核验时，发证机关按最新状态回答，离线的手机骗不了它。',
      'Within its lease it can still be shown, with "offline since" in plain sight; after that the code is gone. And an online check is answered by the authority, from the newest status.'],
    label: ['断开本页的网络', "cut this page's network"],
    begin: () => {
      cutNetwork();
      refreshLicence(); // else it finds out within a minute, when it asks next
    },
    end: joinNetwork,
  },
  {
    title: ['改浏览器里的数据', 'Edit the data in the browser'],
    does: ['改掉浏览器保存的驾驶证里的一个字符，断网，再打开它。', 'Change one character of the licence that this browser keeps, cut the network, and open it again.'],
    comes: ['签名对不上，页面上什么都不画，只写明原因和错误代码。接上网络后会重新取一份完好的。',
      'The signature does not match: nothing of it is drawn, only the reason and its code. With the network it fetches a sound copy.'],
    label: ['改一个字符再打开', 'change a character and reopen'],
    begin: async () => {
      closeLicence();
      cutNetwork();
      await editData().finally(reopenLicence);
    },
    end: joinNetwork,
  },
];

/** @param {Trick} trick */
function trickCard({ title, does, comes, label, begin, end }) {
  const card = element('li', 'card', element('h3', '', title[0], ' ', english(title[1])),
    element('p', '', does[0]), english(does[1], 'p', 'about-english'));
  const answer = element('p', 'answer', comes[0], english(comes[1]));
  if (!label || !begin || !end) {
    card.append(answer);
    return card;
  }
  const outcome = element('p', 'outcome');
  outcome.setAttribute('role', 'status');
  outcome.hidden = true;
  const said = element('span', '');
  outcome.append('驾驶证说： ', english('The licence says:'), ' ', said);
  watchStanding((standing) => said.replaceChildren(...standingWords(standing)));
  const start = button(label[0], label[1], async () => {
    start.hidden = true;
    outcome.hidden = stop.hidden = false;
    stop.focus({ preventScroll: true });
    lookAtLicence();
    try {
      await begin();
    } catch {
      said.replaceChildren('这个浏览器没有保存它 ', english('nothing is kept in this browser'));
    }
  });
  const stop = button('恢复', 'undo', async () => {
    await end();
    outcome.hidden = stop.hidden = true;
    start.hidden = false;
    start.focus({ preventScroll: true });
  }, 'button quiet');
  stop.hidden = true;
  card.append(element('div', 'acts', start, stop), outcome, answer);
  return card;
}

export function showTricks() {
  const cards = tricks.map(trickCard);
  const partner = meta('partner-page');
  if (/^https?:\/\//.test(partner)) {
    const link = document.createElement('a');
    link.href = partner;
    link.className = 'button quiet';
    link.append('打开合作方页面 ', english("open the partner's page"));
    cards[0]?.querySelector('.answer')?.before(element('div', 'acts', link));
  }
  part('tricks', HTMLElement).replaceChildren(...cards);
}
