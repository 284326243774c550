/**
 * A terminal that is wider than its place: what is wide is scrolled to, and the cursor is followed. Its page is as wide as the widest
 * row in view, so that there is nothing to scroll where nothing is wide.
 */

import type { Terminal } from '@xterm/xterm';

/** Kept free below the rows for a scrollbar, wanted or not: rows that came and went with it would be told to every program. */
const SCROLLBAR = 10;
/** Columns that stay in view beside the cursor. */
const MARGIN = 3;
/** Room for xterm's own scrollbar, at the right (pixels). */
const RIGHT = 14;

export class Sideways {
  readonly #terminal: Terminal;
  /** What is scrolled, and the page in it. */
  readonly #view: HTMLElement;
  readonly #page: HTMLElement;
  #width = 0;
  #left = 0;
  #pageWidth = 0;
  /** The cursor is kept in view: until the reader scrolls away from it, and again when something is typed or a prompt comes. */
  #following = true;
  readonly #observer: ResizeObserver;

  constructor(terminal: Terminal, view: HTMLElement) {
    this.#terminal = terminal;
    this.#view = view;
    this.#page = document.createElement('div');
    this.#page.className = 'terminal-page';
    view.replaceChildren(this.#page);
    view.addEventListener('scroll', this.#onScroll, { passive: true });
    this.#observer = new ResizeObserver(() => {
      this.#width = view.clientWidth;
      this.#settle();
    });
    this.#observer.observe(view);
    terminal.onRender(() => this.#settle());
    terminal.onData(() => this.follow());
    // Bracketed paste is on while a shell reads a line (readline): a prompt has come, or a line has been typed for the reader.
    for (const final of ['h', 'l'])
      terminal.parser.registerCsiHandler({ prefix: '?', final }, (params) => {
        if (params.includes(2004)) this.#following = true;
        return false;
      });
  }

  /** Where xterm draws. */
  get page(): HTMLElement {
    return this.#page;
  }

  /** The cells that there is room for; undefined while it is not laid out. */
  room(): { columns: number; rows: number } | undefined {
    const cell = this.#cell();
    const { clientWidth, offsetHeight } = this.#view;
    if (!cell || clientWidth === 0 || offsetHeight === 0) return undefined;
    return {
      columns: Math.max(Math.floor((clientWidth - RIGHT) / cell.width), 20),
      rows: Math.max(Math.floor((offsetHeight - SCROLLBAR) / cell.height), 4),
    };
  }

  follow(): void {
    this.#following = true;
    this.#settle();
  }

  /** By a part of what is in view: -1/2 is half of it to the left. */
  scrollBy(part: number): void {
    this.#following = false;
    this.#scrollTo(this.#left + this.#width * part);
  }

  /** What was found there is brought into view. */
  show(column: number, columns: number): void {
    const cell = this.#cell();
    if (!cell) return;
    this.#following = false;
    const [start, end] = [column * cell.width, (column + columns + MARGIN) * cell.width];
    if (start < this.#left || end > this.#left + this.#width)
      this.#scrollTo(end > this.#width ? end - this.#width / 2 : 0);
  }

  dispose(): void {
    this.#observer.disconnect();
    this.#view.removeEventListener('scroll', this.#onScroll);
  }

  #cell(): { width: number; height: number } | undefined {
    const { cols, rows, element } = this.#terminal;
    const screen = element?.querySelector<HTMLElement>('.xterm-screen');
    if (!screen?.style.width) return undefined;
    return {
      width: Number.parseFloat(screen.style.width) / cols,
      height: Number.parseFloat(screen.style.height) / rows,
    };
  }

  #settle(): void {
    const cell = this.#cell();
    if (!cell || this.#width === 0) return;
    const { active } = this.#terminal.buffer;
    let widest = active.cursorX + 1;
    for (let row = 0; row < this.#terminal.rows; row++) {
      const line = active.getLine(active.viewportY + row);
      if (line) widest = Math.max(widest, widthOf(line.translateToString(true)));
    }
    const pageWidth = Math.max(Math.ceil(widest * cell.width) + RIGHT, this.#width);
    if (pageWidth !== this.#pageWidth) {
      this.#pageWidth = pageWidth;
      this.#page.style.width = pageWidth > this.#width ? `${pageWidth}px` : '100%';
      this.#pin();
    }
    if (this.#following) this.#followCursor(active.cursorX, cell.width);
  }

  #followCursor(column: number, cell: number): void {
    const at = column * cell;
    const margin = MARGIN * cell;
    if (at + margin + RIGHT <= this.#width) this.#scrollTo(0);
    else if (at - margin < this.#left || at + margin + RIGHT > this.#left + this.#width)
      // A third of the view ahead: typing on does not move it at every key.
      this.#scrollTo(at - (this.#width * 2) / 3);
  }

  #scrollTo(left: number): void {
    const to = Math.round(Math.min(Math.max(left, 0), Math.max(this.#pageWidth - this.#width, 0)));
    if (to === this.#left) return;
    this.#left = to;
    this.#view.scrollLeft = to;
    this.#pin();
  }

  readonly #onScroll = (): void => {
    const { scrollLeft } = this.#view;
    if (Math.abs(scrollLeft - this.#left) <= 1) return;
    this.#left = scrollLeft;
    this.#following = scrollLeft === 0;
    this.#pin();
  };

  /** xterm's own scrollbar stays at the right of what is in view; what goes on beyond it is said. */
  #pin(): void {
    const beyond = this.#pageWidth - this.#width - this.#left;
    this.#page.style.setProperty('--out-of-view', `${beyond}px`);
    const sides = [this.#left > 1 ? 'left' : '', beyond > RIGHT ? 'right' : ''].join(' ').trim();
    if (sides) this.#view.dataset.beyond = sides;
    else delete this.#view.dataset.beyond;
  }
}

/** Columns of a row's text: what is wide there takes two. */
function widthOf(text: string): number {
  let width = text.length;
  // Latin letters, boxes and arrows take one each.
  if (/[\u2e80-\u{10ffff}]/u.test(text)) for (const character of text) if (character >= '\u2e80') width++;
  return width;
}
