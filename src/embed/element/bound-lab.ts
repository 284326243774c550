/**
 * `<bound-lab lesson="claim" step="create">`: a lab in any page, by one script and nothing else (docs/embedding-lab.md). What is in this
 * folder is built into `bound-lab.js` (src/build/lab-script.ts); it runs in pages that are not ours.
 */

import { elementWords } from '../../../sandbox/words/embed/index.ts';
import { isLanguage, type Language } from '../../../sandbox/words/languages.ts';
import { type FromLab, isTheme, type LabTheme, readFromLab, type ToLab, VERSION } from '../protocol.ts';
import { followBlocks } from './blocks.ts';
import { onColoursChange, themeOf } from './colours.ts';

/** A script may be classic, deferred, or a module, which is not told where it came from: then it is looked for. */
const script =
  (document.currentScript as HTMLScriptElement | null) ??
  document.querySelector<HTMLScriptElement>('script[src*="bound-lab.js"]');
/** The site's root: where this script lies. */
const site = new URL('./', script?.src ?? location.href);

const HEIGHT = 420;
/** With height="auto" (pixels). */
const LOWEST = 300;
const HIGHEST = 900;
/** So near to what is seen it begins (pixels). */
const NEAR = '200px';

const look = new CSSStyleSheet();
look.replaceSync(`
  :host { display: block; margin: 1em 0 }
  :host([hidden]) { display: none }
  iframe { display: block; box-sizing: border-box; width: 100%; border: 1px solid #8886; border-radius: 4px }
`);

export class BoundLab extends HTMLElement {
  static observedAttributes = ['lesson', 'step', 'seed', 'language', 'theme', 'height', 'label', 'name'];

  readonly #frame = document.createElement('iframe');
  readonly #waiting = new Map<number, { resolve(): void; reject(error: Error): void }>();
  #runs = 0;
  /** Commands of before it was there. */
  #early: ToLab[] = [];
  /** The frame's page listens; commands can be typed in it. */
  #listens = false;
  #ready = false;
  /** Why nothing can be run in it, as it was told last. */
  #problem = '';
  #near: IntersectionObserver | undefined;
  #stopFollowing = () => {};

  constructor() {
    super();
    const shadow = this.attachShadow({ mode: 'open' });
    shadow.adoptedStyleSheets = [look];
    shadow.append(this.#frame);
    this.#frame.allow = 'clipboard-write; cross-origin-isolated';
  }

  connectedCallback(): void {
    addEventListener('message', this.#hear);
    this.#stopFollowing = onColoursChange(() => this.#tellTheme());
    this.#shape();
    // A page with many of them stays light: each begins when one comes near it.
    this.#near = new IntersectionObserver(
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) this.start();
      },
      { rootMargin: NEAR },
    );
    this.#near.observe(this);
  }

  disconnectedCallback(): void {
    removeEventListener('message', this.#hear);
    this.#stopFollowing();
    this.#near?.disconnect();
    this.#listens = false;
    this.#leave('the lab was taken out of the page');
    this.#frame.removeAttribute('src');
  }

  attributeChangedCallback(name: string, before: string | null, now: string | null): void {
    if (!this.isConnected || before === now) return;
    this.#shape();
    if (name === 'theme') this.#tellTheme();
    else if (name !== 'height' && name !== 'label' && this.#frame.src) {
      this.#listens = false;
      this.#leave('the lab was given another lesson');
      this.#frame.src = this.#address();
    }
  }

  get language(): Language {
    const asked = this.getAttribute('language') ?? this.closest<HTMLElement>('[lang]')?.lang.slice(0, 2);
    return isLanguage(asked) ? asked : 'en';
  }

  /** Loads it now, seen or not. */
  start(): void {
    this.#near?.disconnect();
    if (!this.#frame.src) this.#frame.src = this.#address();
  }

  /** Types command lines at a host's prompt. Rejects when they were not typed, with the reason. */
  run(host: string, command: string): Promise<void> {
    if (this.#problem) return Promise.reject(new Error(this.#problem));
    this.start();
    const id = ++this.#runs;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      const message: ToLab = { type: 'run', id, host, command };
      if (this.#ready) this.#post(message);
      else this.#early.push(message);
    });
  }

  #address(): string {
    const address = new URL(`${this.language}/embed/`, site);
    for (const name of ['lesson', 'step', 'seed']) {
      const value = this.getAttribute(name);
      if (value !== null) address.searchParams.set(name, value);
    }
    address.searchParams.set('theme', this.#theme());
    // Each place has a session of its own; the place stands behind the `#`, which no server is told.
    const labs = [...document.querySelectorAll('bound-lab')];
    address.hash = this.getAttribute('name') ?? `${location.pathname} ${labs.indexOf(this) + 1}`;
    return address.href;
  }

  /** `auto`, and whatever is none, follows the page. */
  #theme(): LabTheme {
    const asked = this.getAttribute('theme');
    return asked !== 'auto' && isTheme(asked) ? asked : themeOf(this);
  }

  #tellTheme(): void {
    if (this.#listens) this.#post({ type: 'theme', theme: this.#theme() });
  }

  #shape(): void {
    const { style } = this.#frame;
    const asked = this.getAttribute('height');
    if (asked !== 'auto' || !style.height) style.height = `${Number(asked) > 0 ? Number(asked) : HEIGHT}px`;
    this.#frame.title =
      this.getAttribute('label') ?? elementWords[this.language].title(this.getAttribute('lesson') ?? '');
  }

  #post(message: ToLab): void {
    this.#frame.contentWindow?.postMessage({ bound: VERSION, ...message }, site.origin);
  }

  readonly #hear = ({ source, origin, data }: MessageEvent<unknown>): void => {
    if (source !== this.#frame.contentWindow || source === null || origin !== site.origin) return;
    const read = readFromLab(data);
    if (!read) return;
    if ('malformed' in read) console.warn(`bound-lab: a message was ignored: ${read.malformed}`);
    else this.#heard(read.message);
  };

  #heard(message: FromLab): void {
    if (message.type === 'here') {
      // The first time, or after its reader has loaded it again.
      this.#listens = true;
      this.#ready = false;
      this.#post({ type: 'hello' });
      this.#tellTheme();
    } else if (message.type === 'ready') {
      this.#ready = true;
      this.#problem = '';
      if (!this.hasAttribute('label')) this.#frame.title = elementWords[this.language].title(message.title);
      for (const early of this.#early.splice(0)) this.#post(early);
    } else if (message.type === 'ran') {
      const waits = this.#waiting.get(Number(message.id));
      this.#waiting.delete(Number(message.id));
      if (message.ok) waits?.resolve();
      else waits?.reject(new Error(message.problem));
    } else if (message.type === 'height' && this.getAttribute('height') === 'auto')
      this.#frame.style.height = `${Math.min(HIGHEST, Math.max(LOWEST, message.height + 2))}px`;
    else if (message.type === 'problem') {
      this.#leave(message.message);
      this.#problem = message.message;
    }
    if (message.type !== 'here' && message.type !== 'ran')
      this.dispatchEvent(new CustomEvent(`bound-${message.type}`, { detail: message, bubbles: true }));
  }

  /** What was to be run in it is not. */
  #leave(why: string): void {
    this.#ready = false;
    this.#problem = '';
    this.#early = [];
    for (const { reject } of this.#waiting.values()) reject(new Error(why));
    this.#waiting.clear();
  }
}

if (!customElements.get('bound-lab')) {
  customElements.define('bound-lab', BoundLab);
  followBlocks();
}
