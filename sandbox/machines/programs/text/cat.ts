/** cat(1). */

import type { Task } from '../../../sim/task.ts';
import { encode } from '../bytes.ts';
import { eachInput } from '../io.ts';
import { quotedIfNeeded } from '../quote.ts';
import { tool } from '../tool.ts';

const LONG = {
  'show-all': 'A',
  'number-nonblank': 'b',
  'show-ends': 'E',
  number: 'n',
  'squeeze-blank': 's',
  'show-tabs': 'T',
  'show-nonprinting': 'v',
};

export const cat = tool(
  'cat',
  {
    short: 'AbeEnstTuv',
    long: LONG,
    usage: 'cat [OPTION]... [FILE]...',
    about: 'Concatenate FILE(s) to standard output.',
  },
  function* (tool) {
    const style: Style = {
      number: tool.has('n') || tool.has('b'),
      nonBlank: tool.has('b'),
      squeeze: tool.has('s'),
      ends: tool.has('A', 'E', 'e'),
      tabs: tool.has('A', 'T', 't'),
      control: tool.has('A', 'v', 'e', 't'),
    };
    const plain = !Object.values(style).some(Boolean);
    const numbering = new Numbering(style);
    const out = tool.process.stdout;
    const target = yield* out.stat();
    yield* eachInput(
      tool,
      function* (file, path): Task<void> {
        const source = yield* file.stat();
        // A file that is not empty and copied to itself would never end (cat.c).
        if (
          target.type === 'file' &&
          source.dev === target.dev &&
          source.ino === target.ino &&
          (file.tell?.() ?? 0) < source.size
        ) {
          yield* tool.complain(`${quotedIfNeeded(path)}: input file is output file`);
          return;
        }
        for (;;) {
          const chunk = yield* file.read();
          if (chunk.length === 0) return;
          yield* out.write(plain ? chunk : numbering.convert(chunk));
        }
      },
      (path, words) => `${quotedIfNeeded(path)}: ${words}`,
    );
    return tool.status;
  },
);

interface Style {
  readonly number: boolean;
  readonly nonBlank: boolean;
  readonly squeeze: boolean;
  readonly ends: boolean;
  readonly tabs: boolean;
  readonly control: boolean;
}

class Numbering {
  readonly #style: Style;
  #line = 0;
  #atStart = true;
  #blanks = 0;

  constructor(style: Style) {
    this.#style = style;
  }

  convert(bytes: Uint8Array): Uint8Array {
    const out: number[] = [];
    for (const byte of bytes) this.#byte(byte, out);
    return new Uint8Array(out);
  }

  #byte(byte: number, out: number[]): void {
    const style = this.#style;
    if (byte === 10) {
      this.#blanks = this.#atStart ? this.#blanks + 1 : 0;
      if (style.squeeze && this.#blanks > 1) return;
      if (this.#atStart && style.number && !style.nonBlank) this.#number(out);
      if (style.ends) out.push(36);
      out.push(10);
      this.#atStart = true;
      return;
    }
    if (this.#atStart && style.number) this.#number(out);
    this.#atStart = false;
    this.#blanks = 0;
    if (byte === 9) {
      if (style.tabs) out.push(94, 73);
      else out.push(9);
    } else if (!style.control) out.push(byte);
    else showByte(byte, out);
  }

  #number(out: number[]): void {
    for (const byte of encode(`${String(++this.#line).padStart(6)}\t`)) out.push(byte);
  }
}

/** `^X`, `M-x`, `M-^X`. */
function showByte(byte: number, out: number[]): void {
  if (byte >= 128) {
    out.push(77, 45);
    showByte(byte - 128, out);
  } else if (byte < 32) out.push(94, byte + 64);
  else if (byte === 127) out.push(94, 63);
  else out.push(byte);
}
