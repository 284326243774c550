/** *Type here*, beside the caret of a prompt, until the reader has typed something once. */

import type { Terminal } from '@xterm/xterm';

/** A shell's prompt, and nothing typed at it. */
const PROMPT = /[#$] $/;

export class TypeHere {
  readonly #terminal: Terminal;
  readonly #sign: HTMLElement;
  readonly #listener: { dispose(): void };

  constructor(terminal: Terminal, text: string) {
    this.#terminal = terminal;
    this.#sign = document.createElement('span');
    this.#sign.className = 'type-here';
    // The terminal says what it is; this is for the eye.
    this.#sign.setAttribute('aria-hidden', 'true');
    this.#sign.textContent = text;
    this.#listener = terminal.onRender(() => this.#place());
    this.#place();
  }

  dispose(): void {
    this.#listener.dispose();
    this.#sign.remove();
  }

  #place(): void {
    const { buffer, cols, rows, element } = this.#terminal;
    const screen = element?.querySelector<HTMLElement>('.xterm-screen');
    const { active } = buffer;
    const row = active.baseY + active.cursorY;
    const text = active.getLine(row)?.translateToString(false, 0, active.cursorX) ?? '';
    const rest = active.getLine(row)?.translateToString(true, active.cursorX) ?? '';
    const inView = active.viewportY === active.baseY && active.type === 'normal';
    this.#sign.hidden = !screen || !inView || !PROMPT.test(text) || rest.trim() !== '';
    if (!screen || this.#sign.hidden) return;
    if (!this.#sign.isConnected) screen.append(this.#sign);
    const cell = { width: screen.offsetWidth / cols, height: screen.offsetHeight / rows };
    this.#sign.style.left = `${(active.cursorX + 1.6) * cell.width}px`;
    this.#sign.style.top = `${active.cursorY * cell.height}px`;
    this.#sign.style.lineHeight = `${cell.height}px`;
  }
}
