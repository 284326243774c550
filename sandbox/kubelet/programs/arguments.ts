/** Flags of command-line tools written in Go, before and between the arguments. */

export class UsageError extends Error {}

export interface FlagSpec {
  /** Long names, and short ones, of flags that take a value. */
  readonly values: readonly string[];
  readonly booleans: readonly string[];
  /** Short to long. */
  readonly short?: Readonly<Record<string, string>>;
}

export interface Arguments {
  readonly rest: string[];
  has(name: string): boolean;
  all(name: string): readonly string[];
  one(name: string): string | undefined;
}

/** Flags end at `--`, and at the first argument if `firstEnds` (exec: the rest is the command). */
export function parseArguments(
  words: readonly string[],
  spec: FlagSpec,
  firstEnds = Number.POSITIVE_INFINITY,
): Arguments {
  const found = new Map<string, string[]>();
  const rest: string[] = [];
  const add = (name: string, value: string) => found.set(name, [...(found.get(name) ?? []), value]);
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    if (rest.length >= firstEnds || !word.startsWith('-') || word === '-') {
      rest.push(word);
      continue;
    }
    if (word === '--') {
      rest.push(...words.slice(i + 1));
      break;
    }
    if (word.startsWith('--')) {
      const [name = '', inline] = split(word.slice(2));
      if (spec.booleans.includes(name)) add(name, inline ?? 'true');
      else if (!spec.values.includes(name)) throw new UsageError(`unknown flag: --${name}`);
      else if (inline !== undefined) add(name, inline);
      else if (i + 1 < words.length) add(name, words[++i]!);
      else throw new UsageError(`flag needs an argument: --${name}`);
      continue;
    }
    for (let k = 1; k < word.length; k++) {
      const name = spec.short?.[word[k]!];
      if (name === undefined) throw new UsageError(`unknown shorthand flag: '${word[k]}' in ${word}`);
      if (spec.booleans.includes(name)) {
        add(name, 'true');
        continue;
      }
      const inline = word.slice(k + 1).replace(/^=/, '');
      if (inline !== '') add(name, inline);
      else if (i + 1 < words.length) add(name, words[++i]!);
      else throw new UsageError(`flag needs an argument: '${word[k]}' in ${word}`);
      break;
    }
  }
  return {
    rest,
    has: (name) => found.get(name)?.at(-1) === 'true' || (found.has(name) && found.get(name)!.at(-1) !== 'false'),
    all: (name) => found.get(name) ?? [],
    one: (name) => found.get(name)?.at(-1),
  };
}

function split(word: string): [string, string | undefined] {
  const at = word.indexOf('=');
  return at < 0 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)];
}
