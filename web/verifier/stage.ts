// The shadow DOM: the viewfinder, the card of a result, the ways to hand in a code, and what is said aloud. Knows places and
// words, and nothing of what a code is worth.
import type { Language } from '../messages.js';
import { element, say } from '../mirror.js';
import { applyStyle } from '../style.js';
import type { CheckCard, TwoWords } from '../verifier-messages.js';
import { CardView } from './card.js';
import { Countdown } from './countdown.js';
import { iconButton } from './finder.js';
import { icon } from './icons.js';
import type { Sources } from './settings.js';
import { Signals, type SignalKind } from './signals.js';
import { style } from './style.js';
import type { Obstacle, Readiness } from './verifier.js';
import { words } from './words.js';

export interface StageListener {
  text(text: string): void;
  picture(file: Blob): void;
  challenge(wanted: boolean): void;
  next(): void;
  retry(): void;
  touched(): void;
}

export type Notice = 'notOurs' | 'noCode' | 'noPicture' | 'stillThere' | 'justChecked' | 'noDigits' | 'noScanner';
/** `none`: there is nothing to check with. */
type View = 'none' | 'idle' | 'checking' | 'result';

const noticeStays = 5000; // ms

function button(className: string): HTMLButtonElement {
  const made = element('button', className);
  made.type = 'button';
  return made;
}

export class Stage {
  readonly root: ShadowRoot;
  readonly card = new CardView();
  readonly #listener: StageListener;
  readonly #signals: Signals;
  readonly #countdown: Countdown;
  readonly #frame = element('div', 'frame');
  readonly #desk = element('div', 'desk');
  readonly #outcome = element('div', 'outcome');
  readonly #guide = element('div', 'guide');
  readonly #guideTitle = element('h2');
  readonly #guideSteps = [element('li'), element('li'), element('li')];
  readonly #guideScanner = element('p');
  readonly #dock = element('div', 'dock');
  readonly #next = element('div', 'next');
  readonly #nextHint = element('p');
  readonly #bar = element('div', 'bar');
  readonly #nextButton = button('primary');
  readonly #notice = element('p', 'notice');
  readonly #tap = element('div', 'panel tap');
  readonly #tapWords = element('p', 'lines');
  readonly #tapDigits = element('p', 'digits');
  readonly #tapEnd = button('plain');
  readonly #actions = element('div', 'actions');
  readonly #ask = button('action');
  readonly #pick = button('action');
  readonly #file = element('input');
  readonly #openText = button('action');
  readonly #textPanel = element('div', 'text');
  readonly #textLabel = element('label');
  readonly #text = element('textarea');
  readonly #checkText = button('primary');
  readonly #foot = element('div', 'foot');
  readonly #ready = element('p', 'ready');
  readonly #toggles = { sound: iconButton('sound'), vibration: iconButton('vibration') };
  readonly #obstacle = element('div', 'obstacle');
  readonly #obstacleWords = element('p');
  readonly #retry = button('primary');
  readonly #status = element('p', 'said');
  #language: Language = 'zh-CN';
  #view: View = 'idle';
  #noticeEnds: ReturnType<typeof setTimeout> | undefined;

  constructor(host: HTMLElement, finder: HTMLElement, signals: Signals, listener: StageListener) {
    this.root = host.attachShadow({ mode: 'open' });
    this.#listener = listener;
    this.#signals = signals;
    this.#countdown = new Countdown(this.#bar, this.#outcome, this.#next, () => listener.next());
    this.#build(finder);
    this.#listen();
    this.root.append(this.#frame);
    this.adopted();
    this.#show('none');
  }

  adopted(): void { applyStyle(this.root, style); }

  speak(language: Language): void {
    this.#language = language;
    const said = words[language];
    this.#frame.lang = this.#status.lang = language;
    this.#frame.setAttribute('aria-label', said.name);
    say(this.#guideTitle, said.guide.title);
    this.#guideSteps.forEach((step, index) => say(step, said.guide.steps[index] ?? ''));
    say(this.#guideScanner, said.guide.scanner);
    say(this.#nextHint, said.nextHint);
    say(this.#nextButton, said.next);
    for (const [control, text] of [
      [this.#ask, said.challenge.ask], [this.#pick, said.picture], [this.#openText, said.text.open],
    ] as const) say(control.lastElementChild as Element, text);
    say(this.#tapEnd, said.challenge.end);
    say(this.#textLabel, said.text.label);
    say(this.#checkText, said.text.check);
    say(this.#retry, said.retry);
    this.#file.setAttribute('aria-label', said.picture);
    this.#showToggles();
  }

  offer(sources: Sources): void {
    this.#dock.dataset['camera'] = String(sources.camera);
    this.#pick.hidden = !sources.image;
    this.#openText.hidden = this.#guideScanner.hidden = !sources.text;
    if (!sources.text) this.#showText(false);
    this.#showToggles();
  }

  showLoading(keepsCard: boolean): void {
    if (!keepsCard || this.#view !== 'result') this.#show('idle');
    this.#sayReady('waiting', words[this.#language].loading);
  }

  showObstacle(obstacle: Obstacle | 'settings'): void {
    const text = words[this.#language].obstacle[obstacle];
    say(this.#obstacleWords, text);
    this.#retry.hidden = !obstacle.startsWith('module');
    this.#obstacle.hidden = false;
    this.#show('none');
    say(this.#status, text);
  }

  showReadiness({ ready, online, words: said }: Readiness): void {
    this.#sayReady(ready ? (online ? 'online' : 'offline') : 'not', said.first);
  }

  /** Beside a result, which goes, nothing changes its place. */
  showChecking(): void {
    if (this.#view === 'result') {
      this.#countdown.stop();
      this.#outcome.style.minBlockSize = `${this.#outcome.offsetHeight}px`;
      this.card.showChecking(words[this.#language].checking);
    } else {
      this.#show('checking');
    }
    say(this.#status, words[this.#language].checking);
  }

  showCard(card: CheckCard): void {
    this.card.show(card, this.#language);
    this.#show('result');
    this.card.box.firstElementChild?.scrollIntoView({ block: 'nearest' });
    this.#countdown.start();
    say(this.#status, [card.title.first, card.line, card.answer?.title.first, card.answer?.because.first, card.person ? '' : card.meaning.first]
      .filter((part) => part).join('。'));
  }

  /** As before the first one. The focus stays in the element if it was in what is gone. */
  showIdle(): void {
    if (this.#view !== 'result') return;
    const hadFocus = this.#outcome.contains(this.root.activeElement) || this.#next.contains(this.root.activeElement);
    this.#show('idle');
    say(this.#status, words[this.#language].nextHint);
    if (hadFocus) this.#frame.focus({ preventScroll: true });
  }

  showChallenge(digits: string | null, said: TwoWords | null): void {
    this.#tap.hidden = digits === null;
    this.#ask.hidden = digits !== null;
    say(this.#tapDigits, digits ?? '');
    this.#tapWords.replaceChildren(...[said?.first, said?.second].flatMap((text, index) => {
      if (!text) return [];
      const part = element('span', index === 0 ? 'first' : 'second');
      part.textContent = text;
      return [part];
    }));
    if (digits !== null) say(this.#status, `${said?.first ?? ''} ${digits}`);
  }

  /** For a moment: a hint that is no result. */
  notice(what: Notice): void {
    // Beside a result it would only distract.
    if (what === 'stillThere' && this.#view !== 'idle') return;
    const text = words[this.#language][what];
    clearTimeout(this.#noticeEnds);
    this.#noticeEnds = setTimeout(() => { this.#notice.hidden = true; }, noticeStays);
    if (!this.#notice.hidden && this.#notice.textContent === text) return; // said already
    say(this.#notice, text);
    this.#notice.hidden = false;
    say(this.#status, text);
  }

  showDrag(over: boolean): void {
    this.#frame.classList.toggle('over', over);
    this.#frame.dataset['drop'] = words[this.#language].dropHere;
  }

  close(): void {
    clearTimeout(this.#noticeEnds);
    this.#notice.hidden = true;
    this.#text.value = '';
    this.#show('idle');
    this.showChallenge(null, null);
    say(this.#status, '');
  }

  #show(view: View): void {
    if (view !== 'result') {
      this.#countdown.stop();
      this.card.clear();
    } else {
      this.#notice.hidden = true;
      this.#showText(false);
    }
    this.#view = view;
    this.#outcome.style.minBlockSize = '';
    this.#frame.dataset['view'] = view;
    this.#desk.hidden = view === 'none';
    this.#obstacle.hidden = view !== 'none';
    this.#guide.hidden = view === 'result';
    this.#next.hidden = view !== 'result';
    this.#dock.dataset['checking'] = view === 'checking' ? words[this.#language].checking : '';
  }

  #sayReady(state: 'waiting' | 'online' | 'offline' | 'not', text: string): void {
    this.#ready.dataset['state'] = state;
    say(this.#ready, text);
  }

  #showText(open: boolean): void {
    this.#textPanel.hidden = !open;
    this.#openText.setAttribute('aria-expanded', String(open));
    if (!open) this.#text.value = '';
  }

  #showToggles(): void {
    for (const kind of ['sound', 'vibration'] as const) {
      const toggle = this.#toggles[kind];
      toggle.hidden = this.#signals.quiet || !Signals.has(kind);
      toggle.setAttribute('aria-label', words[this.#language][kind]);
      toggle.title = words[this.#language][kind];
      toggle.setAttribute('aria-pressed', String(this.#signals.isOn(kind)));
    }
  }

  #build(finder: HTMLElement): void {
    this.#frame.setAttribute('part', 'frame');
    this.#frame.setAttribute('role', 'group');
    this.#frame.tabIndex = -1;
    this.#status.setAttribute('role', 'status');
    const steps = element('ol');
    steps.append(...this.#guideSteps);
    this.#guide.append(this.#guideTitle, steps, this.#guideScanner);
    this.#outcome.append(this.card.box, this.#guide);
    const track = element('div', 'track');
    track.append(this.#bar);
    this.#next.append(this.#nextHint, this.#nextButton, track);
    this.#notice.hidden = this.#tap.hidden = true;
    this.#dock.append(finder, this.#next, this.#notice);
    this.#tap.append(this.#tapWords, this.#tapDigits, this.#tapEnd);
    for (const [control, name] of [[this.#ask, 'tap'], [this.#pick, 'picture'], [this.#openText, 'text']] as const) {
      control.append(icon(name), element('span'));
    }
    Object.assign(this.#file, { type: 'file', accept: 'image/*' });
    this.#file.hidden = true;
    Object.assign(this.#text, { rows: 3, spellcheck: false, autocomplete: 'off', id: 'text' });
    this.#text.setAttribute('autocapitalize', 'off');
    this.#textLabel.htmlFor = 'text';
    this.#textPanel.append(this.#textLabel, this.#text, this.#checkText);
    this.#showText(false);
    this.#actions.append(this.#ask, this.#pick, this.#file, this.#openText, this.#textPanel);
    this.#foot.append(this.#ready, this.#toggles.sound, this.#toggles.vibration);
    this.#desk.append(this.#tap, this.#outcome, this.#dock, this.#actions, this.#foot);
    this.#obstacle.append(this.#obstacleWords, this.#retry);
    this.#frame.append(this.#desk, this.#obstacle, this.#status);
  }

  #listen(): void {
    const click = (control: HTMLElement, work: () => void) => control.addEventListener('click', () => {
      this.#listener.touched();
      work();
    });
    click(this.#nextButton, () => this.#listener.next());
    click(this.#ask, () => {
      this.#listener.challenge(true);
      if (!this.#tap.hidden) this.#tapEnd.focus({ preventScroll: true });
    });
    click(this.#tapEnd, () => {
      this.#listener.challenge(false);
      if (this.#tap.hidden) this.#ask.focus({ preventScroll: true });
    });
    click(this.#retry, () => this.#listener.retry());
    click(this.#pick, () => this.#file.click());
    this.#file.addEventListener('change', () => {
      const file = this.#file.files?.[0];
      this.#file.value = ''; // the same file may be chosen again
      if (file) this.#listener.picture(file);
    });
    click(this.#openText, () => {
      const open = this.#openText.getAttribute('aria-expanded') !== 'true';
      this.#showText(open);
      if (open) this.#text.focus();
    });
    const check = () => {
      const text = this.#text.value;
      this.#text.value = '';
      if (text) this.#listener.text(text);
    };
    click(this.#checkText, check);
    this.#text.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      check();
    });
    for (const kind of ['sound', 'vibration'] as const satisfies SignalKind[]) {
      click(this.#toggles[kind], () => {
        this.#signals.set(kind, !this.#signals.isOn(kind));
        this.#showToggles();
      });
    }
  }
}
