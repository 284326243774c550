/** A search through all a terminal has shown. Loaded when asked for. */

import { type ISearchOptions, SearchAddon } from '@xterm/addon-search';
import type { IBufferRange, Terminal } from '@xterm/xterm';

/** Colours of what is found: text keeps its contrast on them in both themes. */
const DECORATIONS = {
  matchOverviewRuler: '#b08800',
  activeMatchColorOverviewRuler: '#b08800',
  matchBorder: '#b08800',
  activeMatchBorder: '#b08800',
};

/** What it stands at is selected. */
export class Search {
  readonly #terminal: Terminal;
  readonly #addon = new SearchAddon();
  readonly #onFound: (at: IBufferRange) => void;
  #caseSensitive: boolean | undefined;
  #resizing: { dispose(): void };

  constructor(terminal: Terminal, onFound: (at: IBufferRange) => void) {
    this.#terminal = terminal;
    this.#onFound = onFound;
    terminal.loadAddon(this.#addon);
    // xterm forgets what is selected when it has more rows or fewer (SelectionService), and the next match would be the first.
    let { columns, at } = this.#place();
    const selecting = terminal.onSelectionChange(() => {
      if (terminal.hasSelection()) ({ columns, at } = this.#place());
    });
    const resized = terminal.onResize(({ cols }) =>
      // It hears of the size after this.
      queueMicrotask(() => {
        if (at && cols === columns && !terminal.hasSelection())
          terminal.select(at.start.x, at.start.y, (at.end.y - at.start.y) * cols + at.end.x - at.start.x);
      }),
    );
    this.#resizing = {
      dispose() {
        selecting.dispose();
        resized.dispose();
      },
    };
  }

  #place(): { columns: number; at: IBufferRange | undefined } {
    return { columns: this.#terminal.cols, at: this.#terminal.getSelectionPosition() };
  }

  /** Told how many there are, and which one (from 0; -1 for none) it stands at. */
  set onCount(listener: (at: number, all: number) => void) {
    this.#addon.onDidChangeResults(({ resultIndex, resultCount }) => listener(resultIndex, resultCount));
  }

  find(text: string, back: boolean, options: Pick<ISearchOptions, 'caseSensitive' | 'incremental'>): void {
    // The add-on counts anew for another text only (0.16): a change of case is another search to it when it has forgotten the last one.
    if (options.caseSensitive !== this.#caseSensitive) this.#addon.clearDecorations();
    this.#caseSensitive = options.caseSensitive;
    const all = { ...options, decorations: DECORATIONS };
    if (back) this.#addon.findPrevious(text, all);
    else this.#addon.findNext(text, all);
    const { at } = this.#place();
    if (at) this.#onFound(at);
  }

  end(): void {
    this.#resizing.dispose();
    this.#addon.clearDecorations();
    this.#addon.dispose();
  }
}
