/** expand(1) and unexpand(1). */

import type { Task } from '../../../sim/task.ts';
import type { Program } from '../../process.ts';
import { widthOf } from '../../shell/readline/screen.ts';
import { eachInput, LineReader } from '../io.ts';
import { type Tool, tool } from '../tool.ts';

/** Where tabs go: at these columns, then every `every` columns (from the last one with `+`); with neither, nowhere. */
interface Stops {
  readonly list: readonly number[];
  readonly every: number;
  readonly relative: boolean;
}

class TabError extends Error {}

/** `8`, `4,8,12`, `4 8`, `4,/8`, `4,+8` (coreutils, parse_tab_stops). */
function parseStops(texts: readonly string[], quote: (text: string) => string): Stops {
  const list: number[] = [];
  let every = 0;
  let relative = false;
  for (const part of texts.flatMap((text) => text.split(/[, \t]+/)).filter((part) => part !== '')) {
    const match = /^([/+]?)(\d+)$/.exec(part);
    if (!match) throw new TabError(`tab size contains invalid character(s): ${quote(part.replace(/^[/+]?\d*/, ''))}`);
    const size = Number(match[2]);
    if (size >= 2 ** 64) throw new TabError(`tab stop is too large ${quote(match[2]!)}`);
    if (match[1] === '') {
      if (size === 0) throw new TabError('tab size cannot be 0');
      if (list.length > 0 && size <= list.at(-1)!) throw new TabError('tab sizes must be ascending');
      list.push(size);
    } else {
      every = size;
      relative = match[1] === '+';
    }
  }
  if (list.length === 0) return { list, every: every || 8, relative: false };
  if (list.length === 1 && every === 0) return { list: [], every: list[0]!, relative: false };
  return { list, every, relative };
}

/** The first tab stop after `column`; undefined after the last one. */
function nextStop({ list, every, relative }: Stops, column: number): number | undefined {
  for (const stop of list) if (stop > column) return stop;
  if (every === 0) return undefined;
  const base = relative ? (list.at(-1) ?? 0) : 0;
  return column + every - ((column - base) % every);
}

function tabs(
  name: string,
  extra: { short: string; long: Record<string, string> },
  body: (tool: Tool, stops: Stops, line: string) => string,
): Program {
  const run = tool(
    name,
    { short: `${extra.short}t:`, long: { ...extra.long, tabs: 't:' }, usage: `${name} [OPTION]... [FILE]...` },
    function* (tool): Task<number> {
      let stops: Stops;
      try {
        stops = parseStops(tool.options.all('t'), (text) => tool.quote(text));
      } catch (error) {
        if (!(error instanceof TabError)) throw error;
        yield* tool.complain(error.message);
        return 1;
      }
      yield* eachInput(tool, function* (file): Task<void> {
        const reader = new LineReader(tool.process, file);
        for (let line = yield* reader.next(); line !== undefined; line = yield* reader.next()) {
          yield* tool.process.spend(0.3 + line.length / 100);
          yield* tool.write(body(tool, stops, line) + (reader.terminated ? '\n' : ''));
        }
      });
      return tool.status;
    },
  );
  // `expand -4` is `expand -t 4`.
  return (process, argv) =>
    run(
      process,
      argv.map((arg, i) => (i > 0 && /^-\d[\d,]*$/.test(arg) ? `-t${arg.slice(1)}` : arg)),
    );
}

/** More blanks than this and the line is not made (a tab size of 10¹⁸). */
const MOST_BLANKS = 2 ** 26;

export const expand = tabs('expand', { short: 'i', long: { initial: 'i' } }, (tool, stops, line) => {
  if (!line.includes('\t')) return line;
  const out: string[] = [];
  let column = 0;
  let converting = true;
  for (const char of line) {
    if (char === '\t' && converting) {
      const stop = nextStop(stops, column) ?? column + 1;
      const width = Math.min(stop - column, MOST_BLANKS);
      tool.process.hold(width);
      out.push(' '.repeat(width));
      tool.process.hold(-width);
      column = stop;
      continue;
    }
    out.push(char);
    column = char === '\b' ? Math.max(0, column - 1) : column + widthOf(char);
    if (char !== ' ' && char !== '\t' && tool.has('i')) converting = false;
  }
  return out.join('');
});

export const unexpand = tabs(
  'unexpand',
  { short: 'a', long: { all: 'a', 'first-only': 'first' } },
  (tool, stops, line) => {
    if (!line.includes(' ') && !line.includes('\t')) return line;
    const everywhere = (tool.has('a') || tool.has('t')) && !tool.has('first');
    const out: string[] = [];
    let column = 0;
    let pending: string[] = [];
    /** A single blank just before a tab stop stays a blank, unless more follow (coreutils, unexpand.c). */
    let lone = false;
    let afterBlank = false;
    let converting = true;
    for (const char of line) {
      if (!converting) {
        out.push(char);
        continue;
      }
      let shown = char;
      const blank = char === ' ' || char === '\t';
      const stop = blank ? nextStop(stops, column) : undefined;
      if (blank && stop === undefined) converting = false;
      else if (stop !== undefined) {
        if (char === '\t') {
          column = stop;
          if (pending.length > 0) pending[0] = '\t';
        } else {
          column++;
          if (!(afterBlank && column === stop)) {
            if (column === stop) lone = true;
            pending.push(char);
            afterBlank = true;
            continue;
          }
          shown = '\t';
          if (pending.length > 0) pending[0] = '\t';
        }
        pending = lone ? pending.slice(0, 1) : [];
      } else column = char === '\b' ? Math.max(0, column - 1) : column + widthOf(char);
      if (pending.length > 1 && lone) pending[0] = '\t';
      for (const held of pending) out.push(held);
      pending = [];
      lone = false;
      afterBlank = blank;
      converting &&= everywhere || blank;
      out.push(shown);
    }
    if (pending.length > 1 && lone) pending[0] = '\t';
    for (const held of pending) out.push(held);
    return out.join('');
  },
);
