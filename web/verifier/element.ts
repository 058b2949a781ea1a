// The custom element <e-license-verifier>: attributes, a method, events. Importing it without a window does nothing.
import { Revival } from '../core.js';
import type { Language } from '../messages.js';
import { languageOf } from '../settings.js';
import type { CheckCard } from '../verifier-messages.js';
import type { ELicenseVerifierElement as Interface, ELicenseVerifierEventMap } from '../e-license-verifier.d.ts';
import { couldBeCode, tidied } from './codes.js';
import { Finder } from './finder.js';
import { watchHanded } from './handed.js';
import { codesIn } from './pictures.js';
import { Reader } from './reader.js';
import { attributes, settingsOf, sourcesOf, type Sources } from './settings.js';
import { Signals } from './signals.js';
import { Stage } from './stage.js';
import { watchTyping } from './typed.js';
import { type Listener, type Obstacle, Verifier } from './verifier.js';
import { words } from './words.js';

const Base = globalThis.HTMLElement ?? (class {} as typeof HTMLElement);

export class ELicenseVerifierElement extends Base implements Interface {
  static readonly observedAttributes = [...attributes, 'lang', 'sources', 'quiet'];

  readonly #reader = new Reader();
  readonly #signals = new Signals();
  readonly #finder = new Finder(this.#reader, {
    code: (text) => { if (!this.#verifier?.isChecking) this.#check(text); },
    same: () => this.#stage.notice('stillThere'),
    stranger: () => this.#stage.notice('notOurs'),
    touched: () => this.#signals.wake(),
  });
  readonly #revival = new Revival();
  readonly #stage = new Stage(this, this.#finder.box, this.#signals, {
    text: (text) => { this.#handedText(text); },
    picture: (file) => void this.#handedPicture(file),
    challenge: (wanted) => this.#verifier?.challenge(wanted),
    next: () => this.#stage.showIdle(),
    retry: () => this.#restart(),
    touched: () => this.#signals.wake(),
  });
  #verifier: Verifier | null = null;
  #life: AbortController | null = null;
  #sources: Sources = sourcesOf(null);
  #isRestarting = false;
  #keepsCard = false;

  async verify(code: string | Blob | ImageData): Promise<CheckCard> {
    await null; // settings that were changed before this call count
    const text = typeof code === 'string' ? tidied(code) : (await this.#codesIn(code)).find(couldBeCode);
    if (text === undefined) throw new DOMException('There is no licence code in the picture.', 'NotFoundError');
    if (!this.#verifier) throw new DOMException('The verifier is not on a page, or is not set up.', 'InvalidStateError');
    return this.#verifier.check(text);
  }

  connectedCallback(): void {
    if (!this.#life) this.#begin();
  }

  disconnectedCallback(): void {
    // Not yet: it may only be moved.
    queueMicrotask(() => { if (!this.isConnected) this.#end(); });
  }

  /** With this a browser that can move elements does so without taking them out. */
  connectedMoveCallback(): void {}

  adoptedCallback(): void { this.#stage.adopted(); }

  attributeChangedCallback(name: string, before: string | null, now: string | null): void {
    if (before === now || !this.#life) return;
    if (name === 'lang') this.#speak();
    else if (name === 'sources' || name === 'quiet') this.#offer();
    else this.#restart(name === 'transaction');
  }

  #begin(): void {
    const { signal } = (this.#life = new AbortController());
    this.#speak();
    this.#offer();
    watchHanded(this, {
      wants: { image: () => this.#sources.image, text: () => this.#sources.text },
      picture: (file) => void this.#handedPicture(file),
      text: (text) => this.#handedText(text),
      over: (is) => this.#stage.showDrag(is),
    }, signal);
    window.addEventListener('pagehide', () => this.#stage.showIdle(), { signal }); // a page may come back as it was
    watchTyping((text) => this.#sources.text && this.#handedText(text), signal);
    this.#restart();
  }

  #end(): void {
    this.#life?.abort();
    this.#life = null;
    this.#verifier?.close();
    this.#verifier = null;
    this.#finder.close();
    this.#reader.close();
    this.#signals.close();
    this.#stage.close();
  }

  // In a moment, so that several changes make one start.
  #restart(keepsCard = false): void {
    this.#keepsCard = keepsCard && (this.#keepsCard || !this.#isRestarting);
    if (this.#isRestarting) return;
    this.#isRestarting = true;
    queueMicrotask(() => {
      this.#isRestarting = false;
      if (this.#life) this.#start();
    });
  }

  #start(): void {
    this.#verifier?.close();
    this.#verifier = null;
    const settings = settingsOf(this, new URL('./e-license-verifier.wasm', import.meta.url));
    if (typeof settings === 'string') return this.#fail('settings', settings);
    this.#stage.showChallenge(null, null);
    this.#stage.showLoading(this.#keepsCard);
    const verifier: Verifier = new Verifier(settings, this.#listener(() => this.#verifier === verifier));
    this.#verifier = verifier;
    if (this.#sources.camera) this.#finder.open();
    void verifier.open();
  }

  // `current` says whether the verifier that speaks is still ours.
  #listener(current: () => boolean): Listener {
    return {
      readiness: (readiness) => {
        this.#stage.showReadiness(readiness);
        this.#announce('readiness', readiness);
      },
      checking: () => this.#stage.showChecking(),
      card: (card, sound) => {
        this.#stage.showCard(card);
        // What the holder can mend is looked at again when their phone shows another code.
        if (card.result !== 'valid' && card.result !== 'not-usable') this.#finder.next();
        this.#signals.give(sound);
        this.#announce('result', card);
      },
      challenge: (digits, said) => {
        this.#finder.isTapping = digits !== null;
        if (digits !== null) this.#stage.showIdle(); // what was found without them counts no more
        this.#stage.showChallenge(digits, said);
      },
      failed: (obstacle) => {
        if (!current()) return;
        if (obstacle === 'module-failed' && this.#revival.isDue()) return this.#restart();
        this.#fail(obstacle, obstacle);
      },
    };
  }

  #fail(obstacle: Obstacle | 'settings', error: string): void {
    this.#verifier = null;
    this.#finder.close();
    this.#stage.showObstacle(obstacle);
    const text = words[this.#language].obstacle[obstacle];
    this.#announce('readiness', { ready: false, online: false, error, words: { first: text, second: text } });
  }

  get #language(): Language { return languageOf(this.getAttribute('lang')); }

  #speak(): void {
    this.#finder.speak(this.#language);
    this.#stage.speak(this.#language);
    this.#verifier?.speak(this.#language);
  }

  #offer(): void {
    this.#sources = sourcesOf(this.getAttribute('sources'));
    this.#signals.quiet = this.hasAttribute('quiet');
    this.#stage.offer(this.#sources);
    if (!this.#sources.camera) this.#finder.close();
    else if (this.#verifier) this.#finder.open();
  }

  // Whether it is one of ours.
  #handedText(text: string): boolean {
    const tidy = tidied(text);
    if (couldBeCode(tidy)) this.#check(tidy);
    else this.#stage.notice('notOurs');
    return couldBeCode(tidy);
  }

  async #handedPicture(file: Blob): Promise<void> {
    try {
      const texts = await this.#codesIn(file);
      const text = texts.find(couldBeCode);
      if (text !== undefined) this.#check(text);
      else this.#stage.notice(texts.length > 0 ? 'notOurs' : 'noCode');
    } catch (error) {
      this.#stage.notice((error as Error).name === 'EncodingError' ? 'noPicture' : 'noScanner');
    }
  }

  #check(text: string): void {
    this.#verifier?.check(text).catch((error: DOMException) => {
      if (error.name === 'OperationError') this.#stage.notice(this.#finder.isTapping ? 'noDigits' : 'justChecked');
    });
  }

  #codesIn(picture: Blob | ImageData): Promise<string[]> {
    return codesIn(picture, (pixels) => this.#reader.readWell(pixels));
  }

  // Later: a listener must never run while the module does.
  #announce<K extends keyof ELicenseVerifierEventMap>(type: K, detail: ELicenseVerifierEventMap[K]['detail']): void {
    queueMicrotask(() => this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true })));
  }
}

if (globalThis.customElements && !customElements.get('e-license-verifier')) customElements.define('e-license-verifier', ELicenseVerifierElement);
