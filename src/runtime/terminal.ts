/** One host's terminal: xterm with the house's fonts, colours and ways out. Loaded when first shown. */

import { FitAddon } from '@xterm/addon-fit';
import { Unicode11Addon } from '@xterm/addon-unicode11';
import { WebLinksAddon } from '@xterm/addon-web-links';
import { type ITheme, Terminal } from '@xterm/xterm';
import '@xterm/xterm/css/xterm.css';
import type { Screen } from './outputs.ts';

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

export interface HostTerminalOptions {
  readonly label: string;
  readonly dark: boolean;
  readonly screenReader: boolean;
  readonly fontSize: number;
  readonly onInput: (data: string) => void;
  /** Ctrl+` was pressed. */
  readonly onToggle: () => void;
  /** Esc was pressed: Tab now leaves. */
  readonly onEscape: () => void;
}

export class HostTerminal implements Screen {
  readonly #terminal: Terminal;
  readonly #fit = new FitAddon();
  readonly #options: HostTerminalOptions;
  /** The last key was Esc. */
  #leaving = false;

  constructor(options: HostTerminalOptions) {
    this.#options = options;
    this.#terminal = new Terminal({
      allowProposedApi: true,
      cursorBlink: !matchMedia('(prefers-reduced-motion: reduce)').matches,
      fontFamily: getComputedStyle(document.documentElement).getPropertyValue('--mono'),
      fontSize: options.fontSize,
      lineHeight: 1.25,
      scrollback: 5_000,
      minimumContrastRatio: 4.5,
      macOptionIsMeta: true,
      screenReaderMode: options.screenReader,
      theme: options.dark ? darkTheme : lightTheme,
    });
    this.#terminal.loadAddon(this.#fit);
    this.#terminal.loadAddon(new Unicode11Addon());
    this.#terminal.unicode.activeVersion = '11';
    this.#terminal.loadAddon(new WebLinksAddon((_, uri) => window.open(uri, '_blank', 'noopener,noreferrer')));
    this.#answerNoQueries();
    this.#terminal.attachCustomKeyEventHandler((event) => this.#key(event));
    this.#terminal.onData(options.onInput);
  }

  open(element: HTMLElement): void {
    this.#terminal.open(element);
    this.#terminal.textarea?.setAttribute('aria-label', this.#options.label);
  }

  write(data: string): void {
    this.#terminal.write(data);
  }

  /** All that was written stands on the screen. */
  written(): Promise<void> {
    return new Promise((resolve) => this.#terminal.write('', resolve));
  }

  reset(): void {
    this.#terminal.reset();
  }

  focus(): void {
    this.#terminal.focus();
  }

  paste(text: string): void {
    this.#terminal.paste(text);
  }

  /** The size that fills its element; undefined while it is not laid out. */
  measure(): { columns: number; rows: number } | undefined {
    const size = this.#fit.proposeDimensions();
    if (!size || !Number.isFinite(size.cols) || !Number.isFinite(size.rows)) return undefined;
    return { columns: Math.max(size.cols, 20), rows: Math.max(size.rows, 4) };
  }

  resize(columns: number, rows: number): void {
    if (this.#terminal.cols !== columns || this.#terminal.rows !== rows) this.#terminal.resize(columns, rows);
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
    if (event.ctrlKey && event.code === 'Backquote') {
      event.preventDefault();
      this.#options.onToggle();
      return false;
    }
    if (event.key === 'Tab' && this.#leaving) {
      this.#leaving = false;
      return false;
    }
    if (this.#copies(event)) {
      event.preventDefault();
      void navigator.clipboard.writeText(this.#terminal.getSelection());
      this.#terminal.clearSelection();
      return false;
    }
    if (event.key !== 'Shift') this.#leaving = event.key === 'Escape';
    if (this.#leaving) this.#options.onEscape();
    // The browser pastes by itself; as a key it would be ^V.
    return !(event.ctrlKey && event.key.toLowerCase() === 'v');
  }

  /** Ctrl+C copies while something is selected, Ctrl+Shift+C always. */
  #copies(event: KeyboardEvent): boolean {
    return event.ctrlKey && !event.altKey && event.key.toLowerCase() === 'c' && this.#terminal.hasSelection();
  }
}

const lightTheme: ITheme = {
  background: '#fbfbf8',
  foreground: '#1f2328',
  cursor: '#0b5a8f',
  cursorAccent: '#fbfbf8',
  selectionBackground: '#0b5a8f33',
  black: '#24292f',
  red: '#b3261e',
  green: '#17692f',
  yellow: '#7d5200',
  blue: '#0b5a8f',
  magenta: '#7a3fa0',
  cyan: '#136f78',
  white: '#6e7781',
  brightBlack: '#57606a',
  brightRed: '#a0111f',
  brightGreen: '#0f5323',
  brightYellow: '#633c01',
  brightBlue: '#0a4a78',
  brightMagenta: '#64308a',
  brightCyan: '#0d5a61',
  brightWhite: '#3d434a',
};

const darkTheme: ITheme = {
  background: '#101215',
  foreground: '#e1e4e8',
  cursor: '#7db9e8',
  cursorAccent: '#101215',
  selectionBackground: '#7db9e844',
  black: '#484f58',
  red: '#ff7b72',
  green: '#56c46e',
  yellow: '#dba642',
  blue: '#7db9e8',
  magenta: '#c79bf0',
  cyan: '#5cc5cf',
  white: '#c9d1d9',
  brightBlack: '#8b949e',
  brightRed: '#ffa198',
  brightGreen: '#7ee093',
  brightYellow: '#e8c069',
  brightBlue: '#a5d0f2',
  brightMagenta: '#dcbdfb',
  brightCyan: '#86dbe3',
  brightWhite: '#f0f3f6',
};
