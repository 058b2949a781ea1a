// What the portal's parts are made of: elements, words in two languages, requests. Text only ever becomes text.

/** @typedef {'usable' | 'noted' | 'refused'} Tone */

/** @template {Element} T @param {string} id @param {new () => T} type @returns {T} */
export function part(id, type) {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`#${id} is missing`);
  return found;
}

const announcement = part('announcement', HTMLElement);
const patience = 10_000;

/** For those who do not see it. @param {string} text */
export const announce = (text) => { announcement.textContent = text; };

/**
 * @param {string} name @param {string} className @param {...(Node | string)} content
 * @returns {HTMLElement}
 */
export function element(name, className, ...content) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...content);  // strings become text
  return made;
}

/** @param {string} text @param {string} [name] @param {string} [className] */
export function english(text, name = 'span', className = '') {
  const made = element(name, className, text);
  made.lang = 'en';
  return made;
}

/** @template {string} N @param {N} name @param {Record<string, string>} attributes @param {...Node} content */
export function drawn(name, attributes, ...content) {
  const made = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...content);
  return made;
}

/** @param {Tone} tone */
export function sign(tone) {
  const icon = tone === 'noted' ? 'note' : tone;
  return drawn('svg', { class: 'sign', viewBox: '0 0 16 16', 'aria-hidden': 'true' }, drawn('use', { href: `#icon-${icon}` }));
}

/** @param {Tone} tone @param {string} chinese @param {string} inEnglish */
export function word(tone, chinese, inEnglish) {
  return [element('span', `word ${tone}`, sign(tone), chinese), ' ', english(inEnglish)];
}

/** @param {string} text what is copied @param {string} what for those who cannot see where the button stands */
export function copyButton(text, what) {
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

/** @param {string} chinese @param {string} inEnglish @param {...Node} more */
export const message = (chinese, inEnglish, ...more) =>
  element('div', 'card message', element('p', '', chinese), english(inEnglish, 'p'), ...more);

/** @param {string} chinese @param {string} inEnglish @param {() => void} act @param {string} [className] */
export function button(chinese, inEnglish, act, className = 'button') {
  const made = document.createElement('button');
  made.type = 'button';
  made.className = className;
  made.append(`${chinese} `, english(inEnglish));
  made.addEventListener('click', act);
  return made;
}

/** @param {string} name */
export const meta = (name) => document.querySelector(`meta[name="${name}"]`)?.getAttribute('content') ?? '';

/** @param {string} path @param {RequestInit} [more] */
export const ask = (path, more = {}) =>
  fetch(path, { cache: 'no-store', credentials: 'omit', redirect: 'error', signal: AbortSignal.timeout(patience), ...more });
