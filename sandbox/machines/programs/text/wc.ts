/** wc(1): counts as the input goes by. */

import type { Task } from '../../../sim/task.ts';
import { isErrno } from '../../errno.ts';
import type { OpenFile } from '../../process.ts';
import { widthOf } from '../../shell/readline/screen.ts';
import { ByteDecoder } from '../bytes.ts';
import { openInput } from '../io.ts';
import { quotedIfNeeded } from '../quote.ts';
import { type Tool, tool } from '../tool.ts';

interface Counts {
  lines: number;
  words: number;
  chars: number;
  bytes: number;
  longest: number;
}

const COLUMNS = [
  ['l', 'lines'],
  ['w', 'words'],
  ['m', 'chars'],
  ['c', 'bytes'],
  ['L', 'longest'],
] as const;

export const wc = tool(
  'wc',
  {
    short: 'clLmw',
    long: { bytes: 'c', chars: 'm', lines: 'l', 'max-line-length': 'L', words: 'w', 'files0-from': 'from:' },
    usage: 'wc [OPTION]... [FILE]...\n  or:  wc [OPTION]... --files0-from=F',
  },
  function* (tool) {
    const chosen = COLUMNS.filter(([letter]) => tool.has(letter));
    const columns = chosen.length > 0 ? chosen : COLUMNS.filter(([letter]) => 'lwc'.includes(letter));
    const paths = yield* inputsOf(tool);
    if (!paths) return 1;
    const width = columns.length === 1 && paths.length === 1 ? 1 : yield* widthFor(tool, paths);
    const row = (counts: Counts, name: string) =>
      tool.write(
        `${columns.map(([, key]) => String(counts[key]).padStart(width)).join(' ')}${name === '' ? '' : ` ${name}`}\n`,
      );
    const total: Counts = { lines: 0, words: 0, chars: 0, bytes: 0, longest: 0 };
    for (const path of paths) {
      const counts: Counts = { lines: 0, words: 0, chars: 0, bytes: 0, longest: 0 };
      let file: OpenFile | undefined;
      try {
        file = path === '-' ? yield* openInput(tool.process, path) : yield* tool.process.open(path, { read: true });
        yield* countAll(tool, file, counts, new Set(columns.map(([, key]) => key)));
      } catch (error) {
        if (!isErrno(error)) throw error;
        yield* tool.complain(`${quotedIfNeeded(path)}: ${error.message}`);
        if (!file) continue;
      } finally {
        file?.release();
      }
      for (const key of ['lines', 'words', 'chars', 'bytes'] as const) total[key] += counts[key];
      total.longest = Math.max(total.longest, counts.longest);
      yield* row(counts, tool.operands.length === 0 && !tool.has('from') ? '' : quotedIfNeeded(path));
    }
    if (paths.length > 1) yield* row(total, 'total');
    return tool.status;
  },
);

function* inputsOf(tool: Tool): Task<string[] | undefined> {
  const from = tool.get('from');
  if (from === undefined) return tool.operands.length > 0 ? tool.operands : ['-'];
  if (tool.operands.length > 0) {
    yield* tool.usage(
      `extra operand ${tool.quote(tool.operands[0]!)}\nfile operands cannot be combined with --files0-from`,
    );
    return undefined;
  }
  return (yield* tool.process.readText(from)).split('\0').filter((name) => name !== '');
}

/** Of the sum of the files' sizes, at least seven where something has no size (coreutils, compute_number_width). */
function* widthFor(tool: Tool, paths: readonly string[]): Task<number> {
  let least = 1;
  let sum = 0;
  for (const [i, path] of paths.entries()) {
    try {
      const stat = yield* path === '-' ? tool.process.stdin.stat() : tool.process.stat(path);
      if (stat.type === 'file') sum += stat.size;
      else least = 7;
    } catch (error) {
      if (!isErrno(error)) throw error;
      if (i === 0) return 1;
    }
  }
  return Math.max(least, String(sum).length);
}

function* countAll(tool: Tool, file: OpenFile, counts: Counts, wanted: ReadonlySet<string>): Task<void> {
  const slow = wanted.has('chars') || wanted.has('longest');
  if (!slow && !wanted.has('words') && !wanted.has('lines') && file.tell && file.seek) {
    const stat = yield* file.stat();
    // A file of /proc says 0 and has something in it.
    if (stat.type === 'file' && stat.size > 0) {
      counts.bytes = Math.max(0, stat.size - file.tell());
      file.seek(Math.max(stat.size, file.tell()));
      return;
    }
  }
  const words = new Words();
  const text = new TextCounter(tool.process.env, counts);
  for (;;) {
    const chunk = yield* file.read();
    yield* tool.process.spend(chunk.length / (slow ? 20 : wanted.has('words') ? 200 : 2000));
    counts.bytes += chunk.length;
    if (wanted.has('lines')) for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) counts.lines++;
    if (wanted.has('words')) counts.words += words.begunIn(chunk);
    if (slow) text.add(chunk, wanted.has('longest'));
    if (chunk.length === 0) return;
  }
}

/** Words begin at a printable character after a blank. */
class Words {
  #inside = false;

  begunIn(chunk: Uint8Array): number {
    let begun = 0;
    let inside = this.#inside;
    for (let i = 0; i < chunk.length; i++) {
      const byte = chunk[i]!;
      if (byte === 32 || (byte >= 9 && byte <= 13)) inside = false;
      else if (!inside && byte > 32 && byte !== 127) {
        inside = true;
        begun++;
      }
    }
    this.#inside = inside;
    return begun;
  }
}

class TextCounter {
  readonly #decoder = new ByteDecoder();
  readonly #counts: Counts;
  readonly #bytewise: boolean;
  #column = 0;

  constructor(env: ReadonlyMap<string, string>, counts: Counts) {
    this.#counts = counts;
    this.#bytewise = !/utf-?8/i.test(env.get('LC_ALL') || env.get('LC_CTYPE') || env.get('LANG') || '');
  }

  add(chunk: Uint8Array, columns: boolean): void {
    const counts = this.#counts;
    if (this.#bytewise) counts.chars += chunk.length;
    if (this.#bytewise && !columns) return;
    const text = chunk.length === 0 ? this.#decoder.end() : this.#decoder.write(chunk);
    for (const char of text) {
      const code = char.codePointAt(0)!;
      if (!this.#bytewise && (code < 0xdc80 || code > 0xdcff)) counts.chars++;
      if (!columns) continue;
      if (char === '\n' || char === '\r' || char === '\f') this.#column = 0;
      else if (char === '\t') this.#column += 8 - (this.#column % 8);
      else if (code >= 32 && code !== 127) this.#column += widthOf(char);
      counts.longest = Math.max(counts.longest, this.#column);
    }
  }
}
