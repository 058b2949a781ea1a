// The counter's page: has the authority check a live code, shows what it is worth, and hands the receipt to this
// partner's own backend, whose word decides. Text only ever becomes text: nothing that arrives is read as HTML.

/**
 * @typedef {{vehicle_category_code: string, issue_date: string, expiry_date?: string}} Privilege
 * @typedef {{
 *   result: string, error: string | null, age: number | null, confirmed: number | null,
 *   status: {letters: string, chinese: string, english: string, usable: boolean} | null,
 *   licence: {name: string, licence_number: string, driving_privileges: Privilege[], valid_until: string} | null,
 *   portrait: string | null, answer: {asked: string, may_drive: boolean, because: string} | null,
 *   echo: number | null, receipt: string }} Check            docs/http.md, POST /verify
 * @typedef {{hand_over: boolean, class?: string, reason: string | null}} Decision
 * @typedef {'yes' | 'no' | 'note'} Tone
 * @typedef {{tone: Tone, chinese: string, english: string, detail?: string, reason: string, reasonEnglish: string}} Words
 */

/** @template {Element} T @param {string} id @param {new () => T} type @returns {T} */
function part(id, type) {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`#${id} is missing`);
  return found;
}

const page = /** @type {HTMLElement} */ (document.querySelector('main'));
const form = part('check', HTMLFormElement);
const codeField = part('code', HTMLTextAreaElement);
const codeError = part('code-error', HTMLElement);
const classField = part('class', HTMLSelectElement);
const submit = part('submit', HTMLButtonElement);
const outcome = part('outcome', HTMLElement);
const announcement = part('announcement', HTMLElement);

const mostCode = 4296;  // what the largest QR code holds
const patience = 15_000;

// --- words -------------------------------------------------------------------------------------------------------------

/** @type {Record<string, Words>} */
const refusals = {
  stale: {
    tone: 'no', chinese: '过时', english: 'Stale', reason: '这是截屏、录像或复制的画面，不能作为凭证。',
    reasonEnglish: 'A screenshot, a recording or a copy. Ask the holder to open the licence on their own phone and scan again.',
  },
  'already-used': {
    tone: 'no', chinese: '已用过', english: 'Already used', reason: '这个码已经核验过一次。请持证人出示新的码，每 5 秒更新。',
    reasonEnglish: 'This code has been checked before. A code is good for one check; scan the next one, 5 seconds later.',
  },
  'not-usable': {
    tone: 'no', chinese: '不可使用', english: 'Not usable', reason: '驾驶证目前的状态不允许使用。',
    reasonEnglish: 'The status of this licence forbids its use.',
  },
  expired: {
    tone: 'no', chinese: '已过期', english: 'Expired', reason: '证件或手机上的凭据已过期。请持证人联网刷新后再出示。',
    reasonEnglish: 'The licence, or what the phone holds of it, has expired. Ask the holder to go online and refresh.',
  },
  revoked: {
    tone: 'no', chinese: '已停用', english: 'Revoked', reason: '这部手机上的电子驾驶证已停用，例如已换到另一部手机。',
    reasonEnglish: 'The licence on this phone has been ended, for example because it was moved to another phone.',
  },
  forged: {
    tone: 'no', chinese: '伪造', english: 'Forged', reason: '签名不符：内容被改动，或不是发证机关签发的。',
    reasonEnglish: 'The signature does not fit: it was altered, or the authority never signed it.',
  },
  'unknown-issuer': {
    tone: 'no', chinese: '签发者不明', english: 'Unknown issuer', reason: '签发者不在信任列表中。',
    reasonEnglish: 'Who signed this code is not on the trust list.',
  },
  'not-live': {
    tone: 'no', chinese: '不是实时码', english: 'Not a live code', reason: '这个码没有手机的实时签名，不能作为凭证。',
    reasonEnglish: "The code lacks the phone's live signature and proves nothing.",
  },
  clock: {
    tone: 'note', chinese: '时间不符', english: 'Clock', reason: '码上的时间与发证机关的时间不符。请持证人刷新后再扫。',
    reasonEnglish: "The code's time does not fit the authority's. Ask the holder to refresh, and scan again.",
  },
  malformed: {
    tone: 'note', chinese: '无法识别', english: 'Not readable', reason: '这不是一个完整的电子驾驶证码。请重新扫描。',
    reasonEnglish: 'This is not a whole code of an electronic driving licence. Scan it again.',
  },
};

/** What kept the check from taking place: nothing was found out about the licence. @type {Record<string, Words>} */
const failures = {
  unreachable: {
    tone: 'note', chinese: '连不上发证机关', english: 'Authority unreachable', reason: '没有核验，不能据此交车。请检查网络后再试。',
    reasonEnglish: 'Nothing was checked, so nothing may be handed over. Check the network and try again.',
  },
  busy: {
    tone: 'note', chinese: '请稍候再试', english: 'Too many checks', reason: '发证机关此刻请求过多。没有核验。',
    reasonEnglish: 'The authority has too many requests at the moment. Nothing was checked.',
  },
  unavailable: {
    tone: 'note', chinese: '发证机关暂不可用', english: 'Authority unavailable', reason: '没有核验，不能据此交车。请稍后再试。',
    reasonEnglish: 'Nothing was checked, so nothing may be handed over. Try again later.',
  },
  refused: {
    tone: 'note', chinese: '未获准核验', english: 'Check not allowed', reason: '发证机关不认本店的密钥或网址。请联系本店技术人员。',
    reasonEnglish: "The authority does not know this partner's key or site. Call technical support.",
  },
  strange: {
    tone: 'note', chinese: '答复无法识别', english: 'Answer not understood', reason: '没有得到可用的核验结果，不能据此交车。',
    reasonEnglish: 'There is no result to rely on, so nothing may be handed over.',
  },
};

/** Why our own backend said no. @type {Record<string, [string, string]>} */
const objections = {
  'receipt-result-valid': ['不可驾驶所选车型', 'The class chosen may not be driven'],
  'receipt-result-other': ['核验未通过', 'The check has not passed'],
  'receipt-question': ['回执答的是另一种车型', 'The receipt answers for another class'],
  'receipt-audience': ['回执是给另一家网站的', 'The receipt is for another site'],
  'receipt-issuer': ['回执来自另一个签发者', 'The receipt is from another issuer'],
  'receipt-expired': ['回执已过期，请重新核验', 'The receipt is over; check again'],
  'receipt-not-yet-valid': ['回执时间在将来，请校准本店时钟', 'The receipt is from the future: set our clock'],
  'already-used': ['这张回执已经用过', 'This receipt has been used before'],
  signature: ['回执签名不符', "The receipt's signature does not fit"],
  'issuer-unknown': ['回执签发者不明', 'Unknown signer of the receipt'],
  'trust-list-unavailable': ['没有可用的信任列表', 'There is no trust list at hand'],
  'trust-list-expired': ['信任列表已过期', 'The trust list is over'],
  unreachable: ['连不上本店后台', 'Our backend cannot be reached'],
  busy: ['本店后台繁忙，请重新核验', 'Our backend is busy; check again'],
};

/** @param {string} because */
function becauseWords(because) {
  const [, word = '', by = ''] = /^(held|included-in|not-held|not-yet-issued|expired)(?:-([A-Z]\d?))?$/.exec(because) ?? [];
  /** @type {Record<string, [string, string]>} */
  const words = {
    held: ['持有此车型，状态允许，未到期', 'Held, usable and in force'],
    'included-in': [`持有 ${by}，已包含此车型`, `Included in ${by}`],
    'not-held': ['未持有此车型', 'This class is not held'],
    'not-yet-issued': [`${by} 尚未生效`, `${by} is not in force yet`],
    expired: [`${by} 已过期`, `${by} has expired`],
  };
  return words[word] ?? [because, ''];
}

/** @param {number} seconds @returns {[string, string]} */
function span(seconds) {
  const count = Math.max(0, Math.round(seconds));
  if (count < 120) return [`${count} 秒`, `${count} s`];
  if (count < 7200) return [`${Math.floor(count / 60)} 分钟`, `${Math.floor(count / 60)} min`];
  if (count < 172800) return [`${Math.floor(count / 3600)} 小时`, `${Math.floor(count / 3600)} h`];
  return [`${Math.floor(count / 86400)} 天`, `${Math.floor(count / 86400)} days`];
}

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

/** @param {string} text @param {string} [name] */
function english(text, name = 'span') {
  const made = element(name, '', text);
  made.lang = 'en';
  return made;
}

/** @param {Tone} tone */
function badge(tone) {
  const space = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(space, 'svg');
  svg.setAttribute('class', 'badge');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS(space, 'use');
  use.setAttribute('href', `#icon-${tone}`);
  svg.append(use);
  return svg;
}

/** @param {Node} sign @param {string} chinese @param {string} below */
function band(sign, chinese, below) {
  const word = element('h2', chinese.length > 5 ? 'long' : '', chinese);
  const made = element('div', 'band', sign, element('div', '', word, element('p', '', below)));
  made.tabIndex = -1;
  return made;
}

/** @param {Words} words */
function reasonCard(words) {
  return element('div', 'card reason', element('p', '', words.reason), english(words.reasonEnglish, 'p'));
}

/** @param {NonNullable<Check['licence']>} licence @param {string | null} portrait */
function personCard(licence, portrait) {
  const picture = document.createElement('img');
  picture.className = 'portrait';
  picture.alt = "持证人照片 The holder's photo";
  picture.width = 116;
  picture.height = 155;
  if (portrait && /^data:image\/(jpeg|webp|png);base64,[A-Za-z0-9+/=]+$/.test(portrait)) picture.src = portrait;
  const list = document.createElement('dl');
  /** @param {string} chinese @param {string} inEnglish @param {Node | string} value */
  const row = (chinese, inEnglish, value) =>
    list.append(element('dt', '', `${chinese} `, english(inEnglish)), element('dd', '', value));
  row('证号', 'Licence no.', licence.licence_number);
  const chips = licence.driving_privileges.map((privilege) => element('li', '', privilege.vehicle_category_code));
  row('准驾车型', 'Classes', element('ul', 'chips', ...chips));
  row('有效期至', 'Valid until', licence.valid_until);
  return element('div', 'card person', picture, element('div', '', element('h3', '', licence.name), list));
}

/** @param {NonNullable<Check['answer']>} answer */
function answerCard(answer) {
  const [because, becauseEnglish] = becauseWords(answer.because);
  return element('div', `card answer ${answer.may_drive ? 'agreed' : 'denied'}`,
    element('p', 'question', `今天可以驾驶 ${answer.asked} 吗？ `, english(`May drive ${answer.asked} today?`)),
    element('p', 'word', answer.may_drive ? '可以 Yes' : '不可以 No'),
    element('p', 'because', because, ...(becauseEnglish ? [english(becauseEnglish)] : [])));
}

/** @param {number} echo */
function echoCard(echo) {
  return element('div', 'card echo',
    element('p', '', '请对照对方屏幕上的数字', english("Compare with the holder's screen")),
    element('strong', '', String(echo)));
}

/** @param {Decision | null} decision null: not known yet @param {string} result of the check */
function decisionCard(decision, result) {
  if (!decision) {
    return element('div', 'card decision', element('div', 'spinner'),
      element('div', '', element('p', 'word', '本店后台核对回执…'), element('p', 'because', english('Our backend is checking the receipt'))));
  }
  const isOfCheck = decision.reason === 'receipt-result';
  const reason = isOfCheck ? `receipt-result-${result === 'valid' ? 'valid' : 'other'}` : decision.reason ?? '';
  const [chinese, inEnglish] = decision.hand_over
    ? ['后台已核对回执，仅此一次有效', 'Our backend has checked the receipt']
    : objections[reason] ?? ['本店后台不同意', `Our backend says no${reason ? `: ${reason}` : ''}`];
  return element('div', `card decision ${decision.hand_over ? 'agreed' : 'denied'}`, badge(decision.hand_over ? 'yes' : 'no'),
    element('div', '', element('p', 'word', decision.hand_over ? '可以交车 Hand over' : '不可交车 Do not hand over'),
      element('p', 'because', chinese, english(inEnglish))));
}

/** @param {Tone | 'wait'} tone @param {...Node} content */
function show(tone, ...content) {
  outcome.className = tone;
  outcome.replaceChildren(...content);
  outcome.hidden = false;
  page.classList.add('has-outcome');
}

function clear() {
  outcome.replaceChildren();
  outcome.hidden = true;
  page.classList.remove('has-outcome');
  announcement.textContent = '';
}

// --- asking ------------------------------------------------------------------------------------------------------------

/** @param {unknown} value @returns {value is Record<string, unknown>} */
const isRecord = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

/** An answer that is not what docs/http.md says is none. @param {unknown} json @returns {Check | null} */
function readCheck(json) {
  if (!isRecord(json) || typeof json['result'] !== 'string' || typeof json['receipt'] !== 'string') return null;
  if (json['result'] !== 'valid') return json['result'] in refusals ? /** @type {any} */ (json) : null;
  const { licence, answer, echo } = json;
  if (!isRecord(licence) || !Array.isArray(licence['driving_privileges'])) return null;
  for (const name of ['name', 'licence_number', 'valid_until']) {
    if (typeof licence[name] !== 'string') return null;
  }
  if (!licence['driving_privileges'].every((held) => isRecord(held) && typeof held['vehicle_category_code'] === 'string')) return null;
  if (!isRecord(answer) || typeof answer['may_drive'] !== 'boolean' || typeof answer['because'] !== 'string') return null;
  if (!Number.isInteger(echo)) return null;
  return /** @type {any} */ (json);
}

/** @param {string} url @param {unknown} body */
const post = (url, body) => fetch(url, {
  method: 'POST', body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' }, credentials: 'omit',
  redirect: 'error', signal: AbortSignal.timeout(patience),
});

/** @type {Promise<{authority: string, partner: string}> | undefined} */
let settings;
async function readSettings() {
  settings ??= fetch('/settings.json').then((response) => {
    if (!response.ok) throw new Error('no settings');
    return response.json();
  });
  return settings.catch((error) => {
    settings = undefined;
    throw error;
  });
}

/** @param {string} code @param {string} vehicleClass @returns {Promise<Check | Words>} */
async function ask(code, vehicleClass) {
  let response;
  try {
    const { authority, partner } = await readSettings();
    response = await post(`${authority}/verify`, { code, partner, requires: vehicleClass });
  } catch {
    return /** @type {Words} */ (failures['unreachable']);
  }
  const kind = { 401: 'refused', 403: 'refused', 429: 'busy', 503: 'unavailable' }[response.status] ?? 'strange';
  if (!response.ok) return /** @type {Words} */ (failures[kind]);
  const check = readCheck(await response.json().catch(() => null));
  return check ?? /** @type {Words} */ (failures['strange']);
}

/** @param {string} receipt @param {string} vehicleClass @returns {Promise<Decision>} */
async function askBackend(receipt, vehicleClass) {
  try {
    const response = await post('/pick-up', { receipt, class: vehicleClass });
    const json = await response.json();
    return { hand_over: response.ok && json.hand_over === true, reason: typeof json.reason === 'string' ? json.reason : null };
  } catch {
    return { hand_over: false, reason: 'unreachable' };
  }
}

// --- showing -----------------------------------------------------------------------------------------------------------

/** @param {Check} check @param {Node} decision */
function showValid(check, decision) {
  const licence = /** @type {NonNullable<Check['licence']>} */ (check.licence);
  const answer = /** @type {NonNullable<Check['answer']>} */ (check.answer);
  const [confirmed] = span(check.confirmed ?? 0);
  const [age, ageEnglish] = span(check.age ?? 0);
  const tone = answer.may_drive ? 'yes' : 'note';
  const word = answer.may_drive ? '有效' : `有效，但不可驾驶 ${answer.asked}`;
  const note = check.status && check.status.letters !== 'A' ? [element('p', 'aside', `${check.status.chinese} · `, english(check.status.english))] : [];
  show(tone,
    band(badge(tone), word, check.confirmed === null ? 'Valid' : `Valid · ${confirmed}前由发证机关确认`),
    personCard(licence, check.portrait), ...note, answerCard(answer), echoCard(/** @type {number} */ (check.echo)), decision,
    element('p', 'aside', '请核对照片与本人 · ', english('Compare the face'), document.createElement('br'),
      `码出示于 ${age}前 · `, english(`Code shown ${ageEnglish} ago`)));
  return `${word}。${answer.may_drive ? '可以' : '不可以'}驾驶 ${answer.asked}。对照数字 ${check.echo}。`;
}

/** @param {Check} check @param {Node} decision */
function showRefused(check, decision) {
  let words = /** @type {Words} */ (refusals[check.result]);
  if (check.result === 'stale' && check.age !== null) words = { ...words, detail: `${span(check.age)[0]}前的画面` };
  if (check.result === 'not-usable' && check.status) {
    words = {
      ...words, detail: check.status.chinese, reason: `驾驶证状态：${check.status.chinese}，不可使用。`,
      reasonEnglish: `Status: ${check.status.english}. The holder's own screen says what they can do next.`,
    };
  }
  const code = check.error && check.error !== check.result ? [document.createElement('br'), check.error] : [];
  show(words.tone,
    band(badge(words.tone), words.chinese, words.detail ? `${words.english} · ${words.detail}` : words.english),
    reasonCard(words), decision,
    element('p', 'aside', '不显示任何个人信息 · ', english('No personal data is shown'), ...code));
  return `${words.chinese}。${words.reason}`;
}

/** @param {Words} words */
function showFailure(words) {
  show(words.tone, band(badge(words.tone), words.chinese, words.english), reasonCard(words));
  return `${words.chinese}。${words.reason}`;
}

/** With a mouse and a hand scanner, the next scan goes into the field; on a touch screen that would open the keyboard. */
function settle() {
  if (matchMedia('(pointer: fine)').matches) codeField.focus({ preventScroll: true });
  else /** @type {HTMLElement | null} */ (outcome.querySelector('.band'))?.focus({ preventScroll: true });
  scrollTo({ top: 0 });
}

let isBusy = false;

/** @param {boolean} busy */
function setBusy(busy) {
  isBusy = busy;
  submit.setAttribute('aria-disabled', String(busy));
}

/** @param {string} text */
function complain(text) {
  codeError.textContent = text;
  codeError.hidden = text === '';
  if (text === '') codeField.removeAttribute('aria-invalid');
  else codeField.setAttribute('aria-invalid', 'true');
}

async function check() {
  // A space may be the code's last character: only the line ending of the scanner goes.
  const code = codeField.value.replace(/[\r\n\t]+/g, '');
  if (code === '') complain('请先扫码或粘贴 · Scan or paste a code first');
  else if (code.length > mostCode) complain('文本太长，不是驾驶证码 · Too long for a code');
  else complain('');
  if (!codeError.hidden) return codeField.focus();
  const vehicleClass = classField.value;
  setBusy(true);
  show('wait', band(element('div', 'spinner'), '核验中', 'Checking with the authority'));
  settle();
  codeField.value = '';
  const answer = await ask(code, vehicleClass);
  if (!('result' in answer)) {
    announcement.textContent = showFailure(answer);
  } else {
    const pending = decisionCard(null, answer.result);
    const said = answer.result === 'valid' ? showValid(answer, pending) : showRefused(answer, pending);
    settle();
    const decision = await askBackend(answer.receipt, vehicleClass);
    pending.replaceWith(decisionCard(decision, answer.result));
    announcement.textContent = `${said}${decision.hand_over ? '可以交车。' : '不可交车。'}`;
  }
  setBusy(false);
  settle();
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  if (!isBusy) void check();
});
// A scanner ends what it types with Enter.
codeField.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || event.isComposing) return;
  event.preventDefault();
  if (isBusy) codeField.value = '';  // or the next scan would be joined to this one
  else form.requestSubmit();
});
// The last customer's data goes as soon as the next one's code comes.
codeField.addEventListener('input', () => {
  complain('');
  if (!isBusy) clear();
});
