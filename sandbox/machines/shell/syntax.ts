/** Reading bash's language with unbash: words and scripts from text, and syntax errors in bash's words. */

import {
  forEachChild,
  type ParsedScript,
  type ParseError,
  parse,
  type SyntaxNode,
  type Word,
  type WordPart,
} from 'unbash';

const words = new Map<string, Word>();
const quoted = new Map<string, readonly WordPart[]>();
const scripts = new Map<string, ParsedScript>();
const CACHE = 2000;

function cached<T>(cache: Map<string, T>, key: string, make: () => T): T {
  let value = cache.get(key);
  if (value === undefined) {
    if (cache.size >= CACHE) cache.clear();
    value = make();
    cache.set(key, value);
  }
  return value;
}

export const scriptOf = (source: string): ParsedScript => cached(scripts, source, () => parse(source));

/** A text as one word. */
export function wordOf(text: string): Word {
  return cached(words, text, () => {
    const command = parse(`x ${text}`).commands[0]?.command;
    const argument = command?.type === 'Command' ? command.suffix[0] : undefined;
    if (argument?.type === 'Word') return argument;
    return { type: 'Word', text, value: text, pos: 0, end: text.length };
  });
}

/** The parts of a text as between double quotes; its own double quotes only disappear. */
export function quotedPartsOf(text: string): readonly WordPart[] {
  return cached(quoted, text, () => {
    const inner = text.replace(/\\.|"/gs, (m) => (m === '"' ? '' : m));
    const part = wordOf(`"${inner}"`).parts?.[0];
    if (part?.type === 'DoubleQuoted') return part.parts;
    return [{ type: 'Literal', pos: 0, end: text.length, value: text, text }];
  });
}

export type Problem =
  | { readonly kind: 'token'; readonly token: string; readonly line: number }
  | { readonly kind: 'end'; readonly line: number }
  /** What dash's or ash's grammar says of it. */
  | { readonly kind: 'refused'; readonly words: string; readonly line: number }
  | { readonly kind: 'matching'; readonly delimiter: string; readonly line: number };

export interface Reading {
  readonly script: ParsedScript;
  readonly problem: Problem | undefined;
  /** Statements that stand complete before the problem's line. */
  readonly complete: number;
  /** More lines could still make it right. */
  readonly incomplete: boolean;
  /** Here-documents that end with the input: delimiter and the line they began on. */
  readonly openHereDocs: readonly { delimiter: string; line: number }[];
}

export function readScript(source: string): Reading {
  const script = scriptOf(source);
  const open = source.includes('<<') ? openHereDocs(script, source) : [];
  const trailing = /(^|[^\\])(\\\\)*\\\n?$/.test(source) && !/#[^\n]*\n?$/.test(source);
  const error = firstError(script, source);
  if (!error) {
    return {
      script,
      problem: undefined,
      complete: script.commands.length,
      incomplete: open.length > 0 || trailing,
      openHereDocs: open,
    };
  }
  const problem = problemOf(error, source);
  const lineStart = source.lastIndexOf('\n', Math.max(0, error.pos - 1)) + 1;
  const complete = script.commands.filter((s) => s.end <= lineStart).length;
  const incomplete = problem.kind !== 'token' || open.length > 0;
  // What ends too early is the last statement, however far it was read.
  const unfinished = problem.kind === 'token' ? script.commands.length : script.commands.length - 1;
  return {
    script,
    problem,
    complete: Math.max(0, Math.min(complete, completeUnits(script, error.pos), unfinished)),
    incomplete,
    openHereDocs: open,
  };
}

const completeUnits = (script: ParsedScript, pos: number): number => {
  const at = script.commands.findIndex((s) => s.end >= pos);
  return at < 0 ? script.commands.length : at;
};

function firstError(script: ParsedScript, source: string): ParseError | undefined {
  const errors = [...(script.errors ?? [])];
  const visit = (node: SyntaxNode): void => {
    if (node.type === 'Script') errors.push(...((node as ParsedScript).errors ?? []));
    forEachChild(node, visit);
  };
  if (/[$`(<]/.test(source)) for (const child of script.commands) visit(child);
  return errors.sort((a, b) => a.pos - b.pos)[0];
}

const UNTERMINATED: readonly [RegExp, string][] = [
  [/double quote/, '"'],
  [/single quote/, "'"],
  [/ANSI-C|\$'/, "'"],
  [/backtick|backquote/, '`'],
  [/parameter expansion|brace/, '}'],
  [/arithmetic|command|process|subst|paren/, ')'],
];

function problemOf(error: ParseError, source: string): Problem {
  const line = lineAt(source, error.pos);
  if (/^unterminated/.test(error.message)) {
    const delimiter = UNTERMINATED.find(([pattern]) => pattern.test(error.message))?.[1] ?? '"';
    return { kind: 'matching', delimiter, line };
  }
  const rest = source.slice(error.pos);
  if (rest.trim() === '' && !/^\n/.test(rest.trimStart())) {
    if (/^[ \t]*$/.test(rest) || /^\s*$/.test(rest)) return { kind: 'end', line: lineAt(source, source.length) };
  }
  return { kind: 'token', token: tokenAt(source, error.pos), line };
}

/** The token bash would name: an operator, a word, or `newline`. */
function tokenAt(source: string, pos: number): string {
  const rest = source.slice(pos).replace(/^[ \t]+/, '');
  if (rest.startsWith('\n')) return 'newline';
  const operator = /^(&&|\|\||;;&|;;|;&|<<-|<<<|<<|>>|>&|<&|>\||&>|\|&|[;&|()<>])/.exec(rest);
  return operator?.[0] ?? /^[^\s;&|()<>]+/.exec(rest)?.[0] ?? 'newline';
}

export function lineAt(source: string, pos: number): number {
  let line = 1;
  for (let i = source.indexOf('\n'); i >= 0 && i < pos; i = source.indexOf('\n', i + 1)) line++;
  return line;
}

function openHereDocs(script: ParsedScript, source: string): { delimiter: string; line: number }[] {
  const open: { delimiter: string; line: number }[] = [];
  const visit = (node: SyntaxNode): void => {
    if (node.type === 'HereDoc' && !node.closing) {
      open.push({ delimiter: node.delimiter?.value ?? '', line: lineAt(source, node.pos) });
    }
    forEachChild(node, visit);
  };
  for (const statement of script.commands) visit(statement);
  return open;
}
