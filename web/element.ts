// The custom element <e-license>: attributes, properties, events. Importing it without a window, on a server, does nothing.
import { Revival } from './core.js';
import type { DeviceSigner, ELicenseElement as Interface, ELicenseEventMap } from './e-license.d.ts';
import type { KeyStore } from './keys.js';
import type { KeyStorage, PageName, SessionEvent, ViewerState } from './messages.js';
import { authorityOf, languageOf, pageOf, rootsOf } from './settings.js';
import { Stage } from './stage.js';
import { type Listener, Viewer } from './viewer.js';
import { type Obstacle, words } from './words.js';

type Detail<K extends keyof ELicenseEventMap> = ELicenseEventMap[K]['detail'];

const Base = globalThis.HTMLElement ?? (class {} as typeof HTMLElement);
const properties = ['preAuthorizedCode', 'accessToken', 'signer', 'concealed'] as const;

export class ELicenseElement extends Base implements Interface {
  static readonly observedAttributes = ['authority', 'root-key', 'account', 'src-wasm', 'lang', 'page', 'concealed'];

  readonly #stage = new Stage(this);
  #viewer: Viewer | null = null;
  #opened = false;
  #restarting = false;
  readonly #revival = new Revival();
  #state: ViewerState = 'loading';
  #keyStorage: KeyStorage = 'memory';
  #code: string | null = null;
  #token: string | null = null;
  #signer: DeviceSigner | null = null;

  constructor() {
    super();
    this.#stage.onRetry = () => this.refresh();
  }

  get state(): ViewerState { return this.#state; }
  get keyStorage(): KeyStorage { return this.#keyStorage; }

  get preAuthorizedCode(): string | null { return this.#code; }
  set preAuthorizedCode(code: string | null) {
    this.#code = code === null ? null : String(code);
    this.#handIn();
  }

  get accessToken(): string | null { return this.#token; }
  set accessToken(token: string | null) {
    this.#token = token === null ? null : String(token);
    this.#handIn();
  }

  get signer(): DeviceSigner | null { return this.#signer; }
  set signer(signer: DeviceSigner | null) {
    if (signer && !(signer.publicKey instanceof Uint8Array && signer.publicKey.length === 32 && typeof signer.sign === 'function')) {
      throw new TypeError('signer: { publicKey: 32 bytes, sign(bytes) }');
    }
    if (signer === this.#signer) return;
    this.#signer = signer;
    this.#restart();
  }

  get concealed(): boolean { return this.hasAttribute('concealed'); }
  // As the attribute is, '' is yes: React sets what stands in JSX as a property.
  set concealed(concealed: boolean | '') { this.toggleAttribute('concealed', concealed !== false && concealed != null); }

  refresh(): void {
    if (this.#state === 'unavailable') this.#restart();
    else this.#viewer?.send({ event: 'refresh' });
  }

  showPage(name: PageName): void {
    const page = pageOf(name);
    if (!page) throw new TypeError('showPage: front or endorsement');
    this.#viewer?.send({ event: 'page', page });
  }

  connectedCallback(): void {
    // Set before the element was defined: then they hide ours.
    for (const name of properties) {
      if (!Object.hasOwn(this, name)) continue;
      const value: unknown = this[name];
      delete (this as Partial<Record<typeof name, unknown>>)[name];
      (this as Record<typeof name, unknown>)[name] = value;
    }
    if (!this.#viewer) this.#restart();
  }

  disconnectedCallback(): void {
    // Not yet: it may only be moved.
    queueMicrotask(() => { if (!this.isConnected) this.#end(); });
  }

  /** With this a browser that can move elements does so without taking them out. */
  connectedMoveCallback(): void {}

  adoptedCallback(): void { this.#stage.adopted(); }

  attributeChangedCallback(name: string, before: string | null, now: string | null): void {
    if (before === now) return;
    if (name === 'lang') this.#viewer?.send({ event: 'language', language: languageOf(now) });
    else if (name === 'concealed') this.#viewer?.conceal(now !== null);
    else if (name !== 'page') this.#restart();
    else if (pageOf(now)) this.showPage(now as PageName);
  }

  // In a moment, so that several changes make one start.
  #restart(): void {
    if (this.#restarting) return;
    this.#restarting = true;
    queueMicrotask(() => {
      this.#restarting = false;
      this.#end();
      if (this.isConnected) this.#start();
    });
  }

  #start(): void {
    const language = languageOf(this.getAttribute('lang'));
    this.#stage.showLoading(language);
    const authority = authorityOf(this.getAttribute('authority'));
    const roots = rootsOf(this.getAttribute('root-key'));
    if (!authority) return this.#unavailable('authority');
    if (!roots) return this.#unavailable('root-key');
    this.#setState({ state: 'loading', error: null, words: words[language].loading });
    const settings = {
      authority,
      roots,
      language,
      account: this.getAttribute('account') ?? '',
      page: pageOf(this.getAttribute('page')),
      module: new URL(this.getAttribute('src-wasm') ?? new URL('./e-license.wasm', import.meta.url), document.baseURI).href,
      signer: this.#signer,
      concealed: this.concealed,
    };
    const viewer: Viewer = new Viewer(this.#stage, settings, this.#listener(() => this.#viewer === viewer));
    this.#viewer = viewer;
    void viewer.open();
  }

  #end(): void {
    this.#opened = false;
    const viewer = this.#viewer;
    this.#viewer = null;
    viewer?.close();
  }

  // `current` says whether the viewer that speaks is still ours.
  #listener(current: () => boolean): Listener {
    return {
      opened: () => {
        this.#opened = true;
        return this.#handedIn();
      },
      state: (change) => { if (current()) this.#setState(change); },
      page: (page) => this.#announce('page-change', { page }),
      checked: (checked) => this.#announce('checked', checked),
      error: (code, text) => this.#announce('error', { code, words: text }),
      storage: ({ storage }: KeyStore) => {
        this.#keyStorage = storage;
        if (this.getAttribute('key-storage') !== storage) this.setAttribute('key-storage', storage);
      },
      failed: (obstacle) => {
        if (!current()) return;
        if (obstacle === 'module-failed' && this.#revival.isDue()) return this.#restart();
        this.#end();
        this.#unavailable(obstacle);
      },
    };
  }

  #unavailable(obstacle: Obstacle): void {
    const language = languageOf(this.getAttribute('lang'));
    this.#stage.showUnavailable(language, obstacle);
    this.#setState({ state: 'unavailable', error: obstacle, words: words[language].obstacle[obstacle] });
  }

  #setState(change: Detail<'state-change'>): void {
    this.#state = change.state;
    this.#announce('state-change', change);
  }

  #handIn(): void {
    if (this.#opened) for (const event of this.#handedIn()) this.#viewer?.send(event);
  }

  // Each is good once: it is not kept.
  #handedIn(): SessionEvent[] {
    const [code, token] = [this.#code, this.#token];
    this.#code = this.#token = null;
    return [...(code === null ? [] : [{ event: 'code' as const, code }]), ...(token === null ? [] : [{ event: 'token' as const, token }])];
  }

  // Later: a listener must never run while the module does. `error` does not bubble, as no error event does: a page that
  // watches its own errors must not take this for one.
  #announce<K extends keyof ELicenseEventMap>(type: K, detail: Detail<K>): void {
    queueMicrotask(() => this.dispatchEvent(new CustomEvent(type, { detail, bubbles: type !== 'error', composed: true })));
  }
}

if (globalThis.customElements && !customElements.get('e-license')) customElements.define('e-license', ELicenseElement);
