/** A terminal's screen in Node: what xterm would show, as lines of text. */

import xterm from '@xterm/headless';

const COLUMNS = 80;
const ROWS = 24;

export class Screen {
  readonly #terminal = new xterm.Terminal({ cols: COLUMNS, rows: ROWS, allowProposedApi: true });

  write(data: string): void {
    this.#terminal.write(data);
  }

  /** Rows from the top without trailing blanks; the cursor from [0, 0]. */
  contents(): Promise<{ screen: string[]; cursor: [row: number, col: number] }> {
    return new Promise((resolve) => {
      this.#terminal.write('', () => {
        const { active } = this.#terminal.buffer;
        const screen: string[] = [];
        for (let row = 0; row < ROWS; row++)
          screen.push(active.getLine(active.baseY + row)?.translateToString(true) ?? '');
        resolve({ screen, cursor: [active.cursorY, active.cursorX] });
      });
    });
  }
}
