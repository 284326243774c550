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

import { skipQuoted } from './expand/brace.ts';
import { firstProblem } from './grammar.ts';
import type { Problem } from './lexer.ts';

export type { Problem } from './lexer.ts';

const words = new Map<string, Word>();
const quoted = new Map<string, readonly WordPart[]>();
const scripts = new Map<string, ParsedScript>();
const readings = new Map<string, Reading>();
const CACHE = 2000;

/** Longer texts are not kept: they are hardly met twice. */
const CACHED_LENGTH = 20_000;

function cached<T>(cache: Map<string, T>, key: string, make: () => T): T {
  if (key.length > CACHED_LENGTH) return make();
  let value = cache.get(key);
  if (value === undefined) {
    if (cache.size >= CACHE) cache.clear();
    value = make();
    cache.set(key, value);
  }
  return value;
}

export const scriptOf = (source: string): ParsedScript => cached(scripts, source, () => parseSafely(source));

/** What is nested so deep that unbash's stack ends is a text with an error at its beginning. */
function parseSafely(source: string): ParsedScript {
  try {
    return parse(source);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const empty = parse('');
    return { ...empty, end: source.length, errors: [{ message: 'nested too deep', pos: 0 }] };
  }
}

/** A text as one word. */
export function wordOf(text: string): Word {
  return cached(words, text, () => {
    const command = parseSafely(`x ${text}`).commands[0]?.command;
    const argument = command?.type === 'Command' ? command.suffix[0] : undefined;
    if (argument?.type === 'Word') return argument;
    return { type: 'Word', text, value: text, pos: 0, end: text.length };
  });
}

/** The parts of a text as between double quotes; its own double quotes only disappear. */
export function quotedPartsOf(text: string): readonly WordPart[] {
  return cached(quoted, text, () => {
    const inner = withoutQuotes(text);
    const part = wordOf(`"${inner}"`).parts?.[0];
    if (part?.type === 'DoubleQuoted') return part.parts;
    return [{ type: 'Literal', pos: 0, end: text.length, value: text, text }];
  });
}

/** Without its double quotes, but for those inside expansions. */
function withoutQuotes(text: string): string {
  if (!text.includes('"')) return text;
  let out = '';
  for (let i = 0; i < text.length; i++) {
    const past = text[i] === '$' || text[i] === '`' || text[i] === '\\' ? skipQuoted(text, i) : i;
    if (past > i) {
      out += text.slice(i, past);
      i = past - 1;
    } else if (text[i] !== '"') out += text[i];
  }
  return out;
}

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

export const readScript = (source: string): Reading => cached(readings, source, () => read(source));

function read(source: string): Reading {
  const script = scriptOf(source);
  const open = source.includes('<<') ? openHereDocs(script, source) : [];
  const trailing = /(^|[^\\])(\\\\)*\\\n?$/.test(source) && !/#[^\n]*\n?$/.test(source);
  const fault = faultOf(script, source);
  if (!fault) {
    return {
      script,
      problem: undefined,
      complete: script.commands.length,
      incomplete: open.length > 0 || trailing,
      openHereDocs: open,
    };
  }
  const { problem, unit } = fault;
  const complete = script.commands.filter((s) => s.pos < unit).length;
  const incomplete = problem.kind === 'end' || problem.kind === 'matching' || open.length > 0;
  return {
    script,
    problem,
    complete,
    incomplete,
    openHereDocs: open,
  };
}

function firstError(script: ParsedScript, source: string): ParseError | undefined {
  const errors = [...(script.errors ?? [])];
  const visit = (node: SyntaxNode): void => {
    if (node.type === 'Script') errors.push(...((node as ParsedScript).errors ?? []));
    forEachChild(node, visit);
  };
  if (/[$`(<]/.test(source)) for (const child of script.commands) visit(child);
  return errors.sort((a, b) => a.pos - b.pos)[0];
}

/** What bash would say. Where only unbash finds a fault, the token that it stopped at. */
function faultOf(script: ParsedScript, source: string): { problem: Problem; unit: number } | undefined {
  const found = judged(source);
  if (found) return { problem: found.problem.problem, unit: found.unit };
  const error = firstError(script, source);
  if (!error) return undefined;
  const unit = source.lastIndexOf('\n', Math.max(0, error.pos - 1)) + 1;
  const line = lineAt(source, error.pos);
  if (source.slice(error.pos).trim() === '')
    return { problem: { kind: 'end', line: lineAt(source, source.length) + 1 }, unit };
  return { problem: { kind: 'token', token: tokenAt(source, error.pos), line }, unit };
}

/** Nested so deep that the host's stack ends is as much as to say that bash's parser stack has ended: nothing to add. */
function judged(source: string): ReturnType<typeof firstProblem> {
  try {
    return firstProblem(source);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
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
    if (node.type === 'HereDoc' && node.delimiter && node.delimiter.text !== '' && !node.closing) {
      // bash counts from the line it had read when it came to the body: that of the `<<`, or the end of the document before.
      const before = node.body.end > node.body.pos ? node.body.pos - 1 : node.pos;
      open.push({ delimiter: node.delimiter?.value ?? '', line: lineAt(source, before) });
    }
    forEachChild(node, visit);
  };
  for (const statement of script.commands) visit(statement);
  return open;
}
