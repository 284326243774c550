/** What describers write with: indented lines whose tabs are aligned (kubectl pkg/describe/describe.go PrefixWriter, tabbedString). */

import { alignTabs } from '../printers/tabwriter.ts';

const ALIGN = { minWidth: 0, padding: 2 };

export class Writer {
  #done = '';
  #pending = '';
  readonly #base: number;
  readonly #parent: Writer | undefined;
  readonly #align: (text: string) => string;

  constructor(parent?: Writer, base = 0, align = (text: string) => alignTabs(text, ALIGN)) {
    this.#parent = parent;
    this.#base = base;
    this.#align = align;
  }

  /** One that leaves tabs as they are (a PrefixWriter over a plain buffer). */
  static plain(): Writer {
    return new Writer(undefined, 0, (text) => text);
  }

  /** Text at an indentation of two spaces a level. */
  write(level: number, text: string): void {
    if (this.#parent) this.#parent.write(level + this.#base, text);
    else this.#pending += '  '.repeat(level) + text.replaceAll('\x1b', '^[').replaceAll('\r', '\\r');
  }

  line(level: number, text: string): void {
    this.write(level, `${text}\n`);
  }

  /** A writer whose lines stand so many levels deeper. */
  nested(levels: number): Writer {
    return new Writer(this, levels);
  }

  /** Columns end here: what follows is aligned on its own. */
  flush(): void {
    this.#done += this.#align(this.#pending);
    this.#pending = '';
  }

  toString(): string {
    this.flush();
    return this.#done;
  }
}
