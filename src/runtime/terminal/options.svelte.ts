/** What the reader has chosen of all terminals, remembered by the browser. */

import { readPreference, writePreference } from '../preferences.ts';

const NAMES = ['screenReader', 'copyOnSelect', 'wrapLines'] as const;
type Name = (typeof NAMES)[number];

export class TerminalOptions {
  #on = $state<Record<Name, boolean>>(
    Object.fromEntries(NAMES.map((name) => [name, readPreference(name) === 'on'])) as Record<Name, boolean>,
  );

  /** What is shown can be read line by line. */
  get screenReader(): boolean {
    return this.#on.screenReader;
  }
  set screenReader(on: boolean) {
    this.#set('screenReader', on);
  }

  /** What is selected is copied at once. */
  get copyOnSelect(): boolean {
    return this.#on.copyOnSelect;
  }
  set copyOnSelect(on: boolean) {
    this.#set('copyOnSelect', on);
  }

  /** Long lines wrap, instead of going on beyond the edge. */
  get wrapLines(): boolean {
    return this.#on.wrapLines;
  }
  set wrapLines(on: boolean) {
    this.#set('wrapLines', on);
  }

  #set(name: Name, on: boolean): void {
    this.#on[name] = on;
    writePreference(name, on ? 'on' : 'off');
  }
}
