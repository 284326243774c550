/** The terminal that a page keeps a watch in, and what it has shown since one last looked. */

import type { Terminal } from './terminal.ts';

export class Watch {
  readonly terminal: Terminal;
  readonly #words: string;
  #seen = 0;

  constructor(command: string, terminal: Terminal) {
    this.terminal = terminal;
    this.#words = words(command);
  }

  /** The same watch, however it is written. */
  is(command: string): boolean {
    return this.#words === words(command);
  }

  /** As if it had been started when one last looked: where everything stood then, and what came since. */
  look(): string {
    const lines = this.terminal.output.split('\n').filter((line) => line.trim() !== '');
    const before = lines.slice(0, this.#seen);
    const after = lines.slice(this.#seen);
    this.#seen = lines.length;
    const stood = new Map(before.map((line) => [line.split(/\s/)[0]!, line]));
    return [...stood.values(), ...after].join('\n');
  }
}

const words = (command: string): string =>
  command
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .join(' ')
    .replace('--watch', '-w')
    .replace(/\bpods\b/, 'pod')
    .split(/\s+/)
    .filter(Boolean)
    .sort()
    .join(' ');
