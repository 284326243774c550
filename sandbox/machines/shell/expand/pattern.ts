/** Shell patterns (`*`, `?`, `[…]`, extglob) matched against strings; a backslash quotes the next character. */

type Node =
  | { type: 'char'; char: string }
  | { type: 'any' }
  | { type: 'star' }
  | { type: 'set'; test: (char: string) => boolean }
  | { type: 'group'; operator: string; alternatives: Node[][] };

export interface PatternOptions {
  readonly extglob?: boolean;
  readonly ignoreCase?: boolean;
}

/** A compiled pattern. */
export class Pattern {
  readonly #nodes: Node[];
  readonly #fold: boolean;

  constructor(source: string, options: PatternOptions = {}) {
    this.#fold = options.ignoreCase ?? false;
    this.#nodes = new PatternParser(this.#fold ? source.toLowerCase() : source, options.extglob ?? true).parse();
  }

  matches(text: string): boolean {
    return this.#run(text, 0, (end) => end === text.length);
  }

  /** The end of the shortest or longest match that begins at `start`; -1 if there is none. */
  matchAt(text: string, start: number, longest: boolean): number {
    let best = -1;
    this.#run(text, start, (end) => {
      if (best === -1 || (longest ? end > best : end < best)) best = end;
      return false;
    });
    return best;
  }

  #run(text: string, start: number, accept: (end: number) => boolean): boolean {
    const subject = this.#fold ? text.toLowerCase() : text;
    return match(this.#nodes, 0, subject, start, accept, new Set());
  }
}

/** Whether the text has an unquoted special character. */
export function isPattern(source: string): boolean {
  for (let i = 0; i < source.length; i++) {
    const c = source[i]!;
    if (c === '\\') i++;
    else if (c === '*' || c === '?') return true;
    else if (c === '[' && source.indexOf(']', i + 1) > 0) return true;
    else if ('+@!'.includes(c) && source[i + 1] === '(') return true;
  }
  return false;
}

export const escapePattern = (text: string): string => text.replace(/[\\*?[\]()|!+@^-]/g, '\\$&');

/** The text a pattern without special characters stands for. */
export const unescapePattern = (source: string): string => source.replace(/\\(.)/gs, '$1');

/**
 * Backtracking over (node, position) pairs, each tried once for a given continuation, so the time is bounded by the
 * product of pattern and text.
 */
function match(
  nodes: readonly Node[],
  at: number,
  text: string,
  pos: number,
  accept: (end: number) => boolean,
  seen: Set<number>,
): boolean {
  for (;;) {
    const node = nodes[at];
    if (!node) return accept(pos);
    const key = at * (text.length + 1) + pos;
    if (seen.has(key)) return false;
    seen.add(key);
    switch (node.type) {
      case 'char':
        if (text[pos] !== node.char) return false;
        break;
      case 'any':
        if (pos >= text.length) return false;
        if (isHighSurrogate(text, pos)) pos++;
        break;
      case 'set': {
        if (pos >= text.length) return false;
        const char = isHighSurrogate(text, pos) ? text.slice(pos, pos + 2) : text[pos]!;
        if (!node.test(char)) return false;
        pos += char.length - 1;
        break;
      }
      case 'star':
        if (at === nodes.length - 1) {
          for (let end = pos; end <= text.length; end++) if (accept(end)) return true;
          return false;
        }
        for (let end = pos; end <= text.length; end++) if (match(nodes, at + 1, text, end, accept, seen)) return true;
        return false;
      case 'group':
        return matchGroup(node, text, pos, (end) => match(nodes, at + 1, text, end, accept, seen));
    }
    at++;
    pos++;
  }
}

function matchGroup(
  group: Node & { type: 'group' },
  text: string,
  pos: number,
  rest: (end: number) => boolean,
): boolean {
  const once = (start: number, then: (end: number) => boolean) =>
    group.alternatives.some((alternative) => match(alternative, 0, text, start, then, new Set()));
  switch (group.operator) {
    case '?':
      return rest(pos) || once(pos, rest);
    case '@':
      return once(pos, rest);
    case '!':
      for (let end = pos; end <= text.length; end++) {
        if (!once(pos, (e) => e === end) && rest(end)) return true;
      }
      return false;
    default: {
      const tried = new Set<number>();
      const more = (start: number): boolean =>
        once(start, (end) => {
          if (end === start || tried.has(end)) return false;
          tried.add(end);
          return rest(end) || more(end);
        });
      return (group.operator === '*' && rest(pos)) || more(pos);
    }
  }
}

const isHighSurrogate = (text: string, pos: number): boolean => {
  const code = text.charCodeAt(pos);
  return code >= 0xd800 && code < 0xdc00;
};

class PatternParser {
  readonly #source: string;
  readonly #extglob: boolean;
  #at = 0;

  constructor(source: string, extglob: boolean) {
    this.#source = source;
    this.#extglob = extglob;
  }

  parse(): Node[] {
    return this.#sequence('');
  }

  #sequence(stop: string): Node[] {
    const nodes: Node[] = [];
    while (this.#at < this.#source.length) {
      const c = this.#source[this.#at]!;
      if (stop.includes(c) && stop !== '') break;
      if (this.#extglob && '?*+@!'.includes(c) && this.#source[this.#at + 1] === '(' && this.#closes(this.#at + 1)) {
        nodes.push(this.#group(c));
        continue;
      }
      this.#at++;
      if (c === '*') {
        if (nodes.at(-1)?.type !== 'star') nodes.push({ type: 'star' });
      } else if (c === '?') nodes.push({ type: 'any' });
      else if (c === '[') nodes.push(this.#set() ?? { type: 'char', char: '[' });
      else if (c === '\\' && this.#at < this.#source.length) {
        nodes.push({ type: 'char', char: this.#source[this.#at++]! });
      } else nodes.push({ type: 'char', char: c });
    }
    return nodes;
  }

  #closes(open: number): boolean {
    let depth = 0;
    for (let i = open; i < this.#source.length; i++) {
      const c = this.#source[i];
      if (c === '\\') i++;
      else if (c === '(') depth++;
      else if (c === ')' && --depth === 0) return true;
    }
    return false;
  }

  #group(operator: string): Node {
    this.#at += 2;
    const alternatives: Node[][] = [this.#sequence('|)')];
    while (this.#source[this.#at] === '|') {
      this.#at++;
      alternatives.push(this.#sequence('|)'));
    }
    this.#at++;
    return { type: 'group', operator, alternatives };
  }

  #set(): Node | undefined {
    const parsed = parseBracket(this.#source, this.#at, true);
    if (!parsed) return undefined;
    this.#at = parsed.end;
    return { type: 'set', test: parsed.test };
  }
}

/** POSIX character classes in the C locale. */
export const CHARACTER_CLASSES: Readonly<Record<string, RegExp>> = {
  alnum: /[A-Za-z0-9]/,
  alpha: /[A-Za-z]/,
  blank: /[ \t]/,
  cntrl: /[\x00-\x1f\x7f]/,
  digit: /[0-9]/,
  graph: /[\x21-\x7e]/,
  lower: /[a-z]/,
  print: /[\x20-\x7e]/,
  punct: /[!-/:-@[-`{-~]/,
  space: /[ \t\n\v\f\r]/,
  upper: /[A-Z]/,
  word: /[A-Za-z0-9_]/,
  xdigit: /[0-9A-Fa-f]/,
};

/**
 * A bracket expression whose `[` stands before `start`: shared by patterns (`!` negates, backslash quotes) and regular
 * expressions (only `^` negates, backslash is literal).
 */
export function parseBracket(
  source: string,
  start: number,
  shell: boolean,
): { test: (char: string) => boolean; end: number } | undefined {
  let at = start;
  const negated = source[at] === '^' || (shell && source[at] === '!');
  if (negated) at++;
  const ranges: [string, string][] = [];
  const classes: RegExp[] = [];
  const take = (): string | undefined => {
    if (source.startsWith('[.', at) || source.startsWith('[=', at)) {
      const close = source.indexOf(`${source[at + 1]}]`, at + 2);
      if (close < 0) return undefined;
      const char = source.slice(at + 2, close);
      at = close + 2;
      return char;
    }
    if (shell && source[at] === '\\' && at + 1 < source.length) at++;
    const char = String.fromCodePoint(source.codePointAt(at)!);
    at += char.length;
    return char;
  };
  for (let first = true; ; first = false) {
    if (at >= source.length) return undefined;
    if (source[at] === ']' && !first) {
      at++;
      break;
    }
    const named = source.startsWith('[:', at) ? /^\[:(\w+):\]/.exec(source.slice(at, at + 12)) : null;
    if (named) {
      const test = CHARACTER_CLASSES[named[1]!];
      if (!test) return undefined;
      classes.push(test);
      at += named[0].length;
      continue;
    }
    const low = take();
    if (low === undefined) return undefined;
    if (source[at] === '-' && at + 1 < source.length && source[at + 1] !== ']') {
      at++;
      const high = take();
      if (high === undefined) return undefined;
      ranges.push([low, high]);
    } else ranges.push([low, low]);
  }
  const test = (char: string): boolean => {
    const code = char.codePointAt(0)!;
    const hit =
      ranges.some(([low, high]) => code >= low.codePointAt(0)! && code <= high.codePointAt(0)!) ||
      classes.some((c) => c.test(char));
    return hit !== negated;
  };
  return { test, end: at };
}
