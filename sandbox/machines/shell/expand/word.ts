/** Word expansion in bash's order: braces, tilde, parameters, commands and arithmetic, field splitting, pathnames, quotes. */

import type { ParsedScript, Word, WordPart } from 'unbash';
import type { Task } from '../../../sim/task.ts';
import { ShellError } from '../errors.ts';
import type { Shell } from '../shell.ts';
import { wordOf } from '../syntax.ts';
import { evaluateText } from './arithmetic-text.ts';
import { BraceError, expandBraces } from './brace.ts';
import { commandOutput, processSubstitution } from './command.ts';
import { asPattern, asRegex, Fields, type Piece, plain } from './fields.ts';
import { glob } from './glob.ts';
import { isUtf8 } from './locale.ts';
import { expandParameter } from './parameter.ts';
import { isPattern } from './pattern.ts';
import { decodeAnsiC } from './quote.ts';

/** All words of a command, fully expanded. */
export function* expandWords(shell: Shell, words: readonly Word[]): Task<string[]> {
  const out: string[] = [];
  for (const word of words) yield* expandInto(shell, word, out);
  return out;
}

/** Of reading a word that braces made (microseconds). */
const BRACED_WORD_COST = 60;

function* expandInto(shell: Shell, word: Word, out: string[]): Task<void> {
  if (isBare(word.text)) {
    out.push(word.text);
    return;
  }
  if (shell.option('braceexpand') && word.text.includes('{')) {
    const texts = yield* braces(shell, word.text);
    if (texts.length > 1 || texts[0] !== word.text) {
      let bare = 0;
      for (const text of texts) {
        if (isBare(text)) {
          out.push(text);
          if (++bare % 100 === 0) yield* shell.process.spend(50);
        } else if (text !== '') {
          yield* shell.process.spend(BRACED_WORD_COST);
          yield* expandFields(shell, wordOf(text), out);
        }
      }
      return;
    }
  }
  yield* expandFields(shell, word, out);
}

function* braces(shell: Shell, text: string): Task<string[]> {
  try {
    return expandBraces(text);
  } catch (error) {
    if (!(error instanceof BraceError)) throw error;
    yield* shell.complain(error.message);
    return [text];
  }
}

export const isBare = (text: string): boolean => /^[\w@%+:,./=-]+$/.test(text);

function* expandFields(shell: Shell, word: Word, out: string[]): Task<void> {
  const fields = new Fields(true, shell.ifs);
  yield* expandPartsOf(shell, word, fields, false, true);
  for (const pieces of fields.finish()) yield* expandPathname(shell, pieces, out);
}

/** Of one pattern looked for in a folder (microseconds): a word in braces can make a hundred thousand of them. */
const GLOB_COST = 50;

function* expandPathname(shell: Shell, pieces: Piece[], out: string[]): Task<void> {
  if (!shell.option('noglob') && pieces.some((p) => !p.quoted && /[*?[(]/.test(p.text))) {
    const pattern = asPattern(pieces);
    if (isPattern(pattern)) {
      yield* shell.process.spend(GLOB_COST);
      const found = yield* glob(shell.process, pattern, {
        dotglob: shell.shopt.has('dotglob'),
        extglob: shell.shopt.has('extglob'),
        globskipdots: shell.shopt.has('globskipdots'),
        globstar: shell.shopt.has('globstar'),
        nocaseglob: shell.shopt.has('nocaseglob'),
      });
      if (found.length > 0) {
        out.push(...found);
        return;
      }
      if (shell.shopt.has('failglob')) throw new ShellError(`no match: ${plain(pieces)}`);
      if (shell.shopt.has('nullglob')) return;
    }
  }
  out.push(plain(pieces));
}

function* expandUnsplit(shell: Shell, word: Word, assignment = false): Task<Piece[]> {
  const fields = new Fields(false, shell.ifs);
  yield* expandPartsOf(shell, word, fields, false, true, assignment);
  const done = fields.finish();
  if (done.length <= 1) return done[0] ?? [];
  return done.flatMap((pieces, i) => (i === 0 ? pieces : [{ text: ' ', quoted: true }, ...pieces]));
}

/** One string without splitting or pathnames: assignments, redirection targets, `case` words. */
export function* expandString(shell: Shell, word: Word, assignment = false): Task<string> {
  if (isBare(word.text)) return word.text;
  return plain(yield* expandUnsplit(shell, word, assignment));
}

/** The word as a pattern, quoted parts escaped. */
export function* expandPattern(shell: Shell, word: Word): Task<string> {
  return asPattern(yield* expandUnsplit(shell, word));
}

export function* expandRegex(shell: Shell, word: Word): Task<string> {
  return asRegex(yield* expandUnsplit(shell, word));
}

/** Text as between double quotes: here-documents, prompts, arithmetic. */
export function* expandQuotedParts(shell: Shell, parts: readonly WordPart[]): Task<string> {
  const fields = new Fields(false, shell.ifs);
  for (const part of parts) yield* expandPart(shell, part, fields, true);
  return fields.finish().map(plain).join(' ');
}

export function* expandPartsOf(
  shell: Shell,
  word: Word,
  fields: Fields,
  quoted: boolean,
  tilde: boolean,
  assignment = false,
): Task<void> {
  const parts = word.parts;
  if (!parts) {
    yield* literal(shell, word.text, fields, quoted, tilde, assignment);
    return;
  }
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i]!;
    if (part.type === 'Literal') {
      if (quoted) fields.text(part.value, true);
      else yield* literal(shell, part.text, fields, false, tilde && i === 0, assignment);
    } else yield* expandPart(shell, part, fields, quoted);
  }
}

/** Unquoted text of the word itself: tilde, backslashes. */
function* literal(
  shell: Shell,
  text: string,
  fields: Fields,
  quoted: boolean,
  tilde: boolean,
  assignment: boolean,
): Task<void> {
  let rest = text;
  if (quoted) {
    fields.text(rest.replace(/\\([$`"\\])/g, '$1').replace(/\\\n/g, ''), true);
    return;
  }
  if (tilde && rest.startsWith('~')) rest = tildePrefix(shell, rest, fields);
  if (assignment && rest.includes(':~')) {
    const chunks = rest.split(/(?<=:)(?=~)/);
    for (const chunk of chunks) backslashes(chunk.startsWith('~') ? tildePrefix(shell, chunk, fields) : chunk, fields);
    return;
  }
  backslashes(rest, fields);
}

function backslashes(text: string, fields: Fields): void {
  if (!text.includes('\\')) {
    fields.text(text, false);
    return;
  }
  let run = '';
  for (let i = 0; i < text.length; i++) {
    if (text[i] !== '\\' || i + 1 >= text.length) {
      run += text[i];
      continue;
    }
    i++;
    if (text[i] === '\n') continue;
    if (run !== '') fields.text(run, false);
    run = '';
    fields.text(text[i]!, true);
  }
  if (run !== '') fields.text(run, false);
}

/** Emits the home directory that a leading `~`, `~user`, `~+` or `~-` means; returns the rest. */
function tildePrefix(shell: Shell, text: string, fields: Fields): string {
  const match = /^~([\w.+-]*)(?=[/:]|$)/.exec(text);
  if (!match) return text;
  const home = shell.homeOf(match[1]!);
  if (home === undefined) return text;
  fields.text(home, true);
  return text.slice(match[0].length);
}

function* expandPart(shell: Shell, part: WordPart, fields: Fields, quoted: boolean): Task<void> {
  switch (part.type) {
    case 'Literal':
      fields.text(part.value, quoted);
      return;
    case 'AnsiCQuoted':
      fields.text(decodeAnsiC(part.text.slice(2, -1), isUtf8(shell)), true);
      return;
    case 'SingleQuoted':
      fields.text(part.value, true);
      return;
    case 'DoubleQuoted':
    case 'LocaleString':
      if (part.parts.length === 0) fields.text('', true);
      for (const child of part.parts) yield* expandPart(shell, child, fields, true);
      return;
    case 'Glob':
      if (part.kind !== 'bracket') fields.text(part.text, quoted);
      else yield* bracket(shell, part.text, part.parts, fields, quoted);
      return;
    case 'ExtendedGlob':
      if (!part.parts) fields.text(part.text, quoted);
      else {
        fields.text(`${part.operator}(`, quoted);
        for (const child of part.parts)
          yield* child.type === 'Literal'
            ? literal(shell, child.text, fields, quoted, false, false)
            : expandPart(shell, child, fields, quoted);
        fields.text(')', quoted);
      }
      return;
    case 'BraceExpansion':
      if (part.parts && !isBare(part.text.slice(1, -1))) {
        yield* braceText(shell, part.text, fields, quoted);
      } else fields.text(part.text, quoted);
      return;
    case 'SimpleExpansion':
    case 'ParameterExpansion':
      yield* expandParameter(shell, part, fields, quoted);
      return;
    case 'CommandExpansion': {
      const text = yield* commandOutput(shell, part.script, part.text);
      if (quoted) fields.text(text, true);
      else fields.split(text);
      return;
    }
    case 'ArithmeticExpansion': {
      const body = part.text.startsWith('$((') ? part.text.slice(3, -2) : part.text.slice(2, -1);
      const value = String(yield* evaluateText(shell, body));
      if (quoted) fields.text(value, true);
      else fields.split(value);
      return;
    }
    case 'ProcessSubstitution':
      fields.text(yield* processSubstitution(shell, part.operator, part.script as ParsedScript), true);
      return;
  }
}

function* bracket(shell: Shell, text: string, parts: readonly WordPart[], fields: Fields, quoted: boolean): Task<void> {
  if (parts.every((p) => p.type === 'Literal')) {
    fields.text(text, quoted);
    return;
  }
  fields.text('[', quoted);
  for (const part of parts) yield* expandPart(shell, part, fields, quoted);
  fields.text(']', quoted);
}

/** A brace expression where braces are not expanded (assignments, patterns): its inside is an ordinary word. */
function* braceText(shell: Shell, text: string, fields: Fields, quoted: boolean): Task<void> {
  fields.text('{', quoted);
  yield* expandPartsOf(shell, wordOf(text.slice(1, -1)), fields, quoted, false);
  fields.text('}', quoted);
}
