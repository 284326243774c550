/** A finger that moves up or down scrolls a terminal: xterm 6 knows wheels only. Sideways the browser scrolls by itself. */

import type { Terminal } from '@xterm/xterm';

export function scrollByTouch(view: HTMLElement, terminal: Terminal): void {
  view.style.touchAction = 'pan-x';
  /** Where the finger was when the last row was scrolled. */
  let from: number | undefined;
  view.addEventListener(
    'touchstart',
    ({ touches }) => (from = touches.length === 1 ? touches[0]!.clientY : undefined),
    {
      passive: true,
    },
  );
  view.addEventListener(
    'touchmove',
    ({ touches }) => {
      const height = (terminal.element?.querySelector<HTMLElement>('.xterm-screen')?.offsetHeight ?? 0) / terminal.rows;
      if (from === undefined || !height) return;
      const rows = Math.trunc((from - touches[0]!.clientY) / height);
      from -= rows * height;
      if (terminal.buffer.active.type === 'normal') terminal.scrollLines(rows);
      else if (rows !== 0) terminal.input(arrow(rows > 0, terminal).repeat(Math.abs(rows)));
    },
    { passive: true },
  );
}

/** Full-screen programs have no history: they are told of arrow keys, as for a wheel. */
const arrow = (down: boolean, { modes }: Terminal): string =>
  `\x1b${modes.applicationCursorKeysMode ? 'O' : '['}${down ? 'B' : 'A'}`;
