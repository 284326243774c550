/** One host's terminal: xterm with the house's fonts, colours and ways out. Loaded when first shown. */

import { Terminal } from '@xterm/xterm';
import '@xterm/xterm/css/xterm.css';
import type { Screen } from '../outputs.ts';
import { COLUMNS } from './columns.ts';
import type { Search } from './search.ts';
import { Sideways } from './sideways.ts';
import { darkTheme, lightTheme } from './themes.ts';
import { isToggle } from './toggle-key.ts';

/** DA1, DA2, DA3, XTVERSION; DSR; DECRQM; reports of the window's size. */
const CSI_QUERIES = [
  { final: 'c' },
  { prefix: '>', final: 'c' },
  { prefix: '=', final: 'c' },
  { prefix: '>', final: 'q' },
  { final: 'n' },
  { prefix: '?', final: 'n' },
  { intermediates: '$', final: 'p' },
  { prefix: '?', intermediates: '$', final: 'p' },
  { final: 't' },
] as const;
/** DECSET 1004: focus coming and going would be typed. */
const FOCUS_REPORTS = 1004;

/** What the table of xterm's own (Unicode 6) may hold for narrower than it is: emoji, and signs that became some. */
const NEWER_THAN_UNICODE_6 = /[\u2300-\uffff]/;

export interface HostTerminalOptions {
  readonly label: string;
  readonly dark: boolean;
  readonly screenReader: boolean;
  readonly fontSize: number;
  /** It has no more columns than there is room for: what is longer wraps. */
  readonly wraps: boolean;
  readonly copiesSelection?: boolean;
  readonly onInput: (data: string) => void;
  /** The key that goes to the text was pressed. */
  readonly onToggle: () => void;
  /** A program has taken the whole screen (vi, less, top), or given it back. */
  readonly onFullScreen?: (full: boolean) => void;
  /** Ctrl+Shift+F was pressed. */
  readonly onFind?: () => void;
  /** The browser does not let it copy. */
  readonly onCopyRefused?: () => void;
}

export class HostTerminal implements Screen {
  readonly #terminal: Terminal;
  readonly #options: HostTerminalOptions;
  #sideways: Sideways | undefined;
  /** The last key was Esc: Tab leaves. */
  #leaving = false;
  /** … and was not sent yet. */
  #held = false;
  /** Output that waits for the widths of its characters; undefined when it need not. */
  #waiting: string[] | undefined;
  #widthsKnown = false;
  wraps: boolean;
  copiesSelection: boolean;

  constructor(options: HostTerminalOptions) {
    this.#options = options;
    this.wraps = options.wraps;
    this.copiesSelection = options.copiesSelection ?? false;
    this.#terminal = new Terminal({
      allowProposedApi: true,
      cursorBlink: !matchMedia('(prefers-reduced-motion: reduce)').matches,
      cursorInactiveStyle: 'outline',
      fontFamily: getComputedStyle(document.documentElement).getPropertyValue('--mono'),
      fontSize: options.fontSize,
      lineHeight: 1.25,
      scrollback: 5_000,
      minimumContrastRatio: 4.5,
      macOptionIsMeta: true,
      screenReaderMode: options.screenReader,
      // Until it is measured.
      ...(!options.wraps && { cols: COLUMNS }),
      theme: options.dark ? darkTheme : lightTheme,
    });
    this.#answerNoQueries();
    this.#terminal.attachCustomKeyEventHandler((event) => this.#key(event));
    this.#terminal.onData(options.onInput);
    this.#terminal.buffer.onBufferChange(({ type }) => options.onFullScreen?.(type === 'alternate'));
  }

  open(element: HTMLElement): void {
    this.#sideways = new Sideways(this.#terminal, element);
    this.#terminal.open(this.#sideways.page);
    this.label = this.#options.label;
    const copy = () => this.copiesSelection && this.#copy();
    element.addEventListener('mousedown', () => document.addEventListener('mouseup', copy, { once: true }));
    if (matchMedia('(any-pointer: coarse)').matches)
      void import('./touch.ts').then(({ scrollByTouch }) => scrollByTouch(element, this.#terminal));
    // Addresses are links for a pointer.
    element.addEventListener('pointerenter', () => void this.#linkAddresses(), { once: true });
  }

  async #linkAddresses(): Promise<void> {
    // Without a network they stay text.
    const links = await import('@xterm/addon-web-links').catch(() => undefined);
    if (!links) return;
    this.#terminal.loadAddon(new links.WebLinksAddon((_, uri) => window.open(uri, '_blank', 'noopener,noreferrer')));
  }

  write(data: string): void {
    if (this.#waiting) this.#waiting.push(data);
    else if (!this.#widthsKnown && NEWER_THAN_UNICODE_6.test(data)) void this.#learnWidths([data]);
    else this.#terminal.write(data);
  }

  async #learnWidths(waiting: string[]): Promise<void> {
    this.#waiting = waiting;
    try {
      const { Unicode11Addon } = await import('@xterm/addon-unicode11');
      this.#terminal.loadAddon(new Unicode11Addon());
      this.#terminal.unicode.activeVersion = '11';
    } catch {
      // Without a network a few signs are narrower than they should be.
    }
    this.#widthsKnown = true;
    const late = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const data of late) this.#terminal.write(data);
  }

  /** All that was written stands on the screen. */
  written(): Promise<void> {
    return new Promise((resolve) => this.#terminal.write('', resolve));
  }

  reset(): void {
    if (this.#waiting) this.#waiting = [];
    this.#terminal.reset();
    this.#sideways?.follow();
  }

  focus(): void {
    this.#terminal.focus();
  }

  paste(text: string): void {
    this.#terminal.paste(text);
  }

  /** xterm itself, for what is loaded when it is asked for. */
  get xterm(): Terminal {
    return this.#terminal;
  }

  /** What looks through all it has shown. */
  async search(): Promise<Search> {
    const { Search } = await import('./search.ts');
    return new Search(this.#terminal, ({ start, end }) =>
      this.#sideways?.show(start.x, end.y === start.y ? end.x - start.x : 1),
    );
  }

  /** The size that fills its element; undefined while it is not laid out. */
  measure(): { columns: number; rows: number } | undefined {
    const room = this.#sideways?.room();
    return room && (this.wraps ? room : { ...room, columns: Math.max(room.columns, COLUMNS) });
  }

  resize(columns: number, rows: number): void {
    if (this.#terminal.cols !== columns || this.#terminal.rows !== rows) this.#terminal.resize(columns, rows);
  }

  set label(label: string) {
    this.#terminal.textarea?.setAttribute('aria-label', label);
  }

  set dark(dark: boolean) {
    this.#terminal.options.theme = dark ? darkTheme : lightTheme;
  }

  set screenReader(on: boolean) {
    this.#terminal.options.screenReaderMode = on;
  }

  set fontSize(size: number) {
    this.#terminal.options.fontSize = size;
  }

  dispose(): void {
    this.#sideways?.dispose();
    this.#terminal.dispose();
  }

  /**
   * Whatever xterm would answer by itself (every `triggerDataEvent` of its InputHandler, and reports of focus) would be input
   * that no learner typed, and would come twice when a session is replayed.
   */
  #answerNoQueries(): void {
    const { parser } = this.#terminal;
    for (const id of CSI_QUERIES) parser.registerCsiHandler(id, () => true);
    // DECRQSS: DCS $ q … ST.
    parser.registerDcsHandler({ intermediates: '$', final: 'q' }, () => true);
    // A colour is asked for by a question mark, alone or among colours that are set.
    for (const id of [4, 10, 11, 12])
      parser.registerOscHandler(id, (data) => data.split(';').some((part) => part.trim() === '?'));
    parser.registerCsiHandler({ prefix: '?', final: 'h' }, (params) => {
      if (!params.includes(FOCUS_REPORTS)) return false;
      const others = params.flat().filter((mode) => mode !== FOCUS_REPORTS);
      if (others.length > 0) this.#terminal.write(`\x1b[?${others.join(';')}h`);
      return true;
    });
  }

  /** False keeps a key from the terminal. */
  #key(event: KeyboardEvent): boolean {
    if (event.type !== 'keydown') return true;
    const done = this.#own(event);
    if (done) event.preventDefault();
    if (done) return false;
    const leaves = this.#leaving && event.key === 'Tab';
    if (event.key === 'Shift') return true;
    const held = this.#held;
    this.#held = false;
    this.#leaving = !leaves && event.key === 'Escape';
    if (leaves) return false;
    if (held) this.#options.onInput('\x1b');
    // At readline's prompt it does nothing but make the next key Meta: whoever leaves by it comes back to keys as they are.
    if (this.#leaving && this.#terminal.modes.bracketedPasteMode) {
      this.#held = true;
      return false;
    }
    // The browser pastes by itself; as a key it would be ^V.
    return !(event.ctrlKey && event.key.toLowerCase() === 'v');
  }

  /** What the house's own keys do; whether this was one. */
  #own(event: KeyboardEvent): boolean {
    const { key, ctrlKey, metaKey, shiftKey, altKey } = event;
    if (isToggle(event)) this.#options.onToggle();
    else if ((ctrlKey || metaKey) && shiftKey && !altKey && key.toLowerCase() === 'f' && this.#options.onFind)
      this.#options.onFind();
    else if (ctrlKey && shiftKey && !altKey && (key === 'ArrowLeft' || key === 'ArrowRight'))
      this.#sideways?.scrollBy(key === 'ArrowLeft' ? -0.5 : 0.5);
    // Ctrl+C copies while something is selected, Ctrl+Shift+C always.
    else if (ctrlKey && !altKey && key.toLowerCase() === 'c' && this.#terminal.hasSelection()) {
      this.#copy();
      this.#terminal.clearSelection();
    } else return false;
    return true;
  }

  #copy(): void {
    const text = this.#terminal.getSelection();
    if (text === '') return;
    // Where the page is not served securely there is no clipboard.
    const copied = navigator.clipboard?.writeText(text) ?? Promise.reject(new Error('no clipboard'));
    copied.catch(() => this.#options.onCopyRefused?.());
  }
}
