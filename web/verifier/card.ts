// What a check came to, as a card that is read from arm's length: a band with a sign and a large word, and below it what was
// asked for. Texts only ever become text.
import type { Language } from '../messages.js';
import { element } from '../mirror.js';
import { decodePortrait } from '../portrait.js';
import type { CheckCard, TwoWords } from '../verifier-messages.js';
import { icon } from './icons.js';
import { words } from './words.js';

type Person = NonNullable<CheckCard['person']>;

const other: Record<Language, Language> = { 'zh-CN': 'en', en: 'zh-CN' };

function put<K extends keyof HTMLElementTagNameMap>(name: K, className: string, ...content: (Node | string)[]): HTMLElementTagNameMap[K] {
  const made = element(name, className);
  made.append(...content);
  return made;
}

export class CardView {
  readonly box = element('section', 'card');
  #language: Language = 'zh-CN';
  #portrait: HTMLCanvasElement | null = null;

  constructor() {
    this.box.setAttribute('part', 'card');
    this.box.hidden = true;
  }

  show(card: CheckCard, language: Language): void {
    this.clear();
    this.#language = language;
    const { answer, person } = card;
    const panels = [
      answer && !answer.mayDrive ? this.#answer(answer) : null,
      person ? this.#person(person, card.online) : null,
      answer?.mayDrive ? this.#answer(answer) : null,
      card.echo ? this.#echo(card.echo) : null,
      person ? null : this.#meaning(card.meaning),
      card.status ? this.#status(card.status) : null,
      card.unchecked.length > 0 ? this.#unchecked(card.unchecked) : null,
      put('p', 'closing', ...(person ? this.#both(card.meaning, ' ') : [words[language].noPersonalData])),
    ];
    this.box.setAttribute('aria-label', words[language].result);
    this.box.append(this.#band(card), put('div', 'panels', ...panels.filter((panel) => panel !== null)));
    this.box.dataset['tone'] = card.tone;
    this.box.dataset['result'] = card.result;
    this.box.hidden = false;
  }

  /** Nobody's card, until there is another one. */
  showChecking(text: string): void {
    this.clear();
    this.box.append(put('div', 'band', put('span', 'sign'), put('div', '', put('p', 'title', text))));
    this.box.dataset['tone'] = 'checking';
    this.box.hidden = false;
  }

  /** Nothing of it is left. */
  clear(): void {
    if (this.#portrait) this.#portrait.width = this.#portrait.height = 0;
    this.#portrait = null;
    this.box.replaceChildren();
    delete this.box.dataset['tone'];
    delete this.box.dataset['result'];
    this.box.hidden = true;
  }

  // The page's language first, the other one after it and lighter.
  #both({ first, second }: TwoWords, between = ''): (Node | string)[] {
    const [one, two] = [put('span', 'first', first), put('span', 'second', second)];
    one.lang = this.#language;
    two.lang = other[this.#language];
    return second && second !== first ? [one, between, two] : [one];
  }

  #band({ tone, title, line, online, person, specimen }: CheckCard): HTMLElement {
    const chip = (...content: (Node | string)[]) => [' ', put('span', 'mark', ...content)];
    const second = put('span', 'second', title.second);
    second.lang = other[this.#language];
    return put('div', 'band',
      put('span', 'sign', icon(tone)),
      put('div', '',
        put('h2', 'title', title.first, 
          ...(person && !online ? chip(words[this.#language].offline) : []),
          ...(specimen ? chip(...this.#both(specimen, ' ')) : [])),
        put('p', 'line', ...(title.second && title.second !== title.first ? [second] : []), ...(line ? [put('span', '', line)] : []))));
  }

  #person(person: Person, online: boolean): HTMLElement {
    const rows = person.rows.filter(({ value }) => value !== person.name).map(({ label, value }) => {
      const parts = value.split(/[\s,，、·/]+/);
      const isClasses = parts.length === person.classes.length && parts.every((part, index) => part === person.classes[index]);
      const content = isClasses && value ? parts.map((part) => put('span', 'chip', part)) : [value];
      return put('div', '', put('dt', '', ...this.#both(label, ' ')), put('dd', isClasses ? 'chips' : '', ...content));
    });
    return put('div', 'panel person', this.#picture(person.portrait, online), put('div', 'facts', put('p', 'name', person.name), put('dl', '', ...rows)));
  }

  #picture(uri: string | null, online: boolean): HTMLElement {
    const { portrait, noPortrait } = words[this.#language];
    if (!uri) return put('div', 'portrait none', icon('face'), ...(online ? [] : [put('span', '', noPortrait)]));
    const canvas = element('canvas', 'portrait');
    canvas.setAttribute('role', 'img');
    canvas.setAttribute('aria-label', portrait);
    this.#portrait = canvas;
    decodePortrait(uri).then((picture) => {
      if (this.#portrait === canvas) {
        Object.assign(canvas, { width: picture.width, height: picture.height });
        canvas.getContext('2d')?.drawImage(picture, 0, 0);
        canvas.classList.add('drawn');
      }
      picture.close();
    }).catch(() => canvas.replaceWith(put('div', 'portrait none', icon('face'))));
    return canvas;
  }

  #answer({ mayDrive, question, title, because }: NonNullable<CheckCard['answer']>): HTMLElement {
    return put('div', `panel answer ${mayDrive ? 'yes' : 'no'}`,
      put('p', 'label', ...this.#both(question, ' ')),
      put('p', 'large', icon(mayDrive ? 'usable' : 'refused'), ...this.#both(title, ' ')),
      put('p', 'because', ...this.#both(because, ' ')));
  }

  #echo({ digits, words: said }: NonNullable<CheckCard['echo']>): HTMLElement {
    return put('div', 'panel echo', put('p', 'lines', ...this.#both(said)), put('p', 'digits', digits));
  }

  #meaning(meaning: TwoWords): HTMLElement {
    return put('div', 'panel meaning', put('p', 'lines', ...this.#both(meaning)));
  }

  #status({ letters, words: said }: NonNullable<CheckCard['status']>): HTMLElement {
    return put('div', 'panel status', put('p', 'label', words[this.#language].status),
      put('p', 'state', put('span', 'letters', letters), put('span', 'lines', ...this.#both(said))));
  }

  #unchecked(all: TwoWords[]): HTMLElement {
    return put('div', 'panel unchecked', put('p', 'label', words[this.#language].unchecked),
      put('ul', '', ...all.map((one) => put('li', 'lines', ...this.#both(one)))));
  }
}
