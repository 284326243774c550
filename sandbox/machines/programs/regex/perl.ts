/** As much of Perl's syntax as grep -P has here: what POSIX writes otherwise, `(?i)`, `\K`, and looking behind and ahead at the ends. */

import { compileRegex, type Match, RegexError } from './regex.ts';

interface PerlRegex {
  exec(line: string, from: number): Match | undefined;
}

/** Throws RegexError, with PCRE2's words for a group it would know and we do not. */
export function compilePerl(pattern: string, ignoreCase: boolean): PerlRegex {
  let rest = pattern;
  let fold = ignoreCase;
  if (rest.startsWith('(?i)')) {
    fold = true;
    rest = rest.slice(4);
  }
  const behind = group(rest, /^\(\?<([=!])/);
  if (behind) rest = rest.slice(behind.end);
  const ahead = lookAhead(rest);
  if (ahead) rest = rest.slice(0, ahead.at);
  const kept = keepOut(rest);
  const compile = (source: string) =>
    compileRegex(posix(source), { extended: true, ignoreCase: fold, loneBraces: true });
  // Groups of our own: what \K leaves out, what is told, and what must follow.
  const parts = [kept.before, kept.told, ahead?.positive ? ahead.body : ''].map((part) => `(${part})`);
  const whole = compile(parts.join(''));
  const first = 1 + groupsIn(posix(kept.before)) + 1;
  const before = behind && compile(`(${behind.body})$`);
  const after = ahead && !ahead.positive ? compile(`^(${ahead.body})`) : undefined;
  return {
    exec(line, from) {
      for (let at = from; at <= line.length; ) {
        const match = whole.exec(line, at);
        if (!match) return undefined;
        const [index, end] = [match.offsets[2 * first]!, match.offsets[2 * first + 1]!];
        const stands = !before || (before.exec(line.slice(0, match.index), 0) !== undefined) === behind!.positive;
        if (stands && !after?.exec(line.slice(end), 0)) return { ...match, index, end };
        at = match.index + 1;
      }
      return undefined;
    },
  };
}

/** `\d`, `\D`, `\h`, `(?:`, lazy quantifiers. */
function posix(pattern: string): string {
  const known = pattern
    .replace(/\\d/g, '[0-9]')
    .replace(/\\D/g, '[^0-9]')
    .replace(/\\h/g, '[ \\t]')
    .replace(/\(\?:/g, '(')
    .replace(/([*+?}])\?/g, '$1');
  if (/(?:^|[^\\])\(\?/.test(known)) throw new RegexError('unrecognized character after (? or (?-');
  return known;
}

const groupsIn = (source: string): number => source.replace(/\\.|\[\]?[^\]]*\]/g, '').split('(').length - 1;

/** The text of a group that begins where `opening` matches: up to its own parenthesis. */
function group(
  text: string,
  opening: RegExp,
): { readonly positive: boolean; readonly body: string; readonly end: number } | undefined {
  const begun = opening.exec(text);
  if (!begun) return undefined;
  let depth = 1;
  for (let i = begun[0].length; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === '(') depth++;
    else if (text[i] === ')' && --depth === 0)
      return { positive: begun[1] === '=', body: text.slice(begun[0].length, i), end: i + 1 };
  }
  return undefined;
}

function lookAhead(text: string) {
  const at = text.search(/\(\?[=!]/);
  const found = at < 0 ? undefined : group(text.slice(at), /^\(\?([=!])/);
  return found && at + found.end === text.length ? { ...found, at } : undefined;
}

function keepOut(text: string): { readonly before: string; readonly told: string } {
  const at = text.indexOf(String.raw`\K`);
  return at < 0 ? { before: '', told: text } : { before: text.slice(0, at), told: text.slice(at + 2) };
}
